"""What people are called in a charter: by their name, or not by name once they left, as the charter's setting says."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, case, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.db.models.charters import Charter
from app.db.models.people import Departure, Person
from app.rules.former import FORMER_MEMBER, Former

# Made once: an alias works its columns out anew each time it is made, which took a tenth of a request.
_LEFT = aliased(Charter)
AUTHOR, DECIDER = aliased(Person), aliased(Person)
"""Two people in one question: who proposed and who decided."""


def shown_name(charter: int | InstrumentedAttribute[int], person: type[Person] = Person) -> ColumnElement[str]:
    """In SQL: the name of a person as it is shown in a charter (its row id, or the column that holds it).

    NULL where there is no person. ``person`` is another alias of the table, where a question names two people.
    """
    left = exists(
        select(Departure.id)
        .join(_LEFT, _LEFT.id == Departure.charter_id)
        .where(
            Departure.person_id == person.id, Departure.charter_id == charter, _LEFT.former_members == Former.UNNAMED
        )
    )
    return case((left, FORMER_MEMBER), else_=person.name)


def names(session: Session, charter: int, ids: Collection[int]) -> dict[int, str]:
    """The names of people by id, as they are shown in that charter."""
    if not ids:
        return {}
    rows = session.execute(select(Person.id, shown_name(charter).label("name")).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def name_of(session: Session, charter: int, person: int | None) -> str | None:
    """What one person is called in that charter."""
    return None if person is None else session.scalar(select(shown_name(charter)).where(Person.id == person))
