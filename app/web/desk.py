"""The governors' desk: what is left to decide, section by section, and deciding on many changes in one form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterAccess, CharterDep, require
from app.errors import BadInput, EngrossError, NotAllowed, NotFound, Refused
from app.queries.changes import find_changes, latest_decisions, reference
from app.queries.desk import A_PAGE, Desk, Wanted, desk
from app.queries.editions import PUBLIC_STATES, editions
from app.queries.people import member_count
from app.queries.revisions import head_snapshot
from app.render.changes import CHOICES, OUTCOMES
from app.rules.majorities import RULES
from app.rules.permissions import Action
from app.rules.states import UNSETTLED, EditionState
from app.services.decisions import decide_many
from app.text.snapshot import Section
from app.tokens import new_id
from app.web.changes import print_wording
from app.web.deciding import REFS, left_over, said, strays
from app.web.deskcards import Card, CardSection, card_sections, refs_in
from app.web.forms import OurFields
from app.web.frame import charter_page
from app.web.once import lead, led_already
from app.web.own_words import canonical, notes_to_cite
from app.web.redlines import redline_frame
from app.web.sections import names_by_id
from app.web.tallies import bars

router = APIRouter(include_in_schema=False)

FILTERS: Mapping[Wanted, str] = {
    Wanted.UNDECIDED: "To decide",
    Wanted.OBJECTIONS: "With objections",
    Wanted.QUORUM: "Quorum reached",
    Wanted.NEEDS_AUTHOR: "Needs its author",
    Wanted.READY: "Ready to merge",
    Wanted.TAKEN_OUT: "Taken out again",
    Wanted.ALL: "All",
}
ON_AN_AGENDA = 300
_NEXT_STEPS: Mapping[str, str] = {
    EditionState.DRAFT: "a draft, to be frozen",
    EditionState.CANDIDATE: "frozen, to be signed off and approved",
    EditionState.APPROVED: "approved, to be published",
}


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was just decided on: what became of it, and where that stands."""

    ref: str
    outcome: str
    address: str


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody looks at: which sort of changes, of which section or proposal, on which page."""

    show: Wanted | None = None
    section: str = ""
    proposal: int | None = None
    page: int = 1
    place: str = "desk"

    def address(self, key: str, **other: object) -> str:
        """The address of that view, with something changed."""
        said: dict[str, object] = {
            "show": self.show or "",
            "section": self.section,
            "proposal": self.proposal or "",
            "page": "" if self.page == 1 else self.page,
        }
        query = "&".join(f"{name}={value}" for name, value in {**said, **other}.items() if value)
        return f"/{key}/{self.place}" + (f"?{query}" if query else "")


@router.api_route("/{c}/desk", methods=["GET", "HEAD"], dependencies=[Depends(require(Action.DECIDE))])
def read_desk(
    request: Request,
    at: CharterDep,
    show: Annotated[str, Query(max_length=20)] = "",
    section: Annotated[str, Query(max_length=100)] = "",
    proposal: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    page: Annotated[int, Query(ge=1, le=999_999)] = 1,
    decided: Annotated[str, Query(max_length=2_000)] = "",
    after: Annotated[str, Query(max_length=2_000)] = "",
) -> Response:
    """The desk."""
    look = _look(at, show, section, proposal, page)
    return _show(request, at, look, done=decided.split(",") if REFS.fullmatch(decided) else (), after=after)


@router.api_route("/{c}/desk/agenda", methods=["GET", "HEAD"], dependencies=[Depends(require(Action.DECIDE))])
def read_agenda(
    request: Request,
    at: CharterDep,
    show: Annotated[str, Query(max_length=20)] = "",
    section: Annotated[str, Query(max_length=100)] = "",
    proposal: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
) -> Response:
    """The same changes as an agenda to be printed for a meeting."""
    look = replace(_look(at, show, section, proposal, 1), place="desk/agenda")
    return _show(request, at, look, agenda=True)


@router.post("/{c}/desk", dependencies=[Depends(require(Action.DECIDE))])
def decide_on_desk(request: Request, at: CharterDep, fields: OurFields) -> Response:
    """Decide as the pressed button says, and come back to what is next, with all that was written for other changes."""
    if at.visitor.read_only:
        raise NotAllowed("This token can only read.", kind="read-only-token")
    number = fields.get("proposal", "")
    look = _look(
        at,
        fields.get("show", ""),
        fields.get("section", ""),
        int(number) if re.fullmatch(r"[1-9]\d{0,8}", number) else None,
        int(fields["page"]) if re.fullmatch(r"[1-9]\d{0,5}", fields.get("page", "")) else 1,
    )
    before = led_already(at, fields)
    sent = canonical(fields)
    fields = sent.fields
    if before is None:
        try:
            if sent.problem is not None:
                raise sent.problem
            wanted = said(fields)
            _refuse_overtaken(at, fields, wanted.over)
            made = decide_many(at.session, at.charter, by=at.by, now=clock.now(), verdicts=wanted.verdicts)
        except EngrossError as error:
            return _show(request, at, look, typed=fields, problem=error)
        before = lead(at, fields, _next(at, look, fields, [ref for ref, _ in made]))
    address = urlsplit(before.headers["location"])
    query = parse_qs(address.query)
    refs = query.get("decided", [""])[0].split(",")
    kept = left_over(fields, refs)
    if not kept or address.path != f"/{at.charter.key}/desk":
        return before
    # What was written beside other changes goes into the page; so this page is the answer, and pressing "reload" is
    # answered by it once more.
    return _show(request, at, look, typed=kept, done=refs, after=query.get("after", [""])[0])


def _next(at: CharterAccess, look: Look, fields: Mapping[str, str], refs: Sequence[str]) -> str:
    """The address to come back to after these were decided; it names those that followed them on the page."""
    if fields.get("back") == "proposal":
        number, _, change = refs[0].partition(".")
        return f"/{at.charter.key}/proposals/{number}#change.{change}"
    order = fields.get("order", "").split(",") if REFS.fullmatch(fields.get("order", "")) else []
    there = [n for n, ref in enumerate(order) if ref in refs]
    following = [ref for ref in order[there[0] :] if ref not in refs] if there else []
    return look.address(at.charter.key, decided=",".join(refs[:80]), after=",".join(following[:40])) + "#page.back"


def _refuse_overtaken(at: CharterAccess, fields: Mapping[str, str], refs: Sequence[str]) -> None:
    """Refused where the decision that shall be superseded is not the one that was read."""
    found = find_changes(at.session, at.charter, refs) if refs else []
    decisions = latest_decisions(at.session, [change.id for _, change in found])
    for proposal, change in found:
        ref, latest = reference(proposal, change), decisions.get(change.id)
        if latest is not None and fields.get(f"over.{ref}") != str(latest.id):
            raise Refused(
                f"Change {ref} was decided again meanwhile. Read that decision first.", kind="already-decided"
            )


def _look(at: CharterAccess, show: str, section: str, proposal: int | None, page: int) -> Look:
    """The view somebody asked for; what there is not is left out."""
    wanted = Wanted(show) if show in set(Wanted) else None
    there = head_snapshot(at.session, at.charter).section(section) if section else None
    return Look(wanted, there.key if there is not None else "", proposal, page)


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:]


def _cards(sections: Sequence[CardSection]) -> list[Card]:
    """The cards of a page in their order."""
    return [card for section in sections for group in section.groups for card in group.cards]


def _done(at: CharterAccess, refs: Sequence[str]) -> list[Done]:
    """What became of the changes that were just decided on; of names that are none, nothing."""
    try:
        found = find_changes(at.session, at.charter, refs) if refs else []
    except (BadInput, NotFound):
        return []
    home = f"/{at.charter.key}/proposals"
    return [
        Done(f"{p.number}.{c.number}", OUTCOMES[c.outcome], f"{home}/{p.number}#change.{c.number}") for p, c in found
    ]


def _following(cards: Sequence[Card], done: Sequence[str], after: str) -> str:
    """The change to go on with: the first undecided one that followed what was done, else the first of all."""
    open_ones = [c.of.view.ref for c in cards if c.of.view.outcome in UNSETTLED and c.of.view.ref not in done]
    order = after.split(",") if REFS.fullmatch(after) else []
    return next((ref for ref in order if ref in open_ones), open_ones[0] if open_ones else "")


def _to_publish(at: CharterAccess) -> tuple[str, str, str] | None:
    """What an edition waits for, in words with an address: one that is being prepared, else a new one."""
    views = editions(at.session, at.charter, unpublished=True, today=clock.today())
    home = f"/{at.charter.key}/editions"
    coming = next((view for view in views if view.state not in PUBLIC_STATES), None)
    if coming is not None:
        return coming.label, _NEXT_STEPS[coming.state], f"{home}/{coming.key}/steps#page.now"
    newest = max((view.revision for view in views), default=0)
    if at.charter.head > newest:
        return f"Revision {at.charter.head}", "not in any edition yet", f"{home}/new"
    return None


def _packet(at: CharterAccess, found: Desk, section: Section | None) -> str | None:
    """Where the packet for the meeting is, of the section that is looked at if it is one; None if nothing is open."""
    address = f"/{at.charter.key}/proposals.pdf"
    if section is None:
        return address if any(undecided for _, undecided in found.sections.values()) else None
    return f"{address}?section={section.key}" if found.sections.get(section.id, (0, 0))[1] else None


def _show(
    request: Request,
    at: CharterAccess,
    look: Look,
    *,
    typed: Mapping[str, str] | None = None,
    problem: EngrossError | None = None,
    done: Sequence[str] = (),
    after: str = "",
    agenda: bool = False,
) -> Response:
    if problem is not None:
        at.session.rollback()
    head = head_snapshot(at.session, at.charter)
    section = head.section(look.section) if look.section else None
    found = desk(
        at.session,
        at.charter,
        look.show,
        section=None if section is None else section.id,
        proposal=look.proposal,
        page=look.page,
        size=ON_AN_AGENDA if agenda else A_PAGE,
    )
    look = replace(look, show=found.wanted, page=found.page)
    called = names_by_id(head)
    key = at.charter.key
    sections = card_sections(at.session, at.charter, found.groups)
    cards = _cards(sections)
    wrong = [c.of.view.ref for c in cards if c.of.view.ref in refs_in(problem.message)] if problem is not None else []
    values: dict[str, object] = {
        "desk": found,
        "look": look,
        "sections": sections,
        "filters": [
            (words, look.address(key, show=w, page=""), look.show is w, found.counts.get(w))
            for w, words in FILTERS.items()
            if (w is not Wanted.QUORUM or at.charter.quorum)
            and (w is not Wanted.TAKEN_OUT or found.counts[w] or look.show is w)
        ],
        "toc": [
            (
                _begin(called[s.id]),
                look.address(key, section=s.key, page=""),
                s.key == look.section,
                *found.sections[s.id],
            )
            for s in head.sections
            if s.id in found.sections
        ],
        "everywhere": look.address(key, section="", page="") if look.section else None,
        "newer": look.address(key, page=look.page - 1) if found.page > 1 else None,
        "older": look.address(key, page=found.page + 1) if found.page < found.pages else None,
        "agenda": replace(look, place="desk/agenda", page=1).address(key),
        "whole": replace(look, place="desk", page=1).address(key),
        "packet": _packet(at, found, section),
        "to_publish": _to_publish(at),
        "order": ",".join(card.of.view.ref for card in cards),
        "choices": CHOICES,
        "bars": bars,
        "members": member_count(at.session, at.charter),
        "rule": RULES[at.charter.rule],
        "quorum": at.charter.quorum,
        "language": head.front.language,
        "typed": typed or {},
        "problem": problem.message if problem is not None else None,
        "wrong": wrong,
        "print_wording": partial(print_wording, frame=redline_frame(head, head, f"/{key}", anchors=False)),
        "strays": strays(typed or {}, [card.of.view.ref for card in cards]),
        "done": _done(at, done),
        "met": {ref: OUTCOMES[outcome] for card in cards for ref, outcome in card.of.met.items()},
        "next": _following(cards, done, after) if done else "",
        "today": clock.today(),
        "once": (typed or {}).get("once") or new_id(),
        "cited": notes_to_cite(head),
    }
    status = 200 if problem is None else 422 if isinstance(problem, BadInput) else 409
    return charter_page(
        request, at, "desk/agenda.html" if agenda else "desk/desk.html", values, tab="Desk", status=status
    )
