"""The page of one proposal: everything it shows, with what somebody typed where a form could not be taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app import clock
from app.deps import CharterAccess, ProposalAccess
from app.errors import BadInput, Refused
from app.queries.members import MemberView, members
from app.queries.people import member_count
from app.queries.proposals import ProposalView, changed_snapshot, proposal_view
from app.render.changes import CHOICES, WITHOUT_WORDS
from app.rules.majorities import RULES, Rule
from app.rules.permissions import Action
from app.rules.states import UNSETTLED, ProposalState
from app.text.snapshot import Snapshot
from app.web.changes import show_change
from app.web.deskcards import forms_of, words_of
from app.web.discussion import discussion
from app.web.frame import charter_page
from app.web.own_words import WordsField, notes_to_cite, numbered
from app.web.redlines import redline_frame
from app.web.relations import alternatives, offers
from app.web.sections import names_by_id
from app.web.tallies import bars


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody typed into one form of the page, and why it could not be taken."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    def of(self, form: str, name: str) -> str:
        """What was typed into a field of that form; "" for another form."""
        return self.values.get(name, "") if form == self.form else ""


_IN_PLAY = (ProposalState.OPEN, ProposalState.RETURNED)
_UNDER_WAY = (ProposalState.DRAFT, *_IN_PLAY)


def show_proposal(
    request: Request, where: ProposalAccess, typed: Filled | None = None, *, status: int = 422
) -> Response:
    """The page; with what was ``typed`` into a form it says beside that form why it could not be taken (``status``)."""
    at, proposal = where.at, where.proposal
    view = proposal_view(at.session, at.charter, proposal, at.visitor.account)
    base, changed = changed_snapshot(at.session, at.charter, proposal)
    frame = redline_frame(base, changed, f"/{at.charter.key}", anchors=False)
    closed = view.state == ProposalState.WITHDRAWN
    values: dict[str, object] = {
        "proposal": view,
        "changes": [show_change(change, base, changed, frame, closed=closed) for change in view.changes],
        "bars": bars,
        "members": member_count(at.session, at.charter),
        "rule": RULES[at.charter.rule],
        "ruled": at.charter.rule != Rule.GOVERNORS,
        "quorum": at.charter.quorum,
        "undecided": sum(change.decision is None or change.outcome == "deferred" for change in view.changes),
        "touched": _touched(view, changed, base),
        "gone": _gone(view),
        "language": changed.front.language,
        "typed": typed or Filled(),
        "may": _may(at, view, typed.form if typed is not None else ""),
        "alternatives": alternatives(at, view),
        "offers": offers(at, proposal, view),
        "shareable": _shareable(at, view),
        "today": clock.today(),
        "talk": discussion(at, proposal),
        "deciding": forms_of(at, view.state, view.changes, numbered(frame)),
        "advising": _advising(view, numbered(frame)),
        "cited": notes_to_cite(changed),
        "decision_choices": CHOICES,
    }
    answered = status if typed is not None else 200
    return charter_page(request, at, "proposals/one.html", values, tab="Proposals", status=answered)


def carry_out(
    request: Request, where: ProposalAccess, form: str, values: Mapping[str, str], act: Callable[[], object], to: str
) -> Response:
    """Do what a form of the page asks for, and lead to the part ``to`` of the page.

    What cannot be taken is shown again beside the form, with what was typed; so is a refusal where words were typed.
    """
    try:
        act()
    except BadInput as error:
        return show_proposal(request, where, Filled(form, values, error.message))
    except Refused as error:
        if not any(values.get(name, "").strip() for name in ("text", "reason")):
            raise
        # Others acted while somebody was writing: their words stay in front of them.
        where.at.session.rollback()
        return show_proposal(request, where, Filled(form, values, error.message), status=409)
    return lead_back(where, to)


def lead_back(where: ProposalAccess, to: str) -> Response:
    """To the page of the proposal, at its part ``to``."""
    return RedirectResponse(f"/{where.at.charter.key}/proposals/{where.proposal.number}#{to}", 303)


@dataclass(frozen=True, slots=True)
class May:
    """What whoever looks at a proposal can do with it now: only what is offered works, and all of it is offered."""

    review: bool
    edit: bool
    submit: bool
    withdraw: bool
    give_back: bool
    share: bool
    sign: bool
    unsign: bool
    recommend: bool
    set_deadline: bool
    relate: bool


def _may(at: CharterAccess, view: ProposalView, typed: str) -> May:
    """What can be done; the form that was just ``typed`` into is there in any case, since it holds somebody's words."""
    person = at.visitor.account
    mine = view.mine and at.may(Action.PROPOSE)
    under_way, is_open = view.state in _UNDER_WAY, view.state == ProposalState.OPEN
    me = next((p for p in view.partners if person is not None and p.id == person.id), None)
    partner = me is not None and at.may(Action.PROPOSE) and under_way
    undecided = all(change.outcome in UNSETTLED for change in view.changes)
    return May(
        review=at.may(Action.REVIEW) and (is_open or typed == "review"),
        edit=mine and under_way,
        submit=mine and view.state in (ProposalState.DRAFT, ProposalState.RETURNED),
        withdraw=mine and under_way and undecided,
        give_back=at.may(Action.DECIDE) and (is_open or typed == "return"),
        share=mine and under_way,
        sign=partner and me is not None and me.signed_version != view.version,
        unsign=partner and me is not None and me.signed,
        recommend=at.may(Action.RECOMMEND) and (is_open or typed.startswith("recommend.")),
        set_deadline=at.may(Action.DECIDE) and view.state in _IN_PLAY,
        relate=at.may(Action.PROPOSE) and view.state in _IN_PLAY,
    )


def _advising(view: ProposalView, note_numbers: Mapping[str, int]) -> dict[int, WordsField]:
    """The fields for other words in a recommendation, by the number of the change; for what has words of its own."""
    with_words = [change for change in view.changes if change.kind not in WITHOUT_WORDS]
    return {change.number: words_of(change, "", change.after or "", note_numbers) for change in with_words}


def _shareable(at: CharterAccess, view: ProposalView) -> list[MemberView]:
    """Those the author can still share it with."""
    if not view.mine or view.state not in _UNDER_WAY:
        return []
    taken = {p.id for p in view.partners} | {at.by.id}
    return [member for member in members(at.session, at.charter) if member.id not in taken]


def _gone(view: ProposalView) -> list[str]:
    """The names of changes that earlier versions had and this one has not, as far as the numbers show it."""
    here = {change.number for change in view.changes}
    return [f"{view.number}.{n}" for n in range(1, max(here, default=0)) if n not in here]


def _touched(view: ProposalView, changed: Snapshot, base: Snapshot) -> list[str]:
    """The names of the sections it touches, in the order of the text."""
    ids = {change.section for change in view.changes if change.section}
    return [name for id, name in names_by_id(changed, base).items() if id in ids]
