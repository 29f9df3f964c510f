"""Chairs: who they are, how they come and go, and what is theirs to do on a chaired floor."""

from collections.abc import Callable

import pytest

from tests.conversations.room import Room, shown

ONLY = "Only the chairs, Ana Ruiz and Ben Ortega, can"
ONCE = "I tell you this once"


@pytest.fixture
def docs(room: Room) -> Room:
    """A session of Ana's, who has named Ben a chair beside her; its floor is chaired. Over either delivery."""
    room.says("ana", "/session start floor=chaired Docs day for 3h")
    for somebody in ("ben", "chen", "dia"):
        room.says(somebody, "Hello")
    room.says("ana", "/session chairs @ben")
    return room


def floor_of(room: Room) -> str:
    """What stands on the floor, as the card shows it."""
    return next(line for line in room.card().splitlines() if line.startswith("💬 Now: "))


def acknowledged(room: Room, ts: str) -> bool:
    message = next(each for each in room.stage.messages() if each["ts"] == ts)
    return any(each["name"] == "memo" for each in message.get("reactions", ()))


def test_whoever_starts_a_session_chairs_it_and_the_floor_is_open(room: Room) -> None:
    room.says("ana", "/topic Guides")
    assert "🪑 Chair: Ana Ruiz\n" in room.card()
    answer = room.says("ben", "/session chairs")
    assert "Chair: Ana Ruiz. The floor is open: anyone can" in answer
    assert answer == room.says("chen", "/session floor")

    assert "On the floor now" in room.says("chen", "/topic Tools")
    assert "Renamed" in room.says("chen", "/topic rename Toolbox")
    room.says("ben", "/topic add Style")
    assert "Taken out" in room.says("chen", "/topic drop 1")
    assert "Done" in room.says("chen", "/topic done")
    assert "is recorded" in room.says("chen", "/decide We need fewer")
    assert "goes on until" in room.says("chen", "/session extend 5m")
    assert "is closed" in room.says("chen", "/session end")
    assert "is open again" in room.says("chen", "/session reopen")


def test_a_chaired_start_says_so(room: Room) -> None:
    answer = room.says("ana", "/session start Docs day for 3h floor=chaired")
    assert answer.startswith("The session “Docs day” is open until")
    assert "The floor is chaired: only chairs put topics on it" in answer
    assert "or you close it" in room.says("ana", "/propose Ship it")


def test_the_card_says_who_chairs_and_that_the_floor_is_chaired(docs: Room) -> None:
    docs.passes(seconds=5)
    assert "🪑 Chairs: Ana Ruiz and Ben Ortega. The floor is chaired: only chairs put topics on it" in docs.card()
    assert "The floor is chaired" in docs.says("chen", "/session status")
    assert "The floor is open: anyone can" in docs.says("ben", "/session floor open")
    docs.passes(seconds=5)
    assert "🪑 Chairs: Ana Ruiz and Ben Ortega\n" in docs.card()
    assert "The floor is chaired: only chairs" in docs.says("ana", "/session floor chaired")
    assert docs.says("chen", "/session floor open").startswith(f"{ONLY} say whether the floor is chaired.")


def test_whoever_is_named_a_chair_is_told_privately_and_nobody_else(docs: Room) -> None:
    docs.passes(seconds=5)
    (told,) = docs.whispers("ben")
    assert told.startswith("You are a chair of “Docs day” now. The floor is chaired")
    docs.says("ana", "/session chairs @ben")
    docs.passes(seconds=5)
    assert len(docs.whispers("ben")) == 1
    assert docs.whispers("chen") == []


def test_chairs_name_chairs_and_nobody_else_does(docs: Room) -> None:
    assert docs.says("chen", "/session chairs @chen").startswith(f"{ONLY} say who chairs.")
    assert "Chairs: Ana Ruiz, Ben Ortega, and Chen Wei" in docs.says("ben", "/session chairs @chen")
    assert "Chairs: Ana Ruiz and Chen Wei" in docs.says("chen", "/session chairs -@ben")
    assert "Ben Ortega does not chair" in docs.says("ana", "/session chairs -@ben")
    assert "Mention people" in docs.says("ana", "/session chairs Ben")
    assert "cannot chair: only people can" in docs.says("ana", "/session chairs @folkmoot")
    assert docs.says("ben", "/session end").startswith("Only the chairs, Ana Ruiz and Chen Wei, can end the session.")


def test_whoever_started_it_hands_over_only_themselves_and_somebody_always_chairs(docs: Room) -> None:
    assert "only they can take themselves away" in docs.says("ben", "/session chairs -@ana")
    docs.says("ana", "/session chairs -@ben")
    assert "Somebody has to chair" in docs.says("ana", "/session chairs -@ana")
    assert "Chair: Chen Wei." in docs.says("ana", "/session chairs @chen -@ana")
    assert docs.says("ana", "/topic next").startswith("Only Chen Wei, who chairs, can go on to the next topic.")
    assert "is closed" in docs.says("chen", "/session end")


def test_a_topic_of_anybody_else_waits_for_the_chairs_and_they_are_told_so(docs: Room) -> None:
    docs.says("ben", "/topic Guides")
    answer = docs.says("chen", "/topic Tools")
    assert "Added to the queue at place 1: “Tools”. The floor is chaired: ask Ana Ruiz or Ben Ortega" in answer
    assert "in the queue already, at place 1. The floor is chaired" in docs.says("dia", "/topic tools")
    assert "is on the floor already" in docs.says("chen", "/topic Guides")
    assert "Added to the queue at place 2: “Style”" in docs.says("dia", "/topic add Style")
    assert floor_of(docs).startswith("💬 Now: Guides")

    assert "On the floor now: topic 2, “Tools”" in docs.says("ana", "/topic next")
    docs.passes(seconds=5)
    assert "Added to the queue at place 2: “Guides”" in docs.says("chen", "/topic Guides")
    assert "“Style”" in docs.says("ben", "/topic Style")


def test_the_floor_its_topics_and_the_end_are_the_chairs(docs: Room) -> None:
    docs.says("ana", "/topic Guides")
    docs.says("chen", "/topic add Tools")
    for typed, what in (
        ("/topic next", "go on to the next topic"),
        ("/topic done", "end the topic"),
        ("/topic rename Handbook", "rename the topic"),
        ("/topic move 1 to 1", "move topics in the queue"),
        ("/session end", "end the session"),
        ("/session extend 5m", "give the session more time"),
        ("/decide We write it anew", "record a decision"),
    ):
        assert docs.says("dia", typed).startswith(f"{ONLY} {what}."), typed
    docs.passes(seconds=5)
    before = docs.card()
    for button in ("End", "Extend 15 min"):
        docs.clicks("dia", button, on="Docs day", sure=True)
        assert docs.whispers("dia")[-1].startswith(ONLY)
    assert docs.card() == before
    assert floor_of(docs).startswith("💬 Now: Guides")

    docs.clicks("ben", "End", on="Docs day", sure=True)
    assert docs.says("dia", "/session reopen").startswith(f"{ONLY} open the session again.")
    assert "is open again" in docs.says("ben", "/session reopen")


def test_own_topics_are_taken_out_of_the_queue_and_those_of_others_are_not(docs: Room) -> None:
    docs.says("chen", "/topic Tools")
    refused = docs.says("dia", "/topic drop 1")
    assert refused.startswith(
        "Only Chen Wei, who brought it, or the chairs, Ana Ruiz and Ben Ortega, can take it out of the queue."
    )
    assert "Taken out of the queue: “Tools”" in docs.says("chen", "/topic drop 1")
    docs.says("chen", "/topic Tools")
    assert "Taken out of the queue: “Tools”" in docs.says("ana", "/topic drop 1")


def test_everybody_notes_acts_proposes_votes_signs_in_and_takes_back_their_own(docs: Room) -> None:
    docs.says("ana", "/topic Guides")
    assert "Note 1 is recorded" in docs.says("chen", "/note Out of date")
    assert "Action 2 is recorded" in docs.says("dia", "/action @chen rewrites it")
    assert "Undone: note 1" in docs.says("chen", "/session undo")
    docs.clicks("dia", "Sign in", on="Docs day")
    docs.fills("dia", organisation="Mill")
    docs.clicks("dia", "Add a topic", on="Docs day")
    docs.fills("dia", title="Tools")
    assert "until the session ends or a chair closes it" in docs.says("chen", "/propose Ship it")
    docs.passes(seconds=5)
    docs.reacts("dia", "+1", to="Ship it")
    docs.passes(seconds=5)
    assert "1 for, 0 against" in docs.ballot("Ship it")
    assert "Next: Tools" in docs.card()


def test_closing_a_vote_is_the_chairs_and_taking_it_back_its_proposers(docs: Room) -> None:
    docs.says("chen", "/propose for=20m Ship it")
    docs.says("chen", "/propose for=20m Keep it")
    docs.passes(seconds=5)
    docs.clicks("chen", "Close now", on="Ship it", sure=True)
    assert docs.whispers("chen")[-1].startswith(f"{ONLY} close this vote.")
    docs.clicks("chen", "Extend 10 min", on="Ship it")
    assert "is now open until" in docs.whispers("chen")[-1]
    docs.clicks("dia", "Extend 10 min", on="Ship it")
    assert docs.whispers("dia")[-1].startswith("Only Chen Wei, who proposed it, or the chairs, Ana Ruiz and Ben Ortega")
    docs.clicks("chen", "Withdraw", on="Keep it", sure=True)
    assert "V2 is withdrawn" in docs.whispers("chen")[-1]

    docs.clicks("ben", "Close now", on="Ship it", sure=True)
    docs.passes(seconds=10)
    assert "Closed by Ben Ortega" in docs.ballot("Ship it")
    docs.clicks("chen", "Vote again", on="Ship it", sure=True)
    assert docs.whispers("chen")[-1].startswith(f"{ONLY} put it to the vote again.")
    docs.clicks("ben", "Vote again", on="Ship it", sure=True)
    assert "V3 is put to the vote" in docs.whispers("ben")[-1]


def test_when_the_topic_changes_a_chair_is_asked_whether_to_close_what_is_theirs_to_close(docs: Room) -> None:
    docs.says("ana", "/topic Guides")
    docs.says("chen", "/propose Ship it")
    docs.says("ben", "/propose Keep it")
    docs.passes(seconds=5)
    docs.says("ana", "/topic Tools")
    docs.passes(seconds=5)
    assert "the vote V1 is still open: “Ship it”. Close it now?" in docs.whispers("ana")[-1]
    assert "your vote V2 is still open" in docs.whispers("ben")[-1]
    assert not any("still open" in each for each in docs.whispers("chen"))
    docs.clicks("ana", "Close now", on="the vote V1", sure=True)
    assert "The vote on V1 is closed" in docs.whispers("ana")[-1]


def test_a_count_in_doubt_is_any_chairs_to_accept_and_not_its_proposers(rooms: Callable[..., Room]) -> None:
    room = rooms(retry_delays=())
    room.says("ana", "/session start floor=chaired Docs day for 3h")
    room.says("ana", "/session chairs @ben")
    room.says("chen", "/propose Drop it for 10m")
    room.passes(seconds=5)
    ballot = room.ballot_message("Drop it")["ts"]
    room.reacts("ben", "+1", to=ballot)
    room.reacts("chen", "-1", to=ballot)
    room.bot_goes()
    room.reacts("dia", "+1", to=ballot)
    room.passes(minutes=15)
    room.bot_comes()
    room.passes(seconds=20)

    room.clicks("chen", "Accept the count", on=ballot, sure=True)
    assert room.whispers("chen")[-1].startswith(f"{ONLY} decide that.")
    room.clicks("ben", "Accept the count", on=ballot, sure=True)
    room.passes(seconds=10)
    assert "Ben Ortega accepted the count as it was" in room.ballot("Drop it")


def test_tagged_lines_that_are_the_chairs_are_answered_privately_and_once(docs: Room) -> None:
    docs.says("ana", "#topic Guides")
    agreed = docs.says("chen", "#agreed We write it anew")
    docs.passes(seconds=5)
    (hint,) = docs.whispers("chen")
    assert hint.startswith("The floor of “Docs day” is chaired. #agreed and #endmeeting count only from a chair")
    assert "ask Ana Ruiz or Ben Ortega" in hint
    assert ONCE in hint
    ended = docs.says("chen", "#endmeeting")
    queued = docs.says("chen", "#topic Tools\n#info It is out of date")
    docs.passes(seconds=5)

    assert len(docs.whispers("chen")) == 1
    assert [acknowledged(docs, ts) for ts in (agreed, ended, queued)] == [False, False, True]
    assert "0 decisions · 0 actions · 1 note" in docs.card()
    assert "Next: Tools" in docs.card()
    assert floor_of(docs).startswith("💬 Now: Guides")

    docs.says("dia", "#topic Style")
    docs.passes(seconds=5)
    assert [ONCE in each for each in docs.whispers("dia")] == [True]
    assert acknowledged(docs, docs.says("ben", "#agreed We write it anew"))
    assert acknowledged(docs, docs.says("ben", "#endmeeting"))
    assert "We write it anew" in docs.digests()[0]
    assert not any(ONCE in each for each in docs.whispers("ana") + docs.whispers("ben"))


def test_whoever_speaks_to_an_open_floor_is_told_nothing(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    for line in ("#topic Guides", "#agreed We write it anew", "#endmeeting"):
        assert acknowledged(room, room.says("chen", line)), line
    assert room.whispers("chen") == []


def test_a_decision_that_slack_delivers_after_the_end_is_the_chairs_still(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.says("ana", "/session start floor=chaired Docs day")
    room.passes(minutes=1)
    for who, decision in (("chen", "We write it anew"), ("ana", "We keep it")):
        room.fails("delay", event="message", by=who, seconds=120)
        room.hurries(who, "say", text=f"#agreed {decision}")
    room.passes(seconds=10)
    room.says("ana", "/session end")
    room.until("13:02:55")
    assert "We keep it" not in room.digests()[0]
    room.passes(seconds=5)
    room.passes(seconds=5)

    (digest,) = room.digests()
    assert "We keep it" in digest
    assert "We write it anew" not in digest
    assert [ONCE in each for each in room.whispers("chen")] == [True]


def test_an_edit_makes_no_decision_on_a_chaired_floor_unless_it_is_a_chairs(docs: Room) -> None:
    docs.says("chen", "#info We write it anew")
    docs.edits("chen", "#info We write it anew", "#agreed We write it all anew\n#agreed And soon")
    docs.passes(seconds=5)
    assert "0 decisions · 0 actions · 1 note" in docs.card()
    assert [each["text"] for each in docs.record()["before_topics"]["entries"]] == ["We write it all anew"]
    assert [ONCE in each for each in docs.whispers("chen")] == [True]

    docs.says("ben", "#agreed We keep it")
    docs.edits("ben", "#agreed We keep it", "#agreed We keep all of it")
    docs.says("ana", "/session floor open")
    docs.says("dia", "#agreed We rest")
    docs.says("ana", "/session floor chaired")
    docs.edits("dia", "#agreed We rest", "#agreed We rest on Friday")
    docs.passes(seconds=5)
    decisions = [each["text"] for each in docs.record()["before_topics"]["entries"] if each["kind"] == "decision"]
    assert decisions == ["We keep all of it", "We rest on Friday"]
    assert docs.whispers("dia") == []


def test_chairs_and_floor_are_chosen_in_the_dialog_that_starts_a_session(room: Room) -> None:
    for who in ("chen", "ben"):  # before Ana, so that their numbers come first
        room.says(who, "/session start Warming up")
        room.says(who, "/session end")
    room.does("ana", "shortcut", name="Start a session")
    assert "only people can" in room.fills("ana", title="Docs day", chairs=["folkmoot"])["channel"]
    assert room.fills("ana", title="Docs day", chairs=["ben", "chen"], floor="chaired") == {}
    room.passes(seconds=5)
    assert "🪑 Chairs: Ana Ruiz, Chen Wei, and Ben Ortega. The floor is chaired" in room.card()
    assert "You are a chair of “Docs day” now." in room.whispers("ben")[-1]


def test_a_message_is_recorded_as_a_decision_by_a_chair_only(docs: Room) -> None:
    docs.says("dia", "We rest on Friday")
    for who in ("dia", "ben"):
        docs.does(who, "shortcut", name="Record as…", on="We rest on Friday")
        errors = docs.fills(who, kind="Decision")
        assert (ONLY in str(errors)) is (who == "dia")
    assert [each["author"] for each in docs.record()["before_topics"]["entries"]] == ["Ben Ortega"]


def test_digest_and_recap_name_the_chairs(docs: Room) -> None:
    docs.says("ana", "/topic Guides")
    docs.says("ana", "/session end")
    docs.passes(seconds=10)
    assert "🪑 Chairs: Ana Ruiz and Ben Ortega" in docs.digests()[0]
    assert "🪑 Chairs: Ana Ruiz and Ben Ortega\n" in docs.card()
    assert "Ana Ruiz and Ben Ortega chaired." in docs.recaps()[0]
    record = docs.record()
    assert (record["chairs"], record["chaired"]) == (["Ana Ruiz", "Ben Ortega"], True)


def test_whoever_chairs_again_comes_last_in_line(docs: Room) -> None:
    docs.says("ben", "/session chairs @chen")
    docs.says("chen", "/session chairs -@ben")
    docs.passes(seconds=5)
    assert "Chairs: Ana Ruiz, Chen Wei, and Ben Ortega" in docs.says("chen", "/session chairs @ben")


def test_a_session_that_was_a_mistake_is_discarded_by_any_of_its_chairs(room: Room) -> None:
    room.says("ana", "/topic Lunch")
    room.clicks_unseen("chen", "Discard", on="has opened one", shown_to="ana")
    assert room.whispers("chen")[-1].startswith("Only Ana Ruiz, who chairs, can discard the session.")
    room.says("ana", "/session chairs @ben")
    room.clicks_unseen("ben", "Discard", on="has opened one", shown_to="ana")
    assert "is discarded" in room.whispers("ben")[-1]


def test_everything_that_a_chaired_floor_refuses_leaves_no_trace(docs: Room) -> None:
    docs.says("chen", "/decide A secret plan")
    docs.says("chen", "#agreed A secret plan")
    docs.says("chen", "/topic rename A secret plan")
    docs.passes(seconds=5)
    assert "A secret plan" not in docs.stored()
    assert not any("A secret plan" in shown(each) for each in docs.channel() if each.get("bot_id"))
