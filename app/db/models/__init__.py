"""One module of tables per noun; importing this package makes all of them known."""

from app.db.models import (
    answers,
    charters,
    decisions,
    editions,
    invitations,
    notices,
    origins,
    people,
    proposals,
    recommendations,
    records,
    reviews,
    revisions,
    sessions,
    threads,
    unsent,
)

__all__ = [
    "answers",
    "charters",
    "decisions",
    "editions",
    "invitations",
    "notices",
    "origins",
    "people",
    "proposals",
    "recommendations",
    "records",
    "reviews",
    "revisions",
    "sessions",
    "threads",
    "unsent",
]
