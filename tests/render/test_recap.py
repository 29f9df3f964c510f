"""Tests of the recap: Markdown, JSON and people's own templates."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from render_samples import BEGAN, big_record, empty_record, entry, full_record, person, topic

from bot.render.recap import recap_book, recap_json, recap_markdown
from bot.render.templating import UnusableTemplate
from minutes.entry import EntryKind
from minutes.record import Record, RecordedLink
from minutes.session import SessionState

COUNTRIES = ("BR", "CN", "DE", "FR", "IE", "IN", "PL", "US")
ORGANISATIONS = ("Bakery", "Forge", "Mill", "Orchard", "School", "Tannery")


def front_matter(page: str) -> dict[str, object]:
    assert page.startswith("---\n")
    found = yaml.safe_load(page.split("---\n")[1])
    assert isinstance(found, dict)
    return found


def intro(**fields: object) -> str:
    """The paragraph below the front matter."""
    return recap_markdown(empty_record(**fields)).decode().split("---\n")[2].strip().split("\n")[0]


def people(count: int) -> tuple[object, ...]:
    return tuple(person(f"Person {n}") for n in range(count))


def test_the_front_matter_has_the_keys_of_a_blog_post() -> None:
    found = front_matter(recap_markdown(full_record()).decode())
    assert list(found) == ["templateKey", "title", "author", "date", "category"]
    assert found["title"] == "Village meeting Recap"
    assert found["author"] == "The Commons"
    assert found["category"] == [{"value": "recaps", "label": "Recaps"}]


def test_the_date_is_the_end_with_milliseconds_in_utc_and_the_beginning_while_it_is_open() -> None:
    assert "\ndate: 2026-05-06T14:33:00.000Z\n" in recap_markdown(full_record()).decode()
    assert "\ndate: 2026-05-06T13:00:00.000Z\n" in recap_markdown(replace(full_record(), ended_at=None)).decode()


def test_the_first_sentence_has_the_numbers_in_words() -> None:
    said = intro(
        participants=people(16),
        countries=COUNTRIES,
        organisations=ORGANISATIONS,
        place="Zoom",
        lasted=timedelta(hours=3, minutes=2),
    )
    assert said == (
        "On 6 May 2026, 16 community members from eight countries and six organizations including "
        "Bakery, Forge, Mill, Orchard, School, and Tannery convened on Zoom for three hours."
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "the community convened for an hour and a half."),
        ({"participants": people(1)}, "one community member convened for"),
        ({"participants": people(2), "countries": ("BR",)}, "two community members from one country convened for"),
        (
            {"participants": people(2), "organisations": ("Mill",)},
            "two community members from one organization, Mill, convened for",
        ),
        (
            {"participants": people(2), "countries": COUNTRIES, "organisations": ("Mill",)},
            "from eight countries and one organization, Mill, convened",
        ),
        (
            {"participants": people(2), "organisations": ("Forge", "Mill")},
            "from two organizations including Forge and Mill convened",
        ),
        ({"place": "Room 3", "lasted": timedelta(minutes=45)}, "the community convened in Room 3 for 45 minutes."),
    ],
)
def test_the_first_sentence_does_without_what_is_not_known(fields: dict[str, object], said: str) -> None:
    assert said in intro(**fields)


def test_the_second_sentence_counts_what_there_was() -> None:
    assert (
        "Together they discussed two topics, made three decisions, and took up three actions."
        in recap_markdown(full_record()).decode()
    )
    assert intro(topics=(topic(1, "The well"),)).endswith("Together they discussed one topic.")


def test_an_open_session_says_that_it_is() -> None:
    assert "still open" in intro(state=SessionState.OPEN, ended_at=None)


def test_topics_and_issues_are_listed_in_order_with_their_titles_escaped() -> None:
    page = recap_markdown(full_record()).decode()
    assert "\n\n*   The well\n*   The feast\n\n" in page
    assert "\n\n*   [\\[RFC\\] Which pump?](https://example.org/issues/12)\n*   [village/well#13](https" in page


def test_empty_lists_leave_no_headings_and_no_holes() -> None:
    page = recap_markdown(empty_record()).decode()
    assert "#" not in page
    for part in (page, recap_markdown(full_record()).decode(), recap_markdown(full_record(), "mail").decode()):
        assert "\n\n\n" not in part
        assert part.endswith("\n")
        assert not part.endswith("\n\n")


def test_every_participant_and_note_taker_is_thanked() -> None:
    page = recap_markdown(full_record()).decode()
    assert "Thank you to everybody who took part: Ana, Ben, Caro, and Dele." in page
    assert "Special thanks to Ana and Dele for taking the notes." in page


def test_a_big_session_loses_nothing() -> None:
    record = big_record()
    page = recap_markdown(record).decode()
    for section in record.topics:
        assert page.count(f"\n### {section.number}. {section.title}\n") == 1
        for each in section.entries:
            assert page.count(each.text.replace("<", "\\<")) == 1


def test_names_of_all_voters_and_owners_are_in_the_recap() -> None:
    crowd = tuple(f"Person {n}" for n in range(300))
    action = entry(EntryKind.ACTION, "sweep", owners=crowd)
    page = recap_markdown(empty_record(topics=(topic(1, "Yard", entries=(action,)),))).decode()
    assert "more" not in page
    assert all(f"{name}," in page for name in crowd[:-1])


def test_a_book_has_one_part_a_session_and_one_front_matter() -> None:
    first, second = full_record(), empty_record(title="Second meeting")
    book = recap_book([first, second]).decode()
    assert book.startswith(
        recap_markdown(first).decode().rstrip("\n") + "\n\n---\n\n# Second meeting Recap\n\nOn 6 May"
    )
    assert book.count("templateKey") == 1


def test_a_book_of_one_session_is_its_recap() -> None:
    assert recap_book([full_record()]).decode() == recap_markdown(full_record()).decode()


def test_a_title_that_says_recap_is_not_made_to_say_it_twice() -> None:
    assert front_matter(recap_markdown(empty_record(title="Spring recap")).decode())["title"] == "Spring recap"


def test_a_link_that_is_no_web_address_is_shown_as_text() -> None:
    links = (RecordedLink("javascript:alert(1)", "Click here", "x", "Ana", None),)
    assert "\n*   Click here\n" in recap_markdown(empty_record(links=links)).decode()


def test_people_can_bring_their_own_template(tmp_path: Path) -> None:
    own = tmp_path / "own.md"
    own.write_text("# {{ title }}\n{% for t in record.topics %}- {{ t.title }} ({{ t.lasted|duration }})\n{% endfor %}")
    assert recap_markdown(full_record(), own).decode() == (
        "# Village meeting Recap\n- The well (48 minutes)\n- The feast (41 minutes)\n"
    )


def test_an_own_template_can_change_one_block_of_the_built_in_one(tmp_path: Path) -> None:
    own = tmp_path / "own.md.j2"
    own.write_text('{% extends "recap.md.j2" %}{% block intro %}Hello *there*.\n\n{% endblock %}')
    page = recap_markdown(full_record(), str(own)).decode()
    assert "Hello *there*." in page
    assert "convened" not in page
    assert "## Open questions" in page


def test_text_is_literal_in_own_templates_too_even_through_macros_and_filters(tmp_path: Path) -> None:
    own = tmp_path / "own.md"
    own.write_text(
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(record.title) }}|{{ record.title|e }}|{{ record.title|upper }}"
    )
    page = recap_markdown(empty_record(title="*a* <b>"), own).decode()
    assert page == "\\*a\\* \\<b>|\\*a\\* \\<b>|\\*A\\* \\<B>\n"


def test_a_plain_text_template_keeps_text_as_typed(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("{{ record.title }}")
    assert recap_markdown(empty_record(title="*a* <b>"), own).decode() == "*a* <b>\n"


@pytest.mark.parametrize(
    "source",
    [
        "{{ nothing_like_it }}",
        "{% if %}",
        "{{ record.title.nothing }}",
        "{{ 1 / 0 }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ record|no_such_filter }}",
        "{{ 'a'|duration }}",
        '{% include "missing.j2" %}',
    ],
)
def test_a_template_that_does_not_work_is_named(tmp_path: Path, source: str) -> None:
    own = tmp_path / "own.md"
    own.write_text(source)
    with pytest.raises(UnusableTemplate, match=r"own\.md"):
        recap_markdown(full_record(), own)


def test_a_template_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnusableTemplate, match=r"no template postcard.*mail, recap"):
        recap_markdown(full_record(), "postcard")


def test_a_template_cannot_change_the_record(tmp_path: Path) -> None:
    own = tmp_path / "own.md"
    own.write_text("{% set record.title = 'x' %}")
    with pytest.raises(UnusableTemplate):
        recap_markdown(full_record(), own)


def test_json_has_everything_with_iso_times_and_seconds() -> None:
    data = json.loads(b"".join(recap_json(full_record())))
    assert data["started_at"] == "2026-05-06T13:00:00.000Z"
    assert data["lasted"] == 93 * 60
    assert data["topics"][0]["entries"][1]["due"] == "2026-05-08"
    assert data["topics"][0]["votes"][0]["tally"] == "2 for, 1 against"
    assert data["topics"][0]["started_at"] == BEGAN.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("record", [full_record(), empty_record(), replace(full_record(), topics=())])
def test_json_is_written_one_topic_after_the_other_and_is_as_if_written_at_once(record: Record) -> None:
    pieces = list(recap_json(record))
    written = b"".join(pieces)
    assert len(pieces) == len(record.topics) + 2
    assert written.decode() == json.dumps(json.loads(written), indent=2, ensure_ascii=False) + "\n"


def test_an_own_template_begins_and_ends_with_its_own_words(tmp_path: Path) -> None:
    own = tmp_path / "own.md"
    own.write_text("  \n\n{{ '' }} \n {{ record.title }} {{ record.title }} \n{{ '' }}\n\n  ")
    page = recap_book([empty_record(title="Ä"), empty_record(title="Z")], own)
    assert page.decode() == "Ä Ä\n\n---\n\nZ Z\n"


def test_json_tells_nobody_where_a_person_is_from() -> None:
    data = json.loads(b"".join(recap_json(full_record())))
    assert data["countries"] == 2
    assert data["organisations"] == ["Bakery", "Mill", "School"]
    assert all(set(one) == {"name", "signed_in", "messages", "voted"} for one in data["participants"])
