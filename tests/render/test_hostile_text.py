"""Whatever people type comes out as typed, pings nobody, and breaks no message and no page."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from found_samples import found, hit, overfull_home, own, own_actions, past, past_sessions
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from render_samples import CONTESTED, ENDED, ballot_of, board, empty_record, entry, full_record, person, topic, vote
from slack_limits import problems, shown

from bot.command_names import CommandNames
from bot.render import ballot, card, digest, finding, floor, hints, own_dialogs, recap, replies
from bot.render.home import home_view
from bot.render.message import Message
from minutes import outcomes
from minutes.entry import EntryKind
from minutes.found import HitsIn
from minutes.proposal import ProposalState
from minutes.record import Reason, Record, RecordedLink
from minutes.refusal import Refusal
from minutes.tally import Side
from minutes.text import clean, is_blank, one_line
from rehearsal.blocks.schema import home_problems, view_problems

NASTY = (
    "<!channel>", "<!here|here>", "<@U012345>", "@here", "@channel", "<https://evil.example|click>", "&lt;", "&amp;",
    "<script>alert(1)</script>", "<!-- ", "-->", "```", "```python\n", "~~~", "`", "*bold*", "_under_", "~gone~",
    "**", "***", "---", "===", "{{ record }}", "{% raw %}", "{#", "[a](javascript:alert(1))", "[a]: https://evil.example",
    "![x](https://evil.example/x.png)", "[x]", "](", "<https://evil.example>", "# ", "## x", "> ", "- ", "+ ", "* ",
    "1. ", "1) ", "    code", "\t", "\n", "\n\n", "\n---\n", "\n...\n", ": ", "| a | b |\n|---|---|\n", "\\", "\\\n",
    "$x$", "C#", " #", "#", "\n#", "\n- x", "\n+ x", "\n* x", "\n1. x", "\n2) x", "\n> x", "\n===", "\n: x", "\n    x",
    "שלום עולם", "\u202eevil", "\u200f", "👩‍👩‍👧‍👦", "🇧🇷", "👍🏿", "e\u0301", "\u0301", "&#42;", "&colon;", ":tada:",
    "'", '"', "%s", "{0}", "null", "~", "!!python/object:os.system", "&anchor", "*alias", "2021-01-01", "a" * 300,
    "x " * 1500, "\u2028", "\x85", "www.evil.example", "https://evil.example/a_b_(c)",
)  # fmt: skip
FRAGMENTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))
PASTED = st.lists(FRAGMENTS, min_size=1, max_size=8).map("".join).map(clean)
TEXTS = PASTED.filter(lambda text: not is_blank(text))
TITLES = TEXTS.map(lambda text: one_line(text)[:200].strip())
PAGE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
RECORDED = {"https://example.org/issues/12"}


def typed_in_a_vote(text: str, title: str) -> dict[str, Any]:
    """The same words wherever a vote shows what somebody typed, and how people call themselves."""
    crowd = (title,) * 9
    people = dict.fromkeys(("in_favour", "against", "conflicting", "silent", "late", "changed", "untimed"), crowd)
    reasons = (Reason(title, Side.AGAINST, text, "1778073700.000100"),) * 3
    by = dict.fromkeys(("proposer", "closed_by", "resolved_by"), title)
    return CONTESTED | people | by | {"reasons": reasons, "outages": CONTESTED["outages"] * 20, "superseded_by": None}


def record_of(text: str, title: str) -> Record:
    """The same words in every place that a person can fill."""
    entries = tuple(entry(kind, text, author=title, owners=(title,)) for kind in EntryKind if kind != EntryKind.LINK)
    votes = tuple(vote(state, text, **typed_in_a_vote(text, title)) for state in ProposalState)
    return replace(
        full_record(),
        title=title,
        place=title,
        workspace=title,
        topics=(topic(1, title, entries=entries, votes=votes),),
        not_reached=(title,),
        participants=(person(title, title),),
        organisations=(title, title),
        links=(RecordedLink("https://example.org/issues/12", title, title, title, 1),),
        note_takers=(title,),
        chairs=(title,) * 20,
    )


def listed(text: str, title: str) -> tuple[outcomes.ListedEntry, ...]:
    return tuple(outcomes.ListedEntry(n, EntryKind.HELP, text, title, 99, title) for n in range(960, 1000))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def tokens(page: str) -> Iterator[Token]:
    for token in PAGE.parse(page):
        yield token
        yield from token.children or ()


def body(page: str) -> str:
    """The page below its front matter, as a blog takes it off."""
    found = re.match(r"---\n.*?\n---\n", page, re.DOTALL)
    assert found
    return page[found.end() :]


def read(page: str) -> str:
    """What a reader of the page sees."""
    breaks = {"softbreak", "hardbreak"}
    return squeezed(
        " ".join(
            "".join("\n" if child.type in breaks else child.content for child in token.children or ())
            for token in PAGE.parse(page)
        )
    )


def messages(text: str, title: str) -> list[Message]:
    """Everything in Slack that shows what people typed."""
    note = entry(text=text, author=title)
    full = typed_in_a_vote(text, title)
    names = replies.CommandNames()
    return [
        card.session_card(
            board(title=title, place=title, topic=title, queued=(title, title), chairs=(title,) * 20, chaired=True)
        ),
        floor.topic_message(1, title, title, False),
        *(floor.entry_reply(entry(kind, text, author=title, owners=(title,), said_by=title)) for kind in EntryKind),
        floor.decision_message(note, f"1. {title}"),
        floor.vote_decision(vote(text=text, **full)),
        *(floor.vote_outcome(vote(state, text=text, **full)) for state in ProposalState),
        floor.counting_delayed(vote(ProposalState.CLOSING, text=text, **full)),
        floor.undone_entry(note, title),
        *(ballot.ballot(ballot_of(state, topic=title, text=text, **full)) for state in ProposalState),
        replies.reply(outcomes.TopicOnFloor(1, title, False, False, 1), names),
        replies.reply(outcomes.TopicList(title, None, (title,) * 200, (title,) * 200), names),
        replies.reply(outcomes.EntryRecorded(1, 1, EntryKind.ACTION, text, title, (title,)), names),
        replies.reply(outcomes.EntryUndone(EntryKind.NOTE, 1, text, title), names),
        replies.reply(outcomes.EntryRedone(EntryKind.NOTE, 1, text, title), names),
        replies.reply(outcomes.EntryMoved(EntryKind.NOTE, 1, text, f"1. {title}", title), names),
        replies.reply(outcomes.EntryList(title, True, listed(text, title)), names),
        replies.reply(outcomes.ChairsTold(title, (title,) * 20, True, True), names),
        replies.reply(outcomes.TopicQueued(title, 1, False, (title,) * 20), names),
        replies.told_to_chair(board(title=title)),
        replies.chaired_line(board(title=title, chairs=(title,) * 20)),
        replies.reply(outcomes.SignedIn(title, None), names),
        replies.refusal(Refusal("“{title}” is on the floor already.", title=title), names),
        replies.refusal(Refusal("{who} said `/session undo 7`.", who=text), names),
        replies.help_for("topic", title, names),
        replies.help_for("session", "I do not know “{word}”.", names, word=title),
        replies.status(board(title=title)),
        replies.ask_to_close("V1", text, 1),
        replies.roll_empty("V1", text),
        replies.roll_failed("V1", text),
        replies.reminder("V1", text, title, ENDED),
        hints.chairs_decide([title] * 20, names),
        hints.not_off_record(title, [f"{title}."] * 20),
        *digest.digest(record_of(text, title)),
        *found_again(text, title),
    ]


def found_again(text: str, title: str) -> list[Message]:
    """What somebody finds, has to do, and has done, with much of everything."""
    names = replies.CommandNames()
    session = past(title=title, channel_name=title)
    hits = tuple(hit(kind, text, owners=(title,) * 5) for kind in (*EntryKind, None))
    actions = (own(text=text, title=title, channel_name=title),) * 15
    return [
        finding.told(found(words=text, sessions=(HitsIn(session, hits * 2),) * 5), names),
        finding.told(found(words=text, sessions=()), names),
        finding.told(own_actions(here=actions[:7], elsewhere=actions[7:]), names),
        finding.past_sessions(past_sessions(sessions=(session,) * 10, more=5), names),
        replies.reply(outcomes.ActionDone("C0123456789", 1, 1, text), names),
        replies.reply(outcomes.ActionPutOff(text, ENDED.date()), names),
    ]


def views(text: str, title: str) -> list[dict[str, Any]]:
    """What somebody sees on a page of their own."""
    record = record_of(text, title)
    return [
        home_view(overfull_home(text, title), replies.CommandNames()),
        own_dialogs.recap(record),
        own_dialogs.recap(replace(record, topics=record.topics * 40)),
        own_dialogs.later("C0123456789:1:1", text, ENDED.date()),
        own_dialogs.notice(title, CommandNames()),
    ]


@given(TEXTS, TITLES)
@settings(max_examples=40, deadline=None)
def test_every_view_stays_within_the_limits_of_slack(text: str, title: str) -> None:
    for view in views(text, title):
        assert len(json.dumps(view)) <= 250_000
        assert (home_problems if view["type"] == "home" else view_problems)(view) == []
        assert not {"mrkdwn", "user", "usergroup", "broadcast", "channel", "emoji"} & set(types(view["blocks"]))


@given(TEXTS, TITLES)
@settings(max_examples=40, deadline=None)
def test_every_message_stays_within_the_limits_of_slack(text: str, title: str) -> None:
    assert [(problems(one), one.text) for one in messages(text, title) if problems(one)] == []


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_entries_and_ballots_show_the_text_as_typed(text: str) -> None:
    for one in (floor.entry_reply(entry(text=text)), ballot.ballot(ballot_of(text=text))):
        assert text in "".join(shown(list(one.blocks))) or len(text.encode()) > 6_000


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_the_fallback_of_a_message_cannot_ping_or_link(text: str) -> None:
    said = floor.entry_reply(entry(text=text)).text
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", said)


def test_no_message_uses_markup_that_slack_would_parse() -> None:
    for one in messages("<!channel> *x*", "<@U012345>"):
        assert not {"mrkdwn", "user", "usergroup", "broadcast", "channel", "emoji"} & set(types(one.blocks))


def types(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from types(each)
    elif isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value["type"]
        yield from types(list(value.values()))


@given(TEXTS, TITLES)
@example(clean("".join(NASTY)), "#")
@example("word\n#\n##\n- \n1.", "C #")
@settings(max_examples=100, deadline=None)
def test_a_recap_page_shows_every_text_as_typed(text: str, title: str) -> None:
    seen = read(body(recap.recap_markdown(record_of(text, title)).decode()))
    assert squeezed(text) in seen
    assert squeezed(title) in seen


@given(TEXTS, TITLES)
@example(clean("\n".join(NASTY)), "1. x #")
@settings(max_examples=100, deadline=None)
def test_no_text_becomes_markup_html_or_a_link_on_the_page(text: str, title: str) -> None:
    page = body(recap.recap_markdown(record_of(text, title)).decode())
    plain = body(recap.recap_markdown(record_of("word", "word")).decode())
    # Whatever was typed, the page has the very structure that it has for a harmless word.
    assert [token.type for token in structure(page)] == [token.type for token in structure(plain)]
    assert {token.attrs["href"] for token in tokens(page) if token.type == "link_open"} == RECORDED


def structure(page: str) -> Iterator[Token]:
    """All but the words and the line breaks between them."""
    return (token for token in tokens(page) if token.type not in {"text", "text_special", "softbreak", "hardbreak"})


@given(TITLES)
@settings(max_examples=200, deadline=None)
def test_the_front_matter_loads_and_has_the_title_as_typed(title: str) -> None:
    page = recap.recap_markdown(empty_record(title=title, workspace=title)).decode()
    front = next(yaml.safe_load_all(page.partition("\n---\n")[0] + "\n"))
    assert front["author"] == title
    assert front["title"] in (title, f"{title} Recap")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://", "https://[", "https://a b"])
def test_an_address_that_is_none_is_never_a_link(url: str) -> None:
    links = (RecordedLink(url, "Title", "reference", "Ana", None),)
    record = empty_record(links=links, topics=(topic(1, "T", entries=(entry(EntryKind.LINK, url),)),))
    assert not [token for token in tokens(body(recap.recap_markdown(record).decode())) if token.type == "link_open"]
    assert all("link" not in types(part.blocks) for part in digest.digest(record))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a_(b)_c?x=[1]&copy;=2#*y*",
        'https://example.org/"quoted"/<b>',
        "https://example.org/`tick`|pipe\\back{{x}}",
        "https://example.org/%28done%29",
        "https://example.org/ü/議",
        "https://example.org/archives/C0MOOT/p1778073700000100",
        "https://example.org//_a_/~b~/c.d-e/",
    ],
)
def test_an_address_with_odd_characters_leads_where_it_led(url: str) -> None:
    links = (RecordedLink(url, "Title", "reference", "Ana", None),)
    page = body(recap.recap_markdown(empty_record(links=links)).decode())
    found = [token.attrs["href"] for token in tokens(page) if token.type == "link_open"]
    assert len(found) == 1
    assert unquote(str(found[0])) == unquote(url)


@pytest.mark.parametrize("title", ["The sign #", "C#", "##", "# #", "1. First", "=== #"])
def test_a_heading_shows_the_whole_title(title: str) -> None:
    page = list(tokens(body(recap.recap_markdown(record_of("word", title)).decode())))
    headings = [page[at + 1].children or [] for at, token in enumerate(page) if token.type == "heading_open"]
    assert f"1. {title}" in ["".join(child.content for child in heading) for heading in headings]
