"""Filling in a dialog, submitting it, and closing it."""

import asyncio
import copy
from typing import Any

from rehearsal.backstage import Backstage
from rehearsal.delivery.carrier import NotAnswered
from rehearsal.interactions.dialogs import Dialog, ViewRefused
from rehearsal.interactions.fields import NotFillable, filled_state, has_state, problem_with
from rehearsal.interactions.payloads import interaction
from rehearsal.people import Person
from rehearsal.wire import Json


class NotSubmitted(Exception):
    """The client would not send it, or the bot's answer was not one that Slack understands."""


async def submit(stage: Backstage, person: Person, dialog: Dialog, fields: Json) -> dict[str, str]:
    """Fill in fields by label or `block_id` and submit; the errors that the bot answered, if any."""
    if not dialog.view["submit"]:
        raise NotSubmitted(f"{_title(dialog)} cannot be submitted, only closed")
    _fill(stage, dialog, fields)
    problems = _problems(dialog)
    if problems:
        stage.dialogs.refuse(dialog, problems)
        raise NotSubmitted(f"{_title(dialog)} was not sent: {_listed(dialog, problems)}")
    payload = interaction(stage, "view_submission", person) | {
        "trigger_id": stage.new_trigger(person),
        "view": copy.deepcopy(dialog.view),
        "response_urls": _response_urls(stage, person, dialog),
    }
    answer = await stage.dispatch.ask("interactive", payload)
    return _obey(stage, dialog, answer)


async def close(stage: Backstage, person: Person, dialog: Dialog) -> None:
    """Close a dialog, or all of them when it says so; the bot is told if it asked to be."""
    if dialog.view["clear_on_close"]:
        closed = stage.dialogs.clear(person.id)
    else:
        closed = [dialog]
        stage.dialogs.drop(dialog)
    asked = [each for each in closed if each.view["notify_on_close"]]
    payloads = [_closed(stage, person, each, cleared=dialog.view["clear_on_close"]) for each in asked]
    await asyncio.gather(*(stage.dispatch.ask("interactive", payload) for payload in payloads))


def _closed(stage: Backstage, person: Person, dialog: Dialog, *, cleared: bool) -> Json:
    payload = interaction(stage, "view_closed", person)
    return payload | {"view": copy.deepcopy(dialog.view), "is_cleared": cleared}


def _fill(stage: Backstage, dialog: Dialog, fields: Json) -> None:
    for name, value in fields.items():
        block = _field(dialog, name)
        element = block["element"]
        try:
            state = filled_state(stage.workspace, element, value)
        except NotFillable as problem:
            raise NotSubmitted(f"{name!r} cannot be {value!r}: {problem}") from None
        if _is_hidden(stage, dialog.person, state.get("selected_conversation")):
            raise NotSubmitted(f"{name!r} cannot be {value!r}: whoever is not in a private channel does not see it")
        dialog.values[block["block_id"]][element["action_id"]] = state


def _is_hidden(stage: Backstage, person: str, conversation: str | None) -> bool:
    channel = stage.workspace.channels.get(conversation or "")
    return channel is not None and channel.kind != "channel" and person not in channel.members


def _response_urls(stage: Backstage, person: Person, dialog: Dialog) -> list[Json]:
    """A way to answer in each conversation that was chosen, where the dialog has asked for that."""
    urls = []
    for block in _inputs(dialog):
        block_id, action_id = block["block_id"], block["element"]["action_id"]
        chosen = dialog.values[block_id][action_id].get("selected_conversation")
        if block["element"].get("response_url_enabled") and chosen:
            where = {"block_id": block_id, "action_id": action_id, "channel_id": chosen}
            urls.append(where | {"response_url": stage.responses.new(stage.workspace.channels[chosen], person.id)})
    return urls


def _field(dialog: Dialog, name: str) -> Json:
    inputs = _inputs(dialog)
    for block in inputs:
        if name in (block["label"]["text"], block["block_id"]):
            return block
    labels = ", ".join(block["label"]["text"] for block in inputs) or "no fields"
    raise NotSubmitted(f"{_title(dialog)} has no field {name!r}; it has: {labels}")


def _inputs(dialog: Dialog) -> list[Json]:
    blocks = [block for block in dialog.view["blocks"] if block["type"] == "input"]
    return [block for block in blocks if has_state(block["element"])]


def _problems(dialog: Dialog) -> dict[str, str]:
    problems = {}
    for block in _inputs(dialog):
        state = dialog.values[block["block_id"]][block["element"]["action_id"]]
        problem = problem_with(block["element"], state, optional=block.get("optional", False))
        if problem:
            problems[block["block_id"]] = problem
    return problems


def _obey(stage: Backstage, dialog: Dialog, answer: Json | None) -> dict[str, str]:
    """Do what the answer says; without one the dialog closes."""
    action = answer.get("response_action") if answer else None
    try:
        if action is None:
            if answer:
                raise NotAnswered("dispatch_unknown_error")
            stage.dialogs.drop(dialog)
        elif action == "clear":
            stage.dialogs.clear(dialog.person)
        elif action == "errors":
            return _refused(stage, dialog, answer)
        elif action in {"update", "push"}:
            _show(stage, dialog, action, answer)
        else:
            raise NotSubmitted(f"the bot answered with an unknown response_action {action!r}")
    except ViewRefused as refused:
        problems = "; ".join(refused.problems)
        raise NotSubmitted(f"the bot answered with a view that is wrong: {refused.code} {problems}") from None
    return {}


def _refused(stage: Backstage, dialog: Dialog, answer: Any) -> dict[str, str]:
    errors = answer.get("errors")
    known = {block["block_id"] for block in _inputs(dialog)}
    if not isinstance(errors, dict) or not errors or set(errors) - known:
        raise NotSubmitted(f"the bot's errors must be by block_id of the inputs, not {errors!r}")
    stage.dialogs.refuse(dialog, errors)
    return dict(errors)


def _show(stage: Backstage, dialog: Dialog, action: str, answer: Any) -> None:
    view = answer.get("view")
    if not isinstance(view, dict):
        raise NotSubmitted(f"the bot answered {action} without a view")
    if action == "update":
        stage.dialogs.update(dialog, view)
    else:
        stage.dialogs.push(dialog.person, view)


def _title(dialog: Dialog) -> str:
    return f"The dialog {dialog.view['title']['text']!r}"


def _listed(dialog: Dialog, problems: dict[str, str]) -> str:
    labels = {block["block_id"]: block["label"]["text"] for block in _inputs(dialog)}
    return "; ".join(f"{labels[block_id]}: {problem}" for block_id, problem in problems.items())
