"""Search: the text, proposals and threads that somebody may see and in which all the words stand that they look for."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.errors import BadInput
from app.queries.editions import edition_in_force
from app.queries.found import Found, FoundBlock, FoundProposal, FoundThread, Sort
from app.queries.found_proposals import found_proposals
from app.queries.found_text import blocks_with
from app.queries.found_threads import found_threads
from app.queries.people import Account
from app.queries.revisions import head_snapshot, snapshot
from app.rules.permissions import Action
from app.text.folding import sought

LONGEST_QUERY = 200
"""Characters a search may have."""

SHOWN = 20
"""So many of each sort are shown at once, the newest first; the text in its own order."""

_AFTER = {
    Sort.WORKING: re.compile(r"cover|(section )?[^\s\0]{1,100}"),
    Sort.EDITION: re.compile(r"cover|(section )?[^\s\0]{1,100}"),
    Sort.PROPOSALS: re.compile(r"[1-9][0-9]{0,8}"),
    Sort.THREADS: re.compile(r"[1-9][0-9]{0,8}\.[1-9][0-9]{0,8}"),
}


def search(
    session: Session,
    charter: Charter,
    person: Account | None,
    allowed: frozenset[Action],
    query: str,
    today: date,
    *,
    of: Sort | None = None,
    after: str = "",
    limit: int = SHOWN,
) -> Found:
    """Everything in which each word of the query stands, as far as this person may see it, ``limit`` of each sort.

    ``of``: of one sort alone, and then only what comes ``after`` the thing with that key; BadInput for an ``after``
    that no page of ours gives. What it costs is bounded: a query has ten words at most, and what is rare is found by
    an index, what is common soon.
    """
    if after and (of is None or not _AFTER[of].fullmatch(after)):
        raise BadInput("Name in `of` what to go on with, and in `after` what an earlier answer said.", kind="after")
    words = sought(query[:LONGEST_QUERY])
    if not words:
        return Found()
    reads = Action.READ_WORKING_TEXT in allowed
    edition = edition_in_force(session, charter, today)
    wanted = set(Sort) if of is None else {of}
    working: Sequence[FoundBlock] = ()
    published: Sequence[FoundBlock] = ()
    proposals: Sequence[FoundProposal] = ()
    threads: Sequence[FoundThread] = ()
    if Sort.WORKING in wanted and reads:
        working = blocks_with(head_snapshot(session, charter), words, after=after, limit=limit + 1)
    if Sort.EDITION in wanted and edition is not None and not (reads and edition.revision == charter.head):
        text = snapshot(session, charter, edition.revision)
        unless = _reads_the_same(session, charter) if reads else None
        published = blocks_with(text, words, after=after, limit=limit + 1, unless=unless)
    if Sort.PROPOSALS in wanted and reads:
        below = int(after) if after else None
        proposals = found_proposals(session, charter, person, words, after=below, limit=limit + 1)
    if Sort.THREADS in wanted and reads:
        said = tuple(map(int, after.split("."))) if after else ()
        before = (said[0], said[1]) if said else None
        threads = found_threads(session, charter, person, allowed, words, after=before, limit=limit + 1)
    sorts: dict[Sort, Sequence[FoundBlock | FoundProposal | FoundThread]] = {
        Sort.WORKING: working,
        Sort.EDITION: published,
        Sort.PROPOSALS: proposals,
        Sort.THREADS: threads,
    }
    return Found(
        words=words,
        working=working[:limit],
        edition=published[:limit],
        label=_label(edition),
        proposals=proposals[:limit],
        threads=threads[:limit],
        more={sort: found[limit - 1].key for sort, found in sorts.items() if len(found) > limit},
    )


def _reads_the_same(session: Session, charter: Charter) -> Callable[[str | None, str], bool]:
    """Whether a paragraph of an edition reads as it does in the working text: then it is told of there."""
    now = {block.id: block.text for _, _, block in head_snapshot(session, charter).placed_blocks()}
    return lambda block, said: now.get(block) == said


def _label(edition: Edition | None) -> str:
    return edition.label if edition is not None else ""
