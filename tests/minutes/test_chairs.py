"""Tests of `minutes.chairs`: who may do what, on an open floor and on a chaired one."""

import pytest

from minutes.chairs import Act, Chairing, both, changed, either, refused

ANA, BEN, CHEN, DIA = 1, 2, 3, 4
"""Ana started the session and named Ben a chair; it is about a topic, entry or vote of Chen's; Dia is anybody else."""

EVERYBODY, OWNER, CHAIRS = {ANA, BEN, CHEN, DIA}, {ANA, BEN, CHEN}, {ANA, BEN}
TABLE = [
    (Act.TAKE_FLOOR, EVERYBODY, CHAIRS),
    (Act.TAKE_NEXT, EVERYBODY, CHAIRS),
    (Act.FINISH_TOPIC, EVERYBODY, CHAIRS),
    (Act.RENAME_TOPIC, EVERYBODY, CHAIRS),
    (Act.MOVE_TOPIC, EVERYBODY, CHAIRS),
    (Act.DROP_TOPIC, EVERYBODY, OWNER),
    (Act.END, EVERYBODY, CHAIRS),
    (Act.EXTEND, EVERYBODY, CHAIRS),
    (Act.REOPEN, EVERYBODY, CHAIRS),
    (Act.DECIDE, EVERYBODY, CHAIRS),
    (Act.CLOSE_VOTE, OWNER, CHAIRS),
    (Act.EXTEND_VOTE, OWNER, OWNER),
    (Act.WITHDRAW_VOTE, OWNER, OWNER),
    (Act.RESOLVE_VOTE, CHAIRS, CHAIRS),
    (Act.VOTE_AGAIN, CHAIRS, CHAIRS),
    (Act.UNDO, OWNER, OWNER),
    (Act.LOOK_BACK, OWNER, OWNER),
    (Act.REDO, OWNER, OWNER),
    (Act.MOVE_ENTRY, OWNER, OWNER),
    (Act.TEND_ACTION, OWNER, OWNER),
    (Act.NAME_CHAIRS, CHAIRS, CHAIRS),
    (Act.SET_FLOOR, CHAIRS, CHAIRS),
    (Act.DISCARD, CHAIRS, CHAIRS),
]


@pytest.mark.parametrize("chaired", [False, True], ids=["open", "chaired"])
@pytest.mark.parametrize(("act", "on_open", "on_chaired"), TABLE, ids=[row[0].name for row in TABLE])
def test_who_may_do_what(act: Act, on_open: set[int], on_chaired: set[int], chaired: bool) -> None:
    here = Chairing((ANA, BEN), chaired)
    assert {person for person in EVERYBODY if here.may(person, act, CHEN)} == (on_chaired if chaired else on_open)


def test_the_table_has_every_act_and_each_its_own_words() -> None:
    assert [row[0] for row in TABLE] == list(Act)
    assert len({act.value.words for act in Act}) == len(Act)


def test_whoever_started_a_session_and_does_not_chair_any_more_is_anybody() -> None:
    assert not Chairing((BEN,), True).may(ANA, Act.END)


def test_what_belongs_to_nobody_is_the_chairs() -> None:
    assert not Chairing((ANA,), False).may(DIA, Act.UNDO)
    assert Chairing((ANA,), False).may(ANA, Act.UNDO)


@pytest.mark.parametrize("act", Act, ids=[act.name for act in Act])
def test_an_owner_is_named_only_where_being_one_helps_and_with_words_for_it(act: Act) -> None:
    for chaired in (False, True):
        here = Chairing((ANA,), chaired)
        assert here.names_owner(act) is (not here.may(DIA, act, CHEN) and here.may(CHEN, act, CHEN))
        assert not here.names_owner(act) or act.value.owner


@pytest.mark.parametrize(
    ("act", "chairs", "owner", "sentence"),
    [
        (Act.END, ["Ana"], None, "Only Ana, who chairs, can end the session."),
        (Act.END, ["Ana", "Ben"], None, "Only the chairs, Ana and Ben, can end the session."),
        (Act.DECIDE, ["Ana", "Ben", "Caro"], None, "Only the chairs, Ana, Ben, and Caro, can record a decision."),
        (Act.UNDO, ["Ana"], "Caro", "Only Caro, who recorded it, or Ana, who chairs, can take it back."),
        (
            Act.CLOSE_VOTE,
            ["Ana", "{owner}"],
            "Caro",
            "Only Caro, who proposed it, or the chairs, Ana and {owner}, can close this vote.",
        ),
    ],
)
def test_a_refusal_names_whom_to_ask(act: Act, chairs: list[str], owner: str | None, sentence: str) -> None:
    assert refused(act, chairs, owner).sentence == sentence


def test_names_are_joined_as_people_say_them() -> None:
    assert (either(["Ana"]), either(["Ana", "Ben"])) == ("Ana", "Ana or Ben")
    assert (both(["Ana", "Ben"]), either(["Ana", "Ben", "Caro"])) == ("Ana and Ben", "Ana, Ben, or Caro")
    assert either([]) == ""


def test_chairs_keep_their_order_when_some_come_and_some_go() -> None:
    assert changed((ANA, BEN), (CHEN, ANA), (BEN,)) == (ANA, CHEN)
    assert changed((ANA,), (), (ANA,)) == ()
