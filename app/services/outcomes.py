"""Outcomes: authors, partners and followers are told what was decided on their words and what became of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.proposals import Proposal, ProposedChange
from app.queries.fits import Row, signers, titles
from app.queries.follows import followers_of
from app.queries.people import Account
from app.rules.notices import Happening
from app.rules.states import Outcome
from app.services.notices import News, tell_many

_LONGEST_QUOTE = 300
_DECIDED = {
    Outcome.ADOPTED: "adopted",
    Outcome.ADOPTED_AMENDED: "adopted, in other words,",
    Outcome.REJECTED: "rejected",
    Outcome.DEFERRED: "put off",
}


def tell_decided(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    made: Sequence[tuple[ProposedChange, Decision]],
    *,
    by: Account,
    now: datetime,
) -> None:
    """Tell whose proposal was decided on, and who follows it, with the reasons; one notice for one go."""
    first = made[0]
    several: list[str] = []
    if len(made) == 1:
        words = f"{by.name} {_DECIDED[Outcome(first[1].outcome)]} change {proposal.number}.{first[0].number} of"
        end = f": {_quoted(first[1].reason)}" if first[1].reason else "."
    else:
        words = f"{by.name} decided on {len(made)} changes of"
        for row, decision in made:
            reason = f" ({_quoted(decision.reason)})" if decision.reason else ""
            several.append(f"{proposal.number}.{row.number} {_DECIDED[Outcome(decision.outcome)].strip(',')}{reason}")
        end = f": {'; '.join(several)}."
    _tell_each(
        session,
        charter,
        [proposal],
        {proposal.id: (words, end)},
        kind=Happening.DECIDED,
        key=f"decision {first[1].id}",
        addresses={proposal.id: f"/{charter.key}/proposals/{proposal.number}#change.{first[0].number}"},
        by=by.id,
        now=now,
    )


def tell_merged(
    session: Session,
    charter: Charter,
    rows: Sequence[Row],
    fates: Mapping[str, str],
    number: int,
    *,
    left: AbstractSet[str],
    by: int,
    now: datetime,
) -> None:
    """Tell authors and followers what became of words that went into revision ``number``.

    ``fates`` says for each change ("12.1") in a few words how it went in; those in ``left`` met other words, which
    were chosen instead.
    """
    groups = _by_proposal(rows)
    # What that revision changed, as a redline.
    shown = f"/{charter.key}/compare/{number - 1}...{number}"
    said: dict[int, tuple[str, str]] = {}
    for proposal, changes in groups:
        refs = [f"{proposal.number}.{row.number}" for row in changes]
        ways = {fates[ref] for ref in refs}
        one = len(refs) == 1
        there = "in the text since" if left.isdisjoint(refs) else "settled in"
        end = (
            f" {'is' if one else 'are'} {there} revision {number}, {ways.pop()}."
            if len(ways) == 1
            else f" are {there} revision {number}: {'; '.join(f'{ref} {fates[ref]}' for ref in refs)}."
        )
        said[proposal.id] = (f"{'Change' if one else 'Changes'} {_listed(refs)} of", end)
    _tell_each(
        session,
        charter,
        [proposal for proposal, _ in groups],
        said,
        kind=Happening.MERGED,
        key=f"merge {number}",
        addresses={p.id: shown if number > 1 else _page(charter, p) for p, _ in groups},
        by=by,
        now=now,
    )


def tell_reverted(
    session: Session, charter: Charter, rows: Sequence[Row], reverted: int, number: int, *, by: Account, now: datetime
) -> None:
    """Tell authors and followers that a merge was reverted, and that their words are out of the text for now."""
    said: dict[int, tuple[str, str]] = {}
    groups = _by_proposal(rows)
    for proposal, changes in groups:
        refs = [f"{proposal.number}.{row.number}" for row in changes]
        one = len(refs) == 1
        said[proposal.id] = (
            f"{by.name} reverted revision {reverted}, so {'change' if one else 'changes'} {_listed(refs)} of",
            f" {'is' if one else 'are'} out of the text since revision {number} and can be merged again.",
        )
    _tell_each(
        session,
        charter,
        [proposal for proposal, _ in groups],
        said,
        kind=Happening.REVERTED,
        key=f"revert {reverted} by {number}",
        addresses={p.id: _page(charter, p) for p, _ in groups},
        by=by.id,
        now=now,
    )


def _tell_each(
    session: Session,
    charter: Charter,
    proposals: Sequence[Proposal],
    said: Mapping[int, tuple[str, str]],
    *,
    kind: Happening,
    key: str,
    addresses: Mapping[int, str],
    by: int,
    now: datetime,
) -> None:
    """Tell of each proposal: ``said`` is what goes before and after its name."""
    called, whose = titles(session, proposals), signers(session, proposals)
    following = followers_of(session, charter, {f"proposal {proposal.number}" for proposal in proposals})
    news: list[News] = []
    for proposal in proposals:
        object = f"proposal {proposal.number}"
        begin, end = said[proposal.id]
        own = whose[proposal.id]
        for people, theirs in ((own, "your "), (following[object] - own, "")):
            words = f"{begin} {theirs}proposal “{called[proposal.id]}”{end}"
            news.append(News(people, kind, f"{key}, {object}", object, addresses[proposal.id], words, by))
    tell_many(session, charter, news, now=now)


def _by_proposal(rows: Sequence[Row]) -> list[tuple[Proposal, list[ProposedChange]]]:
    found: dict[int, list[ProposedChange]] = defaultdict(list)
    for proposal, row in rows:
        found[proposal.id].append(row)
    proposals = {proposal.id: proposal for proposal, _ in rows}
    return [(proposals[id], changes) for id, changes in found.items()]


def _page(charter: Charter, proposal: Proposal) -> str:
    return f"/{charter.key}/proposals/{proposal.number}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _quoted(words: str) -> str:
    """Words in quotation marks on one line; long ones end in dots, and the page has all of them."""
    line = " ".join(words.split())
    return f"“{line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE].rstrip() + '…'}”"
