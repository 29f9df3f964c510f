"""Tests of `minutes.links`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.links import LONGEST_TITLE, page_title, tracker_links

ISSUE = "https://github.com/kata-containers/kata-containers/issues/1709"
OTHER = "https://github.com/kata-containers/tests/issues/3432"
KATA = "https://github.com/kata-containers/kata-containers"


def titles(text):
    return [link.title for link in tracker_links(text)]


@pytest.mark.parametrize(
    ("url", "key", "reference"),
    [
        (ISSUE, ISSUE, "kata-containers/kata-containers#1709"),
        (
            "http://www.GitHub.com/Kata/Tests/pull/7/files?w=1#diff",
            "https://github.com/kata/tests/pull/7",
            "Kata/Tests#7",
        ),
        ("https://github.com/a/b/discussions/9/", "https://github.com/a/b/discussions/9", "a/b#9"),
        ("https://gitlab.com/g/s/p/-/merge_requests/12", "https://gitlab.com/g/s/p/-/merge_requests/12", "g/s/p!12"),
        ("https://gitlab.example.org/g/p/issues/4", "https://gitlab.example.org/g/p/-/issues/4", "g/p#4"),
        ("https://salsa.debian.org/g/p/-/work_items/4", "https://salsa.debian.org/g/p/-/work_items/4", "g/p#4"),
        ("https://review.opendev.org/c/openstack/nova/+/123/2", "https://review.opendev.org/123", "change 123"),
        ("https://review.opendev.org/#/c/123/", "https://review.opendev.org/123", "change 123"),
        ("https://review.opendev.org/123", "https://review.opendev.org/123", "change 123"),
        ("https://gerrit.wikimedia.org/r/c/core/+/55", "https://gerrit.wikimedia.org/55", "change 55"),
        ("https://go-review.googlesource.com/c/go/+/55", "https://go-review.googlesource.com/55", "change 55"),
        ("https://bugs.launchpad.net/nova/+bug/1234", "https://launchpad.net/bugs/1234", "LP#1234"),
        ("https://launchpad.net/bugs/1234", "https://launchpad.net/bugs/1234", "LP#1234"),
        (
            "https://blueprints.launchpad.net/nova/+spec/live-migration",
            "https://blueprints.launchpad.net/nova/+spec/live-migration",
            "blueprint live-migration",
        ),
        (
            "https://storyboard.openstack.org/#!/story/2001",
            "https://storyboard.openstack.org/#!/story/2001",
            "story 2001",
        ),
        (
            "https://issues.apache.org/jira/browse/ABC-123?x=1",
            "https://issues.apache.org/jira/browse/ABC-123",
            "ABC-123",
        ),
        ("https://git.example:8443/browse/AB-1", "https://git.example:8443/browse/AB-1", "AB-1"),
    ],
)
def test_the_usual_trackers_are_known(url, key, reference):
    (link,) = tracker_links(url)

    assert (link.url, link.key, link.reference, link.title) == (url, key, reference, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/1",
        "https://github.com/kata-containers/kata-containers",
        "https://github.com/a/b/issues",
        "https://github.com/a/b/issues/new",
        "https://github.com/bitcoin/bitcoin/blob/master/src/net.cpp#L1681",
        "https://github.com@evil.example/a/b/issues/1",
        "https://notgithub.com/a/b/issues/1",
        "https://evil-launchpad.net/bugs/1",
        "ftp://github.com/a/b/issues/1",
        "github.com/a/b/issues/1",
        "https://[ https://github.com:99999/a/b/issues/1 https://",
        "https://github.com/a/b/issues/" + "1" * 100_000,
        "javascript:alert(1)//https",
    ],
)
def test_other_links_are_not_kept(text):
    assert tracker_links(text) == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"[RFC] Check QEMU capabilities {ISSUE}", "[RFC] Check QEMU capabilities"),
        (f"[[RFC] Check QEMU capabilities]({ISSUE})", "[RFC] Check QEMU capabilities"),
        (rf"[\[RFC\] Check QEMU capabilities]({ISSUE})", "[RFC] Check QEMU capabilities"),
        (f"Bpftrace inside Kata Containers? {ISSUE}", "Bpftrace inside Kata Containers?"),
        (f"Kata-deploy: a new image on every PR: {ISSUE}", "Kata-deploy: a new image on every PR"),
        (f"#link Check QEMU - <{ISSUE}>", "Check QEMU"),
        (f"#action: • Check QEMU ({ISSUE}).", "Check QEMU"),
        (f"1. *Check QEMU* — {ISSUE}", "Check QEMU"),
        (f"{ISSUE} – Check QEMU", "Check QEMU"),
        (f"{ISSUE}, Check QEMU", "Check QEMU"),
        (f"{ISSUE} | Check QEMU · Issue #1709 · kata-containers/kata-containers · GitHub", "Check QEMU"),
        (f"Check QEMU: [#1709]({ISSUE})", "Check QEMU"),
        (f"Check QEMU: [here]({ISSUE})", "Check QEMU"),
        (f"Check QEMU: [{ISSUE}]({ISSUE})", "Check QEMU"),
        (f"look: [Check QEMU]({ISSUE})", "Check QEMU"),
        (f"see {ISSUE}", ""),
        (f"(see also {ISSUE}).", ""),
        (f"#link {ISSUE}", ""),
        (f"`{ISSUE}`", ""),
        (f"sipa: that is in {ISSUE}", ""),
        (f"There was a suggestion in {ISSUE} to change this", ""),
        (f"Check QEMU\n{ISSUE}\nand the rest", ""),
        ("word " * 60 + ISSUE, ""),
        (f"{{{{ 7*7 }}}} <script> {ISSUE}", "{{ 7*7 }} <script>"),
        (f"שלום {ISSUE}", "שלום"),
    ],
)
def test_a_link_is_titled_from_its_label_or_the_words_beside_it(text, title):
    (link,) = tracker_links(text)

    assert (link.url, link.title) == (ISSUE, title)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"First {ISSUE} Second {OTHER}", ["First", "Second"]),
        (f"First: {ISSUE}, and {OTHER}", ["First", ""]),
        (f"{ISSUE} first, {OTHER} second", ["first", "second"]),
        (f"[First]({ISSUE})[Second]({OTHER})", ["First", "Second"]),
        (f"Notes https://pad.example/x First {ISSUE}", ["First"]),
        (f"First {ISSUE}\nSecond {OTHER}", ["First", "Second"]),
    ],
)
def test_each_of_several_links_has_its_own_words(text, expected):
    assert titles(text) == expected


def test_the_same_link_twice_is_kept_once_under_the_title_that_it_has():
    (link,) = tracker_links(f"{ISSUE}\nCheck QEMU {ISSUE}#issuecomment-1\nAgain {ISSUE}/")

    assert link.title == "Check QEMU"


@pytest.mark.parametrize("end", [").", ",", "!", "?", ";", "'", '"', ":", "…", "—so", "*"])
def test_punctuation_after_an_address_is_not_part_of_it(end):
    assert tracker_links(f"x ({ISSUE}{end}")[0].url == ISSUE


@given(st.text(), st.text())
def test_a_link_is_found_between_any_texts(before, after):
    links = tracker_links(f"{before}\n{ISSUE}\n{after}")

    assert ISSUE in [link.key for link in links]


@given(st.text(alphabet="[]()<>`#*-: ab\\" + "é", max_size=30))
def test_no_words_beside_it_hide_a_link(words):
    assert [link.key for link in tracker_links(f"{words} {ISSUE} {words}")] == [ISSUE]


@pytest.mark.parametrize(
    "piece",
    [
        "](",
        "](http://",
        "[](http://x",
        "https://",
        "((",
        "[ ",
        "- ",
        "also, ",
        f"{ISSUE} words ",
        "https://x/(a)",
        "](https://x(a)",
    ],
)
def test_endless_messages_are_read_at_once(piece):
    assert len(tracker_links(piece * (100_000 // len(piece)))) <= 1


@pytest.mark.parametrize(
    ("url", "title", "told"),
    [
        (f"{KATA}/pull/1710", "Generate a new image · Pull Request #1710 · kata-containers", "Generate a new image"),
        (f"{KATA}/issues/1711", "Docs: put kata-deploy first", "Docs: put kata-deploy first"),
        (f"{KATA}/issues/1711", "kata-containers/kata-containers#1711", None),
        (f"{KATA}/issues/1711", "  ", None),
        ("https://example.org/plan", "The plan", None),
        ("no address", "The plan", None),
    ],
)
def test_the_title_of_a_page_is_taken_where_it_tells_something(url, title, told):
    found = page_title(url, title)
    assert (found and found.title) == told


def test_the_title_of_a_page_is_not_endless():
    found = page_title(f"{KATA}/issues/1711", "long " * 100)
    assert found is not None
    assert len(found.title) <= LONGEST_TITLE
