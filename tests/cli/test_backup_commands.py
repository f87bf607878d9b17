"""Backup and restore as the shell runs them: what they say, and how they end."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def with_people(engross: Run) -> Run:
    """An installation with one person."""
    assert engross("user", "add", "mara@example.org", "--name", "Mara").code == 0
    return engross


def test_a_backup_is_made_looked_at_and_restored_elsewhere(
    with_people: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engross, file = with_people, tmp_path / "all.engross"
    ended = engross("backup", file)
    assert (ended.code, ended.err) == (0, "")
    assert "1 people" in ended.out
    assert "signing key" in ended.out
    assert "is whole" in engross("restore", "--check", file).out
    monkeypatch.setenv("ENGROSS_DATA_DIR", str(tmp_path / "new"))
    ended = engross("restore", file)
    assert (ended.code, ended.err) == (0, "")
    assert "mara@example.org" in engross("user", "list").out
    assert engross("verify").code == 0
    again = engross("restore", file)
    assert again.code == 1
    assert "ENGROSS_DATA_DIR" in again.err


def test_a_folder_of_backups_keeps_the_newest_and_every_other_file(with_people: Run, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    old = [folder / f"engross-2026-01-0{n}T000000Z.engross" for n in (1, 2, 3)]
    assert with_people("backup", old[0]).code == 0
    for one in old[1:]:
        one.write_bytes(old[0].read_bytes())
    (folder / "engross-2025-01-01T000000Z.engross").write_text("somebody's notes")
    told = json.loads(with_people("backup", folder, "--keep", "2", "--json").out)
    assert told["removed"] == [str(old[0]), str(old[1])]
    assert told["rows"]["people"] == 1
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        ["engross-2025-01-01T000000Z.engross", old[2].name, Path(told["file"]).name]
    )


def test_a_folder_that_is_not_there_is_no_file_of_that_name(with_people: Run, tmp_path: Path) -> None:
    ended = with_people("backup", f"{tmp_path}/missing/")
    assert ended.code == 1
    assert "mkdir -m 700" in ended.err
    assert not (tmp_path / "missing").exists()


def test_what_cannot_be_done_is_said(engross: Run, tmp_path: Path) -> None:
    ended = engross("backup", tmp_path / "none.engross")
    assert ended.code == 1
    assert "nothing here to back up" in ended.err
    assert engross("backup", tmp_path / "none.engross", "--keep", "2").code == 2
    (tmp_path / "other").write_text("words")
    assert "is no backup" in engross("restore", tmp_path / "other").err
    assert engross("restore", tmp_path / "missing").code == 2
