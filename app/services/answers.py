"""Keeping the answer to a request that may come again."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.answers import KeptAnswer
from app.queries.answers import KeptReply
from app.queries.people import Account


def keep_answer(session: Session, by: Account, key: str, reply: KeptReply, now: datetime) -> None:
    """Keep what was answered to that person under that key."""
    session.add(
        KeptAnswer(
            person_id=by.id,
            key=key,
            request_hash=reply.request_hash,
            status=reply.status,
            body=reply.body,
            etag=reply.etag,
            created_at=now,
        )
    )
    session.flush()
