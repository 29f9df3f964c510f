"""A workspace on the stage, as tests and plays use it: what its people do, who and what is in it, what they see."""

from collections.abc import Sequence
from typing import Any

from rehearsal.access import Access
from rehearsal.acts import ActFailed, Acts
from rehearsal.backstage import Backstage
from rehearsal.crowd import add_crowd
from rehearsal.events import EventFeed
from rehearsal.oauth.consenting import answer_of
from rehearsal.people import Channel, Person, UserGroup
from rehearsal.shapes import message_json
from rehearsal.wire import Json


class Site:
    """`home` is the channel that is meant where none is named; `access` is what the app may do here."""

    def __init__(self, backstage: Backstage, home: Channel) -> None:
        self.backstage = backstage
        self.home = home
        self.access = Access(backstage)
        feed = EventFeed(backstage)
        self._acts = Acts(backstage, lambda: self.home, feed.tell)
        backstage.workspace.observers.append(feed.observe)

    @property
    def bot(self) -> Person:
        return self.backstage.workspace.bot

    async def act(self, act: Json) -> Json:
        """Do what a person does; raises `ActFailed` with a sentence."""
        return await self._acts.perform(act)

    async def react_as(
        self, votes: Sequence[tuple[str, str]], *, on: Any = "last", seconds: float = 0, channel: str | None = None
    ) -> None:
        """React as many people, pairs of who and emoji, spread over some play time, without a rest in between."""
        where = {"channel": channel} if channel else {}
        await self.act({"do": "react_many", "votes": list(votes), "on": on, "seconds": seconds, **where})

    async def install(self, authorize_url: str, *, by: str = "ana", allow: bool = True) -> str:
        """Open the page where the app asks to be let in, as somebody here, and press Allow, or Cancel.

        The URL to which the browser is sent then. Raises `ActFailed` if the page does not even ask.
        """
        person = self.backstage.workspace.person_called(by)
        page = f"{self.backstage.workspace.url}/oauth/v2/authorize?"
        if person is None:
            raise ActFailed(f"There is nobody called {by!r}.")
        if not authorize_url.startswith(page):
            raise ActFailed(f"{authorize_url} is not Slack's page, which begins with {page}")
        return answer_of(authorize_url.removeprefix(page), self.backstage, person, allow=allow)

    def add_person(
        self,
        handle: str,
        name: str,
        *,
        tz: str = "UTC",
        is_bot: bool = False,
        is_admin: bool = False,
        is_guest: bool = False,
        is_stranger: bool = False,
        **told: Any,
    ) -> Person:
        """Add somebody to the home channel; all but strangers, who are there over Slack Connect, to the workspace.

        `told` is what `users.info` says differently of them: `deleted=True` of somebody who was deactivated …
        """
        person = self.backstage.workspace.add_person(handle, name, tz, is_bot=is_bot)
        person.is_admin, person.is_guest, person.is_stranger, person.told = is_admin, is_guest, is_stranger, told
        self.home.members.append(person.id)
        return person

    def add_group(self, handle: str, *members: str) -> UserGroup:
        """Add a user group of these people, by handle; typed as `@handle` it is a mention of all of them."""
        workspace = self.backstage.workspace
        people = [workspace.person_called(member) for member in members]
        return workspace.add_group(handle, [person.id for person in people if person])

    def crowd(self, size: int) -> list[str]:
        """Add `voter1`, `voter2` … to the home channel; their handles."""
        return add_crowd(self.backstage.workspace, self.home, size)

    def add_channel(self, name: str, *, private: bool = False, with_bot: bool = True) -> Channel:
        """Add a channel that everybody in the home channel is in."""
        workspace = self.backstage.workspace
        members = [member for member in self.home.members if with_bot or member != workspace.bot.id]
        return workspace.add_channel(workspace.channel_id(name), name, "group" if private else "channel", members)

    def add_group_direct(self, *handles: str) -> Channel:
        """Add a conversation of several people, and of the bot where it is among them; its name is Slack's."""
        workspace = self.backstage.workspace
        people = [workspace.person_called(handle) for handle in handles]
        return workspace.add_group_direct([person for person in people if person])

    def messages(self, channel: str | None = None, person: str | None = None) -> list[Json]:
        """The messages of a channel in order, with the ephemeral ones of one person."""
        workspace = self.backstage.workspace
        place = self._channel(channel)
        seer = workspace.person_called(person) if person else None
        seen = workspace.visible_to(seer, place) if seer else place.messages.values()
        return [message_json(workspace, message) for message in seen]

    def channel_export(self, channel: str | None = None) -> list[Json]:
        """All messages of a channel, the replies of each thread after its parent."""
        place = self._channel(channel)
        ordered = []
        for message in place.messages.values():
            if not message.is_reply:
                ordered += [message, *place.replies(message.ts)]
        return [message_json(self.backstage.workspace, message) for message in ordered]

    def _channel(self, name: str | None) -> Channel:
        channel = self.backstage.workspace.channel_called(name) if name else self.home
        if channel is None:
            raise ValueError(f"There is no channel {name}.")
        return channel
