"""Slack's Web API: one module per subject, each method declared with its arguments, scopes and tier."""

from rehearsal.web_api import chat, conversations, files, installing, pins, reactions, session, users, views
from rehearsal.web_api.method import METHODS

__all__ = ["METHODS", "chat", "conversations", "files", "installing", "pins", "reactions", "session", "users", "views"]
