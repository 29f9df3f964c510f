"""What a vote comes to, by every rule and through the front door; cases by their number in the specification (§1.5)."""

from pathlib import Path

import pytest

from tests.conversations.room import Room, moments, shown
from tests.conversations.votes import irregular, outcome, vote

ALL = ("ana", "ben", "chen", "dia", "eva", "finn", "gita")


@pytest.fixture
def docs(room: Room) -> Room:
    for handle, name in (("eva", "Eva Lind"), ("finn", "Finn Hart"), ("gita", "Gita Rao")):
        room.has_person(handle, name)
    room.says("ana", "/session start Docs day for 3h")
    return room


def polled(room: Room, proposal: str, hands: str, who: tuple[str, ...] = ALL) -> str:
    """Put it to the vote and let people vote in their order: `+` for, `-` against, `0` abstaining. Gives the text."""
    room.says("ana", f"/propose {proposal}")
    text = proposal.rpartition("=")[2].partition(" ")[2] or proposal
    for person, hand in zip(who, hands, strict=False):
        room.reacts(person, {"+": "+1", "-": "-1", "0": "white_circle"}[hand], to=text)
    return text


@pytest.mark.parametrize(
    ("options", "passes", "fails"),
    [
        ("", ("++-", "needed 2, had 2"), ("+--", "needed 2, had 1")),
        ("rule=two-thirds", ("+++++--", "needed 5, had 5"), ("+++--", "needed 4, had 3")),
        ("rule=three-quarters", ("+++-", "needed 3, had 3"), ("++-", "needed 3, had 2")),
        ("rule=unanimous", ("+++0", "needed 3, had 3"), ("+++-", "needed 4, had 3")),
        (
            "rule=absolute-majority roll=@ana,@ben,@chen,@dia",
            ("+++", "needed 3, had 3"),
            ("++00", "needed 3, had 2"),
        ),
        ("rule=60%", ("+++--", "needed 3, had 3"), ("++--", "needed 3, had 2")),
        ("rule=50%-of-roll roll=@ana,@ben,@chen,@dia", ("++", "needed 2, had 2"), ("+-", "needed 2, had 1")),
    ],
)
def test_29_each_rule_decides_at_its_very_threshold_and_says_the_numbers(
    docs: Room, options: str, passes: tuple[str, str], fails: tuple[str, str]
) -> None:
    polled(docs, f"{options} It passes".strip(), passes[0])
    polled(docs, f"{options} It fails".strip(), fails[0])
    docs.says("ana", "/session end")
    docs.passes(seconds=20)

    assert (outcome(docs, "V1"), outcome(docs, "V2")) == ("accepted", "rejected")
    assert passes[1] in docs.ballot("It passes")
    assert fails[1] in docs.ballot("It fails")


def test_29_while_it_is_open_the_ballot_says_what_it_takes_and_what_there_is(docs: Room) -> None:
    polled(docs, "rule=two-thirds quorum=6 Ship on Friday", "++++-")
    docs.passes(seconds=10)
    assert "Passes with two thirds of the votes cast: needs 4, has 4" in docs.ballot("Ship on Friday")
    assert "Quorum 6: 5 so far" in docs.ballot("Ship on Friday")


def test_a_quorum_is_met_by_abstentions_and_not_by_conflicts(docs: Room) -> None:
    polled(docs, "quorum=3 Met", "+00")
    polled(docs, "quorum=3 Short", "++")
    polled(docs, "quorum=3 In conflict", "++")
    docs.reacts("chen", "+1", to="In conflict")
    docs.reacts("chen", "-1", to="In conflict")
    polled(docs, "quorum=50% roll=@ana,@ben,@chen Half", "+")
    docs.says("ana", "/session end")
    docs.passes(seconds=20)

    assert [outcome(docs, f"V{number}") for number in range(1, 5)] == [
        "accepted", "no_quorum", "no_quorum", "no_quorum",
    ]  # fmt: skip
    assert "Quorum 3: 2 voted" in docs.ballot("In conflict")
    assert "Quorum 2 (50% of the roll): 1 voted" in docs.ballot("Half")
    (reply,) = docs.thread_of(docs.ballot_message("Short")["ts"])
    assert "too few voted, so no decision" in reply


def test_a_rule_or_quorum_that_needs_a_roll_is_refused_without_one(docs: Room) -> None:
    for options in ("rule=absolute-majority", "quorum=50%", "rule=60%-of-roll", "rule=absolute-majority roll=none"):
        assert "roll=session" in docs.says("ana", f"/propose {options} Ship on Friday")
    assert docs.proposals() == []
    assert not any("Proposal V" in text for text in docs.texts())


def test_3_who_takes_a_mark_back_has_not_voted(docs: Room) -> None:
    text = polled(docs, "roll=@ana,@ben Ship it", "++")
    docs.unreacts("ben", "+1", to=text)
    docs.passes(seconds=10)
    assert "Not voted yet: Ben Ortega" in docs.ballot(text)
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert vote(docs)["in_favour"] == ["Ana Ruiz"]
    assert vote(docs)["silent"] == ["Ben Ortega"]


def test_4_several_tones_are_one_vote_that_holds_while_any_of_them_is_there(docs: Room) -> None:
    text = polled(docs, "Ship it", "+")
    for tone in ("2", "4", "6"):
        docs.reacts("ben", f"+1::skin-tone-{tone}", to=text)
    docs.passes(seconds=10)
    assert "2 for, 0 against" in docs.ballot(text)
    for tone in ("4", "2"):
        docs.unreacts("ben", f"+1::skin-tone-{tone}", to=text)
        docs.passes(seconds=10)
        assert "2 for, 0 against" in docs.ballot(text)
    docs.unreacts("ben", "+1::skin-tone-6", to=text)
    docs.passes(seconds=10)
    assert "1 for, 0 against" in docs.ballot(text)


def test_5_two_names_of_one_emoji_are_one_vote(docs: Room) -> None:
    docs.fails("alias", emoji="+1", by="ben")
    text = polled(docs, "Ship it", "++")
    docs.passes(minutes=3)  # a comparison with Slack, which says +1 where its event said thumbsup
    assert "2 for, 0 against" in docs.ballot(text)
    docs.unreacts("ben", "+1", to=text)
    docs.passes(minutes=3)
    assert "1 for, 0 against" in docs.ballot(text)
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert irregular(vote(docs)) == {}


def test_6_two_sides_at_once_count_nowhere_and_are_told_privately_after_half_a_minute_once(docs: Room) -> None:
    text = polled(docs, "roll=@ana,@ben,@chen Ship it", "+")
    docs.reacts("ben", "+1", to=text)
    docs.reacts("ben", "-1", to=text)
    docs.passes(seconds=15)
    ballot = docs.ballot(text)
    assert "1 for, 0 against" in ballot
    assert "On more than one side at once, so counted on none: Ben Ortega" in ballot
    assert "Not voted yet: Chen Wei" in ballot
    assert not told(docs, "ben", "more than one side")
    docs.passes(seconds=20)
    assert told(docs, "ben", "more than one side") == 1
    assert not told(docs, "ana", "more than one side")

    docs.reacts("ben", "white_circle", to=text)
    docs.unreacts("ben", "white_circle", to=text)
    docs.passes(minutes=2)
    assert told(docs, "ben", "more than one side") == 1, "once"
    docs.unreacts("ben", "+1", to=text)
    docs.passes(seconds=10)
    assert "1 for, 1 against" in docs.ballot(text)
    assert "more than one side" not in docs.ballot(text)


def test_6_who_only_changes_sides_is_told_nothing_and_who_does_so_twice_is_given_half_a_minute_twice(
    docs: Room,
) -> None:
    text = polled(docs, "Ship it", "++")
    docs.reacts("ben", "-1", to=text)
    docs.unreacts("ben", "+1", to=text)
    docs.passes(seconds=15)
    docs.reacts("ben", "+1", to=text)  # on both again, twenty seconds and more after the first time
    docs.passes(seconds=20)
    assert not told(docs, "ben", "more than one side"), "this time it has lasted for twenty seconds only"
    docs.unreacts("ben", "-1", to=text)
    docs.passes(minutes=2)
    assert not told(docs, "ben", "more than one side")
    docs.reacts("ben", "-1", to=text)
    docs.passes(seconds=40)
    assert told(docs, "ben", "more than one side") == 1


def test_8_any_other_emoji_is_no_vote(docs: Room) -> None:
    text = polled(docs, "Ship it", "+")
    for emoji in ("eyes", "tada", "heart", "white_check_mark"):
        docs.reacts("ben", emoji, to=text)
    docs.passes(seconds=10)
    assert "1 for, 0 against" in docs.ballot(text)
    assert "Ben Ortega" not in docs.ballot(text)
    assert docs.whispers("ben") == []
    assert "eyes" not in docs.stored()


def test_9_bots_never_count_and_are_told_nothing(docs: Room) -> None:
    docs.has_person("ci", "CI robot", is_bot=True)
    text = polled(docs, "roll=channel Ship it", "+")
    docs.reacts("ci", "-1", to=text)
    docs.reacts("ci", "+1", to=text)
    docs.passes(minutes=1)
    assert "1 for, 0 against" in docs.ballot(text)
    assert "CI robot" not in docs.ballot(text)
    assert "Advisory" not in docs.ballot(text)
    assert docs.whispers("ci") == []


def test_9_of_whom_slack_does_not_tell_who_they_are_the_vote_is_advisory_until_it_does(docs: Room) -> None:
    docs.fails("error", method="users.info", error="user_not_found", after="+0:00:00", times=1)
    docs.says("ana", "/propose Ship it")
    docs.reacts("gita", "-1", to="Ship it")
    docs.reacts("ana", "+1", to="Ship it")
    docs.passes(seconds=10)
    assert "1 for, 0 against" in docs.ballot("Ship it")
    assert "Advisory, from accounts not known to be people: 0 for, 1 against" in docs.ballot("Ship it")
    assert not told(docs, "gita", "does not decide")
    docs.passes(seconds=30)
    assert told(docs, "gita", "whether your account is a person's") == 1

    docs.reacts("gita", "-1::skin-tone-3", to="Ship it")  # whoever comes again is looked up again
    docs.passes(seconds=10)
    assert "1 for, 1 against" in docs.ballot("Ship it")
    assert "Against: Gita Rao" in docs.ballot("Ship it")
    assert "Advisory" not in docs.ballot("Ship it")


def test_13_the_proposer_may_vote_and_nothing_is_cast_for_them(docs: Room) -> None:
    docs.says("ben", "/propose roll=@ana,@ben Ship it")
    docs.passes(seconds=10)
    assert "0 for, 0 against" in docs.ballot("Ship it")
    assert "Not voted yet: Ana Ruiz and Ben Ortega" in docs.ballot("Ship it")
    docs.reacts("ben", "-1", to="Ship it")
    docs.passes(seconds=10)
    assert "Against: Ben Ortega" in docs.ballot("Ship it")


def test_14_the_last_vote_before_the_close_counts_and_the_record_says_that_it_changed(docs: Room) -> None:
    text = polled(docs, "Ship it", "+++")
    docs.unreacts("ben", "+1", to=text)
    docs.reacts("ben", "-1", to=text)
    docs.reacts("chen", "-1", to=text)
    docs.unreacts("chen", "-1", to=text)
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert (vote(docs)["in_favour"], vote(docs)["against"]) == (["Ana Ruiz", "Chen Wei"], ["Ben Ortega"])
    assert irregular(vote(docs)) == {"changed": ["Ben Ortega"]}
    assert "Changed sides: Ben Ortega" in docs.ballot(text)


def test_15_who_votes_after_the_close_is_told_so_once_and_named_if_it_was_before_the_result(docs: Room) -> None:
    text = polled(docs, "for=10m Ship it", "+")
    deadline = float(docs.ballot_message(text)["ts"]) + 600
    docs.passes(seconds=deadline - docs.stage.now_us / 1_000_000 + 1)
    docs.reacts("ben", "-1", to=docs.ballot_message(text)["ts"])
    docs.passes(seconds=20)
    docs.reacts("ben", "white_circle", to=docs.ballot_message(text)["ts"])
    docs.reacts("chen", "-1", to=docs.ballot_message(text)["ts"])
    docs.passes(seconds=20)
    assert [told(docs, who, "came too late and is not counted") for who in ("ana", "ben", "chen")] == [0, 1, 1]
    assert outcome(docs) == "accepted"
    assert irregular(vote(docs)) == {"late": ["Ben Ortega"]}
    assert "counted again, the same" in docs.folkmoot("recount", "V1")


def test_25_27_28_nothing_passes_without_more_for_than_against(docs: Room) -> None:
    polled(docs, "Nobody cares", "")
    polled(docs, "quorum=1 Nobody is enough", "")
    polled(docs, "A tie", "+-")
    polled(docs, "All abstain", "000")
    polled(docs, "rule=two-thirds Half of it", "+-")
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    found = [outcome(docs, f"V{number}") for number in range(1, 6)]
    assert found == ["no_votes", "no_quorum", "tied", "rejected", "rejected"]
    assert "a tie, so no decision" in docs.ballot("A tie")
    assert "not accepted, no vote in favour" in docs.ballot("All abstain")
    assert not [text for text in docs.texts() if text.startswith("✅ Decision")]


def test_32_it_closes_early_only_when_everybody_on_the_roll_has_voted_for_a_while(docs: Room) -> None:
    text = "Ship it"
    docs.says("ana", "/propose roll=@ana,@ben,@chen for=30m Ship it")
    for who in ("ana", "ben", "chen"):
        docs.reacts(who, "+1", to=text)
    opened = float(docs.ballot_message(text)["ts"])
    docs.passes(seconds=opened + 118 - docs.stage.now_us / 1_000_000)
    assert "Open until" in docs.ballot(text), "it is open for two minutes at least"
    docs.passes(seconds=10)
    assert "V1: accepted" in docs.ballot(text)
    assert "Closed when everybody on the roll had voted" in docs.ballot(text)
    docs.passes(minutes=30)
    assert len([each for each in docs.texts() if each.startswith("✅ Decision")]) == 1, "its deadline says nothing more"


def test_32_a_vote_that_is_complete_for_less_than_fifteen_seconds_or_in_conflict_stays_open(docs: Room) -> None:
    text = "Ship it"
    docs.says("ana", "/propose roll=@ana,@ben Ship it")
    docs.reacts("ana", "+1", to=text)
    docs.passes(minutes=5)
    docs.reacts("ben", "+1", to=text)
    docs.passes(seconds=5)
    docs.reacts("ben", "-1", to=text)
    docs.passes(minutes=2)
    assert "Proposal V1" in docs.ballot(text), "in conflict"
    docs.unreacts("ben", "+1", to=text)
    docs.unreacts("ben", "-1", to=text)
    docs.passes(minutes=2)
    assert "Proposal V1" in docs.ballot(text), "taken back"
    docs.reacts("ben", "white_circle", to=text)
    docs.passes(seconds=8)
    assert "Proposal V1" in docs.ballot(text), "not held yet"
    docs.passes(seconds=20)
    assert "V1: accepted" in docs.ballot(text)


def test_32_reaching_the_threshold_or_everybody_in_the_channel_closes_nothing(docs: Room) -> None:
    polled(docs, "Without a roll", "+++++++")
    polled(docs, "roll=@ana,@ben,@chen,@dia Won already", "+++")
    docs.passes(minutes=10)
    assert "Proposal V1" in docs.ballot("Without a roll")
    assert "Proposal V2" in docs.ballot("Won already")


def test_41_two_ballots_at_once_each_keep_their_own_marks(docs: Room) -> None:
    polled(docs, "roll=@ana,@ben First one", "++")
    polled(docs, "rule=unanimous Second one", "--")
    docs.passes(minutes=3)
    assert "V1: accepted" in docs.ballot("First one")
    assert "0 for, 2 against" in docs.ballot("Second one")
    assert "Proposal V2" in docs.ballot("Second one")


def test_44_a_deadline_is_shown_in_each_readers_own_time_and_told_as_a_duration(docs: Room) -> None:
    assert "for 45 minutes" in docs.says("ana", "/propose for=45m Ship it")
    docs.passes(seconds=10)
    assert moments(docs.ballot_message("Ship it")) == ["13:45"]
    for clock in ("for=2pm", "for=tomorrow", "for=14:30CET"):
        assert "with a time in one word" in docs.says("ana", f"/propose {clock} Keep it")


def test_48_the_word_is_used_nowhere(docs: Room) -> None:
    docs.says("ben", "/propose help")
    polled(docs, "roll=@ana,@ben Ship it", "++")
    docs.passes(minutes=3)
    said = [shown(each) for each in docs.channel()] + docs.whispers("ana") + docs.whispers("ben")
    written = [path.read_text("utf-8") for path in ROOT.glob("bot/**/*") if path.suffix in (".py", ".j2")]
    written += [(ROOT / name).read_text("utf-8") for name in ("README.md", "manifest.yaml")]
    assert not [text for text in (*said, *written) if "anonym" in text.lower()]


ROOT = Path(__file__).parents[2]


def told(room: Room, who: str, words: str) -> int:
    """How often somebody was told this in private."""
    return sum(words in whisper for whisper in room.whispers(who))
