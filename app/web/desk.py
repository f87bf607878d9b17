"""The governors' desk: what is left to decide, section by section, and deciding on many changes in one form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterAccess, CharterDep, require
from app.errors import BadInput, EngrossError, NotAllowed, Refused
from app.queries.changes import find_changes, latest_decisions, reference
from app.queries.desk import Wanted, desk
from app.queries.people import member_count
from app.queries.revisions import head_snapshot
from app.rules.permissions import Action
from app.services.decisions import Verdict, decide_many
from app.tokens import new_id
from app.web.deskcards import CHOICES, card_sections, refs_in
from app.web.forms import OurFields
from app.web.frame import charter_page
from app.web.once import lead, led_already
from app.web.sections import names_by_id
from app.web.tallies import RULES, bars

router = APIRouter(include_in_schema=False)

FILTERS: Mapping[Wanted, str] = {
    Wanted.ALL: "All",
    Wanted.UNDECIDED: "To decide",
    Wanted.OBJECTIONS: "With objections",
    Wanted.QUORUM: "Quorum reached",
    Wanted.NEEDS_AUTHOR: "Needs its author",
    Wanted.READY: "Ready to merge",
}
_REFS = re.compile(r"\d{1,9}\.\d{1,9}(?:,\d{1,9}\.\d{1,9})*")
_NAME = re.compile(r"outcome\.(\d{1,9}\.\d{1,9})")


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody looks at: which sort of changes, of which section or proposal, on which page."""

    show: Wanted = Wanted.ALL
    section: str = ""
    proposal: int | None = None
    page: int = 1

    def address(self, key: str, **other: object) -> str:
        """The address of that view, with something changed."""
        said: dict[str, object] = {
            "show": "" if self.show is Wanted.ALL else self.show,
            "section": self.section,
            "proposal": self.proposal or "",
            "page": "" if self.page == 1 else self.page,
        }
        query = "&".join(f"{name}={value}" for name, value in {**said, **other}.items() if value)
        return f"/{key}/desk" + (f"?{query}" if query else "")


@router.api_route("/{c}/desk", methods=["GET", "HEAD"], dependencies=[Depends(require(Action.DECIDE))])
def read_desk(
    request: Request,
    at: CharterDep,
    show: Annotated[str, Query(max_length=20)] = "",
    section: Annotated[str, Query(max_length=100)] = "",
    proposal: Annotated[int | None, Query(ge=1, le=999_999_999)] = None,
    page: Annotated[int, Query(ge=1, le=999_999)] = 1,
    decided: Annotated[str, Query(max_length=2_000)] = "",
) -> Response:
    """The desk."""
    done = decided.split(",") if _REFS.fullmatch(decided) else []
    return _show(request, at, _look(at, show, section, proposal, page), done=done)


@router.post("/{c}/desk", dependencies=[Depends(require(Action.DECIDE))])
def decide_on_desk(request: Request, at: CharterDep, fields: OurFields) -> Response:
    """Decide on all changes for which something was chosen, or on none and say why."""
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
    if (before := led_already(at, fields)) is not None:
        return before
    try:
        verdicts = verdicts_of(fields)
        _refuse_overtaken(at, fields, [ref for ref, verdict in verdicts if verdict.supersedes])
        made = decide_many(at.session, at.charter, by=at.by, now=clock.now(), verdicts=verdicts)
    except EngrossError as error:
        return _show(request, at, look, typed=fields, problem=error)
    refs = [ref for ref, _ in made]
    if fields.get("back") == "proposal":
        number, _, change = refs[0].partition(".")
        return lead(at, fields, f"/{at.charter.key}/proposals/{number}#change.{change}")
    return lead(at, fields, look.address(at.charter.key, decided=",".join(refs[:80])) + "#page.decided")


def verdicts_of(fields: Mapping[str, str]) -> list[tuple[str, Verdict]]:
    """What a form says shall become of which changes. BadInput if it says nothing of any."""
    found: list[tuple[str, Verdict]] = []
    common = fields.get("common", "")
    for name, outcome in fields.items():
        named = _NAME.fullmatch(name)
        if named is None or not outcome:
            continue
        ref = named[1]
        text = fields.get(f"text.{ref}", "").replace("\r\n", "\n") if outcome == "adopted_amended" else None
        if text is not None and not text.strip():
            raise BadInput(f"Change {ref}: write the words in which it is adopted.")
        reason = fields.get(f"reason.{ref}", "")
        said = reason if reason.strip() else common
        over = bool(fields.get(f"over.{ref}"))
        found.append((ref, Verdict(0, outcome, said.replace("\r\n", "\n"), text, over)))
    if not found:
        raise BadInput("Choose what shall become of at least one change.")
    return found


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
    wanted = Wanted(show) if show in set(Wanted) else Wanted.ALL
    there = head_snapshot(at.session, at.charter).section(section) if section else None
    return Look(wanted, there.key if there is not None else "", proposal, page)


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:]


def _show(
    request: Request,
    at: CharterAccess,
    look: Look,
    *,
    typed: Mapping[str, str] | None = None,
    problem: EngrossError | None = None,
    done: list[str] | None = None,
) -> Response:
    head = head_snapshot(at.session, at.charter)
    section = head.section(look.section) if look.section else None
    found = desk(
        at.session,
        at.charter,
        look.show,
        section=None if section is None else section.id,
        proposal=look.proposal,
        page=look.page,
    )
    called = names_by_id(head)
    key = at.charter.key
    values: dict[str, object] = {
        "desk": found,
        "look": look,
        "sections": card_sections(at.session, at.charter, found.groups),
        "filters": [
            (words, look.address(key, show="" if w is Wanted.ALL else w, page=""), look.show is w, found.counts.get(w))
            for w, words in FILTERS.items()
            if w is not Wanted.QUORUM or at.charter.quorum
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
        "choices": CHOICES,
        "bars": bars,
        "members": member_count(at.session, at.charter),
        "rule": RULES[at.charter.rule],
        "quorum": at.charter.quorum,
        "language": head.front.language,
        "typed": typed or {},
        "problem": problem.message if problem is not None else None,
        "wrong": refs_in(problem.message) if problem is not None else frozenset(),
        "done": done or [],
        "once": (typed or {}).get("once") or new_id(),
    }
    status = 200 if problem is None else 422 if isinstance(problem, BadInput) else 409
    return charter_page(request, at, "desk/desk.html", values, tab="Desk", status=status)
