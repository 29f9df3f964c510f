"""The docs against the code: what they name exists, and what they list is all there is."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer.main
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.cli.commands import app
from bot.courier.aftermath import ROLL_WITHIN
from bot.manifest import EVENTS, SCOPES
from bot.render.recap import recap_markdown
from bot.render.wording import CAME_OUT
from bot.services import closing, comparing, due, explaining, marked, reminders
from bot.settings import VARIABLES
from minutes.emoji import USUAL
from minutes.emoji_command import SetEmoji, ShowEmoji
from minutes.lines import KIND_OF
from minutes.proposal import ProposalState
from minutes.propose_command import ProposeCommand, understand_proposal
from minutes.rules import Base, RuleName, parse_rule
from minutes.session import SessionState
from minutes.session_command import Defaults, SessionHelp, ShowDefaults, UnknownSession, understand_session
from minutes.text import mention
from minutes.topic import TopicState
from minutes.topic_command import TopicHelp, understand_topic
from rehearsal.faults import load_plan
from rehearsal.faults.rule import FAULTS
from rehearsal.play import load_play
from storage import outages
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


def rows(name: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    found: list[list[str]] = []
    for token in MARKDOWN.parse(read(name)):
        if token.type == "tr_open":
            found.append([])
        elif token.type == "inline" and found:
            found[-1].append(token.content)
        elif token.type == "table_close":
            if found[0][0] == heading:
                return found[1:]
            found = []
    raise AssertionError(f"{name} has no table that begins with {heading}")


def first_column(name: str, heading: str) -> list[str]:
    """What stands in code in the first cells of such a table."""
    return [found for row in rows(name, heading) for found in re.findall(r"`([^`]+)`", row[0])]


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
        for called in re.finditer(r"(?<![\w/:.-])(?:\.venv/bin/)?folkmoot ([a-z]+(?:-[a-z]+)*)([^#]*)", line):
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


def test_every_scope_and_event_that_is_asked_for_is_told_with_its_reason() -> None:
    assert rows("docs/install.md", "Scope") == [[f"`{each.name}`", each.why] for each in SCOPES]
    assert rows("docs/install.md", "Event") == [[f"`{each.name}`", each.why] for each in EVENTS]
    assert f"all {len(SCOPES)} that are needed are granted" in read("docs/install.md")


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
    assert proposal == {str(state) for state in ProposalState}


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


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """A folder with the play and the faults that are shown."""
    for name, shown in zip(("village.yaml", "faults.yaml"), fences("docs/rehearse.md", "yaml"), strict=True):
        (tmp_path / name).write_text(shown, encoding="utf-8")
    return tmp_path


def test_the_play_that_is_shown_can_be_played(village: Path) -> None:
    play = load_play(str(village / "village.yaml"))
    assert len(play.lines) == (village / "village.yaml").read_text(encoding="utf-8").count("{at:")


def test_the_faults_that_are_shown_strike_and_the_vote_comes_out_as_told(village: Path) -> None:
    assert len(load_plan(village / "faults.yaml").rules) == 5
    (typed,) = [line for line in code(read("docs/rehearse.md")) if "--faults faults.yaml" in line]
    command = [sys.executable, "-m", "bot", *typed.split()[1:]]
    paths = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=village, env=paths, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    struck = re.findall(r"^Fault (\w+) .*: ([0-9]+) of", done.stdout, re.MULTILINE)
    assert [fault for fault, times in struck if int(times)] == ["drop", "alias", "double", "ratelimited", "cut_users"]
    recap = (village / "rehearsal-out" / "recap.md").read_text(encoding="utf-8")
    assert "** (V1: 2 for, 0 against): Repair the well" in recap
    assert "Nobody can tell whether these marks came in time: Ben Ortega." in recap


def test_the_rehearsals_options_and_faults_are_all_there_are() -> None:
    options = {option for each in typer.main.get_group(app).commands["rehearse"].params for option in each.opts}
    assert set(first_column("docs/rehearse.md", "Option")) == options
    assert set(first_column("docs/rehearse.md", "Fault")) == FAULTS.keys()


@pytest.mark.parametrize("name", NAMES)
def test_every_proposal_and_default_that_is_shown_is_understood(name: str) -> None:
    for line in code(read(name)):
        typed = re.sub("@([a-z]+)", lambda found: mention(f"U{found[1].upper()}"), line)
        if typed.startswith("/propose ") and not re.search("[<…]", typed):
            assert isinstance(understand_proposal(typed.removeprefix("/propose ")), ProposeCommand), line
        if typed.startswith("/session defaults") and "…" not in typed:
            assert isinstance(understand_session(typed.removeprefix("/session ")), Defaults | ShowDefaults), line


@pytest.mark.parametrize("name", NAMES)
def test_every_way_to_set_emoji_that_is_shown_is_understood(name: str) -> None:
    for line in code(read(name)):
        if line.startswith("/session emoji") and "…" not in line:
            assert isinstance(understand_session(line.removeprefix("/session ")), SetEmoji | ShowEmoji), line


def test_the_emoji_that_record_are_those_of_the_page() -> None:
    told = {row[0]: tuple(re.findall("`([a-z_]+)`", row[3])) for row in rows("docs/record.md", "Entry")}
    assert [names for names in told.values() if names] == list(USUAL.values())
    typed = {tag for row in rows("docs/record.md", "Entry") for tag in re.findall("#([a-z]+)", row[2])}
    assert typed == {str(tag) for tag in KIND_OF} - {"parked"}  # the same as #park


@pytest.mark.parametrize("name", NAMES)
def test_every_session_and_topic_command_that_is_shown_is_understood(name: str) -> None:
    for line in code(read(name)):
        typed = re.sub("@([a-z]+)", lambda found: mention(f"U{found[1].upper()}"), line)
        if typed.startswith("/session ") and not re.search("[<[…]", typed):
            understood = understand_session(typed.removeprefix("/session "))
            only_named = len(typed.split()) == 2 and not isinstance(understood, UnknownSession)
            assert only_named or not isinstance(understood, SessionHelp | UnknownSession), line
        if typed.startswith("/topic ") and len(typed.split()) > 2 and not re.search("[<[…]", typed):
            assert not isinstance(understand_topic(typed.removeprefix("/topic ")), TopicHelp), line


def test_the_rules_are_all_there_are_and_need_what_the_page_says() -> None:
    named = set()
    for written, _, example, needs in rows("docs/votes.md", "Rule"):
        rule = parse_rule(written.strip("`"))
        assert rule is not None, written
        named.add((rule.name, rule.of))
        votes = re.fullmatch("([0-9]+) for, ([0-9]+) against(?:, roll of ([0-9]+))?", example)
        assert votes is not None, example
        assert rule.needs_roll is (votes[3] is not None), written
        assert rule.needs(int(votes[1]), int(votes[2]), votes[3] and int(votes[3])) == int(needs), written
    assert named == {(name, Base.CAST) for name in RuleName} | {(RuleName.SHARE, Base.ROLL)}


def test_the_states_of_a_vote_are_told_in_the_words_of_the_record() -> None:
    told = {ProposalState(row[0].strip("`")): row[2] for row in rows("docs/votes.md", "State")}
    assert told == {state: words for state, words in CAME_OUT.items() if state.is_over}


def test_the_times_of_a_vote_are_those_that_it_keeps() -> None:
    told = [row[1] for row in rows("docs/operate.md", "Moment")]
    assert told == [
        spelt(each)
        for each in (
            closing.STRAGGLERS,
            marked.HELD,
            marked.OPEN_AT_LEAST,
            explaining.TOLD_AFTER,
            reminders.APART,
            due.COUNTED_WITHIN,
            closing.SAY_DELAY_AFTER,
            closing.GIVE_UP_AFTER,
            closing.RESUME_WITHIN,
            comparing.LOOK_TWICE_AFTER,
            ROLL_WITHIN,
            outages.TOLERATED,
        )
    ]


def spelt(length: timedelta) -> str:
    """`1 hour` from an hour on, `2 minutes` from two on, `60 seconds`."""
    seconds = int(length.total_seconds())
    unit, size = ("hour", 3600) if seconds >= 3600 else ("minute", 60) if seconds > 60 else ("second", 1)
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def test_the_map_names_exactly_the_folders_of_the_tests_and_the_commands() -> None:
    folders = {f"tests/{path.name}/" for path in (ROOT / "tests").iterdir() if (path / "__init__.py").exists()}
    folders |= {f"tests/{path.parent.name}/" for path in (ROOT / "tests").glob("*/test_*.py")}
    assert {each for each in first_column("CONTRIBUTING.md", "Where") if each.endswith("/")} == folders
    listed = " ".join(row[1] for row in rows("CONTRIBUTING.md", "Module") if row[0] == "`bot/cli/`")
    assert {each.split()[-1] for each in re.findall("`([^`]+)`", listed)} == set(typer.main.get_group(app).commands)


def test_the_template_that_is_shown_makes_a_page(tmp_path: Path) -> None:
    (shown,) = fences("docs/operate.md", "jinja")
    (tmp_path / "own.md.j2").write_text(shown, encoding="utf-8")
    page = recap_markdown(full_record(), tmp_path / "own.md.j2").decode()
    assert page.startswith("# ")
    assert "Notes by" in page
