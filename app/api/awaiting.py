"""What awaits whoever asks: how much there is, and the first fifty of each sort."""

from dataclasses import asdict

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from app.api import shapes
from app.api.strict import StrictRoute
from app.api.views import Json, day, moment, section_keys
from app.deps import CharterDep, require
from app.queries.awaiting import Counts
from app.queries.awaiting_lists import ChangeLine, ProposalLine, waiting
from app.queries.revisions import head_snapshot
from app.queries.undecided import UndecidedLine
from app.rules.permissions import Action

router = APIRouter(route_class=StrictRoute, prefix="/charters/{c}/awaiting")

Keys = dict[str, str]


@router.get("", dependencies=[Depends(require(Action.READ_WORKING_TEXT))], response_model=shapes.Awaiting)
def read_awaiting(at: CharterDep) -> Response:
    """What awaits whoever asks. Each number is exact up to a hundred; each list holds the first fifty."""
    found = waiting(at.session, at.charter, at.by, at.standing)
    keys = section_keys(head_snapshot(at.session, at.charter))
    value: Json = {
        "counts": _counts(found.counts),
        "to_review": [_proposal(line) for line in found.to_review],
        "returned": [_proposal(line) for line in found.returned],
        "unfit": [_change(line, keys) for line in found.unfit],
        "mentions": [
            {"notice": m.notice, "text": m.sentence, "address": m.address, "at": moment(m.at)} for m in found.mentions
        ],
        "lost_threads": [
            {"thread": t.number, "text": t.begins, "section": _key(t.section, keys)} for t in found.lost_threads
        ],
        "shared": [_proposal(line) for line in found.shared],
        "to_decide": [
            {
                "section": _key(one.section, keys),
                "count": one.count,
                "groups": [[_undecided(line, keys) for line in group] for group in one.groups],
            }
            for one in found.to_decide
        ],
        "to_merge": [_change(line, keys) for line in found.to_merge],
        "to_sign": [{"edition": e.key, "label": e.label, "revision": e.revision} for e in found.to_sign],
    }
    return JSONResponse(value)


def _counts(found: Counts) -> Json:
    return {**asdict(found), "total": found.total}


def _key(section: str | None, keys: Keys) -> str | None:
    return None if section is None else keys.get(section, section)


def _proposal(line: ProposalLine) -> Json:
    return {
        "proposal": line.number,
        "title": line.title,
        "author": line.author,
        "version": line.version,
        "reviewed_version": line.reviewed,
        "review_by": None if line.review_by is None else day(line.review_by),
        "updated_at": moment(line.updated_at),
        "reason": line.reason,
    }


def _change(line: ChangeLine, keys: Keys) -> Json:
    return {
        "ref": line.ref,
        "proposal": line.proposal,
        "title": line.title,
        "author": line.author,
        "section": _key(line.section, keys),
        "outcome": line.outcome,
        "class": line.fit,
    }


def _undecided(line: UndecidedLine, keys: Keys) -> Json:
    return {
        "ref": line.ref,
        "proposal": line.proposal,
        "title": line.title,
        "author": line.author,
        "kind": line.kind,
        "section": _key(line.section, keys),
        "outcome": line.outcome,
        "class": line.fit,
        "review_by": None if line.review_by is None else day(line.review_by),
        "tally": {
            "support": line.tally.support,
            "object": line.tally.object,
            "abstain": line.tally.abstain,
            "silent": line.tally.silent,
            "rule_met": line.agreed,
            "quorum_reached": line.quorate,
        },
    }
