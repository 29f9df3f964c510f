"""Text as Markdown source in which nothing but itself can be read: no markup, HTML, link, fence or template code."""

import re
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

from bot.render.pieces import is_web_address

# Wherever they stand. Dollars are for sites that read formulas, braces for those that read templates.
_ANYWHERE = "\\`*_[]<~|{}$"
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
# At the start of a line these begin a heading, a list, a quotation, a rule or a definition.
_AT_START = re.compile(r"^([#>+\-=:])|^([0-9]{1,9})([.)])(?=\s|$)")
# A heading would swallow them.
_AT_END = re.compile(r"(?<=\s)#(?=#*$)")
_LINE_BREAK = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_WORD = 40
# What may stand in the address of an inline link: brackets, quotation marks and white space may not.
_ADDRESS = "/:?#@!$&*+,;=%-._~"
# Most addresses are of this form, in which there is nothing to look into and nothing to escape.
_PLAIN_ADDRESS = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9._~-]*)*")
_SHORT_ADDRESS = 500
# Anything else than one line without control characters.
_SEVERAL_LINES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def literal(text: str) -> Markup:
    """The text, to be read as typed; line breaks stay, empty lines between them go."""
    return _literal_word(text) if len(text) <= _WORD else _literal(text)


@lru_cache(maxsize=4096)
def _literal_word(text: str) -> Markup:
    """Names and labels come again with every line of a recap."""
    return _literal(text)


def _literal(text: str) -> Markup:
    if not _SEVERAL_LINES.search(text):
        return Markup(_literal_line(text.strip()))  # noqa: S704  (the same, and most are of one line)
    lines = _LINE_BREAK.split(_CONTROL.sub("\ufffd", text).strip())
    return Markup("\\\n".join(map(_literal_line, lines)))  # noqa: S704  (escaped for Markdown, which is the point)


def link(label: str, url: str) -> Markup:
    """An inline link to a web address; the label alone for anything that is not one."""
    address = url
    if len(url) > _SHORT_ADDRESS or not _PLAIN_ADDRESS.fullmatch(url):
        if not is_web_address(url):
            return literal(label)
        address = _ENTITY.sub(r"\\&", quote(url, safe=_ADDRESS))
    return Markup(f"[{literal(label)}]({address})")  # noqa: S704  (both parts are escaped)


def _literal_line(line: str) -> str:
    # Most lines have next to nothing of this, which is looked for before it is replaced: backslashes first.
    for char in _ANYWHERE:
        if char in line:
            line = line.replace(char, f"\\{char}")
    if "&" in line and ";" in line:
        line = _ENTITY.sub(r"\\&", line)
    if line.endswith("#"):
        line = _AT_END.sub(r"\\#", line)
    return line if line[:1].isalpha() else _AT_START.sub(_behind_backslash, line)


def _behind_backslash(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"
