"""What keeps a command from its work on this machine is said in a sentence, and nothing was done before it."""

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.resources import charter_sources
from tests.cli.conftest import Run

PEPS = charter_sources() / "peps"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", ["start", "serve"])
def test_a_port_that_is_taken_is_named_before_anything_is_done(
    engross: Run, tmp_path: Path, taken_port: int, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("ENGROSS_PORT", str(taken_port))
    ended = engross(command)
    assert ended.code == 1
    assert f"127.0.0.1:{taken_port} is taken" in ended.err
    assert "ENGROSS_PORT" in ended.err
    assert "sign-in" not in ended.err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["192.0.2.7", "bad host", "x" * 80])
def test_an_address_this_machine_does_not_have_is_named(
    engross: Run, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("ENGROSS_HOST", host)
    ended = engross("serve")
    assert ended.code == 1
    assert "ENGROSS_HOST" in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    "address",
    [
        "gibberish",
        "mysql://somewhere/engross",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///%00",
        "postgresql+psycopg://me:secret@here:port/name",
        "postgresql+psycopg://me:secret@127.0.0.1:1/name",
    ],
)
def test_a_database_that_cannot_be_named_so_or_does_not_answer_is_told_in_one_line(
    engross: Run, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("ENGROSS_DATABASE_URL", address)
    for command in ("verify", "doctor", "migrate"):
        ended = engross(command)
        assert (ended.code, ended.out) == (1, ""), command
        assert "ENGROSS_DATABASE_URL" in ended.err
        assert len(ended.err.splitlines()) == 1
        assert "secret" not in ended.err


def test_a_data_folder_that_cannot_be_one_is_named(
    engross: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ENGROSS_DATA_DIR", str(tmp_path / "file" / "data"))
    ended = engross("verify")
    assert ended.code == 1
    assert "ENGROSS_DATA_DIR" in ended.err


def test_a_database_of_a_newer_program_is_left_alone(engross: Run, tmp_path: Path) -> None:
    assert engross("import", PEPS).code == 0
    with sqlite3.connect(tmp_path / "data" / "engross.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in ("verify", "migrate", "serve", "doctor"):
        ended = engross(command)
        assert ended.code == 1, command
        assert "newer version" in ended.out + ended.err, command


@pytest.mark.parametrize("address", ["http://", "http://a b", "ftp://x", "https:///path"])
def test_a_public_address_that_is_none_is_refused(engross: Run, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("ENGROSS_PUBLIC_URL", address)
    ended = engross("user", "list")
    assert ended.code == 1
    assert "ENGROSS_PUBLIC_URL" in ended.err
