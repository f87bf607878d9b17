"""Threads: opening one on the text or on a proposal, replying, settling it, and hanging it on other words."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.db.models.threads import Thread, ThreadComment
from app.errors import BadInput, NotAllowed, NotFound, Refused
from app.queries.changes import current_changes
from app.queries.people import Account
from app.queries.thread_words import stored_anchor
from app.queries.threads import proposal_number
from app.rules.permissions import Action
from app.rules.threads import ON_TEXT, About, Audience, ThreadState, after_thread_act, may_settle
from app.services import records
from app.services.following import follow_if_new
from app.services.hanging import Hook, hang, put_anchor
from app.services.notices import mark_read_about
from app.services.thread_telling import tell_of_comment, tell_of_settling, thread_name
from app.text.anchor_json import anchor_to_json
from app.text.anchors import Anchor
from app.text.dialect import clean
from app.text.digest import canonical, digest

LONGEST_COMMENT = 20_000


def open_on_text(
    session: Session, charter: Charter, *, by: Account, now: datetime, hook: Hook, text: str, audience: str
) -> Thread:
    """Begin a thread on words, a block or a section; one made on an older revision is carried to the working text."""
    said = _check(text, audience)
    first, anchor = hang(session, charter, hook)
    return _open(session, charter, by, now, said, audience, anchors=(first, anchor))


def open_on_proposal(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    *,
    by: Account,
    now: datetime,
    change: int | None,
    text: str,
    audience: str,
) -> Thread:
    """Begin a thread on a proposal, or on one change of its present version (NotFound if it has no such change)."""
    said = _check(text, audience)
    if change is not None and change not in {row.number for row in current_changes(session, proposal)}:
        raise NotFound(f"Proposal {proposal.number} has no change {change} in its present version.")
    return _open(session, charter, by, now, said, audience, proposal=proposal, change=change)


def reply(session: Session, charter: Charter, thread: Thread, *, by: Account, now: datetime, text: str) -> None:
    """Say something in a thread. One that is resolved stays so."""
    said = _words(text)
    number = proposal_number(session, thread)
    comment = _say(session, thread, by, now, said)
    _record(
        session, charter, thread, by, now, "reply in thread", after=digest(said), detail={"comment": comment.number}
    )
    _take_part(session, charter, thread, number, by, now)
    mark_read_about(session, charter, by, thread_name(thread), now=now)
    tell_of_comment(session, charter, thread, comment, number, by=by, now=now)


def resolve(
    session: Session, charter: Charter, thread: Thread, *, by: Account, allowed: frozenset[Action], now: datetime
) -> None:
    """Say that a thread needs nothing more."""
    _settle(session, charter, thread, "resolve", by=by, allowed=allowed, now=now)


def reopen(
    session: Session, charter: Charter, thread: Thread, *, by: Account, allowed: frozenset[Action], now: datetime
) -> None:
    """Take a resolved thread up again."""
    _settle(session, charter, thread, "reopen", by=by, allowed=allowed, now=now)


def reattach(
    session: Session,
    charter: Charter,
    thread: Thread,
    *,
    by: Account,
    allowed: frozenset[Action],
    now: datetime,
    hook: Hook,
) -> None:
    """Hang a thread on other words, a block or a section, because a person says that those are the ones."""
    check_may_settle(thread, by, allowed)
    before = stored_anchor(thread.anchor)
    if before is None or thread.reach not in ON_TEXT:
        raise Refused("This thread is about a proposal, so it hangs on no words of the text.", kind="not-on-text")
    first, anchor = hang(session, charter, hook)
    if first.revision < before.revision:
        raise BadInput("A thread is hung on the words of a newer text, not of an older one.", kind="older-revision")
    was = digest(thread.anchor or "")
    after = put_anchor(thread, anchor)
    thread.last_at = now
    session.flush()
    _record(session, charter, thread, by, now, "reattach thread", before=was, after=after)


def check_may_settle(thread: Thread, by: Account, allowed: frozenset[Action]) -> None:
    """NotAllowed unless this person opened the thread or governs the charter."""
    if not may_settle(allowed, is_author=thread.author_id == by.id):
        raise NotAllowed("Only who opened a thread, or a governor, can do this with it.")


def _settle(
    session: Session,
    charter: Charter,
    thread: Thread,
    act: str,
    *,
    by: Account,
    allowed: frozenset[Action],
    now: datetime,
) -> None:
    check_may_settle(thread, by, allowed)
    before, thread.state = thread.state, after_thread_act(act, thread.state)
    resolved = thread.state == ThreadState.RESOLVED
    thread.resolved_by, thread.resolved_at = (by.id, now) if resolved else (None, None)
    thread.last_at = now
    session.flush()
    record = _record(session, charter, thread, by, now, f"{act} thread", before=before, after=thread.state)
    told = "resolved" if resolved else "reopened"
    tell_of_settling(session, charter, thread, told, key=f"record {record}", by=by, now=now)


def _open(
    session: Session,
    charter: Charter,
    by: Account,
    now: datetime,
    said: str,
    audience: str,
    *,
    anchors: tuple[Anchor, Anchor] | None = None,
    proposal: Proposal | None = None,
    change: int | None = None,
) -> Thread:
    charter.threads_made += 1
    thread = Thread(
        charter_id=charter.id,
        number=charter.threads_made,
        author_id=by.id,
        audience=audience,
        state=ThreadState.OPEN,
        reach=About.PROPOSAL if change is None else About.CHANGE,
        proposal_id=None if proposal is None else proposal.id,
        change_number=change,
        comments_made=0,
        created_at=now,
        last_at=now,
    )
    hashes = {"first": "", "anchor": ""}
    if anchors is not None:
        thread.first_anchor = canonical(anchor_to_json(anchors[0]))
        hashes = {"first": digest(thread.first_anchor), "anchor": put_anchor(thread, anchors[1])}
    session.add(thread)
    session.flush()
    comment = _say(session, thread, by, now, said)
    number = None if proposal is None else proposal.number
    about = {"audience": audience, "reach": thread.reach, "proposal": number, "change": change}
    _record(
        session, charter, thread, by, now, "open thread", after=digest(said), detail={**about, **hashes, "comment": 1}
    )
    _take_part(session, charter, thread, number, by, now)
    tell_of_comment(session, charter, thread, comment, number, by=by, now=now)
    return thread


def _say(session: Session, thread: Thread, by: Account, now: datetime, said: str) -> ThreadComment:
    thread.comments_made += 1
    thread.last_at = now
    comment = ThreadComment(
        thread_id=thread.id, number=thread.comments_made, author_id=by.id, text=said, created_at=now
    )
    session.add(comment)
    session.flush()
    return comment


def _take_part(
    session: Session, charter: Charter, thread: Thread, proposal: int | None, by: Account, now: datetime
) -> None:
    """Whoever says something hears of what follows, in the thread and on the proposal it is about."""
    follow_if_new(session, charter, by.id, thread_name(thread), now=now)
    if proposal is not None:
        follow_if_new(session, charter, by.id, f"proposal {proposal}", now=now)


def _record(
    session: Session,
    charter: Charter,
    thread: Thread,
    by: Account,
    now: datetime,
    act: str,
    *,
    before: str = "",
    after: str = "",
    detail: object = None,
) -> int:
    object = thread_name(thread)
    made = records.append(
        session, charter.key, by=by.id, now=now, act=act, object=object, before=before, after=after, detail=detail
    )
    return made.number


def _check(text: str, audience: str) -> str:
    if audience not in set(Audience):
        raise BadInput("An audience is one of: " + ", ".join(Audience) + ".")
    return _words(text)


def _words(text: str) -> str:
    said = clean(text).strip()
    if not said:
        raise BadInput("Write something first: a comment needs words.", kind="empty-comment")
    if len(said) > LONGEST_COMMENT:
        raise BadInput(f"A comment may have {LONGEST_COMMENT:,} characters at most; this has {len(said):,}.")
    return said
