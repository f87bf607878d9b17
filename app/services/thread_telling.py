"""Telling of threads: who hears that somebody commented, called them by name, or settled a thread."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.db.models.threads import Thread, ThreadComment
from app.queries.follows import followers
from app.queries.people import Account
from app.queries.thread_readers import readers_among
from app.queries.thread_words import stored_anchor, subject
from app.queries.threads import people_to_call, proposal_number
from app.rules.notices import Happening
from app.services.following import follow_if_new
from app.services.notices import tell
from app.services.proposal_news import called
from app.text.mentions import mentioned


def thread_name(thread: Thread) -> str:
    """What records and notices call a thread."""
    return f"thread {thread.number}"


def thread_address(charter: Charter, thread: Thread) -> str:
    """The path of its page."""
    return f"/{charter.key}/threads/{thread.number}"


def tell_of_comment(
    session: Session,
    charter: Charter,
    thread: Thread,
    comment: ThreadComment,
    proposal: int | None,
    *,
    by: Account,
    now: datetime,
) -> None:
    """Those who are called by name first, then all who follow the thread or its proposal; nobody is told twice.

    Whoever is called by name follows the thread from then on.
    """
    about = _about(session, thread, proposal)
    summoned = readers_among(session, charter, thread, mentioned(comment.text, people_to_call(session, charter)))
    for person in sorted(summoned - {by.id}):
        follow_if_new(session, charter, person, thread_name(thread), now=now)
    wanted = followers(session, charter, thread_name(thread))
    if proposal is not None:
        wanted |= followers(session, charter, f"proposal {proposal}")
    others = readers_among(session, charter, thread, wanted) - summoned
    answered = f"answered in thread {thread.number} on" if comment.number > 1 else "commented on"
    for kind, people, words in (
        (Happening.MENTIONED, summoned, f"{by.name} mentioned you in a comment on {about}."),
        (Happening.COMMENTED, others, f"{by.name} {answered} {about}."),
    ):
        tell(
            session,
            charter,
            people,
            kind=kind,
            key=f"comment {comment.id}",
            object=thread_name(thread),
            address=f"{thread_address(charter, thread)}#comment.{comment.number}",
            words=words,
            quote=comment.text,
            by=by.id,
            now=now,
        )


def tell_of_settling(
    session: Session, charter: Charter, thread: Thread, told: str, *, key: str, by: Account, now: datetime
) -> None:
    """Those who follow a thread hear that it was resolved or reopened."""
    about = _about(session, thread, proposal_number(session, thread))
    tell(
        session,
        charter,
        readers_among(session, charter, thread, followers(session, charter, thread_name(thread))),
        kind=Happening.RESOLVED,
        key=key,
        object=thread_name(thread),
        address=thread_address(charter, thread),
        words=f"{by.name} {told} thread {thread.number} on {about}.",
        by=by.id,
        now=now,
    )


def _about(session: Session, thread: Thread, number: int | None) -> str:
    """What the thread is about, a proposal with its title: nobody knows proposals by their numbers alone."""
    about = subject(number, thread.change_number, stored_anchor(thread.anchor))
    proposal = None if thread.proposal_id is None else session.get(Proposal, thread.proposal_id)
    if proposal is None:
        return about
    title = called(session, proposal)
    return title if thread.change_number is None else f"{about} of {title}"
