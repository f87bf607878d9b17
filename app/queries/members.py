"""The people of a charter by name, as they may know of each other; addresses are for those who manage members."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person, Role
from app.rules import permissions


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody with a role in a charter. ``advises``: the governors named them to recommend.

    ``email`` is for those who manage the members of the charter, and for nobody else.
    """

    id: int
    name: str
    role: str
    advises: bool
    email: str


def members(session: Session, charter: Charter) -> Sequence[MemberView]:
    """Everybody with a role in the charter, by name."""
    rows = session.execute(
        select(Person.id, Person.name, Role.role, Role.advises, Person.email)
        .join(Role, Role.person_id == Person.id)
        .where(Role.charter_id == charter.id, Person.removed_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return [MemberView(*row) for row in rows]


def member(session: Session, charter: Charter, person: int) -> MemberView | None:
    """One of them by id; None for somebody without a role."""
    row = session.execute(
        select(Person.id, Person.name, Role.role, Role.advises, Person.email)
        .join(Role, Role.person_id == Person.id)
        .where(Role.charter_id == charter.id, Person.id == person, Person.removed_at.is_(None))
    ).first()
    return None if row is None else MemberView(*row)


def role_row(session: Session, charter: Charter, person: int) -> Role | None:
    """The row of somebody's role in the charter, by the person's id; None without a role."""
    return session.scalar(
        select(Role)
        .join(Person, Person.id == Role.person_id)
        .where(Role.charter_id == charter.id, Role.person_id == person, Person.removed_at.is_(None))
    )


def governor_count(session: Session, charter: Charter) -> int:
    """How many governors the charter has."""
    query = (
        select(func.count())
        .select_from(Role)
        .join(Person, Person.id == Role.person_id)
        .where(Role.charter_id == charter.id, Role.role == permissions.Role.GOVERNOR, Person.removed_at.is_(None))
    )
    return session.scalar(query) or 0
