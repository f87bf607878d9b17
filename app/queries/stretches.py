"""A stretch of a long list that runs from the highest number down, reached from either side; and how long it is."""

from typing import TypeVar, TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

MOST_COUNTED = 1_000
"""Lists are counted up to here: to count more would cost more than it tells."""


def stretch(
    query: Select[*Ts], key: InstrumentedAttribute[int], *, below: int | None, above: int | None, limit: int
) -> Select[*Ts]:
    """The rows with keys below that one, from the highest; or those nearest above that one, from the lowest."""
    if above is not None:
        return query.where(key > above).order_by(key.asc()).limit(limit)
    if below is not None:
        query = query.where(key < below)
    return query.order_by(key.desc()).limit(limit)


def downwards(found: list[T], above: int | None) -> list[T]:
    """What such a question found, from the highest key down."""
    return found if above is None else found[::-1]


def length(session: Session, ids: Select[int]) -> int:
    """How many rows there are, up to one more than `MOST_COUNTED`."""
    return session.scalar(select(func.count()).select_from(ids.limit(MOST_COUNTED + 1).subquery())) or 0
