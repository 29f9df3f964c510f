"""Tests of `minutes.emoji` and `minutes.emoji_command`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.emoji import (
    RECORDED,
    UNSEEN,
    USUAL,
    EmojiSet,
    Hold,
    Meaning,
    Press,
    emoji_set,
    holds,
    is_taken,
    plain_name,
    read_name,
    records,
)
from minutes.emoji_command import NotUnderstood, SetEmoji, ShowEmoji, read_emoji
from minutes.entry import EntryKind
from minutes.refusal import filled
from minutes.tally import SEED

USUALLY = EmojiSet({})


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ("pushpin", Meaning.NOTE),
        ("dart", Meaning.ACTION),
        ("white_check_mark", Meaning.DECISION),
        ("heavy_check_mark", Meaning.DECISION),
        ("question", Meaning.QUESTION),
        ("grey_question", Meaning.QUESTION),
        ("parking", Meaning.PARKED),
        ("mute", Meaning.OFF_RECORD),
        (":PUSHPIN:", Meaning.NOTE),
        ("pushpin::skin-tone-3", Meaning.NOTE),
        ("round_pushpin", None),
        ("eyes", None),
        ("+1", None),
        ("", None),
        ("pushpin::skin-tone-" + "3" * 200, None),
    ],
)
def test_an_emoji_means_what_is_set_for_it(raw, meaning):
    assert USUALLY.meaning(raw) is meaning


def test_what_a_workspace_sets_takes_the_place_of_the_usual_and_the_rest_stays():
    ours = EmojiSet({Meaning.NOTE: ("paperclip",), Meaning.PARKED: ()})

    assert ours.meaning("paperclip::skin-tone-2") is Meaning.NOTE
    assert ours.meaning("pushpin") is None
    assert ours.meaning("parking") is None
    assert ours.meaning("dart") is Meaning.ACTION
    assert emoji_set(ours.to_json()) == ours
    assert emoji_set(None) == USUALLY


def test_nothing_usual_means_two_things_or_what_the_bot_or_a_vote_says():
    names = [name for each in USUAL.values() for name in each]

    assert len(set(names)) == len(names)
    assert not any(is_taken(name) for name in names)
    assert all(is_taken(name) for name in (*SEED, "thumbsup", RECORDED, UNSEEN))
    assert is_taken(plain_name("pencil"))  # Slack's other name for what the bot presses


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("📌", "pushpin"),
        ("✔️", "heavy_check_mark"),
        ("🅿️", "parking"),
        (":paperclip:", "paperclip"),
        (":our-own_emoji+1:", "our-own_emoji+1"),
        (":+1::skin-tone-4:", "+1"),
        ("paperclip", None),
        ("::", None),
        ("🍕", None),
        (":two words:", None),
        ("<!channel>", None),
    ],
)
def test_an_emoji_is_read_by_its_name_or_by_its_look(typed, name):
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("", ShowEmoji()),
        ("note=📎", SetEmoji(((Meaning.NOTE, ("paperclip",)),))),
        ("Note=:paperclip:,📌,📎", SetEmoji(((Meaning.NOTE, ("paperclip", "pushpin")),))),
        ("park=off question=usual", SetEmoji(((Meaning.PARKED, ()), (Meaning.QUESTION, None)))),
        ("off-record=🤐", SetEmoji(((Meaning.OFF_RECORD, ("zipper_mouth_face",)),))),
    ],
)
def test_the_command_says_what_to_set(typed, command):
    assert read_emoji(typed) == command


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("note", "Write what to set"),
        ("note=", "Write what to set"),
        ("lunch=📌", "Write what to set"),
        ("note=paperclip", "I do not know “paperclip”"),
        ("note=📌,pin", "I do not know “pin”"),
        ("note=:a:,:b:,:c:,:d:,:e:,:f:", "5 emoji for one thing"),
    ],
)
def test_what_cannot_be_read_is_said(typed, said):
    found = read_emoji(typed)

    assert isinstance(found, NotUnderstood)
    assert said in filled(found.why, {"word": found.word})


def press(person, at, *, present=True, name="pushpin", meaning=Meaning.NOTE):
    return Press(person, name, meaning, f"{at}.000100", present)


def test_who_holds_it_first_comes_first():
    found = holds([press(2, 20), press(1, 10), press(1, 30, name="dart", meaning=Meaning.ACTION)])

    assert found == {
        Meaning.NOTE: [Hold(10_000_100, 1), Hold(20_000_100, 2)],
        Meaning.ACTION: [Hold(30_000_100, 1)],
    }


def test_an_emoji_that_was_taken_back_is_held_no_more_and_bots_hold_nothing():
    assert holds([press(1, 10), press(1, 11, present=False)]) == {}
    assert holds([press(1, 10), press(2, 11)], not_people=[1]) == {Meaning.NOTE: [Hold(11_000_100, 2)]}


PRESSES = st.builds(
    press,
    st.integers(1, 3),
    st.integers(1, 6),
    present=st.booleans(),
    name=st.sampled_from(["pushpin", "pushpin::skin-tone-2"]),
)


@given(st.lists(PRESSES, max_size=12).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_arrival_and_doubles_make_no_difference(pair):
    told, again = pair

    assert holds(told) == holds(again) == holds([*told, *again])


@pytest.mark.parametrize(
    ("kind", "lines", "does"),
    [
        (EntryKind.DECISION, [], True),
        (EntryKind.DECISION, [EntryKind.ACTION], False),
        (EntryKind.ACTION, [EntryKind.ACTION], False),
        (EntryKind.QUESTION, [EntryKind.ACTION], True),
    ],
)
def test_a_message_with_tagged_lines_says_itself_what_it_is(kind, lines, does):
    assert records(kind, lines) is does
