"""What of the workspace's changes the bot is told, as Events API payloads."""

from dataclasses import dataclass
from typing import Protocol

from rehearsal.manifest import Manifest
from rehearsal.people import Channel
from rehearsal.shapes import delivered_json
from rehearsal.wire import Json, us_of
from rehearsal.workspace import Change, Workspace

_MESSAGE_EVENTS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
_SCOPES = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
}


class Carrier(Protocol):
    def event(self, body: Json) -> None: ...


@dataclass
class EventFeed:
    """Observes the workspace and hands the carrier each event that the app is subscribed to."""

    workspace: Workspace
    manifest: Manifest
    carrier: Carrier

    def observe(self, change: Change) -> None:
        channel = change.channel
        # Slack tells an app nothing of the conversations that it is not in.
        if channel is None or self.workspace.bot.id not in channel.members:
            return
        for subscription, event in self._events(change, channel):
            if self.manifest.hears(subscription) and self.manifest.grants(_SCOPES[subscription]):
                self.carrier.event(self._envelope(event))

    def _events(self, change: Change, channel: Channel) -> list[tuple[str, Json]]:
        if change.kind in {"message", "message_changed", "message_deleted"}:
            return self._message_events(change, channel)
        if change.kind in {"reaction_added", "reaction_removed"}:
            return [(change.kind, self._reaction(change))]
        if change.kind in {"pin_added", "pin_removed"}:
            return [(change.kind, self._pin(change, channel))]
        if change.kind in {"member_joined", "member_left"}:
            return [(f"{change.kind}_channel", self._membership(change, channel))]
        return []

    def _message_events(self, change: Change, channel: Channel) -> list[tuple[str, Json]]:
        subscription = _MESSAGE_EVENTS[channel.kind]
        where = {
            "channel": channel.id,
            "event_ts": change.at,
            "channel_type": channel.kind,
        }
        if change.kind == "message":
            event = self._new_message(change) | where
            events = [(subscription, event)]
            if f"<@{self.workspace.bot.id}>" in event["text"] and channel.kind != "im":
                events.append(("app_mention", event | {"type": "app_mention"}))
            return events
        event = {"type": "message", "subtype": change.kind, "hidden": True, "ts": change.at, **where}
        event["previous_message"] = change.before
        if change.message and change.kind == "message_changed":
            event["message"] = delivered_json(self.workspace, change.message)
        elif change.message:
            event["deleted_ts"] = change.message.ts
        return [(subscription, event)]

    def _new_message(self, change: Change) -> Json:
        assert change.message is not None  # noqa: S101 - a message change without one is our own mistake
        event = delivered_json(self.workspace, change.message)
        if change.message.files:
            event.setdefault("subtype", "file_share")
        return event

    def _reaction(self, change: Change) -> Json:
        assert change.message is not None  # noqa: S101
        message = change.message
        return {
            "type": change.kind,
            "user": change.actor,
            "reaction": change.reaction,
            "item": {"type": "message", "channel": message.channel_id, "ts": message.ts},
            "item_user": message.user,
            "event_ts": change.at,
        }

    def _pin(self, change: Change, channel: Channel) -> Json:
        assert change.message is not None  # noqa: S101
        return {
            "type": change.kind,
            "user": change.actor,
            "channel_id": channel.id,
            "item": {
                "type": "message",
                "channel": channel.id,
                "message": delivered_json(self.workspace, change.message),
            },
            "item_user": change.message.user,
            "event_ts": change.at,
        }

    def _membership(self, change: Change, channel: Channel) -> Json:
        return {
            "type": f"{change.kind}_channel",
            "user": change.actor,
            "channel": channel.id,
            "channel_type": "G" if channel.kind == "group" else "C",
            "team": self.workspace.team.id,
            "event_ts": change.at,
        }

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
            "event_time": us_of(event["event_ts"]) // 1_000_000,
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event['event_ts']}",
        }
