"""From every step that ever was to the newest: what earlier programs wrote is all there, and fits its records."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cli.installation import bring_to_newest_step, bring_up_to_date
from app.db.engine import Database
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.records import Record
from app.db.schema import current_step, known_steps, migrate_back, newest_step
from app.errors import Unavailable
from app.queries.verification import verify
from app.queries.whole_tables import plain_rows, tables_within
from app.services import backups
from app.services.backup_file import checked_manifest
from app.services.backups import restore_backup
from app.settings import Settings
from tests.support.earlier import EARLIER, WITH_EDITION, put_up
from tests.support.site import API, client

ROOT = Path(__file__).parents[2]
# What is quick is always tried; the rest belongs to make test-all.
STEPS = [step if step == "0001" else pytest.param(step, marks=pytest.mark.long) for step in EARLIER]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, once of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'engross.sqlite3'}")
        yield database
        database.close()
        return
    address = request.getfixturevalue("postgres_address")
    server = sa.create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE engross_upgraded")
    database = Database(f"{address}/engross_upgraded")
    yield database
    database.close()
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE engross_upgraded")
    server.dispose()


def rows(database: Database) -> dict[str, dict[str, list[object]]]:
    """What is in every table, by column."""
    with database.snapshot() as connection:
        found = {}
        for table in tables_within(connection):
            columns = list(zip(*plain_rows(connection, table), strict=True))
            found[table.name] = {
                column.name: list(columns[n]) if columns else [] for n, column in enumerate(table.columns)
            }
        return found


def test_there_are_databases_of_steps_that_are_known() -> None:
    # A new step is a reason to put a backup of what the program before it made into tests/db/earlier.
    assert [step for step in known_steps() if step in EARLIER] == list(EARLIER)


@pytest.mark.parametrize("step", STEPS)
def test_what_an_earlier_program_wrote_is_kept_to_the_byte_and_fits_its_records(
    empty: Database, step: str, tmp_path: Path
) -> None:
    put_up(empty, step)
    before, settings = rows(empty), Settings(data_dir=tmp_path, public_url="http://testserver")
    bring_to_newest_step(settings, empty)
    assert current_step(empty) == newest_step()
    after = rows(empty)
    for table, columns in before.items():
        for column, values in columns.items():
            assert after[table][column] == values, f"{table}.{column}"
    bring_up_to_date(empty)
    assert_noted_once(empty)
    reader = client(empty, tmp_path)
    assert "equal partners" in reader.get("/peps/working").text
    assert reader.get(f"{API}/proposals/3").json()["title"] == "Thanks"
    if step in WITH_EDITION:
        pdf = reader.get("/peps/editions/2026-11.pdf").content
        assert hashlib.sha256(pdf).hexdigest() in before["editions"]["pdf_hash"]
    (kept,) = (tmp_path / backups.FOLDER).iterdir()
    assert checked_manifest(kept).rows == checked_manifest(EARLIER[step]).rows


def assert_noted_once(database: Database) -> None:
    """What is not in the records of an earlier program is noted when a newer one takes over, and verified after it."""
    with database.reading() as session:
        noted = session.scalars(sa.select(Record.id).order_by(Record.id)).all()
        people = session.scalar(sa.select(sa.func.count()).select_from(Person))
        assert verify(session).faults == ()
        told = session.scalars(sa.select(Record.object).where(Record.act.in_(("note person", "note earlier words"))))
        assert len(set(told)) >= (people or 0) + 3
        assert session.scalars(sa.select(Proposal.number).where(Proposal.wording_hash == "")).all() == []
        open_ones = (ProposedChange.last_version.is_(None), ProposedChange.outcome == "pending")
        assert 0 not in session.scalars(sa.select(ProposedChange.fit_revision).where(*open_ones)).all()
    bring_up_to_date(database)
    with database.reading() as session:
        assert session.scalars(sa.select(Record.id).order_by(Record.id)).all() == noted
    for table, column, value in (("people", "email", "eve@example.org"), ("changes", "operation", "{}")):
        first = f"(SELECT min(id) FROM {table})"
        with database.engine.execution_options(engross_writes=True).connect() as connection:
            connection.execute(sa.text(f"UPDATE {table} SET {column} = :value WHERE id = {first}"), {"value": value})
            with Session(connection) as session:
                assert verify(session).faults, f"{table}.{column} of an earlier program"
            connection.rollback()


@pytest.mark.parametrize("step", STEPS)
def test_a_backup_of_every_earlier_step_is_restored_at_the_newest(empty: Database, step: str, tmp_path: Path) -> None:
    restore_backup(empty, tmp_path / "restored", EARLIER[step])
    bring_up_to_date(empty)
    assert current_step(empty) == newest_step()
    with empty.reading() as session:
        assert verify(session).faults == ()


@pytest.mark.long
def test_several_servers_that_start_at_once_migrate_once(empty: Database, tmp_path: Path) -> None:
    put_up(empty, "0002")
    environment = {**os.environ, "ENGROSS_DATABASE_URL": empty.url, "ENGROSS_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "app.cli", "migrate"]
    starting = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [one.communicate(timeout=300)[1] for one in starting]
    assert [one.returncode for one in starting] == [0, 0, 0], said
    assert current_step(empty) == newest_step()
    with empty.reading() as session:
        assert verify(session).faults == ()


def test_nothing_is_migrated_when_what_was_cannot_be_backed_up_before(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'engross.sqlite3'}")
    put_up(database, "0004")
    (tmp_path / backups.FOLDER).write_text("in the way")
    with pytest.raises(Unavailable, match=r"left at step 0004.*--no-backup"):
        bring_to_newest_step(Settings(data_dir=tmp_path), database)
    assert current_step(database) == "0004"
    bring_to_newest_step(Settings(data_dir=tmp_path), database, backup=False)
    assert current_step(database) == newest_step()
    database.close()


def test_a_step_back_that_cannot_hold_what_happened_is_refused_and_changes_nothing(empty: Database) -> None:
    put_up(empty, "0004")
    before = rows(empty)
    with pytest.raises(RuntimeError, match="Restore the backup"):
        migrate_back(empty, "0003")
    assert current_step(empty) == "0004"
    assert rows(empty) == before
