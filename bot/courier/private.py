"""What one person alone is shown: their Home, and answers that had to wait for Slack's word on where they are."""

from collections.abc import Callable
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.clock import SlackClock
from bot.command_names import CommandNames
from bot.courier.carried import Carried, NeverPossible, NotYet
from bot.render import finding, own_dialogs
from bot.render.home import home_view
from bot.render.message import Block, Message
from bot.services import home, lookups, memberships
from bot.services.record import record
from minutes.found import Found, OwnActions
from storage import people
from storage.outbox import Duty
from storage.people import Known
from storage.reader import Reader
from storage.writer import Writer

T = TypeVar("T")
TIMEOUT = 10
LONGEST_HASH = 32


class Private:
    """Drawn from what is stored at that moment, with nothing of channels that the person is not in."""

    def __init__(
        self, client: AsyncWebClient, reader: Reader, writer: Writer, clock: SlackClock, names: CommandNames
    ) -> None:
        self._client, self._reader, self._writer, self._clock, self._names = client, reader, writer, clock, names

    async def publish(self, duty: Duty) -> Carried:
        """Somebody's Home. What Slack calls its state now is kept: it takes what is late for what it is."""
        person = await self._person(duty)
        shown = await self._known(duty, person, home.home, duty.workspace, person, self._clock.now())
        view = home_view(shown, self._names)
        try:
            answer = await self._client.views_publish(user_id=person.user, view=view, hash=duty.slack_ts)
        except SlackApiError as failure:
            if failure.response.get("error") != "hash_conflict":
                raise
            # Whatever has come between is older than what was read just now.
            answer = await self._client.views_publish(user_id=person.user, view=view)
        state = str((answer.get("view") or {}).get("hash") or "")
        return Carried(state if 0 < len(state) <= LONGEST_HASH else None)

    async def answer(self, duty: Duty) -> Carried:
        """What was found, over the way that the question came by."""
        person = await self._person(duty)
        if duty.payload["what"] == "recap":
            await self._recap(duty, person)
        else:
            what, channel, words = (str(duty.payload[name]) for name in ("what", "channel", "words"))
            wish = (duty.workspace, person, what, channel, words, self._clock.now())
            found: Found | OwnActions = await self._known(duty, person, lookups.answer, *wish)
            await self._say(duty, person, finding.told(found, self._names))
        return Carried()

    async def _recap(self, duty: Duty, person: Known) -> None:
        """Into the dialog that was opened for it. Whoever has closed it has no need of it any more."""
        wish = (duty.workspace, person, int(duty.payload["session"]), self._clock.now())
        if await self._known(duty, person, lookups.may_see, *wish):
            view: Block = own_dialogs.recap(await self._reader.ask(record, duty.workspace, *wish[2:]))
        else:
            view = own_dialogs.notice(finding.NOT_YOURS, self._names)
        await self._client.views_update(view_id=str(duty.payload["view"]), view=view)

    async def _say(self, duty: Duty, person: Known, message: Message) -> None:
        """Over the command's own way; who has asked in a message has none, and is told beside it."""
        blocks = list(message.blocks)
        if not duty.payload["response_url"]:
            where = {"channel": str(duty.payload["channel"]), "thread_ts": duty.payload["thread"]}
            await self._client.chat_postEphemeral(user=person.user, text=message.text, blocks=blocks, **where)
            return
        client = AsyncWebhookClient(str(duty.payload["response_url"]), timeout=TIMEOUT, retry_handlers=[])
        answer = await client.send(text=message.text, blocks=blocks, response_type="ephemeral")
        if answer.status_code != 200:
            raise NeverPossible("way to answer any more")

    async def _known(self, duty: Duty, person: Known, question: Callable[..., T | None], *wish: Any) -> T:
        """The answer of a question that needs Slack's word on where somebody is; until that is there it is asked."""
        answer = await self._reader.ask(question, *wish)
        if answer is None:
            who = (duty.workspace, person.id)
            await self._writer.run(memberships.ask, *who, self._clock.now(), holding=memberships.held(*who))
            raise NotYet("Slack's word on where they are")
        return answer

    async def _person(self, duty: Duty) -> Known:
        person = await self._reader.ask(people.by_id, duty.workspace, duty.payload["person"])
        if person is None:
            raise NeverPossible("such person any more")
        return person
