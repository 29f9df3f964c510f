"""What is owed is said once: lost on the way, refused, held up, or cut off by a restart."""

from collections.abc import Callable

import pytest

from tests.conversations.room import Message, Room, shown
from tests.process.running import wait_until


def said(room: Room, words: str) -> list[Message]:
    """Every message of the bot's in the channel, threads as well, with these words."""
    return [each for each in room.stage.messages() if each.get("bot_id") and words in shown(each)]


def decided(room: Room) -> list[Message]:
    return [each for each in said(room, "We ship") if "recorded by" in shown(each)]


def digests(room: Room, channel: str | None = None) -> list[Message]:
    """The first messages of the digests."""
    return [each for each in room.channel(channel) if each.get("bot_id") and "took part" in shown(each)]


def sends(room: Room, who: str, text: str) -> None:
    """A command whose consequences nobody waits for."""
    room.loop.do(room.stage.act({"as": who, "do": "command", "text": text}))


def mends(room: Room) -> None:
    room.loop.do(room.stage.faults.clear())


@pytest.fixture
def moot(rooms: Callable[..., Room]) -> Room:
    """A room in which a topic is on the floor. An event that the bot missed while it was away comes again soon."""
    room = rooms(retry_delays=(0.2, 1.0, 3.0))
    room.says("ana", "/topic Releases")
    room.passes(seconds=10)
    return room


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("fault", ["hang_up_before", "hang_up_after", "status", "error", "ratelimited"])
def test_a_post_that_fails_comes_once(moot: Room, fault: str, times: int) -> None:
    moot.fails(fault, method="chat.postMessage", times=times)
    moot.says("ana", "/decide We ship")
    moot.passes(minutes=5)

    assert len(decided(moot)) == 1


@pytest.mark.parametrize("fault", ["hang_up_before", "hang_up_after", "ratelimited", "error"])
def test_a_reply_in_a_thread_that_fails_comes_once(moot: Room, fault: str) -> None:
    moot.fails(fault, method="chat.postMessage", times=1)
    moot.says("ana", "/note Traces are missing")
    moot.passes(minutes=2)

    assert [text for text in moot.thread("1. Releases") if "Traces are missing" in text] != []
    assert len(said(moot, "Traces are missing")) == 1


def test_a_post_that_was_taken_is_looked_for_even_if_looking_fails_at_first(moot: Room) -> None:
    moot.fails("hang_up_after", method="chat.postMessage", times=1)
    moot.fails("ratelimited", method="conversations.history", times=1, retry_after=20)
    moot.fails("status", method="conversations.history", times=1)
    moot.fails("hang_up_before", method="conversations.history", times=1)
    moot.says("ana", "/decide We ship")
    moot.passes(minutes=10)

    assert len(decided(moot)) == 1


def test_a_busy_channel_does_not_hide_the_post_that_is_looked_for(moot: Room) -> None:
    moot.fails("hang_up_after", method="chat.postMessage", times=1)
    sends(moot, "ana", "/decide We ship")
    wait_until(lambda: decided(moot) != [])
    for number in range(250):
        moot.loop.do(moot.stage.act({"as": "ben", "do": "say", "text": f"Well, {number}"}))
    moot.passes(minutes=2)

    assert len(decided(moot)) == 1
    assert len(moot.calls("conversations.history")) == 2, "the second page was needed"


def test_what_changed_while_a_post_was_looked_for_is_shown(moot: Room) -> None:
    """The ballot was taken, unknown to us; the vote that came meanwhile must stand on it."""
    moot.fails("hang_up_after", method="chat.postMessage", times=1)
    sends(moot, "ana", "/propose Ship on Friday")
    wait_until(lambda: said(moot, "Ship on Friday") != [])
    moot.reacts("ben", "+1", to="Ship on Friday")
    moot.passes(minutes=1)

    assert "1 for, 0 against" in moot.ballot("Ship on Friday")
    assert len([each for each in said(moot, "Ship on Friday") if "Proposed by" in shown(each)]) == 1


def test_a_long_digest_whose_first_part_was_lost_and_found_goes_on(moot: Room) -> None:
    for number in range(12):
        moot.says("ana", f"/note {number} {'long ' * 400}")
    moot.fails("hang_up_after", method="chat.postMessage", times=1)
    moot.says("ana", "/session end")
    moot.passes(minutes=3)

    (digest,) = digests(moot)
    parts = [text for text in moot.thread_of(digest["ts"]) if "part " in text]
    assert len(parts) > 1, "the digest must be longer than a message for this"
    assert f"part {len(parts) + 1} of {len(parts) + 1}" in parts[-1]
    assert moot.recaps() != []


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", ["hang_up_before", "hang_up_after", "ratelimited", "error"])
def test_the_recap_is_attached_once(moot: Room, method: str, fault: str) -> None:
    moot.fails(fault, method=method, times=1)
    moot.says("ana", "/session end")
    moot.passes(minutes=3)

    attached = [file for each in moot.stage.messages() for file in each.get("files") or ()]
    assert [file["name"] for file in attached] == ["recap.md"]


@pytest.mark.parametrize("fault", ["hang_up_before", "hang_up_after"])
def test_a_private_word_whose_fate_is_unclear_is_not_said_again(moot: Room, fault: str) -> None:
    moot.says("ana", "/propose Ship on Friday")
    moot.fails(fault, method="chat.postEphemeral", times=1)
    moot.says("ana", "/topic Another topic")
    moot.passes(minutes=5)

    asked = [text for text in moot.whispers("ana") if "Ship on Friday" in text and "Close" in text]
    assert len(asked) <= 1
    assert len(moot.calls("chat.postEphemeral")) <= 1


@pytest.mark.parametrize("method", ["chat.update", "reactions.add", "pins.add", "users.info"])
@pytest.mark.parametrize("fault", ["hang_up_before", "hang_up_after", "status", "ratelimited"])
def test_what_may_be_repeated_is_until_it_is_done(room: Room, method: str, fault: str) -> None:
    room.fails(fault, method=method, times=3)
    room.says("ana", "/topic Releases")
    room.says("ana", "/propose Ship on Friday")
    room.reacts("ben", "+1", to="Ship on Friday")
    room.passes(minutes=5)

    assert "1 for, 0 against" in room.ballot("Ship on Friday")
    reactions = {each["name"]: each["count"] for each in room.message("Ship on Friday")["reactions"]}
    assert reactions == {"+1": 2, "-1": 1, "white_circle": 1}
    assert "Releases" in room.card()


def test_slack_obeyed_when_it_says_how_long_to_wait(moot: Room) -> None:
    moot.fails("ratelimited", method="chat.postMessage", times=1, retry_after=90)
    moot.says("ana", "/decide We ship")
    moot.passes(seconds=80)
    assert decided(moot) == []
    calls = len(moot.calls("chat.postMessage"))
    moot.passes(seconds=20)

    assert len(decided(moot)) == 1
    assert len(moot.calls("chat.postMessage")) == calls + 1


def test_a_channel_that_must_wait_holds_up_no_other(moot: Room) -> None:
    moot.has_channel("other")
    moot.says("ana", "/topic Elsewhere", channel="other")
    home = moot.home.name
    moot.fails("ratelimited", method="chat.postMessage", channel=home, times=1, retry_after=600)
    moot.says("ana", "/decide We ship")
    moot.says("ana", "/decide We wait", channel="other")
    moot.passes(minutes=1)

    assert decided(moot) == []
    assert any("We wait" in text for text in moot.texts("other"))


def test_everything_arrives_in_its_order_when_slack_is_back(moot: Room) -> None:
    moot.fails("hang_up_before", method="*")
    moot.says("ana", "/decide First")
    moot.says("ana", "/propose Second")
    moot.says("ana", "/decide Third")
    moot.passes(minutes=20)
    assert not said(moot, "First")

    mends(moot)
    moot.passes(minutes=5)

    first, second, third = (said(moot, words)[0]["ts"] for words in ("First", "Second", "Third"))
    assert first < second < third


def test_a_restart_in_the_middle_of_a_post_says_it_once(moot: Room) -> None:
    """The bot goes while Slack, which has taken the post, has not answered yet."""
    moot.fails("slow", method="chat.postMessage", times=1, seconds=2.5, real=True)
    sends(moot, "ana", "/decide We ship")
    wait_until(lambda: decided(moot) != [])
    moot.bot_goes()
    moot.bot_comes()
    moot.passes(minutes=3)

    assert len(decided(moot)) == 1
    assert len(moot.calls("conversations.history")) == 1


def test_what_was_owed_when_the_bot_went_is_said_when_it_comes(moot: Room) -> None:
    moot.fails("hang_up_before", method="chat.*")
    sends(moot, "ana", "/decide We ship")
    moot.bot_goes()

    mends(moot)
    moot.bot_comes()
    moot.passes(minutes=3)

    assert len(decided(moot)) == 1


def test_a_busy_hour_never_provokes_a_rate_limit(rooms: Callable[..., Room]) -> None:
    room = rooms(enforce_rate_limits=True)
    room.has_channel("other")
    for round_ in range(4):
        for channel in (None, "other"):
            room.says("ana", f"/topic Topic {round_}", channel=channel)
            for number in range(4):
                room.says("ben", f"/note {number} of {round_}", channel=channel)
            room.says("chen", f"#action do {round_}", channel=channel)
            room.says("chen", f"/propose Shall we {round_} for 5m", channel=channel)
        for who in ("ana", "ben", "chen", "dia"):
            room.reacts(who, "+1", to=f"Shall we {round_}")
    room.passes(hours=3)

    assert [call.method for call in room.stage.web_api.calls if call.answer.get("error") == "ratelimited"] == []
    assert len(digests(room)) == 1
    assert len(digests(room, "other")) == 1


def test_a_burst_at_once_never_provokes_a_rate_limit(rooms: Callable[..., Room]) -> None:
    """Everybody commands in the same second: no time passes between the acts."""
    room = rooms(enforce_rate_limits=True)
    room.says("ana", "/topic Releases")
    for number in range(30):
        sends(room, "ben", f"/note {number} in a hurry")
        sends(room, "chen", f"/propose Shall we {number}")
    room.passes(minutes=10)

    assert [call.method for call in room.stage.web_api.calls if call.answer.get("error") == "ratelimited"] == []
    assert len(room.thread("1. Releases")) == 30
    assert len([text for text in room.texts() if "Shall we" in text]) == 30


def test_a_private_word_whose_fate_is_unclear_is_not_said_again_for_another_reason_of_the_same_kind(
    moot: Room,
) -> None:
    """Whoever holds two sides is told so; who has perhaps been told is not told when they do it again."""
    moot.says("ana", "/propose Ship on Friday")
    moot.fails("hang_up_after", method="chat.postEphemeral", times=1)
    for emoji in ("+1", "-1"):
        moot.reacts("ben", emoji, to="Ship on Friday")
    moot.passes(minutes=1)
    moot.unreacts("ben", "-1", to="Ship on Friday")
    moot.reacts("ben", "-1", to="Ship on Friday")
    moot.passes(minutes=2)

    assert len([text for text in moot.whispers("ben") if "Keep one of" in text]) == 1


def test_a_private_word_that_became_pointless_is_said_when_it_has_a_point_again(moot: Room) -> None:
    moot.says("ana", "/propose Ship on Friday")
    moot.fails("ratelimited", method="chat.postEphemeral", times=1, retry_after=60)
    for emoji in ("+1", "-1"):
        moot.reacts("ben", emoji, to="Ship on Friday")
    moot.passes(seconds=50)
    moot.unreacts("ben", "-1", to="Ship on Friday")
    moot.passes(minutes=2)
    assert [text for text in moot.whispers("ben") if "Keep one of" in text] == []

    moot.reacts("ben", "-1", to="Ship on Friday")
    moot.passes(minutes=2)
    assert len([text for text in moot.whispers("ben") if "Keep one of" in text]) == 1


def test_a_vote_that_was_withdrawn_before_slack_had_confirmed_its_ballot_is_told_below_it(moot: Room) -> None:
    moot.fails("hang_up_after", method="chat.postMessage", times=1)
    sends(moot, "ana", "/propose Ship on Friday")
    wait_until(lambda: said(moot, "Ship on Friday") != [])
    moot.clicks("ana", "Withdraw", on="Ship on Friday", sure=True)
    moot.passes(minutes=2)

    assert "Withdrawn" in moot.ballot("Ship on Friday")
    ballot = moot.ballot_message("Ship on Friday")["ts"]
    assert len([text for text in moot.thread_of(ballot) if "V1, withdrawn" in text]) == 1


def test_a_notice_that_is_found_when_it_has_had_its_time_stays_as_it_was_said(moot: Room) -> None:
    moot.says("ana", "/propose Ship on Friday for 5m")
    moot.passes(seconds=30)
    ballot = moot.ballot_message("Ship on Friday")["ts"]
    moot.fails("error", method="reactions.get", error="internal_error")
    moot.passes(minutes=6)
    moot.fails("hang_up_after", method="chat.postMessage", times=1)
    moot.fails("ratelimited", method="conversations.replies", times=1, retry_after=200)
    moot.passes(minutes=2)
    assert any("counting takes longer" in text for text in moot.thread_of(ballot))

    mends(moot)
    moot.passes(minutes=15)
    assert any("V1, " in text for text in moot.thread_of(ballot)), moot.thread_of(ballot)
    assert len([text for text in moot.thread_of(ballot) if "counting takes longer" in text]) == 1
