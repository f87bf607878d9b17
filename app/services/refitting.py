"""Refitting: how open changes fit the text is noted when they are written and when the text has moved under them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposedChange
from app.queries.fits import Row, fits, name, of_proposal, signers, titles, within
from app.queries.follows import followers_of
from app.queries.revisions import head_snapshot
from app.rules.notices import Happening
from app.services.notices import News, tell_many
from app.text.extent import extent
from app.text.snapshot import Snapshot
from app.text.weave import Class

_AUTHORS_TURN = (Class.CONFLICT, Class.ORPHANED)


def refit(
    session: Session, charter: Charter, before: Snapshot | None, number: int, *, by: int | None, now: datetime
) -> None:
    """Note how the open changes fit revision ``number``, and tell whose words do not fit it any more.

    Only what touches the same sections is looked at. Nothing is returned by this: a change that conflicts can still
    be settled in a merge, and what lost its place waits for its author.
    """
    if before is None:
        return
    rows = within(session, charter, extent(before, head_snapshot(session, charter)))
    changed = _note(session, charter, rows)
    _tell(session, charter, changed, number, by=by, now=now)


def note_fits(session: Session, charter: Charter, *proposals: Proposal) -> None:
    """Note how the changes of proposals fit the text of today: they were written, or decided on, just now."""
    _note(session, charter, [row for proposal in proposals for row in of_proposal(session, proposal)])


def _note(session: Session, charter: Charter, rows: Sequence[Row]) -> list[Row]:
    """Keep the class of each change, and answer with those that have another one than before."""
    found = fits(session, charter, rows)
    changed = []
    for proposal, row in rows:
        fit = str(found[name((proposal, row))].cls)
        if row.fit_revision == 0 or row.fit != fit:
            if row.fit != fit:
                changed.append((proposal, row))
            row.fit, row.fit_revision = fit, charter.head
    session.flush()
    return changed


def _tell(
    session: Session, charter: Charter, changed: Sequence[Row], number: int, *, by: int | None, now: datetime
) -> None:
    groups: dict[tuple[int, str], list[ProposedChange]] = defaultdict(list)
    proposals = {proposal.id: proposal for proposal, _ in changed}
    for proposal, row in changed:
        if row.fit in (*_AUTHORS_TURN, Class.ALREADY):
            groups[proposal.id, row.fit].append(row)
    concerned = [proposals[id] for id in sorted({id for id, _ in groups})]
    called, whose = titles(session, concerned), signers(session, concerned)
    following = followers_of(session, charter, {f"proposal {proposal.number}" for proposal in concerned})
    news: list[News] = []
    for (id, fit), rows in sorted(groups.items()):
        proposal = proposals[id]
        object = f"proposal {proposal.number}"
        refs = [f"{proposal.number}.{row.number}" for row in rows]
        for people, theirs in ((whose[id], "your "), (following[object] - whose[id], "")):
            news.append(
                News(
                    people,
                    kind=Happening.NEEDS_AUTHOR if fit in _AUTHORS_TURN else Happening.MERGED,
                    key=f"{fit} {' '.join(refs)} in revision {number}",
                    object=object,
                    address=f"/{charter.key}/proposals/{proposal.number}#change.{rows[0].number}",
                    words=_words(fit, refs, theirs, called[id], number),
                    by=by if fit == Class.ALREADY else None,
                )
            )
    tell_many(session, charter, news, now=now)


def _words(fit: str, refs: Sequence[str], theirs: str, title: str, number: int) -> str:
    one = len(refs) == 1
    named = refs[0] if one else f"{', '.join(refs[:-1])} and {refs[-1]}"
    what = f"{'change' if one else 'changes'} {named} of {theirs}proposal “{title}”"
    if fit == Class.CONFLICT:
        return (
            f"Revision {number} rewrote the same words as {what}. "
            f"Take {'it' if one else 'them'} up again on the new text, or wait until somebody chooses."
        )
    if fit == Class.ORPHANED:
        return (
            f"Revision {number} took out what {what} {'is' if one else 'are'} about. "
            f"{'Its' if one else 'Their'} words are kept: take {'it' if one else 'them'} up again on the new text."
        )
    return f"Since revision {number} the text says already what {what} {'proposes' if one else 'propose'}."
