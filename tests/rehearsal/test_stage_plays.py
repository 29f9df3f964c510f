"""Plays: how they are read, and how they are performed."""

import json
from pathlib import Path

import pytest
from stage_bot import Json, StageBot, actions, button, play_scene, run, section

from rehearsal.play import PlayError, load_play
from rehearsal.player import perform
from rehearsal.server import Stage

SECOND = 1_000_000
PLAY = """
title: A small gathering
note: The people in it are made up.
workspace: {name: Smallville, domain: smallville}
channel: small
start: 2021-04-21T10:00:00Z
people:
  ada: {name: Ada King, tz: Europe/London}
  bo: {name: Bo Diaz}
lines:
  - {at: "+0:00:30", who: ada, run: "/propose Merge @bo", as_id: proposal}
  - {at: "+0:01:00", who: bo, react: +1, on: $proposal}
  - at: 10:05
    who: bo
    say: |-
      two
      lines
    in_thread_of: $proposal
  - {at: "10:05:30", who: ada, click: Close, on: $proposal}
  - {at: "09:00", who: ada, say: good morning}
"""


def written(folder: Path, text: str, name: str = "small.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


async def secretary(stage: Stage, bot: StageBot, body: Json) -> Json:
    """Puts what is proposed on a card."""
    if "command" in body:
        blocks = [section(body["text"]), actions(button("Close", "close"))]
        await bot.api.chat_postMessage(channel=body["channel_id"], text=body["text"], blocks=blocks)
        return {"text": "Proposed."}
    await bot.api.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Closed")
    return {}


def performed(path: str) -> tuple[list[Json], list[tuple[int, int, str]], Json]:
    """The channel after a play, the lines as they were announced, and the page's view of the play."""
    play = load_play(path)
    announced: list[tuple[int, int, str]] = []
    result: list[tuple[list[Json], Json]] = []

    async def scene(stage: Stage, bot: StageBot) -> None:
        bot.answer = lambda body: secretary(stage, bot, body)
        try:
            await perform(stage, play, on_line=lambda *line: announced.append(line))
        finally:
            result.append((stage.channel_export(), stage.progress))

    run(play_scene(scene, {"play": play}))
    [(messages, progress)] = result
    return messages, announced, progress


def test_a_play_is_performed_line_by_line_at_its_times(tmp_path: Path) -> None:
    messages, announced, progress = performed(written(tmp_path, PLAY))
    card, reply, morning = messages
    assert card["text"] == "Closed"
    assert card["ts"].startswith("1618999230.")
    assert card["reactions"] == [{"name": "+1", "users": ["U0BO"], "count": 1}]
    assert (reply["text"], reply["thread_ts"]) == ("two\nlines", card["ts"])
    assert morning["ts"] == f"{1618999200 + 23 * 3600}.000000"
    assert announced[0] == (1, 5, "ada command /propose Merge @bo")
    assert (progress["state"], progress["line"], progress["lines"]) == ("done", 5, 5)
    assert progress["note"] == "The people in it are made up."


def test_a_line_that_fails_fails_the_play_and_says_where(tmp_path: Path) -> None:
    path = written(tmp_path, PLAY.replace("click: Close", "click: Open"))
    with pytest.raises(PlayError) as failed:
        performed(path)
    said = "Line 4 (ada click Open): The message '1618999230.000"
    assert str(failed.value).startswith(said)
    assert "has no button 'Open'; it has: Close." in str(failed.value)


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("at: 10:05\n", "at: late\n", "'late' is no time"),
        ('at: "+0:01:00"', 'at: "+0:00:01"', "is before the line before it"),
        ("who: bo, react", "who: cy, react", "'cy' is not one of the people"),
        ("react:", "raect:", "a line has one of run, say"),
        ("react: +1, on: $proposal", "react: +1", "react needs on"),
        ("say: good morning", "say: good morning, loudly: true", "say has no loudly"),
        ("start: 2021", "start: whenever, 2021", "start is a moment"),
        ("channel: small", "chanel: small", "unknown chanel"),
        ("Europe/London", "Europe/Atlantis", "no known time zone"),
    ],
)
def test_a_mistake_in_a_play_is_explained(tmp_path: Path, right: str, wrong: str, sentence: str) -> None:
    assert right in PLAY
    with pytest.raises(PlayError) as refused:
        load_play(written(tmp_path, PLAY.replace(right, wrong)))
    assert sentence in str(refused.value)
    assert "small.yaml" in str(refused.value)


def test_an_unknown_play_is_explained() -> None:
    with pytest.raises(PlayError, match="There is no play 'hamlet'"):
        load_play("hamlet")


LOG = """23:58 < ada> #startmeeting
23:58 < ada> hello @bo
23:58 <@bo> hi
23:58 * bo waves
23:59 < ada>  /etc/hosts is a file
23:59 -!- cy [cy@host] has joined
00:01 <+cy_> morning
"""


def test_the_log_of_a_meeting_is_a_play(tmp_path: Path) -> None:
    play = load_play(written(tmp_path, LOG, "Night Meeting.log"))
    assert play.channels == ("night-meeting",)
    assert [role.handle for role in play.people] == ["ada", "bo", "cy_"]
    assert play.skipped == 2
    times = [(line.at_us - play.start_us) // SECOND for line in play.lines]
    assert times == [0, 20, 40, 60, 180]
    messages, _, _ = performed(written(tmp_path, LOG, "night.log"))
    assert [message["text"] for message in messages] == [
        "#startmeeting",
        "hello <@U0BO>",
        "hi",
        "/etc/hosts is a file",
        "morning",
    ]


def test_a_log_in_which_nobody_opens_a_meeting_is_one_from_its_first_line(tmp_path: Path) -> None:
    play = load_play(written(tmp_path, LOG.replace("#startmeeting", "hi all"), "night.log"))
    opening = play.lines[0]
    assert (opening.who, opening.at_us) == ("ada", play.start_us)
    assert opening.act == {"do": "command", "text": "/session start night for 4m"}


@pytest.mark.parametrize("number", [16702, 18044, 18991, 19845])
def test_the_logs_of_real_meetings_can_be_read(number: int) -> None:
    path = Path(__file__).parents[3] / "shared" / "meetings" / f"review-club-{number}.log"
    if not path.exists():
        pytest.skip("the shared meeting logs are not on this machine")
    play = load_play(str(path))
    times = [line.at_us for line in play.lines]
    assert times == sorted(times)
    spoken = sum("<" in line[:8] and "> " in line for line in path.read_text().splitlines())
    assert abs(len(play.lines) - spoken) <= 2


def test_after_a_play_time_passes_while_the_bot_has_something_due_within_26_hours(tmp_path: Path) -> None:
    play = load_play(written(tmp_path, LOG, "night.log"))
    end = play.lines[-1].at_us
    done: list[int] = []

    async def scene(stage: Stage, bot: StageBot) -> None:
        async def note() -> None:
            done.append(stage.now_us)

        moments = [end + hours * 3600 * SECOND for hours in (25, 50, 77)]
        bot.due = [(moment, note) for moment in moments]
        await stage.settle()
        await perform(stage, play)
        assert done == moments[:2]
        assert stage.next_due_us == moments[2]

    run(play_scene(scene, {"play": play}))


def test_a_play_may_be_performed_at_a_speed_and_ends_at_our_own(tmp_path: Path) -> None:
    play = load_play(written(tmp_path, LOG, "night.log"))

    async def scene(stage: Stage, bot: StageBot) -> None:
        await perform(stage, play, speed=3600)
        assert len(stage.messages()) == 5
        assert float(stage.messages()[-1]["ts"]) >= play.lines[-1].at_us / SECOND
        assert stage.clock.rate == 1

    run(play_scene(scene, {"play": play}))


def test_what_a_play_leaves_is_plain_json(tmp_path: Path) -> None:
    messages, _, _ = performed(written(tmp_path, PLAY))
    assert json.loads(json.dumps(messages)) == messages
