"""Comparing any two texts of a charter: the changes in words first, then the text in one or side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, CharterDep
from app.errors import NotFound
from app.files import file_response
from app.queries.editions import EditionView, editions
from app.queries.texts import NamedText, named_text
from app.redlines import behind_changes, compared, redline_name, redline_pdf
from app.render.compared import PrintedPart, Style, frame_of, printed_parts
from app.rules.permissions import Action
from app.text.comparing import Comparison
from app.text.phrases import Phrase
from app.web.frame import charter_page
from app.web.sections import names_by_key
from app.word import comparison_word

router = APIRouter(include_in_schema=False)

_VIEWS = ("inline", "side")


@dataclass(frozen=True, slots=True)
class Choice:
    """A text that can be chosen for comparing."""

    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of a comparison: in one text or side by side, one section or all, all of it or not."""

    pair: str
    view: str
    section: str
    whole: bool

    def address(self, **other: object) -> str:
        """The end of the address of the same with something else: what is as usual is left out."""
        wanted = {"view": self.view, "section": self.section, "whole": self.whole, **other}
        given = {
            "view": "" if wanted["view"] == _VIEWS[0] else wanted["view"],
            "section": wanted["section"],
            "whole": "yes" if wanted["whole"] else "",
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{self.pair}?{query}" if query else self.pair


@router.api_route("/{c}/compare", methods=["GET", "HEAD"])
def choose_texts(
    at: CharterDep,
    old: Annotated[str, Query(alias="from", max_length=20)] = "",
    new: Annotated[str, Query(alias="to", max_length=20)] = "",
    view: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """To the comparison of the two texts a form named."""
    # Looked up first, so that nothing a stranger wrote goes into an address.
    for reference in (old, new):
        named_text(at.session, at.charter, reference, at.allowed)
    chosen = "?view=side" if view == "side" else ""
    return RedirectResponse(f"/{at.charter.key}/compare/{old}...{new}{chosen}", 303)


@router.api_route("/{c}/compare/{pair}.pdf", methods=["GET", "HEAD"])
def read_redline_pdf(request: Request, at: CharterDep, pair: Annotated[str, Path(max_length=40)]) -> Response:
    """The redline on paper."""
    old, new = two_texts(at, pair)
    name = redline_name(at.charter.key, pair)
    pdf = redline_pdf(at.session, at.charter, old, new)
    return file_response(request, pdf.bytes, pdf.sha256, "application/pdf", name, public=False)


@router.api_route("/{c}/compare/{pair}.docx", methods=["GET", "HEAD"])
def read_redline_word(request: Request, at: CharterDep, pair: Annotated[str, Path(max_length=40)]) -> Response:
    """The redline as a Word document with tracked changes."""
    return comparison_word(request, at, pair, *two_texts(at, pair))


@router.api_route("/{c}/compare/{pair}", methods=["GET", "HEAD"])
def compare_texts(
    request: Request,
    at: CharterDep,
    pair: Annotated[str, Path(max_length=40)],
    view: Annotated[str, Query(max_length=10)] = "",
    section: Annotated[str, Query(max_length=100)] = "",
    whole: Annotated[str, Query(max_length=5)] = "",
) -> Response:
    """Two texts, with what differs marked."""
    old, new = two_texts(at, pair)
    made = compared(old, new)
    chosen = section if any(part.key == section for part in made.parts) else ""
    asked = Asked(pair, "side" if view == "side" else "inline", chosen, whole == "yes")
    touched = [part for part in made.parts if part.touched]
    wanted = [p for p in made.parts if (asked.whole or p.touched or p.key == chosen) and p.key in (chosen or p.key,)]
    home = f"/{at.charter.key}"
    style = Style(side=asked.view == "side", page=_page(new, home))
    frame = frame_of(made, new.snapshot, home, names_by_key(new.snapshot, old.snapshot))
    printed = printed_parts(wanted, frame, style)
    known = editions(
        at.session,
        at.charter,
        unpublished=at.may(Action.READ_UNPUBLISHED_EDITIONS),
        today=clock.today(),
    )
    first, _, second = pair.partition("...")
    shown = _phrases(made, printed if chosen else None)
    values = {
        "old": old,
        "new": new,
        "asked": asked,
        "first": first,
        "second": second,
        "backwards": old.revision > new.revision,
        "choices": _choices(at, known, {first: old, second: new}),
        "standings": {view.key: view.standing for view in known},
        "phrases": shown,
        "count": len(made.phrases),
        "told": [phrase.text for phrase in made.phrases],
        "numbers": [n for n, _ in shown],
        "front": made.front if not chosen else (),
        "parts": printed,
        "touched": touched,
        "untouched": [part for part in made.parts if not part.touched] if not asked.whole and not chosen else [],
        "behind": behind_changes(at.session, at.charter, old, new, made),
        "coarse": made.coarse,
        "language": new.snapshot.front.language,
    }
    return charter_page(request, at, "comparisons/one.html", values, tab="Editions")


def two_texts(at: CharterAccess, pair: str) -> tuple[NamedText, NamedText]:
    """The texts that "2025-05...working" names; NotFound for what there is not, or not for this person."""
    first, dots, second = pair.partition("...")
    if not dots:
        raise NotFound("Name two texts with three dots between them, like 2025-05...working.")
    old = named_text(at.session, at.charter, first, at.allowed)
    return old, named_text(at.session, at.charter, second, at.allowed)


def _phrases(made: Comparison, only: Sequence[PrintedPart] | None) -> list[tuple[int, Phrase]]:
    """The changes in words with their numbers, all of them or those of some sections."""
    numbered = list(enumerate(made.phrases, 1))
    if only is None:
        return numbered
    keys = {part.key for part in only}
    return [(n, phrase) for n, phrase in numbered if phrase.section in keys]


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
