"""The docs and the product say the same: every setting and command is documented, and none that is not there."""

import re
from dataclasses import fields
from pathlib import Path

import click

from app.cli.root import engross
from app.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATION = (ROOT / "docs" / "operation.md").read_text()


def test_every_setting_is_documented_and_no_other() -> None:
    there = {f"ENGROSS_{field.name.upper()}" for field in fields(Settings)}
    told = set(re.findall(r"ENGROSS_[A-Z_]+", OPERATION))
    assert told == there


def test_every_command_is_documented_and_no_other() -> None:
    told = {name for row in re.findall(r"^\| `engross ([^`]+)`", OPERATION, re.M) for name in [row.split()[0]]}
    assert told == set(engross.commands)


def test_every_option_of_a_command_has_help_or_speaks_for_itself() -> None:
    def walk(command: click.Command) -> None:
        assert command.help, command.name
        if isinstance(command, click.Group):
            for part in command.commands.values():
                walk(part)

    walk(engross)


def test_the_repository_names_no_registry_and_no_path_of_a_machine() -> None:
    for name in (
        "Makefile",
        "Dockerfile",
        "pyproject.toml",
        ".ci/run",
        *(f"requirements/{n}.txt" for n in ("run", "test")),
    ):
        text = (ROOT / name).read_text()
        assert "index-url" not in text.replace("--no-emit-index-url", ""), name
        assert not re.search(r"https?://(?!127\.0\.0\.1)", text.replace("# syntax=docker", "")), name


def test_every_test_that_the_page_of_security_names_is_there() -> None:
    named = re.findall(r"`(tests/[a-z_/]+\.py)(?:::(test_\w+))?`", (ROOT / "docs" / "security.md").read_text())
    assert len(named) > 50
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text() if name else (ROOT / path).is_file(), (path, name)


def test_links_in_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if not target.startswith(("http", "annexe:", "mailto:")):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
