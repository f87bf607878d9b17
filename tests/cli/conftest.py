"""The command line, run in this process over a data folder of its own."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.root import main


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def engross(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command as the shell would."""
    monkeypatch.setenv("ENGROSS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ENGROSS_PUBLIC_URL", "http://charter.example.org")

    def run(*words: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["engross", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capfd.readouterr()
        return Ended(code, said.out, said.err)

    return run
