"""The states of proposals, changes and editions, and which act leads from which to which."""

from collections.abc import Mapping
from enum import StrEnum

from app.errors import Refused


class ProposalState(StrEnum):
    """Where a proposal stands. ``decided``: no change in it is pending or deferred."""

    DRAFT = "draft"
    OPEN = "open"
    RETURNED = "returned"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What became of one change; ``pending`` until the governors decide."""

    PENDING = "pending"
    ADOPTED = "adopted"
    ADOPTED_AMENDED = "adopted_amended"
    REJECTED = "rejected"
    DEFERRED = "deferred"


ADOPTED = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_AMENDED})
UNSETTLED = frozenset({Outcome.PENDING, Outcome.DEFERRED})


class EditionState(StrEnum):
    """Where an edition stands."""

    DRAFT = "draft"
    CANDIDATE = "candidate"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


FIXED_EDITION = frozenset({EditionState.APPROVED, EditionState.PUBLISHED, EditionState.WITHDRAWN})
"""The states in which nothing about an edition's text, date, label or files may change."""

_PROPOSAL: Mapping[str, Mapping[ProposalState, ProposalState]] = {
    "submit": {
        ProposalState.DRAFT: ProposalState.OPEN,
        ProposalState.RETURNED: ProposalState.OPEN,
    },
    "return": {ProposalState.OPEN: ProposalState.RETURNED},
    "withdraw": {
        ProposalState.DRAFT: ProposalState.WITHDRAWN,
        ProposalState.OPEN: ProposalState.WITHDRAWN,
        ProposalState.RETURNED: ProposalState.WITHDRAWN,
    },
    "edit": {
        ProposalState.DRAFT: ProposalState.DRAFT,
        ProposalState.OPEN: ProposalState.OPEN,
        ProposalState.RETURNED: ProposalState.RETURNED,
    },
    "review": {ProposalState.OPEN: ProposalState.OPEN},
    "decide": {ProposalState.OPEN: ProposalState.OPEN, ProposalState.DECIDED: ProposalState.DECIDED},
}

_EDITION: Mapping[str, Mapping[EditionState, EditionState]] = {
    "redraft": {EditionState.DRAFT: EditionState.DRAFT},
    "discard": {EditionState.DRAFT: EditionState.DRAFT},
    "freeze": {EditionState.DRAFT: EditionState.CANDIDATE},
    "thaw": {EditionState.CANDIDATE: EditionState.DRAFT},
    "sign off": {EditionState.CANDIDATE: EditionState.CANDIDATE},
    "approve": {EditionState.CANDIDATE: EditionState.APPROVED},
    "publish": {EditionState.APPROVED: EditionState.PUBLISHED},
    "withdraw": {EditionState.PUBLISHED: EditionState.WITHDRAWN},
}


def after_proposal_act(act: str, state: str) -> ProposalState:
    """The state of a proposal after that act; Refused if the act is not possible in its state."""
    following = _PROPOSAL[act].get(ProposalState(state))
    if following is None:
        raise Refused(f"This proposal is {state}, so you cannot {act} it now.", kind="wrong-state")
    return following


def after_edition_act(act: str, state: str) -> EditionState:
    """The state of an edition after that act; Refused if the act is not possible in its state."""
    following = _EDITION[act].get(EditionState(state))
    if following is None:
        needed = " or ".join(f"“{s}”" for s in _EDITION[act])
        raise Refused(
            f"This edition is in the state “{state}”; to {act} it, it has to be in the state {needed}.",
            kind="wrong-state",
        )
    return following
