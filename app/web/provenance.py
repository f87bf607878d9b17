"""One paragraph on a page of its own: where its words come from, told in words, and what is said about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterAccess, CharterDep
from app.queries.editions import edition_in_force
from app.queries.provenance import WordSource, block_provenance
from app.queries.thread_lists import ThreadHead, Wanted, thread_heads
from app.rules.permissions import Action
from app.text.dialect import plain
from app.web.frame import charter_page
from app.web.sections import name_of

router = APIRouter(include_in_schema=False)

_MOST = 12


@dataclass(frozen=True, slots=True)
class Told:
    """A source with its number on the page and the words that come from it, each piece as it stands."""

    number: int
    source: WordSource
    pieces: tuple[str, ...]


@router.api_route("/{c}/blocks/{id}", methods=["GET", "HEAD"])
def read_block(
    request: Request,
    at: CharterDep,
    id: Annotated[str, Path(max_length=64)],
    revision: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
) -> Response:
    """Where the words of a paragraph come from, by default as it reads now."""
    working = at.may(Action.READ_WORKING_TEXT)
    current = edition_in_force(at.session, at.charter, clock.today())
    found = block_provenance(
        at.session,
        at.charter,
        id,
        revision,
        working=working,
        in_force=None if current is None else current.revision,
    )
    values = {
        "found": found,
        "told": [
            Told(n + 1, source, tuple(_read(span.words) for span in found.spans if span.source == n))
            for n, source in enumerate(found.sources)
        ],
        "spans": [(*_with_room(span.words), span.source + 1) for span in found.spans],
        "section": name_of(found.section),
        "language": found.text.front.language,
        "head": at.charter.head,
        "working": working,
        "talks": _talks(at, id, found.sources) if working else (),
    }
    return charter_page(request, at, "provenance/block.html", values, tab="Working text" if working else "Charter")


def _talks(
    at: CharterAccess, block: str, sources: Sequence[WordSource]
) -> list[tuple[int | None, list[ThreadHead], bool]]:
    """What is said on the paragraph, and on each proposal its words come from; each with whether there is more.

    None stands for the paragraph itself. Where nothing was said nothing stands.
    """
    person = at.visitor.account
    proposals = dict.fromkeys(one.adoption.proposal for one in sources if one.adoption is not None)
    wanted: dict[int | None, Wanted] = {None: Wanted(block=block)}
    wanted.update((number, Wanted(proposal=number)) for number in proposals)
    found: list[tuple[int | None, list[ThreadHead], bool]] = []
    for number, which in wanted.items():
        heads = thread_heads(at.session, at.charter, person, at.allowed, which, limit=_MOST + 1)
        if heads:
            found.append((number, heads[:_MOST], len(heads) > _MOST))
    return found


def _read(words: str) -> str:
    """Words as a reader reads them, without marks; marks alone as they are written."""
    return plain(words).strip() or words.strip()


def _with_room(words: str) -> tuple[str, str, str]:
    """The same with the room before and after it, so that a number can stand right at the words."""
    room = len(words) - len(words.lstrip()), len(words.rstrip())
    return words[: room[0]], _read(words), words[room[1] :] if words.strip() else ""
