"""Links to issues and changes: kept once each, with the titles that people gave them."""

from tests.conversations.room import Room

KATA = "https://github.com/kata-containers/kata-containers"


def links(room: Room) -> list[tuple[str, str]]:
    return [(each["title"], each["url"]) for each in room.record()["links"]]


def test_links_to_the_usual_trackers_are_kept_with_their_titles(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", f"Docs: put kata-deploy first: {KATA}/issues/1711")
    room.says("ben", f"[Generate a new image on every merge]({KATA}/pull/1710)")
    room.says("ben", "https://gitlab.com/group/project/-/issues/7 - Flaky test\nnothing in this line")
    room.says("chen", "Fix the timeout https://review.opendev.org/c/openstack/nova/+/12345")
    room.says("chen", "https://bugs.launchpad.net/nova/+bug/99")
    room.says("dia", "https://storyboard.openstack.org/#!/story/2001 and https://issues.apache.org/jira/browse/KAFKA-5")
    room.says("dia", "Not one of them: https://example.org/issues/3")
    room.says("ana", "/session end")

    assert links(room) == [
        ("Docs: put kata-deploy first", f"{KATA}/issues/1711"),
        ("Generate a new image on every merge", f"{KATA}/pull/1710"),
        ("Flaky test", "https://gitlab.com/group/project/-/issues/7"),
        ("Fix the timeout", "https://review.opendev.org/c/openstack/nova/+/12345"),
        ("LP#99", "https://bugs.launchpad.net/nova/+bug/99"),
        ("story 2001", "https://storyboard.openstack.org/#!/story/2001"),
        ("KAFKA-5", "https://issues.apache.org/jira/browse/KAFKA-5"),
    ]
    digest = room.digests()[0]
    assert digest.index("Issues and links") < digest.index("Flaky test") < digest.index("KAFKA-5")
    assert f"[Docs: put kata-deploy first]({KATA}/issues/1711)" in room.recaps()[0]
    assert "example.org" not in room.stored()


def test_each_is_kept_once_under_the_first_title_that_anybody_gives_it(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", f"{KATA}/issues/1711")
    room.says("ben", f"Install docs: {KATA}/issues/1711#issuecomment-5")
    room.says("chen", f"Another name: {KATA.upper().replace('HTTPS', 'https')}/issues/1711")
    room.says("dia", f"see {KATA}/issues/1711", thread="Install docs")
    assert links(room) == [("Install docs", f"{KATA}/issues/1711")]


def test_links_in_commands_count_like_those_in_messages(room: Room) -> None:
    room.says("ana", f"/topic Flaky tests {KATA}/issues/1")
    room.says("ana", f"/note Fixed by {KATA}/pull/2")
    room.says("ana", f"/propose Revert it {KATA}/pull/3 for 10m")
    room.says("ana", f"/action @ben reviews {KATA}/pull/2")
    assert [url.removeprefix(KATA) for _, url in links(room)] == ["/issues/1", "/pull/2", "/pull/3"]
    assert room.record()["links"][0]["topic"] == 1


def test_links_outside_of_a_session_are_not_kept(room: Room) -> None:
    room.says("ana", f"Before: {KATA}/issues/1")
    room.says("ana", "/session start Docs day")
    room.says("ana", "/session end")
    room.says("ana", f"After: {KATA}/issues/2")
    assert "kata-containers" not in room.stored()


def test_who_is_named_beside_a_link_stands_there_by_name(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", f"@ben's patch: {KATA}/pull/2")
    room.passes(seconds=10)
    assert links(room) == [("@Ben Ortega's patch", f"{KATA}/pull/2")]
