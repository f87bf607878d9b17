"""Keeping what somebody is writing until they send it."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.unsent import Unsent
from app.queries.people import Account
from app.queries.unsent import unsent_row


def keep_unsent(
    session: Session,
    charter: Charter,
    *,
    by: Account,
    proposal: int,
    part: str,
    fields: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep the fields of one form as they are, in place of what was kept before.

    No record is made: what nobody else can see, and what is replaced at every pause in typing, is no act yet.
    """
    row = unsent_row(session, charter, by, proposal, part)
    if row is None:
        row = Unsent(person_id=by.id, charter_id=charter.id, proposal=proposal, part=part, fields="{}", kept_at=now)
        session.add(row)
    row.fields = json.dumps(dict(fields))
    row.kept_at = now
    session.flush()


def drop_unsent(session: Session, charter: Charter, *, by: Account, proposal: int, part: str) -> None:
    """Keep it no longer: it was sent, or its author threw it away."""
    row = unsent_row(session, charter, by, proposal, part)
    if row is not None:
        session.delete(row)
        session.flush()
