"""The rules of the house (CONTRIBUTING.md): what may import what, how long a file may be, and what stays out of it."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest

from bot.command_names import COMMANDS

ROOT = Path(__file__).parents[1]
PACKAGES = ("minutes", "storage", "bot", "rehearsal")
LONGEST_FILE = 330
LONGEST_FUNCTION = 45
TABLES_AND_LISTS = {"storage/schema.py", "rehearsal/emoji_names.py"}
TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".html", ".css", ".js", ".mako", ".j2", ".json", ""}


def tracked() -> list[Path]:
    """What is in the repository, and what is about to be; everything, where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        hidden = {".venv", ".git", "__pycache__"}
        return [path for path in ROOT.rglob("*") if path.is_file() and not hidden & set(path.relative_to(ROOT).parts)]
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")) if path.stat().st_size]


@pytest.mark.parametrize("path", sources(*PACKAGES, "tests"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert said, "a module begins with a sentence on what the room is for"
    assert said.split("\n\n")[0].rstrip().endswith((".", "?", "!", ":")), said


def test_no_file_grows_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources(*PACKAGES)}

    made = {name for name in lengths if name.startswith("storage/migrations/versions/")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}.keys() <= made


def test_no_function_grows_too_long_to_read() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources(*PACKAGES)
        if "versions" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno > LONGEST_FUNCTION
    ]

    assert long == []


def test_imports_go_down_only() -> None:
    """The contracts in pyproject.toml, checked by import-linter."""
    lint = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_code_of_ours_asks_the_machine_for_the_time() -> None:
    """There is one clock (bot/clock.py); the command line, which no clock reaches, and APScheduler's own are apart."""
    by_hand = {f"bot/cli/{name}.py" for name in ("reading", "checking", "forgetting", "keys")}
    allowed = {"bot/clock.py", "bot/scheduler.py"} | by_hand
    asks = re.compile(r"datetime\.now\(|datetime\.utcnow\(|time\.time\(|date\.today\(")

    found = {
        str(path.relative_to(ROOT))
        for path in sources("minutes", "storage", "bot")
        if asks.search(path.read_text(encoding="utf-8"))
    }
    assert found <= allowed


def test_nothing_of_a_machine_or_a_registry_is_in_the_repository() -> None:
    """No paths of somebody's home, no addresses of package registries or mirrors, no tokens."""
    forbidden = re.compile(
        "|".join(
            (
                r"/ho" + r"me/\w+",
                r"/ro" + r"ot/",
                r"/wo" + r"rk/",
                r"/Us" + r"ers/\w+",
                r"files\.python" + r"hosted\.org",
                r"pypi" + r"\.org/simple",
                r"--(extra-)?index" + r"-url",
                r"xox[bap]-\d{8,}",
                r"xapp-\d-",
            )
        )
    )
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in tracked()
        if path.suffix in TEXT and (hit := forbidden.search(path.read_text(encoding="utf-8", errors="replace")))
    ]

    assert found == []


def test_the_versions_that_were_tested_cover_every_dependency_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(each for group in project["optional-dependencies"].values() for each in group),
    ]

    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
    missing = {_plain(each) for each in wanted} - {_plain(line) for line in lines} - {"folkmoot"}
    assert missing == set()


def test_what_the_dependencies_need_is_pinned_as_well() -> None:
    pinned = {_plain(line) for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()}
    here = {"slack-bolt", "aiohttp", "sqlalchemy", "alembic", "apscheduler", "typer", "dateparser", "jinja2"}

    needed = {_plain(each) for name in here for each in requires(name) or () if ";" not in each}
    assert needed <= pinned


def test_every_lint_exception_has_its_reason_beside_it() -> None:
    for section in ("ignore", "per-file-ignores"):
        block = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition(f"{section}")[2].partition("\n\n")[0]
        assert "#" in block, section


def test_the_procfile_listens_where_a_platform_can_reach_it() -> None:
    assert "HOST=0.0.0.0" in (ROOT / "Procfile").read_text(encoding="utf-8")
    assert os.access(ROOT / "Procfile", os.R_OK)


def test_a_sentence_of_ours_names_a_command_in_backticks_and_by_its_default_name() -> None:
    """Only so can it be drawn with the name in force (`with_code` in bot/render/pieces.py)."""
    bare = re.compile(rf"(?<!`)(?<![\w-])/(?:{'|'.join(COMMANDS)})\b")
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("minutes", "bot")
        if path.name != "command_names.py"
        for node in ast.walk(_without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and bare.search(node.value)
    ]

    assert found == []


def test_words_of_somebodys_are_handed_to_a_refusal_and_not_written_into_it() -> None:
    """What stands in its words is read as ours: a title with a command in backticks would be drawn by another name."""
    theirs = re.compile(r"\.title\b|\.text\b|\bvisit\.(name|shown)\(|\bnames?\[")
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("minutes", "bot")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refusal" and node.args
        for part in ast.walk(node.args[0])
        if isinstance(part, ast.FormattedValue) and theirs.search(ast.unparse(part.value))
    ]

    assert found == []


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_text(each)]  # type: ignore[attr-defined]
    return tree


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")
