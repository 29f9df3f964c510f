"""Links: every mention is kept, and a session shows each link once."""

from itertools import permutations

from minutes.links import TrackerLink
from storage import links
from tests.storage.sample import Gathering, after

ISSUE = TrackerLink(url="https://github.com/o/r/issues/1", key="github.com/o/r/1", reference="o/r#1", title="")


def share(moot: Gathering, message: str, title: str, minutes: float) -> bool:
    link = TrackerLink(url=ISSUE.url, key=ISSUE.key, reference=ISSUE.reference, title=title)
    who = {"topic": None, "by": moot.ben, "at": after(minutes)}
    return links.share(moot.db, moot.workspace, moot.session.id, link, message=message, **who)  # type: ignore[arg-type]


def titles(moot: Gathering) -> list[str]:
    return [kept.link.title for kept in links.of_session(moot.db, moot.workspace, moot.session.id)]


def test_the_first_title_that_anybody_gives_stands_in_whatever_order_they_come(moot: Gathering) -> None:
    for order in permutations((("1.1", "", 1), ("2.1", "Traces are missing", 2), ("3.1", "Another title", 3))):
        assert all(share(moot, *mention) for mention in order)
        assert titles(moot) == ["Traces are missing"]
        for message, _, _ in order:
            assert links.forget(moot.db, moot.workspace, moot.session.id, message)
        assert titles(moot) == []


def test_a_mention_that_comes_twice_is_no_news_and_one_with_other_words_is(moot: Gathering) -> None:
    assert share(moot, "1.1", "Traces", 1)
    assert not share(moot, "1.1", "Traces", 1)
    assert share(moot, "1.1", "Traces are missing", 1)
    assert titles(moot) == ["Traces are missing"]


def test_what_a_page_calls_itself_gives_way_to_what_people_call_it(moot: Gathering) -> None:
    share(moot, "1.1", "", 1)
    page = TrackerLink(url=ISSUE.url, key=ISSUE.key, reference=ISSUE.reference, title="Traces · Issue")
    assert links.unfurl(moot.db, moot.workspace, moot.session.id, "1.1", page)
    assert not links.unfurl(moot.db, moot.workspace, moot.session.id, "1.1", page)
    assert not links.unfurl(moot.db, moot.workspace, moot.session.id, "9.9", page)
    assert titles(moot) == ["Traces · Issue"]
    share(moot, "2.1", "Traces are missing", 2)
    assert titles(moot) == ["Traces are missing"]
