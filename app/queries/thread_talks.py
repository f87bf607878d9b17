"""Open public threads with all that was said in them, many at once, for those who take a text away from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.threads import Thread, ThreadComment
from app.queries.naming import names
from app.queries.thread_lists import ThreadHead, Wanted, thread_heads
from app.rules.permissions import Action
from app.rules.threads import ThreadState
from app.text.anchors import AnchorState

_EVERYBODY = frozenset({Action.READ_EDITIONS, Action.READ_WORKING_TEXT})
_MOST = 300


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread and what was said in it: by whom, when, and what."""

    head: ThreadHead
    comments: Sequence[tuple[str, datetime, str]]


def public_talks(session: Session, charter: Charter, *, proposal: int | None = None) -> list[Talk]:
    """The open threads that everybody may see, from the oldest: on the text, or on one proposal; at most 300.

    What was written for members stays here: nobody knows where a file goes. Orphans hang on nothing any more.
    """
    wanted = Wanted(state=ThreadState.OPEN, proposal=proposal)
    heads = [
        head
        for head in reversed(thread_heads(session, charter, None, _EVERYBODY, wanted, limit=_MOST))
        if head.anchor_state != AnchorState.ORPHANED and (proposal is not None or head.proposal is None)
    ]
    rows = session.execute(
        select(Thread.number, ThreadComment.author_id, ThreadComment.created_at, ThreadComment.text)
        .join(ThreadComment, ThreadComment.thread_id == Thread.id)
        .where(Thread.charter_id == charter.id, Thread.number.in_([head.number for head in heads]))
        .order_by(Thread.number, ThreadComment.number)
    ).all()
    called = names(session, charter.id, {row.author_id for row in rows})
    said: dict[int, list[tuple[str, datetime, str]]] = {}
    for row in rows:
        said.setdefault(row.number, []).append((called[row.author_id], row.created_at, row.text))
    return [Talk(head, said.get(head.number, ())) for head in heads]
