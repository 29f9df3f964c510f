"""Rolls: whose votes count, frozen when the ballot opens; and the ways of voting that a channel sets for itself."""

import pytest

from tests.conversations.room import Room, shown
from tests.conversations.votes import irregular, outcome, vote


@pytest.fixture
def docs(room: Room) -> Room:
    room.says("ana", "/session start Docs day for 3h")
    return room


def roll(room: Room, words: str) -> str:
    """Who is on the roll of a ballot on which nobody has voted."""
    room.passes(seconds=5)
    silent = [line for line in room.ballot(words).splitlines() if "Not voted yet: " in line]
    assert silent, room.ballot(words)
    return silent[0].partition("Not voted yet: ")[2]


def told(room: Room, who: str, words: str) -> int:
    return sum(words in whisper for whisper in room.whispers(who))


def test_the_roll_of_the_session_is_who_takes_part_when_it_opens(docs: Room) -> None:
    docs.has_person("ci", "CI robot", is_bot=True)
    docs.has_person("gus", "Gus Gast", is_guest=True)
    docs.says("chen", "Good morning")
    docs.says("gus", "Good morning too")
    docs.says("ben", "/propose roll=session Ship it")
    assert roll(docs, "Ship it") == "Ana Ruiz, Ben Ortega, and Chen Wei"
    docs.says("dia", "Sorry for being late")
    docs.says("ana", "/propose roll=session +@gus -@chen Keep it")
    assert roll(docs, "Keep it") == "Ana Ruiz, Ben Ortega, Dia Sharma, and Gus Gast"
    assert roll(docs, "Ship it") == "Ana Ruiz, Ben Ortega, and Chen Wei", "frozen"


def test_the_roll_of_the_channel_is_its_members_without_bots_guests_and_strangers(docs: Room) -> None:
    docs.has_person("ci", "CI robot", is_bot=True)
    docs.has_person("gus", "Gus Gast", is_guest=True)
    docs.has_person("sam", "Sam Stranger", is_stranger=True)
    assert "V1 is put to the vote" in docs.says("ana", "/propose roll=channel recused=@dia Ship it")
    assert roll(docs, "Ship it") == "Ana Ruiz, Ben Ortega, and Chen Wei"


def test_named_people_and_a_user_group_can_be_the_roll_less_the_recused(docs: Room) -> None:
    docs.has_group("maintainers", "chen", "dia")
    docs.says("ana", "/propose roll=@ana,@ben recused=@ben Named")
    assert roll(docs, "Named") == "Ana Ruiz"
    docs.says("ana", "/propose roll=@maintainers Group")
    assert roll(docs, "Group") == "Chen Wei and Dia Sharma"
    docs.says("ana", "/propose roll=@maintainers,@ben -@dia Both")
    assert roll(docs, "Both") == "Ben Ortega and Chen Wei"
    assert "name each" in docs.says("ana", "/propose roll=session -@maintainers Without them")
    docs.says("ana", "/propose Let @maintainers decide")
    docs.passes(seconds=5)
    assert "Let @maintainers decide" in docs.ballot("Let @maintainers")


@pytest.mark.parametrize(
    ("method", "options"),
    [("usergroups.users.list", "roll=@maintainers"), ("conversations.members", "roll=channel")],
)
def test_no_ballot_is_opened_where_slack_does_not_tell_who_is_on_the_roll(
    docs: Room, method: str, options: str
) -> None:
    docs.has_group("maintainers", "chen", "dia")
    docs.fails("error", method=method, error="missing_scope")
    docs.says("ben", f"/propose {options} Ship it")
    docs.passes(minutes=5)
    assert not any("Proposal V" in text for text in docs.texts())
    assert told(docs, "ben", "V1 was not opened: Slack did not tell me who is on its roll") == 1
    assert told(docs, "ben", "“Ship it”") == 1
    assert outcome(docs) == "cancelled"
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert "Ship it" in docs.digests()[0]
    assert "cancelled, not a decision" in docs.digests()[0]


def test_a_roll_that_slack_only_delays_is_waited_for_and_one_that_does_not_come_is_given_up(docs: Room) -> None:
    docs.fails("ratelimited", method="conversations.members", retry_after=20, times=1)
    docs.says("ben", "/propose roll=channel Ship it")
    docs.passes(seconds=30)
    assert "Not voted yet" in docs.ballot("Ship it")

    docs.fails("status", method="conversations.members", status=503)
    docs.says("ben", "/propose roll=channel Keep it")
    docs.passes(minutes=5)
    assert told(docs, "ben", "V2 was not opened") == 1
    assert not any("Proposal V2" in text for text in docs.texts())
    assert "V3 is put to the vote" in docs.says("ben", "/propose Keep it")


def test_nobody_on_the_roll_is_no_vote(docs: Room) -> None:
    docs.has_person("ci", "CI robot", is_bot=True)
    docs.has_group("machines", "ci")
    assert "leave nobody on the roll" in docs.says("ana", "/propose roll=@ben recused=@ben Ship it")
    docs.says("ana", "/propose roll=@machines Ship it")
    docs.passes(seconds=30)
    assert told(docs, "ana", "V1 was not opened: nobody is left on its roll") == 1
    assert not any("Proposal V" in text for text in docs.texts())


def test_10_who_is_not_on_the_roll_is_advisory_shown_apart_and_told_once(docs: Room) -> None:
    docs.has_person("gus", "Gus Gast", is_guest=True)
    docs.says("ana", "/propose roll=channel quorum=2 Ship it")
    docs.reacts("ana", "+1", to="Ship it")
    docs.reacts("gus", "-1", to="Ship it")
    docs.passes(seconds=10)
    ballot = docs.ballot("Ship it")
    assert "1 for, 0 against" in ballot
    assert "Advisory, not on the roll: 0 for, 1 against" in ballot
    assert "Quorum 2: 1 so far" in ballot
    assert told(docs, "gus", "is shown, but it does not decide") == 1
    docs.unreacts("gus", "-1", to="Ship it")
    docs.reacts("gus", "+1", to="Ship it")
    docs.passes(minutes=1)
    assert told(docs, "gus", "is shown, but it does not decide") == 1
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert outcome(docs) == "no_quorum"
    assert irregular(vote(docs)) == {"advisory": "1 for, 0 against"}
    assert "Advisory, not on the roll: 1 for, 0 against" in docs.recaps()[0]


def test_whose_vote_is_known_only_from_slacks_list_is_told_all_the_same_why_it_does_not_count(docs: Room) -> None:
    docs.fails("drop", event="reaction_added")
    docs.says("ana", "/propose roll=@ana,@ben Ship it")
    docs.reacts("ben", "+1", to="Ship it")
    docs.reacts("ben", "-1", to="Ship it")
    docs.reacts("chen", "+1", to="Ship it")
    docs.passes(minutes=5)
    assert "Advisory, not on the roll: 1 for, 0 against" in docs.ballot("Ship it")
    assert told(docs, "chen", "does not decide") == 1
    assert told(docs, "ben", "more than one side") == 1


def test_10_without_a_roll_everybody_in_the_channel_counts_but_bots(docs: Room) -> None:
    docs.has_person("gus", "Gus Gast", is_guest=True)
    docs.has_person("sam", "Sam Stranger", is_stranger=True)
    docs.has_person("ci", "CI robot", is_bot=True)
    docs.says("ana", "/propose Ship it")
    for who in ("gus", "sam", "ci"):
        docs.reacts(who, "+1", to="Ship it")
    docs.passes(minutes=1)
    assert "2 for, 0 against" in docs.ballot("Ship it")
    assert "Advisory" not in docs.ballot("Ship it")
    assert [docs.whispers(who) for who in ("gus", "sam", "ci")] == [[], [], []]


def test_11_who_joins_after_the_opening_is_advisory(docs: Room) -> None:
    docs.says("ana", "/propose roll=channel Ship it")
    docs.passes(seconds=5)
    docs.has_person("eva", "Eva Lind")
    docs.says("eva", "Hello everybody")
    docs.reacts("eva", "+1", to="Ship it")
    docs.passes(seconds=10)
    assert "0 for, 0 against" in docs.ballot("Ship it")
    assert "Advisory, not on the roll: 1 for, 0 against" in docs.ballot("Ship it")
    assert told(docs, "eva", "does not decide") == 1


def test_12_who_leaves_after_voting_has_voted_and_who_leaves_before_stays_on_the_roll(docs: Room) -> None:
    docs.says("ana", "/propose rule=absolute-majority roll=channel Ship it")
    docs.reacts("ana", "+1", to="Ship it")
    docs.reacts("ben", "+1", to="Ship it")
    docs.leaves("ben")
    docs.leaves("chen")
    docs.passes(seconds=10)
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert outcome(docs) == "rejected", "two of four, whoever is there at the end"
    assert vote(docs)["in_favour"] == ["Ana Ruiz", "Ben Ortega"]
    assert vote(docs)["silent"] == ["Chen Wei", "Dia Sharma"]
    assert "needed 3, had 2" in docs.ballot("Ship it")


def test_42_a_ballot_in_a_private_channel_is_one_like_any_other(docs: Room) -> None:
    docs.has_channel("board", private=True)
    docs.says("ana", "/session start Board", channel="board")
    docs.says("ana", "/propose roll=channel for=10m Buy a server", channel="board")
    docs.passes(seconds=5)
    ballot = docs.message("Proposed by", "board")
    docs.reacts_in("board", "ben", "+1", to=ballot["ts"])
    docs.passes(minutes=11)
    assert "V1: accepted" in shown(docs.message("Proposed by", "board"))
    assert any(text.startswith("✅ Decision") for text in docs.texts("board"))


def test_42_where_the_bot_is_not_in_the_channel_nothing_is_put_to_the_vote_and_the_fix_is_told(docs: Room) -> None:
    docs.has_channel("attic", private=True, with_bot=False)
    docs.says("ana", "/session start Attic", channel="attic")
    docs.says("ana", "/propose roll=channel Clear it out", channel="attic")
    docs.passes(minutes=1)
    assert any("I am not in this channel yet" in text for text in docs.whispers("ana", "attic"))
    assert docs.texts("attic") == []


def test_49_a_roll_of_hundreds_is_looked_up_page_by_page_and_nobody_twice(docs: Room) -> None:
    crowd = docs.crowd(450)
    docs.says("ana", "/propose rule=absolute-majority roll=channel Ship it")
    docs.passes(seconds=30)
    assert "Proposal V1" in docs.ballot("Ship it")
    assert "needs 228, has 0" in docs.ballot("Ship it")
    assert len(docs.calls("users.list")) <= 4
    asked = [call.arguments["user"] for call in docs.calls("users.info")]
    assert len(asked) == len(set(asked)) <= 10
    for first in range(0, 228, 38):
        docs.reacts_all([(who, "+1") for who in crowd[first : first + 38]], to="Ship it", seconds=3)
    docs.passes(seconds=30)
    assert "needs 228, has 228" in docs.ballot("Ship it")
    assert len(docs.calls("users.info")) <= 10, "not one more for each vote"


def test_a_channel_sets_its_own_ways_of_voting_and_everywhere_has_them_too(docs: Room) -> None:
    assert "more for than against" in docs.says("dia", "/session defaults")
    answer = docs.says("ana", "/session defaults rule=two-thirds roll=session")
    assert "in this channel" in answer
    assert "two thirds of the votes cast" in answer
    docs.says("ana", "/session defaults everywhere quorum=2")
    docs.says("ana", "/session defaults everywhere rule=unanimous")
    shows = docs.says("dia", "/session defaults")
    for words in ("two thirds of the votes cast", "Quorum: 2 votes", "everybody in this session"):
        assert words in shows
    everywhere = docs.says("dia", "/session defaults everywhere")
    for words in ("this workspace", "all votes cast", "Quorum: 2 votes", "everybody in the channel"):
        assert words in everywhere

    docs.says("ben", "/propose Ship it")
    docs.passes(seconds=5)
    ballot = docs.ballot("Ship it")
    for words in ("two thirds of the votes cast", "Quorum 2: 0 so far", "Not voted yet: Ana Ruiz"):
        assert words in ballot
    docs.says("ben", "/propose rule=majority quorum=none roll=none Keep it")
    docs.passes(seconds=5)
    assert "Passes with more for than against" in docs.ballot("Keep it")
    assert "Quorum" not in docs.ballot("Keep it")
    assert "Not voted yet" not in docs.ballot("Keep it")


def test_ways_of_voting_that_cannot_be_are_refused_and_change_nothing(docs: Room) -> None:
    docs.says("ana", "/session defaults rule=two-thirds")
    for ways, words in (
        ("rule=often", "do not know that rule"),
        ("quorum=many", "A quorum is"),
        ("roll=@ben", "`session`, `channel` or `none`"),
        ("rule=absolute-majority", "roll=session"),
        ("quorum=50%", "roll=session"),
        ("colour=red", "Write what to set"),
    ):
        assert words.replace("`", "") in docs.says("ana", f"/session defaults {ways}").replace("`", ""), ways
    assert "two thirds of the votes cast" in docs.says("ana", "/session defaults")
    assert "absolute" not in docs.says("ana", "/session defaults")
    docs.says("ana", "/session defaults rule=absolute-majority roll=channel")
    docs.says("ana", "/session defaults quorum=none rule=majority roll=none")
    assert "more for than against" in docs.says("ana", "/session defaults")


def test_the_dialog_shows_the_channels_ways_and_what_is_chosen_there_holds(docs: Room) -> None:
    docs.says("ana", "/session defaults rule=60% quorum=2 roll=session")
    docs.says("ben", "/propose")
    elements = {block["block_id"]: block["element"] for block in docs.dialog("ben")["blocks"]}
    assert elements["rule"]["initial_option"]["text"]["text"] == "60% of the votes cast"
    assert elements["quorum"]["initial_value"] == "2"
    assert elements["roll"]["initial_option"]["value"] == "session"
    assert docs.fills("ben", text="As it is here") == {}
    docs.passes(seconds=5)
    for words in ("Passes with 60% of the votes cast", "Quorum 2: 0 so far", "Not voted yet"):
        assert words in docs.ballot("As it is here")

    docs.says("ben", "/propose")
    chosen = {"rule": "majority", "quorum": "", "roll": "none", "minutes": "10"}
    assert docs.fills("ben", text="As I say", **chosen) == {}
    docs.passes(seconds=5)
    assert "Passes with more for than against" in docs.ballot("As I say")
    assert "Open until" in docs.ballot("As I say")
    for words in ("Quorum", "Not voted yet"):
        assert words not in docs.ballot("As I say")


def test_in_the_dialog_people_are_chosen_added_and_left_out_and_what_does_not_fit_is_said_at_its_field(
    docs: Room,
) -> None:
    docs.says("ben", "/propose")
    assert "people who decide" in docs.fills("ben", text="Ship it", roll="people")["people"]
    assert "take them away" in docs.fills("ben", roll="none", people=["ana"])["roll"]
    assert "counts people on a roll" in docs.fills("ben", people="", rule="absolute-majority")["roll"]
    assert "such as 50%" in docs.fills("ben", rule="majority", quorum="many")["quorum"]
    assert docs.fills("ben", quorum="", roll="people", people=["ana", "ben"], recused=["ben"]) == {}
    assert roll(docs, "Ship it") == "Ana Ruiz"
    docs.says("ben", "/propose")
    assert docs.fills("ben", text="Keep it", roll="session", people=["dia"], recused=["ana"]) == {}
    assert roll(docs, "Keep it") == "Ben Ortega and Dia Sharma"
