"""What each person sees as the bot's Home: one view for everybody, which the bot publishes and they act in."""

import json
from collections.abc import Callable

from rehearsal.blocks.schema import home_problems
from rehearsal.interactions.dialogs import MOST_BYTES, Dialog, ViewRefused, keep_filled, shaped
from rehearsal.wire import Json
from rehearsal.workspace import Workspace


class Homes:
    """`observers` are told whose Home has changed."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._homes: dict[str, Dialog] = {}
        self.observers: list[Callable[[str], None]] = []

    def of(self, person: str) -> Dialog | None:
        """None for somebody to whom nothing was published yet."""
        return self._homes.get(person)

    def publish(self, person: str, view: Json, expected_hash: str = "") -> Dialog:
        """Show this from now on; `expected_hash` says what is meant to be shown until now."""
        if len(json.dumps(view).encode()) > MOST_BYTES:
            raise ViewRefused("view_too_large")
        if problems := home_problems(view):
            raise ViewRefused("invalid_arguments", problems)
        before = self._homes.get(person)
        if expected_hash and (before is None or before.view["hash"] != expected_hash):
            raise ViewRefused("hash_conflict")
        view_id = before.id if before else self._workspace.ids.new("V")
        home = Dialog(person, shaped(self._workspace, view, view_id, view_id))
        if before:
            keep_filled(home.view, before.values)
        self._homes[person] = home
        for observer in self.observers:
            observer(person)
        return home
