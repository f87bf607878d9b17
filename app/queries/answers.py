"""Answers that were kept for requests sent under an Idempotency-Key."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.answers import KeptAnswer
from app.queries.people import Account


@dataclass(frozen=True, slots=True)
class KeptReply:
    """What was answered; ``request_hash`` is that of the request it answered, ``etag`` "" if the answer had none."""

    request_hash: str
    status: int
    body: str
    etag: str


def kept_answer(session: Session, by: Account, key: str) -> KeptReply | None:
    """The answer kept for that person under that key, if any."""
    row = session.scalar(select(KeptAnswer).where(KeptAnswer.person_id == by.id, KeptAnswer.key == key))
    return None if row is None else KeptReply(row.request_hash, row.status, row.body, row.etag)
