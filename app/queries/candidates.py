"""Which rows a search has to look at: by the index of the database few, or (None) all, the newest first.

What is rare is found by the index. What stands in very many rows is found by reading from the newest row on, and soon
there is a page full. So what a search costs hardly grows with what a charter holds.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, column, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.finding import INDEXED, has_index
from app.db.models.proposals import ProposalVersion, ProposedChange
from app.db.models.threads import ThreadComment

MANY = 400
"""A word that more rows have is no rare one."""

_ENOUGH = 20
"""So few candidates are compared sooner than the index is asked for another word."""

_SHORTEST = 3
"""The index knows of so many characters together; what is shorter is looked for by reading."""


def holds(folded: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """The condition in SQL: the word stands there. What acts in a pattern is taken as the sign it is."""
    return folded.contains(word, autoescape=True)


def comments_with(session: Session, words: Sequence[str]) -> set[int] | None:
    """The comments, by row id, outside which none holds all these words; None if there are too many to name."""
    long = _long(words)
    if not long or not _quick(session):
        return None
    return _few(session, _rows(session, ThreadComment.id, ThreadComment.folded, long))


def proposals_with(session: Session, words: Sequence[str]) -> set[int] | None:
    """The proposals, by row id, outside which none holds all these words; None if there are too many to name.

    They may hold them in earlier versions alone: whoever asks compares what stands in them now.
    """
    if not _quick(session):
        return None
    found: set[int] | None = None
    for word in sorted(_long(words), key=len, reverse=True):
        have: set[int] = set()
        for of, id, folded in (
            (ProposalVersion.proposal_id, ProposalVersion.id, ProposalVersion.folded),
            (ProposedChange.proposal_id, ProposedChange.id, ProposedChange.folded),
        ):
            rows = _few(session, _rows(session, id, folded, [word]))
            if rows is None:
                break
            have |= set(session.scalars(select(of).where(id.in_(rows)))) if rows else set()
        else:
            found = have if found is None else found & have
        if found is not None and len(found) <= _ENOUGH:
            break
    return found


def _long(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= _SHORTEST]


def _quick(session: Session) -> bool:
    """Whether asking for candidates is worth it: a SQLite without the index would be read through twice."""
    return session.get_bind().dialect.name != "sqlite" or has_index(session.connection())


def _rows(
    session: Session, id: InstrumentedAttribute[int], folded: InstrumentedAttribute[str], words: Sequence[str]
) -> Select[int]:
    """The rows in which all these words stand, as the index of this database is asked for them."""
    if session.get_bind().dialect.name != "sqlite":
        return select(id).where(and_(*(holds(folded, word) for word in words)))
    name = INDEXED[id.class_.__tablename__]
    index = table(name, column("rowid"))
    phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
    return select(index.c.rowid).where(column(name).op("MATCH")(phrases))


def _few(session: Session, query: Select[int]) -> set[int] | None:
    found = session.scalars(query.limit(MANY + 1)).all()
    return None if len(found) > MANY else set(found)
