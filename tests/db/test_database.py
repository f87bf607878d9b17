"""The database on both kinds: migrations there and back, transactions that write, and what triggers keep."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.base import Base
from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.editions import Edition, File
from app.db.models.people import Person, Role
from app.db.schema import current_step, migrate, migrate_back, newest_step

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_migrations_lead_to_the_tables_of_the_models_and_back_and_forth_again(database: Database) -> None:
    assert current_step(database) == newest_step()
    migrate_back(database, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate(database)
    inspector = inspect(database.engine)
    for table in Base.metadata.tables.values():
        found = {column["name"] for column in inspector.get_columns(table.name)}
        assert found == {column.name for column in table.columns}, table.name


def test_work_is_undone_as_a_whole_when_it_fails(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        session.add(Person(email="a@example.org", name="A", created_at=NOW))
        session.flush()
        raise RuntimeError
    with database.reading() as session:
        assert session.query(Person).count() == 0


def test_a_moment_comes_back_in_utc(database: Database) -> None:
    with database.writing() as session:
        session.add(Person(email="a@example.org", name="A", created_at=NOW))
    with database.reading() as session:
        assert session.query(Person).one().created_at == NOW


def test_a_role_in_a_charter_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        person = Person(email="a@example.org", name="A", created_at=NOW)
        session.add(person)
        session.flush()
        session.add(Role(person_id=person.id, charter_id=99, role="member"))


def _edition(database: Database, state: str) -> None:
    with database.writing() as session:
        charter = Charter(key="peps", created_at=NOW)
        session.add_all([charter, File(hash="f" * 64, media_type="application/pdf", size=1, octets=b"x")])
        session.flush()
        session.add(
            Edition(
                charter_id=charter.id,
                key="2025-05",
                revision=1,
                label="May 2025",
                effective=date(2025, 5, 1),
                state=state,
                created_at=NOW,
                pdf_hash="f" * 64,
            )
        )


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE editions SET label = 'June 2025'",
        "UPDATE editions SET revision = 2",
        "UPDATE editions SET effective = '2025-06-01'",
        "UPDATE editions SET pdf_hash = NULL",
        "UPDATE editions SET state = 'draft'",
        "DELETE FROM editions",
        "UPDATE files SET size = 2",
        "DELETE FROM files",
    ],
)
@pytest.mark.parametrize("state", ["approved", "published", "withdrawn"])
def test_what_is_approved_cannot_be_changed_even_by_hand(database: Database, state: str, tampering: str) -> None:
    _edition(database, state)
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text(tampering))


def test_an_approved_edition_can_be_published_and_withdrawn(database: Database) -> None:
    _edition(database, "approved")
    for state in ("published", "withdrawn"):
        with database.writing() as session:
            session.execute(text(f"UPDATE editions SET state = '{state}'"))


def test_a_draft_edition_can_be_changed(database: Database) -> None:
    _edition(database, "draft")
    with database.writing() as session:
        session.execute(text("UPDATE editions SET label = 'June 2025'"))
