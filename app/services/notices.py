"""Notices: people are told what happened to what concerns them, in the transaction in which it happened."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.notices import Notice
from app.queries.follows import muted_by
from app.rules.notices import PERSONAL, Happening


def tell(
    session: Session,
    charter: Charter,
    people: Iterable[int],
    *,
    kind: Happening,
    key: str,
    object: str,
    address: str,
    words: str,
    by: int | None,
    now: datetime,
) -> None:
    """Tell these people (by id) of one happening, each once for a ``key``; whoever did it is not told.

    ``object`` names the thing as records do ("proposal 12"), ``address`` is the path of the page that shows it, and
    ``words`` is one plain sentence that says what happened, by whom and to what. Whoever has muted the thing hears of
    it only where it is meant for them. ``key`` is unique for the happening in this charter, like "review 481".
    """
    wanted = set(people) - {by}
    if kind not in PERSONAL:
        wanted -= muted_by(session, charter, object)
    full_key = f"{charter.key}: {key}"
    told = set(
        session.scalars(select(Notice.person_id).where(Notice.key == full_key, Notice.person_id.in_(sorted(wanted))))
    )
    for person in sorted(wanted - told):
        session.add(
            Notice(
                person_id=person,
                charter_id=charter.id,
                key=full_key,
                kind=kind,
                object=object,
                address=address,
                words=words,
                actor_id=by,
                created_at=now,
            )
        )
    session.flush()
