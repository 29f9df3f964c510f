"""Dialogs, which only somebody who has just acted can be shown, and Home, which is there for everybody."""

from collections.abc import Iterator
from contextlib import contextmanager

from rehearsal.content import ContentRefused
from rehearsal.interactions.dialogs import ViewRefused
from rehearsal.interactions.triggers import TriggerRefused
from rehearsal.web_api.chat import refusal
from rehearsal.web_api.method import Call, SlackError, invalid_arguments, method
from rehearsal.wire import Json


@method("views.open", required="view", optional="trigger_id interactivity_pointer", per_minute=100, json=True)
def views_open(call: Call) -> Json:
    view = _view(call)
    with _refusals():
        person = call.stage.use_trigger(call.text("trigger_id"))
        return {"view": call.stage.dialogs.open(person, view).view}


@method("views.push", required="trigger_id view", per_minute=100, json=True)
def views_push(call: Call) -> Json:
    view = _view(call)
    with _refusals():
        person = call.stage.use_trigger(call.text("trigger_id"))
        return {"view": call.stage.dialogs.push(person, view).view}


@method("views.update", required="view", optional="view_id external_id hash", per_minute=100, json=True)
def views_update(call: Call) -> Json:
    view = _view(call)
    if bool(call.text("view_id")) == bool(call.text("external_id")):
        raise invalid_arguments("give either view_id or external_id")
    with _refusals():
        dialog = call.stage.dialogs.find(call.text("view_id"), call.text("external_id"))
        return {"view": call.stage.dialogs.update(dialog, view, call.text("hash")).view}


@method("views.publish", required="user_id view", optional="hash", per_minute=100, json=True)
def views_publish(call: Call) -> Json:
    view, person = _view(call), call.person("user_id")
    if not call.stage.manifest.home_tab:
        raise SlackError("not_enabled")
    if person.is_bot or person.is_stranger:
        raise SlackError("user_not_found")
    with _refusals():
        return {"view": call.stage.homes.publish(person.id, view, call.text("hash")).view}


def _view(call: Call) -> Json:
    view = call.structure("view")
    if not isinstance(view, dict):
        raise invalid_arguments("must be an object [json-pointer:/view]")
    return view


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except TriggerRefused as refused:
        raise SlackError(refused.code) from None
    except ViewRefused as refused:
        raise refusal(ContentRefused(refused.code, refused.problems)) from None
