"""How people chose to be told, held against the records of their choosing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.notices import NoticeChoice
from app.db.models.records import Record
from app.rules.notices import ListChoice, MailChoice


def audit_choices(session: Session, faults: list[str]) -> None:
    """Name every choice that is not the one that was recorded last; who never chose is told in every way."""
    said: dict[str, str] = {}
    for object, after in session.execute(
        select(Record.object, Record.after)
        .where(Record.chain == "installation", Record.act == "choose notices")
        .order_by(Record.number)
    ):
        said[object] = after
    stored = {f"person {row.person_id}": f"{row.mail}, {row.listing}" for row in session.scalars(select(NoticeChoice))}
    every_way = f"{MailChoice.AT_ONCE}, {ListChoice.SHOWN}"
    for person in sorted(said.keys() | stored.keys()):
        if stored.get(person, every_way) != said.get(person, every_way):
            faults.append(f"How {person} is told: it is not what they chose by the records.")
