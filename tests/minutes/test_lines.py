"""Tests of `minutes.lines`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.lines import Tag, TaggedLine, read_addressed, read_lines
from minutes.text import mention


@pytest.mark.parametrize(
    ("message", "tag", "text"),
    [
        ("#topic Documentation", Tag.TOPIC, "Documentation"),
        ("  #Topic   Documentation ", Tag.TOPIC, "Documentation"),
        ("#ACTION: review the PR", Tag.ACTION, "review the PR"),
        ("#action:review the PR", Tag.ACTION, "review the PR"),
        ("#action : review the PR", Tag.ACTION, "review the PR"),
        ("#action - Finish reviewing", Tag.ACTION, "- Finish reviewing"),
        ("#agreed keep it", Tag.AGREED, "keep it"),
        ("#info\tx", Tag.INFO, "x"),
        ("#idea 💡", Tag.IDEA, "💡"),
        ("#help wanted for the docs", Tag.HELP, "wanted for the docs"),
        ("#link https://x.example", Tag.LINK, "https://x.example"),
        ("#question: who has the key?", Tag.QUESTION, "who has the key?"),
        ("#park the upper village", Tag.PARK, "the upper village"),
        ("#parked the upper village", Tag.PARKED, "the upper village"),
        ("#startmeeting", Tag.STARTMEETING, ""),
        ("#startmeeting Kata PTG", Tag.STARTMEETING, "Kata PTG"),
        ("#EndMeeting", Tag.ENDMEETING, ""),
        ("#info <!channel> <script>{{ x }}", Tag.INFO, "<!channel> <script>{{ x }}"),
        ("#info שלום", Tag.INFO, "שלום"),
    ],
)
def test_a_tag_at_the_beginning_of_a_line_counts(message, tag, text):
    assert read_lines(message) == (TaggedLine(0, tag, text),)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "🎉",
        "#topicality is a word",
        "#topic-guide",
        "#parking is free",
        "#questions are many",
        "see #topic Docs",
        "# topic Docs",
        "#unknown x",
        "#topic",
        "#info :",
        "#action \u200b",
        "> #topic Docs",
        "&gt; #topic Docs",
        ">#topic Docs",
        ">>> he said\n#topic Docs",
        "```\n#topic Docs\n```",
        "so: ```x\n#topic Docs\n#info y```",
    ],
)
def test_other_lines_do_not_count(message):
    assert read_lines(message) == ()


def test_several_lines_in_one_message_count_under_their_numbers():
    message = "Hello\n#topic Docs\n\n```\n#info in code\n```\n#info one\n> #info quoted\n#action two"

    assert read_lines(message) == (
        TaggedLine(1, Tag.TOPIC, "Docs"),
        TaggedLine(6, Tag.INFO, "one"),
        TaggedLine(8, Tag.ACTION, "two"),
    )


def test_a_fence_that_is_never_closed_hides_nothing():
    assert read_lines("```\n#info x") == (TaggedLine(1, Tag.INFO, "x"),)


@given(st.lists(st.text(st.characters(exclude_characters="`>\n"), max_size=20), max_size=8), st.sampled_from(Tag))
def test_a_tagged_line_is_found_among_any_others(lines, tag):
    found = read_lines("\n".join([*lines, f"#{tag} x"]))

    assert found[-1] == TaggedLine(len(lines), tag, "x")


@pytest.mark.parametrize("piece", ["a", " ", "\n", "```", "#topic ", "#topic x\n", ">"])
def test_endless_messages_are_read_at_once(piece):
    assert len(read_lines(piece * 100_000)) <= 100_000


BOT = mention("UBOT")


@pytest.mark.parametrize(
    ("message", "addressed"),
    [
        (f"{BOT} note It rains", "note It rains"),
        (f"{BOT}: note It rains ", "note It rains"),
        (f"Hello {BOT}, topic Lunch", "topic Lunch"),
        (f"Hello!\n{BOT} note It rains\nin the tent", "note It rains\nin the tent"),
        (f"{BOT} note It rains\n#info Since noon\nmore", "note It rains"),
        (f"{BOT} note Ask {BOT} first", f"note Ask {BOT} first"),
        (BOT, ""),
        (f"#info {BOT} note It rains", None),
        (f"> {BOT} note It rains", None),
        (f">>> Long ago\n{BOT} note It rains", None),
        (f"```\n{BOT} note It rains\n```", None),
        (f"{mention('UANA')} note It rains", None),
        ("note It rains", None),
    ],
)
def test_what_is_said_to_somebody_begins_behind_their_first_mention(message: str, addressed: str | None) -> None:
    assert read_addressed(message, "UBOT") == addressed


@given(st.text())
def test_whatever_is_said_to_somebody_stands_in_the_message(text: str) -> None:
    addressed = read_addressed(text + BOT + text, "UBOT")

    assert addressed is None or addressed in text + BOT + text
