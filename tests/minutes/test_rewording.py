"""Which lines of an edited message are which of the kept ones."""

import time

from hypothesis import given
from hypothesis import strategies as st

from minutes.entry import EntryKind
from minutes.rewording import KeptLine, SaidLine, match

NOTE, DECISION, ACTION = EntryKind.NOTE, EntryKind.DECISION, EntryKind.ACTION


def kept(*lines: tuple[EntryKind, str]) -> list[KeptLine]:
    return [KeptLine(kind, text, at) for at, (kind, text) in enumerate(lines)]


def said(*lines: tuple[EntryKind, str]) -> list[SaidLine]:
    return [SaidLine(kind, text, at) for at, (kind, text) in enumerate(lines)]


def test_lines_are_known_by_their_words_wherever_they_stand() -> None:
    before = kept((NOTE, "apples"), (NOTE, "pears"), (ACTION, "plums"))
    assert match(before, said((ACTION, "plums"), (NOTE, "pears"), (NOTE, "apples"))) == {0: 2, 1: 1, 2: 0}


def test_a_line_above_the_others_is_the_new_one() -> None:
    assert match(kept((NOTE, "apples")), said((NOTE, "something else"), (NOTE, "apples"))) == {1: 0}


def test_a_line_of_another_kind_with_the_same_words_is_the_same_line() -> None:
    assert match(kept((NOTE, "One guide is enough")), said((DECISION, "One guide is enough"))) == {0: 0}


def test_a_line_that_shares_most_of_its_words_is_the_same_line() -> None:
    before = kept((NOTE, "the guide is out of date"), (NOTE, "there are too many tools"))
    now = said((NOTE, "there are by far too many tools"), (NOTE, "the guide is out of fashion"))
    assert match(before, now) == {0: 1, 1: 0}


def test_a_line_with_other_words_is_the_one_that_stood_in_its_place() -> None:
    before = kept((NOTE, "apples"), (ACTION, "pears"))
    assert match(before, said((NOTE, "quinces"), (ACTION, "medlars"))) == {0: 0, 1: 1}


def test_what_an_edit_has_taken_out_comes_back_by_its_words_alone() -> None:
    gone = [KeptLine(NOTE, "apples and pears", 0, gone=True)]
    assert match(gone, said((NOTE, "pears and apples"))) == {0: 0}
    assert match(gone, said((NOTE, "something else"))) == {}


def test_of_two_lines_with_the_same_words_each_is_one_of_the_two() -> None:
    assert match(kept((NOTE, "again"), (NOTE, "again")), said((NOTE, "again"), (NOTE, "again"))) == {0: 0, 1: 1}


LINES = st.lists(st.tuples(st.sampled_from(list(EntryKind)), st.text("abc ", max_size=6)), max_size=6)


@given(LINES, LINES)
def test_no_line_is_two_others_and_what_has_not_changed_is_found(
    before: list[tuple[EntryKind, str]], now: list[tuple[EntryKind, str]]
) -> None:
    found = match(kept(*before), said(*now))
    assert len(set(found.values())) == len(found)
    assert set(found) <= set(range(len(now)))
    assert match(kept(*before), said(*before)) == {at: at for at in range(len(before))}


def test_a_program_that_rewords_a_thousand_lines_holds_nobody_up() -> None:
    before = kept(*((NOTE, f"line {at} was here") for at in range(1_500)))
    began = time.process_time()
    assert len(match(before, said(*((ACTION, f"row {at} is now") for at in range(1_500))))) == 0
    assert time.process_time() - began < 10
