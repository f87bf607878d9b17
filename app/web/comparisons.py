"""Comparing any two texts of a charter: the changes in words first, then the redline."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from app import clock
from app.deps import CharterAccess, CharterDep
from app.errors import NotFound
from app.queries.editions import EditionView, editions
from app.queries.origins import origins
from app.queries.texts import NamedText, named_text
from app.rules.permissions import Action
from app.text.blocks import Kind
from app.text.html import snapshot_redline_html
from app.text.phrases import phrases
from app.text.redline import SnapshotRedline, redline_snapshots
from app.web.frame import charter_page
from app.web.redlines import notes_elsewhere, notes_here, redline_frame

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """A text that can be chosen for comparing."""

    reference: str
    name: str


@router.api_route("/{c}/compare", methods=["GET", "HEAD"])
def choose_texts(
    at: CharterDep,
    old: Annotated[str, Query(alias="from", max_length=20)] = "",
    new: Annotated[str, Query(alias="to", max_length=20)] = "",
) -> Response:
    """To the comparison of the two texts a form named."""
    # Looked up first, so that nothing a stranger wrote goes into an address.
    for reference in (old, new):
        named_text(at.session, at.charter, reference, at.allowed)
    return RedirectResponse(f"/{at.charter.key}/compare/{old}...{new}", 303)


@router.api_route("/{c}/compare/{pair}", methods=["GET", "HEAD"])
def compare_texts(
    request: Request,
    at: CharterDep,
    pair: Annotated[str, Path(max_length=40)],
    whole: Annotated[str, Query(max_length=5)] = "",
) -> Response:
    """Two texts in one, with what differs marked."""
    first, dots, second = pair.partition("...")
    if not dots:
        raise NotFound("Name two texts with three dots between them, like 2025-05...working.")
    old = named_text(at.session, at.charter, first, at.allowed)
    new = named_text(at.session, at.charter, second, at.allowed)
    shown = redline_snapshots(old.snapshot, new.snapshot)
    touched = tuple(row for row in shown.sections if row.touched)
    everything = whole == "yes" or len(touched) == len(shown.sections)
    printed = replace(shown, sections=shown.sections if everything else touched)
    known = editions(
        at.session,
        at.charter,
        unpublished=at.may(Action.READ_UNPUBLISHED_EDITIONS),
        today=clock.today(),
    )
    values = {
        "old": old,
        "new": new,
        "pair": f"{first}...{second}",
        "swapped": f"{second}...{first}",
        "first": first,
        "second": second,
        "choices": _choices(at, known, {first: old, second: new}),
        "standings": {view.key: view.standing for view in known},
        "phrases": phrases(shown),
        "origins": origins(at.session, at.charter, old.revision, new.revision),
        "section_ids": {s.key: s.id for text in (old, new) for s in text.snapshot.sections},
        "present": {block.id for _, _, block in new.snapshot.placed_blocks()},
        "sections": len(touched),
        "left_out": 0 if everything else len(shown.sections) - len(touched),
        "whole": whole == "yes" and len(touched) < len(shown.sections),
        "coarse": shown.coarse,
        "redline": _print(printed, old, new, f"/{at.charter.key}"),
        "language": new.snapshot.front.language,
    }
    return charter_page(request, at, "comparisons/one.html", values, tab="Editions")


def _print(printed: SnapshotRedline, old: NamedText, new: NamedText, home: str) -> Markup:
    html = snapshot_redline_html(printed, redline_frame(old.snapshot, new.snapshot, home))
    if any(row.block.kind is Kind.NOTE for section in printed.sections for row in section.blocks.rows):
        return notes_here(html)
    return notes_elsewhere(html, _page(new, home))


def _page(text: NamedText, home: str) -> str | None:
    """The page a text is read on; earlier revisions have none."""
    if text.edition is not None:
        return f"{home}/editions/{text.edition}"
    return f"{home}/working" if text.name == "Working text" else None


def _choices(at: CharterAccess, known: list[EditionView], current: dict[str, NamedText]) -> list[Choice]:
    found = {view.key: f"{view.label} ({view.standing.lower()})" for view in known}
    if at.may(Action.READ_WORKING_TEXT):
        found["working"] = f"Working text (revision {at.charter.head})"
    for reference, text in current.items():
        found.setdefault(reference, text.name)
    return [Choice(reference, name) for reference, name in found.items()]
