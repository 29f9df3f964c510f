"""Block Kit's elements, and which of them may stand where."""

from rehearsal.blocks.checks import (
    Check,
    Fields,
    anything,
    at_least_one_of,
    boolean,
    both,
    choice,
    exactly_one_of,
    listing,
    matching,
    record,
    text,
    typed,
    whole,
)
from rehearsal.blocks.objects import (
    CONFIRM,
    DISPATCH,
    IDENTIFIER,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    URL,
    any_text,
    distinct_options,
    option,
    plain_text,
)

_USER = matching(r"[UW][A-Z0-9]+", "a user id")
_CHANNEL = matching(r"[CGD][A-Z0-9]+", "a conversation id")
_DATE = matching(r"\d{4}-\d\d-\d\d", "a date as YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:MM")
_NUMBER = matching(r"-?\d+(\.\d+)?", "a number as a string")
_PLACEHOLDER = plain_text(150)


def _element(fields: Fields, required: Fields | None = None) -> Check:
    """Slack makes up an `action_id` that is missing, but then nobody can listen for it: it is required."""
    always = {"type": anything, "action_id": IDENTIFIER}
    return record(always | (required or {}), fields)


_asking: Fields = {"confirm": CONFIRM, "focus_on_load": boolean, "placeholder": _PLACEHOLDER}
_several: Fields = _asking | {"max_selected_items": whole(1, 100)}
_typing: Fields = {
    "placeholder": _PLACEHOLDER,
    "focus_on_load": boolean,
    "dispatch_action_config": DISPATCH,
}

_FILTER = both(
    record(
        {},
        {
            "include": listing(choice("im", "mpim", "private", "public"), 4),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        },
    ),
    at_least_one_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
_conversation: Fields = {
    "initial_conversation": _CHANNEL,
    "default_to_current_conversation": boolean,
    "filter": _FILTER,
}

_button = _element(
    {
        "url": URL,
        "value": text(2000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": text(75),
    },
    {"text": plain_text(75)},
)
_image = record({"type": anything, "image_url": URL, "alt_text": text(2000)})
_options = {"options": listing(option(), 100), "option_groups": listing(OPTION_GROUP, 100)}
_one_source = both(exactly_one_of("options", "option_groups"), distinct_options)
_marked: Fields = {"confirm": CONFIRM, "focus_on_load": boolean}
_marked_options: Fields = {"options": listing(option(marked=True), 10)}

_ELEMENTS: dict[str, Check] = {
    "button": _button,
    "image": _image,
    "overflow": both(_element({"confirm": CONFIRM}, {"options": listing(OVERFLOW_OPTION, 5)}), distinct_options),
    "static_select": both(_element(_asking | _options | {"initial_option": option()}), _one_source),
    "multi_static_select": both(
        _element(_several | _options | {"initial_options": listing(option(), 100)}), _one_source
    ),
    "users_select": _element(_asking | {"initial_user": _USER}),
    "multi_users_select": _element(_several | {"initial_users": listing(_USER, 100)}),
    "channels_select": _element(_asking | {"initial_channel": _CHANNEL}),
    "conversations_select": _element(_asking | _conversation),
    "datepicker": _element(_asking | {"initial_date": _DATE}),
    "timepicker": _element(_asking | {"initial_time": _TIME, "timezone": text(100)}),
    "checkboxes": both(
        _element(_marked | {"initial_options": listing(option(marked=True), 10)}, _marked_options),
        distinct_options,
    ),
    "radio_buttons": both(
        _element(_marked | {"initial_option": option(marked=True)}, _marked_options), distinct_options
    ),
    "plain_text_input": _element(
        _typing
        | {
            "initial_value": text(3000, least=0),
            "multiline": boolean,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        }
    ),
    "email_text_input": _element(_typing | {"initial_value": text(3000)}),
    "url_text_input": _element(_typing | {"initial_value": text(3000)}),
    "number_input": _element(
        _typing | {"initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        {"is_decimal_allowed": boolean},
    ),
}


def elements(*names: str) -> Check:
    return typed({name: _ELEMENTS[name] for name in names})


_CHOOSING = (
    "static_select",
    "multi_static_select",
    "users_select",
    "multi_users_select",
    "channels_select",
    "conversations_select",
    "datepicker",
    "timepicker",
    "checkboxes",
    "radio_buttons",
)
_IN_ACTIONS = tuple(name for name in _CHOOSING if not name.startswith("multi_"))

IN_SECTION = elements("button", "image", "overflow", *_CHOOSING)
IN_ACTIONS = elements("button", "overflow", *_IN_ACTIONS)
_TYPING = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_IN_INPUT = {name: _ELEMENTS[name] for name in (*_CHOOSING, *_TYPING)}
# Only in a dialog's input can a way to answer in the chosen conversation be asked for.
IN_INPUT = typed(
    _IN_INPUT | {"conversations_select": _element(_asking | _conversation | {"response_url_enabled": boolean})}
)
IN_CONTEXT = typed(
    {
        "image": _image,
        "plain_text": any_text(3000),
        "mrkdwn": any_text(3000),
    }
)
