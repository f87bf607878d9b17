"""The house rules that a machine can hold: imports point down, and each kind of line stands in its room."""

import ast
import logging
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"


def sources() -> Iterator[Path]:
    for path in sorted(APP.rglob("*.py")):
        if "node_modules" not in path.parts and "_bundled" not in path.parts:
            yield path


def test_imports_point_down_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # It sets up logging of its own, which silences every logger there was: later tests look at ours.
    heard = {name: one.disabled for name, one in logging.root.manager.loggerDict.items() if hasattr(one, "disabled")}
    try:
        assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
    finally:
        for name, disabled in heard.items():
            logging.getLogger(name).disabled = disabled


def calls_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every call as its last name, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node.lineno


@cache
def calls_of(path: Path) -> tuple[tuple[str, int], ...]:
    """The calls of one file, read once."""
    return tuple(calls_in(ast.parse(path.read_text())))


@pytest.mark.parametrize(
    ("call", "rooms"),
    [
        ("commit", ["app/db/engine.py"]),
        ("select", ["app/queries/", "app/services/"]),
        # FastAPI takes any other error while a body is read for a body that cannot be parsed.
        ("HTTPException", ["app/security.py"]),
        ("Environment", ["app/render/"]),
        ("write_pdf", ["app/render/"]),
        ("getenv", []),
    ],
)
def test_each_kind_of_call_stands_in_its_room(call: str, rooms: list[str]) -> None:
    strays = []
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        if any(place.startswith(room) for room in rooms):
            continue
        strays += [f"{place}:{line}" for name, line in calls_of(path) if name == call]
    assert strays == []


def test_names_are_shown_as_the_charter_says() -> None:
    """Whoever left may not be named any more; where a name is read past `app.queries.naming` nobody can have left."""
    free = {"naming.py", "members.py", "threads.py", "people.py", "edition_records.py"}
    told = {p.name for p in (APP / "queries").glob("*.py") if re.search(r"\bPerson\.name\b", p.read_text())}
    assert told <= free


def test_only_the_settings_read_the_environment() -> None:
    readers = {p.relative_to(ROOT).as_posix() for p in sources() if re.search(r"os\.environ|getenv", p.read_text())}
    assert readers <= {"app/settings.py"}


def test_no_file_outgrows_four_hundred_lines() -> None:
    long = {p.relative_to(ROOT).as_posix(): n for p in sources() if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_every_module_says_what_it_owns() -> None:
    silent = [p.relative_to(ROOT).as_posix() for p in sources() if not ast.get_docstring(ast.parse(p.read_text()))]
    assert silent == []


def test_every_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    all_of_them = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    declared = {re.split(r"[\[<>=~! ;]", d)[0].lower().replace("_", "-") for d in all_of_them}
    owners = packages_distributions()
    stray = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top in sys.stdlib_module_names or top == "app":
                    continue
                if not {o.lower().replace("_", "-") for o in owners.get(top, [top])} & declared:
                    stray.add(f"{path.relative_to(ROOT)}: {name}")
    assert stray == set()


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    reasons = (ROOT / "docs" / "dependencies.md").read_text()
    for dependency in project["dependencies"]:
        assert re.split(r"[<>=~! ;]", dependency)[0] in reasons, dependency
