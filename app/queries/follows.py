"""Who follows a thing, and who does not want to hear of it."""

from collections.abc import Collection, Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person, Role
from app.db.models.threads import Follow
from app.rules import permissions
from app.rules.notices import Following

_MOST = 500


def followers(session: Session, charter: Charter, object: str) -> set[int]:
    """The people who follow a thing, by id; ``object`` names it as records do: "thread 4", "proposal 12"."""
    return set(session.scalars(_modes(charter, object, Following.FOLLOWING)))


def followers_of(session: Session, charter: Charter, objects: Collection[str]) -> dict[str, set[int]]:
    """The people who follow each of these things, by id; a thing that nobody follows is there too."""
    found: dict[str, set[int]] = {object: set() for object in objects}
    for person, object in _all_modes(session, charter, objects, Following.FOLLOWING):
        found[object].add(person)
    return found


def muting(session: Session, charter: Charter, objects: Collection[str]) -> set[tuple[int, str]]:
    """Who does not want to hear of which of these things."""
    return set(_all_modes(session, charter, objects, Following.MUTED))


def muted_by(session: Session, charter: Charter, object: str) -> set[int]:
    """The people who do not want to hear of a thing, by id."""
    return set(session.scalars(_modes(charter, object, Following.MUTED)))


def following(session: Session, charter: Charter, person: int, object: str) -> str | None:
    """How somebody stands to a thing: following, muted, or None for neither."""
    return session.scalar(
        select(Follow.mode).where(Follow.person_id == person, Follow.charter_id == charter.id, Follow.object == object)
    )


def people_with_role(session: Session, charter: Charter, *roles: str) -> set[int]:
    """The people who have one of these roles in the charter (any role, if none is named), by id."""
    wanted = roles or tuple(permissions.Role)
    query = (
        select(Role.person_id)
        .join(Person, Person.id == Role.person_id)
        .where(Role.charter_id == charter.id, Role.role.in_(wanted), Person.removed_at.is_(None))
    )
    return set(session.scalars(query))


def _modes(charter: Charter, object: str, mode: str) -> Select[int]:
    return select(Follow.person_id).where(Follow.charter_id == charter.id, Follow.object == object, Follow.mode == mode)


def _all_modes(session: Session, charter: Charter, objects: Collection[str], mode: str) -> Iterator[tuple[int, str]]:
    wanted = sorted(objects)
    # Databases take a limited number of values in one question.
    for start in range(0, len(wanted), _MOST):
        query = select(Follow.person_id, Follow.object).where(
            Follow.charter_id == charter.id, Follow.object.in_(wanted[start : start + _MOST]), Follow.mode == mode
        )
        yield from ((person, object) for person, object in session.execute(query))
