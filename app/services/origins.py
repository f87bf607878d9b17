"""Provenance, written down: with every revision the sources of the words in those blocks that it wrote."""

from contextlib import suppress

from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.origins import Origins
from app.errors import EngrossError
from app.queries.charters import charter_row, charter_rows
from app.queries.lineage import as_stored, written_in

# So many revisions are caught up with in one transaction, so that a long history does not keep others from writing.
_AT_ONCE = 100


def keep_origins(session: Session, charter: Charter, *, up_to: int | None = None) -> None:
    """Write down where words come from, up to the newest revision or to ``up_to``.

    Mostly that is one revision, and what it costs is that of the blocks it touched. What an earlier version of the
    program left out is caught up with, from the first revision that is missing.
    """
    last = charter.head if up_to is None else min(up_to, charter.head)
    for number in range(charter.origins_up_to + 1, last + 1):
        for block, spans in sorted(written_in(session, charter, number).items()):
            session.add(Origins(charter_id=charter.id, block_id=block, revision=number, spans=as_stored(spans)))
        charter.origins_up_to = number
        session.flush()


def catch_up(database: Database) -> None:
    """Write down what is missing for all charters of an older installation; where nothing is, one question is asked.

    A charter whose stored texts are broken is left as it is: `engross verify` names what is wrong with it.
    """
    with database.reading() as session:
        behind = [(c.key, c.origins_up_to, c.head) for c in charter_rows(session) if c.origins_up_to < c.head]
    for key, start, head in behind:
        with suppress(EngrossError, KeyError, ValueError, TypeError):
            for up_to in range(start + _AT_ONCE, head + _AT_ONCE, _AT_ONCE):
                with database.writing() as session:
                    keep_origins(session, charter_row(session, key, lock=True), up_to=up_to)
