"""One module of tables per noun; importing this package makes all of them known."""

from app.db.models import (
    answers,
    charters,
    decisions,
    editions,
    people,
    proposals,
    records,
    reviews,
    revisions,
    sessions,
)

__all__ = [
    "answers",
    "charters",
    "decisions",
    "editions",
    "people",
    "proposals",
    "records",
    "reviews",
    "revisions",
    "sessions",
]
