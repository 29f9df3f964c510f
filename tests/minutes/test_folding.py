"""Tests of `minutes.folding` and `minutes.permalink`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.folding import MOST_WORDS, folded, search_words
from minutes.permalink import permalink
from minutes.text import mention


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zürich", "zurich"),
        ("STRASSE straße", "strasse strasse"),
        ("ΑΘΉΝΑ Αθήνα", "αθηνα αθηνα"),
        ("İstanbul", "istanbul"),
        ("ﬁne  ①\n Ｆｕｌｌ", "fine 1 full"),
        ("Ёлка", "елка"),
        ("דָּבָר", "דבר"),
        ("👍🏽 ok", "👍🏽 ok"),
        ("", ""),
    ],
)
def test_case_accents_and_forms_do_not_matter(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_who_is_mentioned_stays_mentioned() -> None:
    assert folded(f"Ask {mention('12')}") == f"ask {mention('12')}"


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(min_size=1), st.text(), st.text())
def test_every_word_of_a_text_is_found_in_it(word: str, before: str, after: str) -> None:
    assert all(each in folded(f"{before} {word} {after}") for each in search_words(word))


def test_words_count_once_and_not_without_end() -> None:
    assert search_words("Pump PUMP  pump blue") == ("pump", "blue")
    assert len(search_words(" ".join(map(str, range(99))))) == MOST_WORDS


def test_a_message_has_the_address_that_slack_gives_it() -> None:
    ts, home = "1618999200.000100", "https://village.slack.com/"
    assert permalink(home, "C1", ts) == "https://village.slack.com/archives/C1/p1618999200000100"
    assert permalink("https://village.slack.com", "C1", ts, ts) == permalink(home, "C1", ts)
    reply = permalink(home, "C1", ts, "1618999100.000001")
    assert reply == "https://village.slack.com/archives/C1/p1618999200000100?thread_ts=1618999100.000001&cid=C1"
