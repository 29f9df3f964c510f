"""The dialogs (modal views) that people have open, a stack of three at most for each."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from rehearsal.blocks.finish import finished
from rehearsal.blocks.schema import view_problems
from rehearsal.blocks.uniqueness import elements_of
from rehearsal.interactions.fields import has_state, initial_state
from rehearsal.people import Channel
from rehearsal.wire import Json
from rehearsal.workspace import Workspace

_MOST_STACKED = 3
MOST_BYTES = 250_000
_DEFAULTS: Json = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "submit": None,
    "close": None,
    "clear_on_close": False,
    "notify_on_close": False,
}


class ViewRefused(Exception):
    """Slack's error code for a view, with its sentences about where."""

    def __init__(self, code: str, problems: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.problems = problems or []


@dataclass
class Dialog:
    """A view that somebody has open; `errors` stand under its fields, by `block_id`."""

    person: str
    view: Json
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.view["id"])

    @property
    def values(self) -> Json:
        values: Json = self.view["state"]["values"]
        return values


class Dialogs:
    """`observers` are told whose dialogs have changed."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[Dialog]] = {}
        self._in_front: dict[str, Channel] = {}
        self.observers: list[Callable[[str], None]] = []

    def looking_at(self, person: str, channel: Channel) -> None:
        """The conversation that somebody has in front of them."""
        self._in_front[person] = channel

    def top(self, person: str) -> Dialog | None:
        stack = self._stacks.get(person)
        return stack[-1] if stack else None

    def open(self, person: str, view: Json) -> Dialog:
        """Open a dialog; if others are open, it takes their place."""
        self._check(view)
        self._stacks[person] = []
        return self._put(person, view)

    def push(self, person: str, view: Json) -> Dialog:
        self._check(view)
        if not self._stacks.get(person):
            # Slack opens what is pushed on nothing; a bot that does so has lost track of its dialogs.
            raise ViewRefused("not_found")
        if len(self._stacks[person]) >= _MOST_STACKED:
            raise ViewRefused("push_limit_reached")
        return self._put(person, view)

    def update(self, dialog: Dialog, view: Json, expected_hash: str = "") -> Dialog:
        """Replace what an open dialog shows; fields with the same ids keep what was put into them."""
        self._check(view, besides=dialog)
        if expected_hash and expected_hash != dialog.view["hash"]:
            raise ViewRefused("hash_conflict")
        kept = dialog.values
        above = (dialog.view["root_view_id"], dialog.view["previous_view_id"])
        dialog.view = self._shape(dialog.person, view, dialog.id, *above)
        keep_filled(dialog.view, kept)
        dialog.errors = {}
        self._tell(dialog.person)
        return dialog

    def find(self, view_id: str, external_id: str = "") -> Dialog:
        for stack in self._stacks.values():
            for dialog in stack:
                if dialog.id == view_id or (external_id and dialog.view["external_id"] == external_id):
                    return dialog
        raise ViewRefused("not_found")

    def drop(self, dialog: Dialog) -> None:
        """Close one dialog; the one below shows again."""
        stack = self._stacks.get(dialog.person, [])
        if dialog in stack:
            stack.remove(dialog)
            self._tell(dialog.person)

    def clear(self, person: str) -> list[Dialog]:
        """Close all dialogs of a person; those that were open."""
        closed = self._stacks.pop(person, [])
        self._tell(person)
        return closed

    def refuse(self, dialog: Dialog, errors: dict[str, str]) -> None:
        dialog.errors = errors
        self._tell(dialog.person)

    def _tell(self, person: str) -> None:
        for observer in self.observers:
            observer(person)

    def _check(self, view: Json, besides: Dialog | None = None) -> None:
        if len(json.dumps(view).encode()) > MOST_BYTES:
            raise ViewRefused("view_too_large")
        problems = view_problems(view)
        if problems:
            raise ViewRefused("invalid_arguments", problems)
        external = view.get("external_id")
        taken = {dialog.view["external_id"] for dialog in self._all() if dialog is not besides}
        if external and external in taken:
            raise ViewRefused("duplicate_external_id")

    def _all(self) -> list[Dialog]:
        return [dialog for stack in self._stacks.values() for dialog in stack]

    def _put(self, person: str, view: Json) -> Dialog:
        stack = self._stacks[person]
        view_id = self._workspace.ids.new("V")
        root = stack[0].id if stack else view_id
        dialog = Dialog(person, self._shape(person, view, view_id, root, stack[-1].id if stack else None))
        stack.append(dialog)
        self._tell(person)
        return dialog

    def _shape(self, person: str, view: Json, view_id: str, root: str, previous: str | None) -> Json:
        return shaped(self._workspace, view, view_id, root, previous, self._in_front.get(person))


def shaped(
    workspace: Workspace,
    view: Json,
    view_id: str,
    root: str,
    previous: str | None = None,
    in_front: Channel | None = None,
) -> Json:
    """A view as Slack keeps it and tells it back; `in_front` is the conversation that somebody looks at."""
    blocks = finished(view["blocks"])
    return {
        **_DEFAULTS,
        **view,
        "id": view_id,
        "team_id": workspace.team.id,
        "blocks": blocks,
        "state": {"values": initial_values(blocks, in_front)},
        "hash": f"{workspace.clock.now_s}.{secrets.token_hex(4)}",
        "previous_view_id": previous,
        "root_view_id": root,
        "app_id": workspace.team.app_id,
        "app_installed_team_id": workspace.team.id,
        "bot_id": workspace.bot.bot_id,
    }


def keep_filled(view: Json, before: Json) -> None:
    """Fields with the same ids keep what was put into them."""
    for block_id, fields in view["state"]["values"].items():
        for action_id, state in fields.items():
            kept = before.get(block_id, {}).get(action_id)
            if kept and kept["type"] == state["type"]:
                fields[action_id] = kept


def initial_values(blocks: list[Json], in_front: Channel | None = None) -> Json:
    """The state of everything in blocks that has one; `in_front` is the conversation that somebody looks at."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if has_state(element):
                values.setdefault(block["block_id"], {})[element["action_id"]] = initial_state(element, in_front)
    return values
