"""Listeners translate what Slack says into use cases, and their outcomes into answers. They never wait on Slack."""

from slack_bolt.async_app import AsyncApp

from bot.listeners import (
    changes,
    channels,
    clicks,
    commands,
    dialogs,
    forms,
    installations,
    leftovers,
    mentions,
    messages,
    opening,
    own,
    reactions,
    renames,
)
from bot.listeners.desk import Desk


def register(app: AsyncApp, desk: Desk) -> None:
    """Commands come first: somebody waits for each, and every listener before them takes time.

    Reactions, which are most of the traffic, hardly ever come this way (`short_way.py`).
    """
    commands.register(app, desk)
    reactions.register(app, desk)
    changes.register(app, desk)
    messages.register(app, desk)
    mentions.register(app, desk)
    clicks.register(app, desk)
    opening.register(app, desk)
    dialogs.register(app, desk)
    forms.register(app, desk)
    own.register(app, desk)
    installations.register(app, desk)
    renames.register(app, desk)
    channels.register(app, desk)
    leftovers.register(app, desk)
