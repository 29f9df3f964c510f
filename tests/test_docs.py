"""The docs against the code: what they name exists, and what they list is all there is."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer.main
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.cli import app
from bot.render.recap import recap_markdown
from bot.settings import VARIABLES
from minutes.proposal import ProposalState
from minutes.session import SessionState
from minutes.topic import TopicState
from rehearsal.play import load_play
from tests.render.render_samples import full_record

ROOT = Path(__file__).parents[1]
TOP = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
PAGES = sorted([ROOT / name for name in TOP] + list((ROOT / "docs").rglob("*.md")))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
MARKDOWN = MarkdownIt().enable("table")
LARGEST_PICTURE = 250 * 1024


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a page, those inside of paragraphs too."""
    for token in MARKDOWN.parse(text):
        yield token
        yield from token.children or []


def code(text: str) -> list[str]:
    """Every code span, and every line of a code block."""
    found = [token.content for token in tokens(text) if token.type == "code_inline"]
    return found + [line for token in tokens(text) if token.type == "fence" for line in token.content.splitlines()]


def fences(name: str, language: str) -> list[str]:
    return [token.content for token in tokens(read(name)) if token.type == "fence" and token.info == language]


def links(text: str) -> list[str]:
    pictures = re.findall(r'<img src="([^"]+)"', text)
    return pictures + [str(token.attrs["href"]) for token in tokens(text) if token.type == "link_open"]


def first_column(name: str, heading: str) -> list[str]:
    """What stands in code in the first cells of the table whose first column has this heading."""
    rows: list[list[str]] = []
    for token in MARKDOWN.parse(read(name)):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append(token.content)
        elif token.type == "table_close":
            if rows[0][0] == heading:
                return [found for row in rows[1:] for found in re.findall(r"`([^`]+)`", row[0])]
            rows = []
    raise AssertionError(f"{name} has no table that begins with {heading}")


def anchors(text: str) -> set[str]:
    """The names that a page's headings have as link targets."""
    found = MARKDOWN.parse(text)
    headings = [found[at + 1].content for at, token in enumerate(found) if token.type == "heading_open"]
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def manifest() -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load(read("manifest.yaml"))
    return loaded


@pytest.mark.parametrize("name", NAMES)
def test_every_link_into_the_repository_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for link in links(read(name)):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme == "https", link
            continue
        target = page if not parts.path else page.parent / unquote(parts.path)
        assert target.exists(), f"{name} links to {link}"
        assert target.resolve().is_relative_to(ROOT.resolve()), f"{name} links out of the repository: {link}"
        if parts.fragment:
            assert parts.fragment in anchors(target.read_text(encoding="utf-8")), f"{name} links to {link}"


@pytest.mark.parametrize("name", NAMES)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    for line in code(read(name)):
        called = re.match(r"make((?: [a-z]+)+)", line)
        assert called is None or set(called[1].split()) <= targets, f"{name}: {line}"


@pytest.mark.parametrize("name", NAMES)
def test_every_subcommand_and_option_that_is_named_exists(name: str) -> None:
    commands = typer.main.get_group(app).commands
    for line in code(read(name)):
        for called in re.finditer(r"(?<![\w/:.-])(?:\.venv/bin/)?folkmoot ([a-z]+)([^#]*)", line):
            assert called[1] in commands, f"{name}: {line}"
            options = {option for parameter in commands[called[1]].params for option in parameter.opts}
            assert set(re.findall(r"(?<=\s)--[a-z-]+", called[2])) <= options, f"{name}: {line}"


@pytest.mark.parametrize("name", NAMES)
def test_pages_name_no_machine_and_keep_to_their_width(name: str) -> None:
    text = read(name)
    elsewhere = r"pypi\.org|pythonhosted|proxy\.golang|registry\.|(?<![\w.])/(?:work|root|home|tmp|Users)/|\\Users\\"
    assert not re.search(elsewhere, text), name
    too_long = [number for number, line in enumerate(text.splitlines(), 1) if len(line) > 120]
    assert not too_long, f"{name}: lines {too_long}"


@pytest.mark.parametrize("name", NAMES)
def test_every_path_of_the_code_that_is_named_exists(name: str) -> None:
    rooms = r"(?:minutes|storage|bot|rehearsal|tests|docs)"
    for span in (token.content for token in tokens(read(name)) if token.type == "code_inline"):
        if re.fullmatch(rf"{rooms}/[\w./-]*", span) and span not in MADE_UP:
            assert (ROOT / span).exists(), f"{name}: {span}"


MADE_UP = {"minutes/thank_command.py"}
"""The example of CONTRIBUTING.md for a command that is to be added."""


def test_the_settings_table_has_every_variable_in_its_order() -> None:
    assert first_column("docs/operate.md", "Variable") == list(VARIABLES)


def test_the_readme_lists_exactly_the_commands_of_the_manifest() -> None:
    features = manifest()["features"]
    assert isinstance(features, dict)
    declared = {each["command"] for each in features["slash_commands"]}
    listed = first_column("README.md", "Command")
    assert set(listed) == declared
    assert len(listed) == len(declared)


def test_every_scope_of_the_manifest_has_its_reason() -> None:
    oauth = manifest()["oauth_config"]
    assert isinstance(oauth, dict)
    assert sorted(first_column("docs/install.md", "Scope")) == sorted(oauth["scopes"]["bot"])


def test_the_map_names_exactly_the_rooms_that_there_are() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(first_column("CONTRIBUTING.md", "Room")) == {f"{room}/" for room in packages | {"tests", "docs"}}


def test_the_map_names_exactly_the_modules_of_the_bot() -> None:
    modules = {f"bot/{path.name}" for path in (ROOT / "bot").glob("*.py") if path.name != "__init__.py"}
    packages = {f"bot/{path.parent.name}/" for path in (ROOT / "bot").glob("*/__init__.py")}
    assert set(first_column("CONTRIBUTING.md", "Module")) == modules | packages


def test_the_import_rule_is_told_as_it_is_held() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    assert [block.strip().splitlines() for block in fences("CONTRIBUTING.md", "")] == [layers]


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = project["dependencies"] + [each for extra in project["optional-dependencies"].values() for each in extra]
    declared = {re.split(r"[\[<>=]", each)[0] for each in wanted} - {"folkmoot"}
    listed = re.findall(r"^\| `([^`]+)` \|", read("docs/decisions/0002-dependencies.md"), re.MULTILINE)
    assert set(listed) == declared
    assert len(listed) == len(declared)


def test_the_state_charts_have_the_states_that_the_code_has() -> None:
    session, topic, proposal = (set(re.findall(r"\b\w+(?= -->)|(?<=--> )\w+", chart)) for chart in charts())
    assert session == {str(state) for state in SessionState}
    assert topic == {str(state) for state in TopicState}
    assert proposal <= {str(state) for state in ProposalState}


def charts() -> list[str]:
    return fences("README.md", "mermaid")


def test_decisions_are_numbered_without_a_gap() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        assert page.read_text(encoding="utf-8").startswith(f"# {page.name[:4]}: "), page.name


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    assert all(picture.stat().st_size <= LARGEST_PICTURE for picture in pictures)


def test_the_play_that_is_shown_can_be_played(tmp_path: Path) -> None:
    (shown,) = fences("docs/rehearse.md", "yaml")
    (tmp_path / "village.yaml").write_text(shown, encoding="utf-8")
    play = load_play(str(tmp_path / "village.yaml"))
    assert len(play.lines) == shown.count("{at:")


def test_the_template_that_is_shown_makes_a_page(tmp_path: Path) -> None:
    (shown,) = fences("docs/operate.md", "jinja")
    (tmp_path / "own.md.j2").write_text(shown, encoding="utf-8")
    page = recap_markdown(full_record(), tmp_path / "own.md.j2")
    assert page.startswith("# ")
    assert "Notes by" in page
