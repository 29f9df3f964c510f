"""What a person may put into the fields of a dialog, and how the state of a view tells it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from rehearsal.people import Channel
from rehearsal.wire import Json
from rehearsal.workspace import Workspace

_TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
_INITIAL = {
    "users_select": ("initial_user", "selected_user"),
    "multi_users_select": ("initial_users", "selected_users"),
    "channels_select": ("initial_channel", "selected_channel"),
    "conversations_select": ("initial_conversation", "selected_conversation"),
    "static_select": ("initial_option", "selected_option"),
    "radio_buttons": ("initial_option", "selected_option"),
    "multi_static_select": ("initial_options", "selected_options"),
    "checkboxes": ("initial_options", "selected_options"),
    "datepicker": ("initial_date", "selected_date"),
    "timepicker": ("initial_time", "selected_time"),
} | dict.fromkeys(_TYPED, ("initial_value", "value"))
_Reader = Callable[[Workspace, Json, Any], Any]
_CALLED_IN_FILTERS = {"channel": "public", "group": "private", "im": "im"}
_MANY = {"multi_users_select", "multi_static_select", "checkboxes"}


class NotFillable(Exception):
    """What was given is not something that a person could put there; the message says why."""


def has_state(element: Json) -> bool:
    return element.get("type") in _INITIAL


def initial_state(element: Json, in_front: Channel | None = None) -> Json:
    """The state of an element that nobody has touched, with a conversation in front of them or none."""
    given, kept = _INITIAL[element["type"]]
    nothing: Any = [] if element["type"] in _MANY else None
    if element.get("default_to_current_conversation") and in_front is not None and offers(element, in_front):
        nothing = in_front.id
    return {"type": element["type"], kept: element.get(given, nothing)}


def filled_state(workspace: Workspace, element: Json, value: Any) -> Json:
    """The state of an element with a value: a text, the label or value of an option, a handle or a name."""
    kind = element["type"]
    kept = _INITIAL[kind][1]
    if value is None or value == "":
        return {"type": kind, kept: [] if kind in _MANY else None}
    reader: _Reader = _READERS.get(kind, _typed_text)
    if kind in _MANY:
        values = value if isinstance(value, list) else [value]
        return {"type": kind, kept: [reader(workspace, element, each) for each in values]}
    return {"type": kind, kept: reader(workspace, element, value)}


def problem_with(element: Json, state: Json, *, optional: bool) -> str | None:
    """What Slack's client would say under the field instead of sending it."""
    value = state[_INITIAL[element["type"]][1]]
    if not value:
        return None if optional else "Please complete this required field."
    if element["type"] == "plain_text_input":
        return _length_problem(element, value)
    if element["type"] == "number_input":
        return _number_problem(element, value)
    if len(value) > element.get("max_selected_items", len(value)):
        return f"Please choose at most {element['max_selected_items']}."
    return None


def _length_problem(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(value) > most else None


def _number_problem(element: Json, value: str) -> str | None:
    try:
        number = float(value) if element.get("is_decimal_allowed") else int(value)
    except ValueError:
        return "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
    if number < float(element.get("min_value", number)):
        return f"Please enter a number no less than {element['min_value']}."
    if number > float(element.get("max_value", number)):
        return f"Please enter a number no greater than {element['max_value']}."
    return None


def _typed_text(workspace: Workspace, element: Json, value: Any) -> str:
    text = str(value)
    if "\n" in text and not element.get("multiline"):
        raise NotFillable("this field has one line only")
    return text


def _date(workspace: Workspace, element: Json, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise NotFillable("it is not a day, such as 2026-05-31") from None


def _option(workspace: Workspace, element: Json, value: Any) -> Json:
    options = _options(element)
    for option in options:
        if str(value) in (option["text"]["text"], option["value"]):
            return option
    offered = ", ".join(option["text"]["text"] for option in options)
    raise NotFillable(f"there is no option {value!r}; there are: {offered}")


def _options(element: Json) -> list[Json]:
    groups: Iterable[Json] = element.get("option_groups", [])
    grouped = [option for group in groups for option in group["options"]]
    return [*element.get("options", []), *grouped]


def _user(workspace: Workspace, element: Json, value: Any) -> str:
    person = workspace.person_called(str(value).removeprefix("@"))
    if person is None:
        raise NotFillable(f"there is nobody called {value}")
    return person.id


def _channel(workspace: Workspace, element: Json, value: Any) -> str:
    channel = workspace.channel_called(str(value))
    if channel is None:
        raise NotFillable(f"there is no channel {value}")
    if not offers(element, channel):
        raise NotFillable(f"{value} is not offered")
    return channel.id


def offers(element: Json, channel: Channel) -> bool:
    """Whether the element's filter lets a conversation through."""
    included = (element.get("filter") or {}).get("include")
    return included is None or _CALLED_IN_FILTERS[channel.kind] in included


_READERS: dict[str, _Reader] = {
    "datepicker": _date,
    "static_select": _option,
    "multi_static_select": _option,
    "checkboxes": _option,
    "radio_buttons": _option,
    "users_select": _user,
    "multi_users_select": _user,
    "channels_select": _channel,
    "conversations_select": _channel,
}
