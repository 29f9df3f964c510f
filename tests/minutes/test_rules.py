"""Tests of `minutes.rules`: every rule against an oracle written from its words, for every roll of up to twelve."""

import json
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.rules import Base, Quorum, Rule, RuleName, Rules, parse_quorum, parse_rule

MAJORITY, TWO_THIRDS, THREE_QUARTERS, UNANIMOUS, ABSOLUTE = (
    Rule(RuleName(name)) for name in ("majority", "two-thirds", "three-quarters", "unanimous", "absolute-majority")
)


def share(percent, of=Base.CAST):
    return Rule(RuleName.SHARE, percent, of)


def at_least(part, in_favour, whole):
    """The oracle of every share: so much of the whole, and somebody in favour."""
    return in_favour > 0 and Fraction(in_favour, whole) >= part


ORACLES = {
    MAJORITY: lambda yes, no, torn, roll: yes > no,
    TWO_THIRDS: lambda yes, no, torn, roll: at_least(Fraction(2, 3), yes, yes + no),
    THREE_QUARTERS: lambda yes, no, torn, roll: at_least(Fraction(3, 4), yes, yes + no),
    UNANIMOUS: lambda yes, no, torn, roll: yes > 0 and no == 0 and torn == 0,
    ABSOLUTE: lambda yes, no, torn, roll: yes > roll - yes,
    **{
        share(percent): lambda yes, no, torn, roll, part=Fraction(percent, 100): at_least(part, yes, yes + no)
        for percent in (1, 33, 34, 50, 58, 60, 66, 67, 75, 99, 100)
    },
    **{
        share(percent, Base.ROLL): lambda yes, no, torn, roll, part=Fraction(percent, 100): at_least(part, yes, roll)
        for percent in (1, 33, 34, 50, 58, 60, 66, 67, 75, 99, 100)
    },
}
ROLLS = [
    (yes, no, torn, roll)
    for roll in range(13)
    for yes, no, torn in product(range(roll + 1), repeat=3)
    if yes + no + torn <= roll  # the others abstain or are silent, which no rule asks about
]


@pytest.mark.parametrize("rule", ORACLES, ids=lambda rule: rule.words)
def test_a_rule_passes_exactly_what_its_words_say(rule):
    wrong = [votes for votes in ROLLS if rule.passes(*votes) is not ORACLES[rule](*votes)]

    assert not wrong


@pytest.mark.parametrize("rule", ORACLES, ids=lambda rule: rule.words)
def test_what_is_needed_is_the_least_that_passes_and_no_vote_more(rule):
    for yes, no, _, roll in ROLLS:
        cast = yes + no
        most = max(roll, 1) if rule.needs_roll else max(cast, 1)
        enough = [n for n in range(most + 1) if ORACLES[rule](n, 0 if rule.needs_roll else max(cast, 1) - n, 0, most)]

        assert rule.needs(yes, no, roll) == min(enough), (yes, no, roll)


@given(st.sampled_from(list(ORACLES)), *[st.integers(0, 600)] * 3)
def test_large_votes_are_as_exact(rule, yes, no, silent):
    roll = yes + no + silent

    assert rule.passes(yes, no, 0, roll) is ORACLES[rule](yes, no, 0, roll)
    assert rule.passes(yes, no, 0, roll) is (yes >= rule.needs(yes, no, roll))


@pytest.mark.parametrize(
    ("rule", "yes", "no", "roll", "needs"),
    [
        (MAJORITY, 4, 3, None, 4),
        (TWO_THIRDS, 4, 3, None, 5),
        (THREE_QUARTERS, 4, 3, None, 6),
        (UNANIMOUS, 4, 3, None, 7),
        (ABSOLUTE, 4, 3, 9, 5),
        (ABSOLUTE, 4, 3, 8, 5),
        (share(58), 29, 21, None, 29),
        (share(58, Base.ROLL), 1, 0, 50, 29),
        (MAJORITY, 0, 0, None, 1),
        (UNANIMOUS, 0, 0, None, 1),
        (TWO_THIRDS, 0, 0, None, 1),
    ],
)
def test_29_what_is_needed_can_be_told(rule, yes, no, roll, needs):
    assert rule.needs(yes, no, roll) == needs


@pytest.mark.parametrize("percent", range(1, 101))
def test_29_no_share_fails_by_a_rounding_error(percent):
    """gitvote counts `29/50*100.0` as 57.99999999999999 (voting.md §3, 1)."""
    for whole in range(1, 301):
        exact = Fraction(percent * whole, 100)
        if exact.denominator == 1:
            assert share(percent).passes(int(exact), whole - int(exact), 0, None)
            assert not share(percent).passes(int(exact) - 1, whole - int(exact) + 1, 0, None)


def test_29_of_50_pass_at_58_percent_and_28_do_not():
    assert share(58).passes(29, 21, 0, None)
    assert not share(58).passes(28, 22, 0, None)


def test_two_of_three_are_two_thirds_which_no_percentage_is():
    assert TWO_THIRDS.passes(2, 1, 0, None)
    assert not share(67).passes(2, 1, 0, None)


@pytest.mark.parametrize("rule", [ABSOLUTE, share(60, Base.ROLL)])
def test_no_wider_group_stands_in_for_a_roll(rule):
    assert rule.needs_roll
    with pytest.raises(ValueError, match="roll"):
        rule.passes(3, 0, 0, None)
    with pytest.raises(ValueError, match="roll"):
        rule.needs(3, 0, None)


@pytest.mark.parametrize("rule", [MAJORITY, TWO_THIRDS, THREE_QUARTERS, UNANIMOUS, share(60)])
def test_votes_cast_need_no_roll(rule):
    assert not rule.needs_roll
    assert rule.passes(3, 0, 0, None)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (MAJORITY, "more for than against"),
        (TWO_THIRDS, "two thirds of the votes cast"),
        (THREE_QUARTERS, "three quarters of the votes cast"),
        (UNANIMOUS, "all votes cast"),
        (ABSOLUTE, "more than half of the roll"),
        (share(58), "58% of the votes cast"),
        (share(58, Base.ROLL), "58% of the roll"),
    ],
)
def test_a_rule_has_words(rule, words):
    assert rule.words == words


@pytest.mark.parametrize(
    ("name", "percent", "of"),
    [
        (RuleName.SHARE, None, Base.CAST),
        (RuleName.SHARE, 0, Base.CAST),
        (RuleName.SHARE, 101, Base.ROLL),
        (RuleName.MAJORITY, 60, Base.CAST),
        (RuleName.MAJORITY, None, Base.ROLL),
    ],
)
def test_a_rule_that_says_nothing_cannot_be_made(name, percent, of):
    with pytest.raises(ValueError, match="percentage"):
        Rule(name, percent, of)


@pytest.mark.parametrize("roll", range(13))
@pytest.mark.parametrize("percent", [1, 33, 50, 51, 99, 100])
def test_a_quorum_in_percent_is_rounded_up(percent, roll):
    needed = Quorum(percent=percent).needed(roll)

    assert needed == min(n for n in range(roll + 1) if 100 * n >= percent * roll)


def test_a_quorum_of_votes_needs_no_roll_and_one_in_percent_does():
    assert Quorum(count=5).needed(None) == 5
    assert not Quorum(count=5).needs_roll
    with pytest.raises(ValueError, match="roll"):
        Quorum(percent=50).needed(None)


def test_a_quorum_has_words():
    words = [Quorum(count=1).words, Quorum(count=5).words, Quorum(percent=50).words]

    assert words == ["1 vote", "5 votes", "50% of the roll"]


@pytest.mark.parametrize(("count", "percent"), [(None, None), (5, 50), (0, None), (None, 0), (None, 101)])
def test_a_quorum_that_says_nothing_cannot_be_made(count, percent):
    with pytest.raises(ValueError, match=r"percentage|one vote"):
        Quorum(count, percent)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("majority", MAJORITY),
        ("MAJORITY", MAJORITY),
        (" two-thirds ", TWO_THIRDS),
        ("two_thirds", TWO_THIRDS),
        ("Two Thirds", TWO_THIRDS),
        ("2/3", TWO_THIRDS),
        ("three-quarters", THREE_QUARTERS),
        ("3/4", THREE_QUARTERS),
        ("unanimous", UNANIMOUS),
        ("absolute-majority", ABSOLUTE),
        ("1%", share(1)),
        ("60%", share(60)),
        ("60 %", share(60)),
        ("100%", share(100)),
        ("60% of cast", share(60)),
        ("60% of the votes cast", share(60)),
        ("60% of roll", share(60, Base.ROLL)),
        ("60%-of-roll", share(60, Base.ROLL)),
        ("60% of the roll", share(60, Base.ROLL)),
    ],
)
def test_a_rule_is_read(text, rule):
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "share",
        "most",
        "0%",
        "101%",
        "-5%",
        "6e1%",
        "60",
        "60.5%",
        "٦٠%",
        "60% of",
        "60% of us",
        "1/2",
        "x" * 10_000,
    ],
)
def test_what_is_no_rule_is_none(text):
    assert parse_rule(text) is None


@pytest.mark.parametrize(
    ("text", "quorum"),
    [
        ("5", Quorum(count=5)),
        ("5 votes", Quorum(count=5)),
        ("50%", Quorum(percent=50)),
        ("50%-of-roll", Quorum(percent=50)),
        ("100 %", Quorum(percent=100)),
        ("0", None),
        ("0%", None),
        ("101%", None),
        ("-1", None),
        ("half", None),
        ("5.5", None),
        ("1" * 10_000, None),
        ("", None),
    ],
)
def test_a_quorum_is_read(text, quorum):
    assert parse_quorum(text) == quorum


QUORUMS = [None, Quorum(count=5), Quorum(percent=50)]


@pytest.mark.parametrize("quorum", QUORUMS)
@pytest.mark.parametrize("rule", ORACLES, ids=lambda rule: rule.words)
def test_rules_are_stored_and_read_again(rule, quorum):
    rules = Rules(rule, quorum)

    assert Rules.from_json(json.loads(json.dumps(rules.to_json()))) == rules


def test_the_stored_form_stays_as_it_is():
    assert Rules(share(60, Base.ROLL), Quorum(percent=50)).to_json() == {
        "rule": {"name": "share", "percent": 60, "of": "roll"},
        "quorum": {"count": None, "percent": 50},
    }
    assert Rules().to_json() == {"rule": {"name": "majority", "percent": None, "of": "cast"}, "quorum": None}


def test_rules_need_a_roll_when_one_of_them_does():
    assert [Rules(ABSOLUTE).needs_roll, Rules(quorum=Quorum(percent=50)).needs_roll] == [True, True]
    assert not Rules(TWO_THIRDS, Quorum(count=5)).needs_roll
