"""The doctor: each part of machine and installation in a line of words, with what to do, and an exit that says it."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app import clock
from app.cli import doctor as doctor_module
from app.cli.doctor import State, examine
from app.db.engine import Database
from app.db.models.notices import OutboxMail
from app.queries.keys import current_key_row
from app.services import keys
from app.services.backups import LAST, note_backup, write_backup
from app.settings import Settings
from app.signing import new_pair
from tests.cli.conftest import Run
from tests.support.earlier import put_up

PUBLIC = "https://charter.example.org"


@pytest.fixture(autouse=True)
def _printing_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # It starts a process each time; what it says has tests of its own.
    monkeypatch.setattr(doctor_module, "printing_checks", lambda: ())


@pytest.fixture
def well(sqlite_database: Database, tmp_path: Path) -> Settings:
    """An installation that lacks nothing but a mail server."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    Path(sqlite_database.engine.url.database or "").chmod(0o600)
    with sqlite_database.writing() as session:
        keys.key_pair(session, now=clock.now())
    note_backup(home, write_backup(sqlite_database, home, tmp_path / "all.engross", now=clock.now()))
    return Settings(data_dir=home, public_url=PUBLIC)


def found(settings: Settings, database: Database) -> dict[str, tuple[State, str]]:
    return {one.name: (one.state, one.words) for one in examine(settings, database)}


@pytest.mark.sqlite_itself
def test_what_lacks_nothing_is_ok_in_every_line(well: Settings, sqlite_database: Database) -> None:
    states = {name: state for name, (state, _) in found(well, sqlite_database).items()}
    assert states.pop("disk") in (State.OK, State.LOOK)
    assert states.pop("mail") is State.DO
    assert set(states.values()) == {State.OK}
    assert set(states) == {
        "data folder",
        "database",
        "database file",
        "public address",
        "clock",
        "search",
        "signing key",
        "outbox",
        "backup",
    }


def test_who_only_tries_it_out_is_not_told_to_do_what_only_others_need(
    engross: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENGROSS_PUBLIC_URL")
    assert engross("user", "list").code == 0
    told = json.loads(engross("doctor", "--json").out)
    assert [one["name"] for one in told["checks"] if one["state"] == "look" and one["name"] != "disk"] == [
        "public address",
        "mail",
        "backup",
    ]
    assert told["findings"] == []
    assert "Nothing is missing." in engross("doctor").out


def test_each_thing_to_do_makes_the_exit_1(engross: Run) -> None:
    assert engross("user", "list").code == 0
    ended = engross("doctor")
    assert ended.code == 1
    assert "is not https" in ended.out
    assert "ENGROSS_SMTP_URL" in ended.out


@pytest.mark.sqlite_itself
def test_a_folder_others_can_write_and_a_database_others_can_read_are_named(
    well: Settings, sqlite_database: Database
) -> None:
    file = Path(sqlite_database.engine.url.database or "")
    well.data_dir.chmod(0o777)
    file.chmod(0o644)
    told = found(well, sqlite_database)
    assert told["data folder"] == (
        State.DO,
        f"Others on this machine can write into {well.data_dir}: chmod 700 {well.data_dir}",
    )
    assert f"chmod 600 {file}" in told["database file"][1]
    well.data_dir.chmod(0o755)
    assert found(well, sqlite_database)["data folder"][0] is State.LOOK


def test_a_full_disk_is_named(well: Settings, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(well.data_dir)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    assert found(well, sqlite_database)["disk"][0] is State.DO


@pytest.mark.parametrize(("last", "state"), [(6, State.OK), (8, State.DO), (None, State.DO)])
def test_an_old_backup_or_none_is_named(
    well: Settings, sqlite_database: Database, last: int | None, state: State
) -> None:
    if last is None:
        (well.data_dir / LAST).unlink()
    else:
        at = (clock.now() - timedelta(days=last)).isoformat()
        (well.data_dir / LAST).write_text(json.dumps({"made_at": at}))
    assert found(well, sqlite_database)["backup"][0] is state


def test_a_clock_that_is_behind_what_was_recorded_is_named(
    well: Settings, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    state, words = found(well, sqlite_database)["clock"]
    assert state is State.DO
    assert "NTP" in words


def test_a_key_that_is_missing_or_of_two_halves_is_named(well: Settings, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        row = current_key_row(session)
        assert row is not None
        row.secret = new_pair().secret
    assert "do not belong together" in found(well, sqlite_database)["signing key"][1]
    with sqlite_database.writing() as session:
        session.execute(text("DELETE FROM signing_keys"))
    assert found(well, sqlite_database)["signing key"][0] is State.DO


def test_mails_that_are_stuck_are_counted_with_the_reason(well: Settings, sqlite_database: Database) -> None:
    now = clock.now()
    mail = {"to_address": "a@example.org", "subject": "", "text": "", "html": "", "due_at": now}
    with sqlite_database.writing() as session:
        session.add(OutboxMail(**mail, key="new", created_at=now))
    assert found(well, sqlite_database)["outbox"] == (State.OK, "1 mails wait")
    with sqlite_database.writing() as session:
        session.add(OutboxMail(**mail, key="old", created_at=now - timedelta(hours=2), last_error="no route to it"))
    state, words = found(well, sqlite_database)["outbox"]
    assert state is State.DO
    assert words.startswith("1 mails have waited for over an hour")
    assert words.endswith("no route to it")


def test_whom_mails_do_not_reach_is_named(well: Settings, sqlite_database: Database) -> None:
    now = clock.now()
    mail = {"subject": "", "text": "", "html": "", "due_at": now, "created_at": now}
    gone = {**mail, "given_up_at": now, "attempts": 1}
    with sqlite_database.writing() as session:
        session.add(OutboxMail(**gone, key="1", to_address="gone@example.org", last_error="550 nobody here"))
        session.add(OutboxMail(**gone, key="2", to_address="back@example.org", last_error="550 full"))
        session.add(OutboxMail(**mail, key="3", to_address="back@example.org", sent_at=now))
        unwanted = {**gone, "attempts": 0, "last_error": "They turned mails off."}
        session.add(OutboxMail(**unwanted, key="4", to_address="off@example.org"))
    state, words = found(well, sqlite_database)["outbox"]
    assert state is State.LOOK
    assert "2 were given up within the last week. Mails do not reach gone@example.org (550 nobody here): ask" in words
    assert "back@" not in words
    assert "off@" not in words


def test_a_database_at_an_earlier_step_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'engross.sqlite3'}")
    put_up(database, "0003")
    told = found(Settings(data_dir=tmp_path, public_url=PUBLIC), database)
    assert told["database"][0] is State.DO
    assert "engross migrate" in told["database"][1]
    database.close()
