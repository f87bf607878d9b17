"""What rows are held against: the records of one chain by act and object; and how a difference is told."""

from collections.abc import Iterator, Mapping, Sequence

from app.db.models.records import Record

Detail = Mapping[str, object]
Told = Sequence[tuple[Record, Detail]]
Acts = Mapping[tuple[str, str], Told]
"""The records of one chain by act and object, in order, each with its detail."""


def differing(name: str, rows: Sequence[object], records: Sequence[object]) -> Iterator[str]:
    """Say whether there are as many rows as the records speak of, and the same."""
    if len(rows) != len(records):
        yield f"{name}: there are {len(rows)}, but the records speak of {len(records)}."
    elif any(one != other for one, other in zip(rows, records, strict=True)):
        yield f"{name}: what is stored is not what was recorded."
