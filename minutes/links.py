"""Links to issues and changes on the usual trackers, each with a reference and the words that name it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from minutes.text import one_line, shorten

LONGEST_URL = 2_000
LONGEST_TITLE = 200  # words beside a link that go on for longer are what somebody said, not its title


@dataclass(frozen=True, slots=True)
class TrackerLink:
    url: str
    """As pasted."""
    key: str
    """The canonical address: two links with the same key are the same issue or change."""
    reference: str
    title: str
    """Empty when neither a label nor the words beside the link say what it is."""


def tracker_links(text: str) -> tuple[TrackerLink, ...]:
    """The links in the order of the text, each once, under the first title that one of its places gives."""
    found: dict[str, TrackerLink] = {}
    for line in (line for line in text.split("\n") if "://" in line):
        for link in _links_of(line):
            if link.key not in found or (link.title and not found[link.key].title):
                found[link.key] = link
    return tuple(found.values())


def page_title(url: str, title: str) -> TrackerLink | None:
    """A link under the title that its page has; None where the page is no tracker's, or its title tells nothing."""
    target = _target(url)
    name = _tidy(title)
    if target is None or not _says_more(name, url, target):
        return None
    return TrackerLink(url, target.key, target.reference, shorten(name, LONGEST_TITLE))


# --- where the links are


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    url: str
    label: str


_LABELLED = re.compile(r"\]\((https?://[^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+)\)", re.IGNORECASE)
_BARE = re.compile(r"https?://(?:(?!https?://)[^\s<>\ue000\ue001–—…“”«»。，、])+", re.IGNORECASE)
_AFTER_A_URL = ").,;:!?'\"]}*_~`|(’；：！？）」』】"


def _places(line: str) -> Iterator[_Place]:
    """Every link of the line, to a tracker or not: the words between two belong to one of them."""
    at = 0
    for found in _LABELLED.finditer(line):
        opened = _label_start(line, at, found.start())
        if opened is None:
            continue
        yield from _bare_places(line, at, opened)
        yield _Place(opened, found.end(), found[1], line[opened + 1 : found.start()])
        at = found.end()
    yield from _bare_places(line, at, len(line))


def _bare_places(line: str, start: int, end: int) -> Iterator[_Place]:
    for found in _BARE.finditer(line, start, end):
        yield _Place(found.start(), found.end(), found[0].rstrip(_AFTER_A_URL), "")


def _label_start(line: str, floor: int, closing: int) -> int | None:
    """Where the label that ends at this bracket begins; a label may hold brackets that pair."""
    depth = 0
    for at in range(closing, floor - 1, -1):
        depth += {"]": 1, "[": -1}.get(line[at], 0)
        if depth == 0:
            return at
    leftmost = line.find("[", floor, closing)
    return leftmost if leftmost >= 0 else None


# --- what they point to


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    path: str
    fragment: str


@dataclass(frozen=True, slots=True)
class _Target:
    key: str
    reference: str


def _address(url: str) -> _Address | None:
    if len(url) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:  # a port or an IPv6 address that is none
        return None
    usual = port in (None, 80, 443)
    return _Address(host if usual else f"{host}:{port}", parts.path, parts.fragment) if host else None


_GITHUB = re.compile(r"/([\w.-]+/[\w.-]+)/(issues|pull|discussions)/([0-9]+)\b", re.ASCII)
_GITLAB = re.compile(r"/([\w./-]+?)(/-)?/(issues|merge_requests|work_items)/([0-9]+)\b", re.ASCII)
_GERRIT = re.compile(r"(?:/\w+)?/c/(?:\S+/\+/)?([0-9]+)\b|/([0-9]+)\b", re.ASCII)
_GERRIT_IN_PROJECT = re.compile(r"(?:/\w+)?/c/\S+/\+/([0-9]+)\b", re.ASCII)
_BUG = re.compile(r"/(?:\S+/\+bug|bugs)/([0-9]+)\b", re.ASCII)
_BLUEPRINT = re.compile(r"/([\w.+-]+)/\+spec/([\w.+-]+)", re.ASCII)
_STORY = re.compile(r"!?/story/([0-9]+)\b", re.ASCII)
_JIRA = re.compile(r"(\S*)/browse/([A-Z][A-Z0-9_]+-[0-9]+)\b", re.ASCII)


def _github(address: _Address) -> _Target | None:
    found = _GITHUB.match(address.path)
    if not found or not address.host.startswith("github."):
        return None
    repository, kind, number = found.groups()
    return _Target(f"https://{address.host}/{repository.lower()}/{kind}/{number}", f"{repository}#{number}")


def _gitlab(address: _Address) -> _Target | None:
    found = _GITLAB.match(address.path)
    # `/-/` is GitLab's alone: instances under any name (salsa.debian.org, invent.kde.org) are known by it.
    if not found or not (address.host.startswith("gitlab.") or found[2]):
        return None
    project, _, kind, number = found.groups()
    sign = "!" if kind == "merge_requests" else "#"
    return _Target(f"https://{address.host}/{project}/-/{kind}/{number}", f"{project}{sign}{number}")


def _gerrit(address: _Address) -> _Target | None:
    if address.host.startswith("review.") or "gerrit" in address.host or "-review." in address.host:
        found = _GERRIT.match(address.path) or _GERRIT.match(address.fragment)
    else:
        found = _GERRIT_IN_PROJECT.match(address.path)
    number = (found[found.lastindex or 0]) if found else None
    return _Target(f"https://{address.host}/{number}", f"change {number}") if number else None


def _launchpad(address: _Address) -> _Target | None:
    if address.host != "launchpad.net" and not address.host.endswith(".launchpad.net"):
        return None
    if bug := _BUG.match(address.path):  # one number over all projects
        return _Target(f"https://launchpad.net/bugs/{bug[1]}", f"LP#{bug[1]}")
    if spec := _BLUEPRINT.match(address.path):
        project, name = spec.groups()
        return _Target(f"https://blueprints.launchpad.net/{project}/+spec/{name}", f"blueprint {name}")
    return None


def _storyboard(address: _Address) -> _Target | None:
    if not address.host.startswith("storyboard."):
        return None
    found = _STORY.match(address.fragment) or _STORY.match(address.path)
    return _Target(f"https://{address.host}/#!/story/{found[1]}", f"story {found[1]}") if found else None


def _jira(address: _Address) -> _Target | None:
    found = _JIRA.match(address.path)
    return _Target(f"https://{address.host}{found[1]}/browse/{found[2]}", found[2]) if found else None


_TRACKERS: tuple[Callable[[_Address], _Target | None], ...] = (
    _github,
    _gitlab,
    _gerrit,
    _launchpad,
    _storyboard,
    _jira,
)


def _target(url: str) -> _Target | None:
    address = _address(url)
    return next((target for read in _TRACKERS if (target := read(address))), None) if address else None


# --- what they are called


def _links_of(line: str) -> Iterator[TrackerLink]:
    places = tuple(_places(line))
    beside = _words_beside(line, places)
    for place, words in zip(places, beside, strict=True):
        if target := _target(place.url):
            label = _tidy(place.label)
            title = shorten(label, LONGEST_TITLE) if _says_more(label, place.url, target) else words
            yield TrackerLink(place.url, target.key, target.reference, title)


def _words_beside(line: str, places: tuple[_Place, ...]) -> Iterator[str]:
    """For each link the words before it.

    A line that begins with a link and ends in words is written the other way round: each has those after it.
    """
    starts = [place.start for place in places] + [len(line)]
    ends = [0] + [place.end for place in places]
    gaps = [_name(line[end:start]) for end, start in zip(ends, starts, strict=True)]
    if not gaps[0] and gaps[-1]:
        yield from gaps[1:]
    else:
        *befores, last = gaps
        for number, before in enumerate(befores, start=1):
            words = before or (last if number == len(befores) else "")
            yield "" if _RUNS_ON.search(before) else words


_SEPARATORS = " \t\u00a0:-–—|,;*•·=→"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_OPENED = frozenset(_PAIRS.values())
_HEADING = re.compile(r"#[A-Za-z]+(?=[\s:]|$)|[0-9]{1,3}[.)](?=\s)|[.!?]+(?=\s|$)")
_SUFFIX = re.compile(r" · (?:Issue|Pull Request|Discussion) #[0-9]+(?: ·.*)?$")  # of GitHub's page titles
_NAMES_NOTHING = re.compile(
    r"\W*(?:(?:and|or|also|see|here|this|that|is|at|in|on|the|link|cf|fixes|closes|re|for)\b\W*)*",
    re.IGNORECASE,
)

# "Sipa, that is in <link>, I think": a sentence goes through the link, and half of it is no title.
_RUNS_ON = re.compile(
    r"\b(?:in|at|on|to|of|from|for|with|by|via|into|per|as|and|or|the|a|this|that|is|was|are|see|here)$",
    re.IGNORECASE,
)


def _name(words: str) -> str:
    """The words beside a link when they can be its title: not a mere "see", and not a whole speech."""
    name = _tidy(words)
    return "" if len(name) > LONGEST_TITLE or _NAMES_NOTHING.fullmatch(name) else name


def _tidy(words: str) -> str:
    """The words without what only stands between them and the link."""
    words = _trim(one_line(words.replace("\\[", "[").replace("\\]", "]")))
    if heading := _HEADING.match(words):
        words = _trim(words[heading.end() :])
    return _SUFFIX.sub("", words)


def _trim(words: str) -> str:
    alone = _unpaired(words)
    start, end = 0, len(words)
    while start < end and (words[start] in _SEPARATORS or start in alone):
        start += 1
    while end > start and (words[end - 1] in _SEPARATORS or end - 1 in alone):
        end -= 1
    return words[start:end]


def _unpaired(words: str) -> frozenset[int]:
    """The places of the brackets that have no partner, and of an odd backtick."""
    opened: list[int] = []
    alone = {words.rfind("`")} if words.count("`") % 2 else set()
    for at, char in enumerate(words):
        if char in _OPENED:
            opened.append(at)
        elif char in _PAIRS and opened and words[opened[-1]] == _PAIRS[char]:
            opened.pop()
        elif char in _PAIRS:
            alone.add(at)
    return frozenset(alone.union(opened))


_ONLY_A_NUMBER = re.compile(
    r"(?:[\w./-]*|(?:bug|story|pr|mr|issue|change|pull request|merge request|lp)\s*)[#!]?[0-9]+",
    re.IGNORECASE,
)


def _says_more(label: str, url: str, target: _Target) -> bool:
    """Whether a label tells a reader something that the address and the reference do not."""
    if not label or _NAMES_NOTHING.fullmatch(label) or _ONLY_A_NUMBER.fullmatch(label):
        return False
    told, address = label.casefold(), url.casefold()
    bare = address.partition("://")[2].removeprefix("www.")
    is_address = told.startswith(("http://", "https://", bare.split("/")[0] + "/"))
    return not is_address and told not in (bare, target.key, target.reference.casefold())
