"""What of the workspace's changes the bot is told, as Events API payloads."""

from rehearsal.backstage import Backstage
from rehearsal.messages import Message
from rehearsal.people import Channel
from rehearsal.renaming import changed_person, renamed_channel
from rehearsal.shapes import delivered_json
from rehearsal.wire import SECOND, Json, us_of
from rehearsal.workspace import Change

_MESSAGE_EVENTS = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}
SCOPES = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_left": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "group_left": "groups:read",
    "channel_rename": "channels:read",
    "group_rename": "groups:read",
    "user_change": "users:read",
}
_ARCHIVING = {"archived": "archive", "unarchived": "unarchive"}


class EventFeed:
    """Observes the workspace and hands on each event that the app is subscribed to."""

    def __init__(self, stage: Backstage) -> None:
        self._stage = stage
        self.workspace = stage.workspace

    def observe(self, change: Change) -> None:
        channel = change.channel
        if change.kind == "person_changed":
            self.tell("user_change", changed_person(self.workspace, change))
        # Slack tells an app nothing of the conversations that it is not in.
        if channel is None or self.workspace.bot.id not in channel.members:
            return
        for subscription, event in self._events(change, channel):
            self.tell(subscription, event)

    def tell(self, subscription: str, event: Json) -> None:
        """Deliver an event, if the app may know of it and asks for it under this name."""
        envelope = self.envelope_of(subscription, event)
        if envelope:
            self._stage.dispatch.event(envelope)

    def envelope_of(self, subscription: str, event: Json) -> Json | None:
        """The event as it is delivered, or `None` if it is not."""
        manifest, scope = self._stage.manifest, SCOPES.get(subscription)
        allowed = self._stage.installed and (scope is None or manifest.grants(scope))
        return self._envelope(event) if allowed and manifest.hears(subscription) else None

    def _events(self, change: Change, channel: Channel) -> list[tuple[str, Json]]:
        """The events of a change, each with the name under which an app subscribes to it."""
        if change.kind in {"archived", "unarchived"}:
            return [self._whole_channel(change, channel, _ARCHIVING[change.kind])]
        if change.kind in {"member_joined", "member_left"}:
            return self._memberships(change, channel)
        if change.kind == "channel_renamed":
            return [renamed_channel(change, channel)]
        message = change.message
        if message is None or message.seen_by:
            return []
        if change.kind == "message":
            return self._new_message(message, channel)
        if change.kind in {"message_changed", "message_deleted"}:
            altered = (_MESSAGE_EVENTS[channel.kind], self._altered_message(change, message, channel))
            return [altered, *self._edited_mention(change, message, channel)]
        place = self._pinned if change.kind.startswith("pin") else self._reaction
        event = {
            "type": change.kind,
            "user": change.actor,
            "item_user": message.user,
            "event_ts": change.at,
        }
        return [(change.kind, event | place(change, message))]

    def _new_message(self, message: Message, channel: Channel) -> list[tuple[str, Json]]:
        event = delivered_json(self.workspace, message) | _place(channel, message.ts)
        if message.files:
            event.setdefault("subtype", "file_share")
        return [(_MESSAGE_EVENTS[channel.kind], event), *self._mention(event, message, channel)]

    def _mention(self, event: Json, message: Message, channel: Channel) -> list[tuple[str, Json]]:
        if f"<@{self.workspace.bot.id}>" not in message.text or channel.kind == "im":
            return []
        bare = {name: value for name, value in event.items() if name != "channel_type"}
        return [("app_mention", bare | {"type": "app_mention"})]

    def _edited_mention(self, change: Change, message: Message, channel: Channel) -> list[tuple[str, Json]]:
        """Slack tells of a mention again whenever somebody edits its message; only `edited` tells the two apart."""
        if change.kind != "message_changed" or not change.before or change.before["text"] == message.text:
            return []
        event = delivered_json(self.workspace, message) | _place(channel, change.at)
        return self._mention(event, message, channel)

    def _altered_message(self, change: Change, message: Message, channel: Channel) -> Json:
        event = {
            "type": "message",
            "subtype": change.kind,
            "hidden": True,
            "ts": change.at,
            "previous_message": change.before,
        }
        if change.kind == "message_deleted":
            event["deleted_ts"] = message.ts
        else:
            event["message"] = delivered_json(self.workspace, message)
        return event | _place(channel, change.at)

    def _reaction(self, change: Change, message: Message) -> Json:
        item = {"type": "message", "channel": message.channel_id, "ts": message.ts}
        return {"reaction": change.reaction, "item": item}

    def _pinned(self, change: Change, message: Message) -> Json:
        item = {
            "type": "message",
            "channel": message.channel_id,
            "message": delivered_json(self.workspace, message),
        }
        return {"channel_id": message.channel_id, "item": item}

    def _memberships(self, change: Change, channel: Channel) -> list[tuple[str, Json]]:
        event = {
            "type": f"{change.kind}_channel",
            "user": change.actor,
            "channel": channel.id,
            "channel_type": "G" if channel.kind == "group" else "C",
            "team": self.workspace.team.id,
            "event_ts": change.at,
        }
        events = [(f"{change.kind}_channel", event)]
        if change.kind == "member_left" and change.actor == self.workspace.bot.id:
            events.append(self._whole_channel(change, channel, "left"))
        return events

    def _whole_channel(self, change: Change, channel: Channel, what: str) -> tuple[str, Json]:
        """An event about the channel, which has another name for a private one."""
        name = f"{'group' if channel.kind == 'group' else 'channel'}_{what}"
        person = "actor_id" if what == "left" else "user"
        return name, {"type": name, "channel": channel.id, person: change.actor, "event_ts": change.at}

    def _envelope(self, event: Json) -> Json:
        team = self.workspace.team
        authorization = {
            "enterprise_id": None,
            "team_id": team.id,
            "user_id": self.workspace.bot.id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "deprecated",
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": team.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self.workspace.ids.new("Ev"),
            "event_time": us_of(event["event_ts"]) // SECOND,
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{team.id}-{event['event_ts']}",
        }


def _place(channel: Channel, at: str) -> Json:
    return {"channel": channel.id, "event_ts": at, "channel_type": channel.kind}
