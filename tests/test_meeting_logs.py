"""Real meetings, played line by line: what was tagged and who spoke is in the recap."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

LOGS = sorted((Path(__file__).parents[2] / "shared" / "meetings").glob("*.log"))
SPEECH = re.compile(r"\d\d:\d\d(?::\d\d)?\s+<\s*[@+]?([^>\s]+)>\s*(\S.*)")


@dataclass
class Meeting:
    """What was said between a #startmeeting and its #endmeeting."""

    speakers: set[str] = field(default_factory=set)
    tagged: list[str] = field(default_factory=list)


def meetings_of(log: str) -> list[Meeting]:
    """The meetings of a log; the whole log is one where nobody said #startmeeting."""
    spoken = [match.groups() for match in map(SPEECH.fullmatch, log.splitlines()) if match]
    if not any(text.startswith("#startmeeting") for _, text in spoken):
        spoken = [(spoken[0][0], "#startmeeting"), *spoken]
    found: list[Meeting] = []
    within = False
    for nick, text in spoken:
        if text.startswith("#startmeeting") and not within:
            found.append(Meeting())
            within = True
        if within:
            found[-1].speakers.add(nick)
            if tagged := re.match(r"#(?:topic|action)\b:?\s*(.+)", text):
                found[-1].tagged.append(tagged[1].strip())
        within = within and not text.startswith("#endmeeting")
    return found


def played(log: Path, out: Path) -> str:
    """The words of the recap that a rehearsal of this log leaves."""
    command = [sys.executable, "-m", "bot", "rehearse", "--play", str(log), "--speed", "max", "--no-page"]
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return words((out / "recap.md").read_text(encoding="utf-8"))


def words(markdown: str) -> str:
    inlines = [token for token in MarkdownIt().parse(markdown) if token.type == "inline"]
    return "\n".join("".join(child.content for child in token.children or []) for token in inlines)


@pytest.mark.skipif(not LOGS, reason="the meeting logs are not beside this checkout")
@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_each_topic_action_and_speaker_of_a_real_meeting_is_in_its_recap(log: Path, tmp_path: Path) -> None:
    meetings = meetings_of(log.read_text(encoding="utf-8"))
    recap = played(log, tmp_path)

    for meeting in meetings:
        assert [text for text in meeting.tagged if text not in recap] == []
        assert [nick for nick in sorted(meeting.speakers) if nick not in recap] == []


def test_a_log_without_startmeeting_is_one_meeting_from_end_to_end(tmp_path: Path) -> None:
    log = tmp_path / "open-floor.log"
    log.write_text(
        "23:58 < ana> good evening\n"
        "23:59 < ben> #topic Names & numbers\n"
        "00:01 < ana> #action ben counts them again\n"
        "00:02 * ben waves\n"
        "00:03 < chen> #info after midnight is still the same meeting\n",
        encoding="utf-8",
    )
    recap = played(log, tmp_path / "out")

    for expected in ("Names & numbers", "ben counts them again", "after midnight is still the same meeting", "chen"):
        assert expected in recap
    assert os.listdir(tmp_path / "out").count("channel.json") == 1
