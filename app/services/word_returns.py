"""Taking over what came back in a Word document: drafts of what was changed, and threads of what was said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.db.models.threads import Thread
from app.errors import BadInput
from app.queries.people import Account
from app.rules.dates import day_in_words
from app.services import partners, proposals, threads
from app.services.hanging import Hook, hang
from app.text.snapshot import Snapshot
from app.text.submission import Submission
from app.text.wordfile import Remark, Saying


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What is to become a draft of whoever brings the document; ``share_with`` is a member who shall see it, by id."""

    submission: Submission
    title: str
    rationale: str
    share_with: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of a document."""

    drafts: Sequence[Proposal]
    threads: Sequence[Thread]


def take(
    session: Session,
    charter: Charter,
    *,
    by: Account,
    now: datetime,
    base_revision: int,
    base: Snapshot,
    drafts: Sequence[NewDraft],
    remarks: Sequence[Remark],
    audience: str,
) -> Taken:
    """Make a draft of each chosen person's changes and a thread of each chosen comment, all or (refused) none.

    Nobody is given words they did not send in themselves: the drafts and threads are of whoever brings the document,
    and each comment says in whose name it stood there. ``base`` is the text of ``base_revision``.
    """
    if not drafts and not remarks:
        raise BadInput("Tick what you want to take over.", kind="nothing-chosen")
    with session.begin_nested():
        written = [_draft(session, charter, one, by, now, base_revision) for one in drafts]
        opened = [_thread(session, charter, one, by, now, base_revision, base, audience) for one in remarks]
    return Taken(written, opened)


def _draft(
    session: Session, charter: Charter, one: NewDraft, by: Account, now: datetime, base_revision: int
) -> Proposal:
    made = proposals.propose(
        session,
        charter,
        by=by,
        now=now,
        title=one.title,
        rationale=one.rationale,
        base_revision=base_revision,
        submission=one.submission,
        submit=False,
    ).proposal
    if one.share_with is not None:
        partners.share(session, charter, made, by=by, now=now, person=one.share_with)
    return made


def _thread(
    session: Session,
    charter: Charter,
    remark: Remark,
    by: Account,
    now: datetime,
    revision: int,
    base: Snapshot,
    audience: str,
) -> Thread:
    first, *others = remark.sayings
    opened = threads.open_on_text(
        session,
        charter,
        by=by,
        now=now,
        hook=_hook(session, charter, remark, revision, base),
        text=_said(first, by),
        audience=audience,
    )
    for saying in others:
        threads.reply(session, charter, opened, by=by, now=now, text=_said(saying, by))
    return opened


def _hook(session: Session, charter: Charter, remark: Remark, revision: int, base: Snapshot) -> Hook:
    if remark.block is None:
        section = None if remark.section is None else base.section_by_id(remark.section)
        if section is None:
            raise BadInput("A comment that hangs on nothing in the text cannot be taken over.", kind="no-place")
        return Hook(section=section.key, revision=revision)
    paragraph = Hook(block=remark.block, revision=revision)
    words = replace(paragraph, quote=remark.quote, prefix=remark.prefix, suffix=remark.suffix)
    try:
        hang(session, charter, words if remark.quote else paragraph)
    except BadInput:
        # The same words stand there more than once, or are no words of a text by themselves.
        return paragraph
    return words if remark.quote else paragraph


def _said(saying: Saying, by: Account) -> str:
    """What was said, and by whom if it was not whoever brings it."""
    if " ".join(saying.author.casefold().split()) == " ".join(by.name.casefold().split()):
        return saying.text
    when = "" if saying.at is None else f" on {day_in_words(saying.at.date())}"
    return f"{saying.author or 'Somebody'} in a Word document{when}:\n\n{saying.text}"
