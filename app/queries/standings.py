"""How many proposals stand at once: who supports and who objects, for a whole page of a list in two questions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person, Role
from app.db.models.reviews import Review
from app.queries.reviews import Positions
from app.rules.majorities import Tally, tally


@dataclass(frozen=True, slots=True)
class Standings:
    """The positions on some proposals, by their row ids."""

    members: int
    positions: Mapping[int, Positions] = field(default_factory=dict)

    def on(self, proposal: int, change: int) -> Tally:
        """The count on one change: what somebody said of the change itself goes before the whole proposal."""
        found = self.positions.get(proposal)
        return tally(found.on(change) if found is not None else [], self.members)


def standings(session: Session, charter: Charter, proposals: Collection[int]) -> Standings:
    """How these proposals (row ids) stand; the newest position of each person with a role counts."""
    roles = session.execute(
        select(Role.person_id, Person.removed_at.is_(None))
        .join(Person, Person.id == Role.person_id)
        .where(Role.charter_id == charter.id)
    ).all()
    entitled = {person for person, _ in roles}
    taken: dict[int, dict[tuple[int, int | None], str]] = {}
    rows = session.execute(
        select(Review.proposal_id, Review.person_id, Review.change_number, Review.position)
        .where(Review.proposal_id.in_(sorted(proposals)))
        .order_by(Review.id)
    )
    for proposal, person, change, position in rows:
        if person in entitled:
            taken.setdefault(proposal, {})[person, change] = position
    return Standings(sum(there for _, there in roles), {id: Positions(said) for id, said in taken.items()})
