"""What is kept of a file that Slack tells of."""

from minutes.files import LONGEST_NAME, SharedFile, lost_files, read_files

TOLD = {"id": "F1", "name": "plan.png", "title": "The plan", "mimetype": "image/png", "permalink": "https://x.org/F1"}


def test_name_kind_and_address_are_kept() -> None:
    assert read_files([TOLD]) == (SharedFile("F1", "The plan", "image", "https://x.org/F1"),)


def test_without_a_title_it_is_called_by_its_file_name_and_an_unknown_kind_is_a_file() -> None:
    (file,) = read_files([{**TOLD, "title": " ", "mimetype": "application/pdf"}])
    assert (file.name, file.kind) == ("plan.png", "file")


def test_what_is_deleted_hidden_or_nameless_is_none() -> None:
    assert read_files([{"id": "F1", "mode": "tombstone"}, {"id": "F2", "mode": "hidden_by_limit"}, {"name": "x"}]) == ()
    assert read_files([{"id": "F3", "file_access": "check_file_info"}, {"id": "F4", "name": None, "title": 7}]) == ()


def test_a_name_is_one_line_without_control_characters_and_not_endless() -> None:
    (file,) = read_files(
        [{**TOLD, "title": "a\nb\x00\ue000 " + "c" * 500, "permalink": "https://x.org/" + "d" * 3_000}]
    )
    assert file.name.startswith("a b ccc")
    assert len(file.name) <= LONGEST_NAME
    assert file.permalink == ""


def test_those_are_lost_that_are_no_longer_there_or_only_as_a_stone() -> None:
    two = {"id": "F2", "name": "b"}
    assert lost_files([TOLD, two], [TOLD, {"id": "F2", "mode": "tombstone"}]) == ("F2",)
    assert lost_files([TOLD, two], [two]) == ("F1",)
    assert lost_files([], [{"id": "F9", "mode": "tombstone"}]) == ("F9",)
    assert lost_files([TOLD], [TOLD]) == ()
