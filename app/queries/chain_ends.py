"""Where the chains of records end that say what a charter looks like to everybody."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.records import Record

INSTALLATION = "installation"


def chain_ends(session: Session, charter: str) -> tuple[str | None, str | None]:
    """The hashes of the newest records of a charter, by its key, and of the installation; None for an empty chain."""
    ends = [
        select(Record.hash).where(Record.chain == chain).order_by(Record.number.desc()).limit(1).scalar_subquery()
        for chain in (charter, INSTALLATION)
    ]
    of_charter, of_installation = session.execute(select(*ends)).one()
    return of_charter, of_installation
