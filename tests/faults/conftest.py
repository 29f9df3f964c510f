"""Rooms in which things go wrong."""

from tests.conversations.conftest import room, rooms

__all__ = ["room", "rooms"]
