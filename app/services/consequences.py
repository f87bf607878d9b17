"""What follows from a new working text: everything that hangs on the text is brought to it, in the same transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.services import carrying, refitting
from app.services.origins import keep_origins
from app.text.snapshot import Snapshot


def follow(
    session: Session, charter: Charter, before: Snapshot | None, number: int, *, by: int | None, now: datetime
) -> None:
    """Bring along what hangs on the text, after revision ``number`` and what was merged with it were stored.

    ``before`` is the text that was the working text until now, None for the first revision. Whoever stores a revision
    calls this once, when the changes that went into it are noted as merged.
    """
    refitting.refit(session, charter, before, number, by=by, now=now)
    keep_origins(session, charter)
    carrying.carry_threads(session, charter, before, number, by=by, now=now)
