"""The `rich_text` block."""

from rehearsal.blocks.checks import Check, anything, boolean, choice, listing, matching, record, text, typed, whole
from rehearsal.blocks.objects import IDENTIFIER, URL

_MOST = 10_000
_STYLE = record({}, {"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean})
_MENTION_STYLE = record(
    {},
    dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink"), boolean),
)
_INDENT = whole(0, 8)
_BORDER = whole(0, 1)

# An empty text element is refused by Slack, and easily made by a renderer that splits text.
_TEXT = record({"type": anything, "text": text(_MOST)}, {"style": _STYLE})
_LINK = record({"type": anything, "url": URL}, {"text": text(_MOST), "unsafe": boolean, "style": _STYLE})

_INLINE = typed(
    {
        "text": _TEXT,
        "link": _LINK,
        "user": record(
            {"type": anything, "user_id": matching(r"[UW][A-Z0-9]+", "a user id")}, {"style": _MENTION_STYLE}
        ),
        "channel": record(
            {"type": anything, "channel_id": matching(r"[CG][A-Z0-9]+", "a channel id")},
            {"style": _MENTION_STYLE},
        ),
        "usergroup": record({"type": anything, "usergroup_id": text(255)}, {"style": _MENTION_STYLE}),
        "emoji": record({"type": anything, "name": text(255)}, {"unicode": text(255), "style": _STYLE}),
        "broadcast": record({"type": anything, "range": choice("here", "channel", "everyone")}),
        "color": record({"type": anything, "value": text(20)}),
        "date": record(
            {"type": anything, "timestamp": whole(0, 10**11), "format": text(255)},
            {"url": URL, "fallback": text(3000)},
        ),
    }
)
_LITERAL = typed({"text": _TEXT, "link": _LINK})


def _holder(item: Check, **optional: Check) -> Check:
    return record({"type": anything, "elements": listing(item, _MOST)}, optional)


_SECTION = _holder(_INLINE)
_LIST = record(
    {
        "type": anything,
        "style": choice("bullet", "ordered"),
        "elements": listing(typed({"rich_text_section": _SECTION}), _MOST),
    },
    {"indent": _INDENT, "offset": whole(0, 10_000), "border": _BORDER},
)

RICH_TEXT = record(
    {
        "type": anything,
        "elements": listing(
            typed(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": _LIST,
                    "rich_text_quote": _holder(_INLINE, border=_BORDER),
                    "rich_text_preformatted": _holder(_LITERAL, border=_BORDER),
                }
            ),
            _MOST,
        ),
    },
    {"block_id": IDENTIFIER},
)
