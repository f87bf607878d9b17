"""How acts on a proposal answer: the proposal as it is now, with its ETag."""

from fastapi import Response
from fastapi.responses import JSONResponse

from app.api.tags import tag
from app.api.views import Json, proposal_json, section_keys
from app.db.models.proposals import Proposal
from app.deps import CharterAccess
from app.queries.proposals import proposal_view
from app.queries.revisions import head_snapshot


def proposal_tag(proposal: Proposal) -> str:
    """The ETag of a proposal; reviews and decisions on it do not make it another one to edit."""
    return tag("proposal", proposal.number, proposal.lock)


def answer_with_proposal(at: CharterAccess, proposal: Proposal, status: int, reports: tuple[str, ...] = ()) -> Response:
    """The proposal as whoever acted may see it; ``reports`` says what was done to the text on its way in."""
    at.session.flush()
    view = proposal_view(at.session, at.charter, proposal, at.visitor.account)
    keys = section_keys(head_snapshot(at.session, at.charter))
    value: Json = proposal_json(view, keys, reports)
    return JSONResponse(value, status, headers={"ETag": proposal_tag(proposal)})
