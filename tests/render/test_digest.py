"""Tests of the digest: everything that was recorded, in messages that Slack takes."""

import json
from dataclasses import replace

from render_samples import ENDED, big_record, empty_record, entry, full_record, person, topic
from slack_limits import problems, shown

from bot.render.digest import digest
from bot.render.message import Message
from minutes.entry import EntryKind
from minutes.record import Record


def said(record: Record) -> str:
    return "\n".join("".join(shown(list(part.blocks))) for part in digest(record))


def drawn(parts: tuple[Message, ...]) -> str:
    return json.dumps([part.blocks for part in parts], ensure_ascii=False)


def test_a_big_session_stays_within_the_limits_and_loses_nothing() -> None:
    record = big_record(topics=60, entries=400)
    parts = digest(record)
    assert [problem for part in parts for problem in problems(part)] == []
    texts = list(shown([list(part.blocks) for part in parts]))
    for section in record.topics:
        for each in section.entries:
            assert sum(each.text in text for text in texts) == 1, each
        assert sum(text == f"{section.number}. {section.title}" for text in texts) == 1
    for title in record.not_reached:
        assert texts.count(title) == 1


def test_a_long_digest_says_that_it_goes_on_in_the_thread() -> None:
    parts = digest(big_record())
    assert len(parts) > 2
    assert parts[0].blocks[-1]["elements"][0]["text"] == "Continued in the thread."
    assert all("Continued" not in drawn((parts[-1],)) for _ in parts)
    assert f"Village meeting, part 2 of {len(parts)}" in drawn((parts[1],))


def test_an_ordinary_session_is_one_message() -> None:
    assert len(digest(full_record())) == 1


def test_sixty_topics_without_entries_are_dealt_out_by_the_number_of_blocks() -> None:
    parts = digest(empty_record(topics=tuple(topic(n, f"Topic {n}") for n in range(1, 61))))
    assert len(parts) == 2
    assert [problem for part in parts for problem in problems(part)] == []


def test_an_endless_entry_is_shown_whole_in_several_lines() -> None:
    text = " ".join(f"word{n}" for n in range(3000))
    parts = digest(empty_record(topics=(topic(1, "Words", entries=(entry(text=text),)),)))
    assert [problem for part in parts for problem in problems(part)] == []
    found = " ".join("".join(shown([list(part.blocks) for part in parts])).replace("…", " ").split())
    for n in range(3000):
        assert f"word{n} " in f"{found} "


def test_a_long_list_goes_on_under_its_own_heading() -> None:
    entries = tuple(entry(text=f"note {n} " + "x" * 150, number=n) for n in range(100))
    assert said(empty_record(topics=(topic(1, "Words", entries=entries),))).count("1. Words, continued") > 3


def test_entries_of_other_scripts_count_by_their_bytes() -> None:
    entries = tuple(entry(text="集会の議事録" * 40, number=n) for n in range(60))
    parts = digest(empty_record(topics=(topic(1, "議題", entries=entries),)))
    assert [problem for part in parts for problem in problems(part)] == []


def test_many_organisations_and_note_takers_leave_room_for_the_rest() -> None:
    names = tuple(f"Organisation number {n} of the very long list" for n in range(400))
    record = replace(full_record(), organisations=names, note_takers=names)
    assert [problem for part in digest(record) for problem in problems(part)] == []
    assert "400 organisations" in said(record)


def test_decisions_come_first_and_open_questions_last() -> None:
    told = said(full_record())
    order = [
        "Buy a new pump",
        "order a seal",
        "The pump loses",
        "a second tap",
        "Close the well",
        "The feast",
        "plumber",
    ]
    assert [told.index(words) for words in order] == sorted(told.index(words) for words in order)


def test_each_thing_carries_what_belongs_to_it() -> None:
    told = said(full_record())
    assert "Buy a new pump — V1: 2 for, 1 against" in told
    assert "order a seal by Friday — Ben and Caro, by 8 May 2026" in told
    assert "paint the lid — no owner yet" in told
    assert "Nobody waters lawns in July — recorded by Caro, no vote" in told
    assert "Have it in June — V3: 1 for, 1 against, 1 abstaining, a tie, so no decision, topic 2" in told
    assert "1. The well · 48 min" in told


def test_people_are_counted_and_only_organisations_named() -> None:
    told = said(full_record())
    assert "4 people took part, from 2 countries and 3 organisations: Bakery, Mill, and School" in told
    assert "1 person took part" in said(empty_record(participants=(person("Ana"),)))
    assert "Brazil" not in told


def test_tracker_links_are_links_with_their_titles() -> None:
    assert '{"type": "link", "url": "https://example.org/issues/12", "text": "[RFC] Which pump?"}' in drawn(
        digest(full_record())
    )


def test_a_session_past_midnight_shows_both_days() -> None:
    record = empty_record(ended_at=ENDED.replace(day=ENDED.day + 1))
    assert drawn(digest(record)).count("{date_short}, {time}") == 2


def test_an_open_session_says_so() -> None:
    assert "still open" in said(empty_record(ended_at=None))


def test_what_came_before_the_first_topic_has_its_own_heading() -> None:
    assert "Before the first topic" in said(full_record())
    assert "Before the first topic" not in said(empty_record(topics=full_record().topics))


def test_a_call_for_help_before_the_first_topic_is_an_open_question() -> None:
    asked = replace(empty_record().before_topics, entries=(entry(EntryKind.HELP, "who has the key"),))
    assert "🙋 who has the key — Ana" in said(empty_record(before_topics=asked))
