"""Tests of `minutes.text`."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.text import clean, fingerprint, is_blank, mention, mentions, one_line, replace_mentions, shorten

FAMILY = "👨‍👩‍👧"


def test_a_mention_is_found_and_replaced_by_a_name():
    text = f"{mention('ana')} and {mention('ben')} thank {mention('ana')}"

    assert mentions(text) == ("ana", "ben")
    assert replace_mentions(text, str.title) == "Ana and Ben thank Ana"


@given(st.text(), st.text(st.characters(exclude_characters="\ue000\ue001")))
def test_nobody_can_type_a_mention(typed, key):
    text = clean(typed)

    assert mentions(text) == ()
    assert mentions(text + mention(key)) == (key,)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x1b[31m", "ab[31m"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("  a\tb\n", "a\tb"),
        ("\ud83d half an emoji", "half an emoji"),
        ("שלום \u202eabc\u202c", "שלום \u202eabc\u202c"),
        (FAMILY, FAMILY),
        ("<!channel> <script> {{ 7*7 }} ``` *_~", "<!channel> <script> {{ 7*7 }} ``` *_~"),
        ("", ""),
    ],
)
def test_clean_drops_only_what_no_record_can_hold(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_clean_text_can_be_written_and_is_clean(typed):
    text = clean(typed)

    text.encode()
    assert clean(text) == text


def test_one_line_has_single_spaces():
    assert one_line(" a\n\n b\t\u2028c ") == "a b c"


@pytest.mark.parametrize(("text", "blank"), [("", True), (" \n\u200b\u202e", True), ("👍", False), ("\u200bא", False)])
def test_invisible_text_is_blank(text, blank):
    assert is_blank(text) is blank


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short", 5, "short"),
        ("plans for observability", 12, "plans for…"),
        ("plans for observability", 10, "plans for…"),
        ("observability", 6, "obser…"),
        (f"thanks {mention('ana')} {mention('ben')}", 10, "thanks…"),
        (f"thanks {mention('ana')} {mention('ben')}", 13, f"thanks {mention('ana')}…"),
        (mention("a-long-key"), 4, "…"),
        (FAMILY * 2, 8, FAMILY + "…"),
        ("👍🏽👍🏽!", 4, "👍🏽…"),
        ("🇩🇪🇫🇷!", 4, "🇩🇪…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_shorten_cuts_where_a_reader_would(text, limit, short):
    assert shorten(text, limit) == short


PIECES = st.lists(st.sampled_from(["word", " ", "e\u0301", FAMILY, "🇩🇪", mention("ana"), "x" * 40, "שלום"]))


@given(PIECES.map("".join), st.integers(0, 60))
def test_shorten_keeps_the_limit_and_the_mentions_whole(text, limit):
    short = shorten(text, limit)

    assert len(short) <= limit or short == text
    assert short.count("\ue000") == short.count("\ue001")
    if short != text and len(short) > 1:
        assert text.startswith(short[:-1])
        assert not unicodedata.combining(text[len(short) - 1])


def test_endless_combining_marks_are_cut_all_the_same():
    assert len(shorten("e" + "\u0301" * 100_000, 100)) == 100


def test_the_fingerprint_is_that_of_the_very_text() -> None:
    assert fingerprint("Ship on Friday — 👍") == hashlib.sha256("Ship on Friday — 👍".encode()).hexdigest()
    assert fingerprint("Ship on Friday") != fingerprint("ship on Friday")
