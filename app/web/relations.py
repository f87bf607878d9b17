"""Proposals beside each other on a page: what the alternatives would write, and what an amendment would change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.db.models.proposals import Proposal
from app.deps import CharterAccess
from app.queries.changes import current_changes, operation
from app.queries.proposal_lists import ProposalHead
from app.queries.proposals import ProposalView, changed_snapshot, proposal_row
from app.rules.relations import RelationKind
from app.rules.states import ProposalState
from app.text.html import snapshot_redline_html
from app.text.redline import redline_snapshots
from app.web.changes import ShownWords, show_words
from app.web.redlines import notes_elsewhere, redline_frame

# So many are shown with their words; of further ones only the titles, since a page has to stay readable.
_MOST = 3
_IN_PLAY = (ProposalState.OPEN, ProposalState.RETURNED)


@dataclass(frozen=True, slots=True)
class Beside:
    """Another way to the same, with what it would write; without ``words`` where there are too many to show."""

    head: ProposalHead
    words: Sequence[ShownWords]


@dataclass(frozen=True, slots=True)
class Offer:
    """An amendment, with what it would change in the text of the proposal ``to``.

    ``redline`` is None where one of the two is not in play any more, and where there are too many to show.
    ``may_accept``: whoever looks can take it over. ``seen`` names the versions of both that are shown.
    """

    head: ProposalHead
    to: int
    redline: Markup | None
    other_base: bool
    may_accept: bool
    seen: str = ""


def alternatives(at: CharterAccess, view: ProposalView) -> list[Beside]:
    """The alternatives of a proposal, those in play first and with their words."""
    heads = sorted(view.relations.alternatives, key=lambda head: head.state not in _IN_PLAY)
    found = []
    for n, head in enumerate(heads):
        shown = n < _MOST and head.state in _IN_PLAY
        found.append(Beside(head, _words(at, _row(at, head.number)) if shown else ()))
    return found


def offers(at: CharterAccess, proposal: Proposal, view: ProposalView) -> list[Offer]:
    """The amendments offered for a proposal; for an amendment itself, that one offer."""
    if view.relations.kind == RelationKind.AMENDMENT and view.relations.to is not None:
        other = view.relations.to
        return [_offer(at, _row(at, other.number), proposal, other)]
    heads = sorted(view.relations.amendments, key=lambda head: head.state not in _IN_PLAY)
    return [
        _offer(at, proposal, _row(at, head.number), head)
        if n < _MOST and head.state in _IN_PLAY
        else Offer(head, proposal.number, None, other_base=False, may_accept=False)
        for n, head in enumerate(heads)
    ]


def _row(at: CharterAccess, number: int) -> Proposal:
    return proposal_row(at.session, at.charter, number, at.visitor.account)


def _words(at: CharterAccess, proposal: Proposal) -> list[ShownWords]:
    base, changed = changed_snapshot(at.session, at.charter, proposal)
    frame = redline_frame(base, changed, f"/{at.charter.key}", anchors=False)
    return [show_words(operation(row), base, changed, frame) for row in current_changes(at.session, proposal)]


def _offer(at: CharterAccess, proposal: Proposal, amendment: Proposal, head: ProposalHead) -> Offer:
    in_play = proposal.state in _IN_PLAY and amendment.state in (*_IN_PLAY, ProposalState.DRAFT)
    redline, other_base = None, False
    if in_play:
        base, standing = changed_snapshot(at.session, at.charter, proposal)
        amended, wanted = changed_snapshot(at.session, at.charter, amendment)
        other_base = base is not amended and base != amended
        shown = redline_snapshots(standing, wanted)
        shown = replace(shown, sections=tuple(row for row in shown.sections if row.touched))
        frame = redline_frame(standing, wanted, f"/{at.charter.key}", anchors=False)
        redline = notes_elsewhere(snapshot_redline_html(shown, frame), None)
    person = at.visitor.account
    return Offer(
        head=head,
        to=proposal.number,
        redline=redline,
        other_base=other_base,
        may_accept=in_play
        and amendment.state != ProposalState.DRAFT
        and person is not None
        and person.id == proposal.author_id,
        seen=versions_seen(proposal, amendment),
    )


def versions_seen(proposal: Proposal, amendment: Proposal) -> str:
    """The versions of a proposal and an amendment to it, as the form that takes the amendment over names them."""
    return f"{proposal.version}.{amendment.version}"
