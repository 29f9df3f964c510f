"""The tally: the same marks give the same result, in whatever order and however often they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.tally import Mark, Side, Tally, count, side_of

EMOJI = ["+1", "thumbsup", "+1::skin-tone-2", "+1::skin-tone-5", "-1", "-1::skin-tone-3", "white_circle", "tada"]
TONES = [f"::skin-tone-{number}" for number in range(2, 7)]


def mark(person: int, emoji: str, at: float = 1, *, present: bool = True) -> Mark:
    return Mark(person, emoji, f"{at:.6f}", present)


marks = st.lists(
    st.builds(
        Mark,
        person=st.integers(1, 5),
        raw_name=st.sampled_from(EMOJI),
        event_ts=st.integers(0, 9_999_999).map(lambda us: f"161899920{us // 1_000_000}.{us % 1_000_000:06}"),
        present=st.booleans(),
    ),
    max_size=30,
)


@given(made=marks, data=st.data(), deadline=st.none() | st.integers(1_618_999_200_000_000, 1_618_999_210_000_000))
def test_order_and_doubles_change_nothing(made: list[Mark], data: st.DataObject, deadline: int | None) -> None:
    doubled = made + data.draw(st.lists(st.sampled_from(made), max_size=10)) if made else made
    shuffled = data.draw(st.permutations(doubled))

    assert count(shuffled, deadline_us=deadline) == count(made, deadline_us=deadline)


@given(made=marks)
def test_everybody_is_counted_once_at_most_and_sorted(made: list[Mark]) -> None:
    tally = count(made)

    assert len(set(tally.voters)) == len(tally.voters)
    for side in (tally.in_favour, tally.against, tally.abstaining, tally.conflicting):
        assert list(side) == sorted(side)
    assert set(tally.voters) <= {each.person for each in made if each.present and side_of(each.raw_name)}


@given(made=marks, person=st.integers(1, 5))
def test_who_is_no_person_leaves_no_trace(made: list[Mark], person: int) -> None:
    without = [each for each in made if each.person != person]

    assert count(made, not_people={person}) == count(without)


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("+1", Side.FOR),
        ("thumbsup", Side.FOR),
        (":thumbsup:", Side.FOR),
        ("-1", Side.AGAINST),
        ("thumbsdown", Side.AGAINST),
        ("white_circle", Side.ABSTAIN),
        *((f"+1{tone}", Side.FOR) for tone in TONES),
        *((f"thumbsdown{tone}", Side.AGAINST) for tone in TONES),
        ("tada", None),
        ("+100", None),
        ("", None),
        ("skin-tone-2", None),
    ],
)
def test_an_emoji_stands_for_its_side_whatever_its_tone_or_alias(name: str, side: Side | None) -> None:
    assert side_of(name) is side


def test_one_person_with_several_tones_and_aliases_counts_once() -> None:
    tally = count([mark(1, "+1"), mark(1, "+1::skin-tone-4"), mark(1, "thumbsup"), mark(2, "+1")])

    assert tally == Tally(in_favour=(1, 2))


def test_taking_back_one_tone_leaves_the_other() -> None:
    both = [mark(1, "+1"), mark(1, "+1::skin-tone-4")]

    assert count([*both, mark(1, "+1", 2, present=False)]) == Tally(in_favour=(1,))
    assert count([*both, mark(1, "+1", 2, present=False), mark(1, "+1::skin-tone-4", 2, present=False)]) == Tally()


def test_for_and_against_at_once_counts_for_neither_and_is_shown() -> None:
    tally = count([mark(1, "+1"), mark(1, "-1"), mark(2, "+1"), mark(3, "+1"), mark(3, "white_circle")])

    assert tally == Tally(in_favour=(2,), conflicting=(1, 3))
    assert count([mark(1, "+1"), mark(1, "-1"), mark(1, "+1", 3, present=False)]) == Tally(against=(1,))


def test_the_latest_event_wins_and_at_equal_times_presence_does() -> None:
    assert count([mark(1, "+1", 3), mark(1, "+1", 2, present=False)]) == Tally(in_favour=(1,))
    assert count([mark(1, "+1", 2), mark(1, "+1", 3, present=False)]) == Tally()
    assert count([mark(1, "+1", 2, present=False), mark(1, "+1", 2)]) == Tally(in_favour=(1,))


def test_a_mark_at_the_deadline_counts_and_one_a_microsecond_later_does_not() -> None:
    def at(deadline: int) -> Tally:
        return count([Mark(1, "+1", "1618999200.000100", True)], deadline_us=deadline)

    assert at(1_618_999_200_000_100) == Tally(in_favour=(1,))
    assert at(1_618_999_200_000_099) == Tally()


def test_taking_a_mark_back_after_the_deadline_takes_nothing_back() -> None:
    made = [Mark(1, "+1", "10.000000", True), Mark(1, "+1", "20.000000", False)]

    assert count(made, deadline_us=15_000_000) == Tally(in_favour=(1,))


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(), "0 for, 0 against"),
        (Tally(in_favour=(1, 2), against=(3,)), "2 for, 1 against"),
        (Tally(in_favour=(1,), abstaining=(2,)), "1 for, 0 against, 1 abstaining"),
        (Tally(conflicting=(1,)), "0 for, 0 against"),
    ],
)
def test_a_tally_is_written_the_same_everywhere(tally: Tally, words: str) -> None:
    assert str(tally) == words
