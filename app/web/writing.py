"""Writing a proposal on plain forms: what is being written, its preview, and how it is stored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from fastapi import Request
from fastapi.responses import Response

from app import clock
from app.db.models.proposals import Proposal
from app.deps import CharterAccess
from app.errors import BadInput
from app.queries.changes import current_changes, reference
from app.queries.proposal_lists import ProposalHead
from app.queries.proposals import proposal_row, version_row
from app.queries.rebasing import LeftOut, taken_up
from app.queries.relations import wanting
from app.queries.revisions import snapshot
from app.queries.rivals import Meeting, meetings
from app.rules.relations import Relation, RelationKind
from app.rules.states import Outcome, ProposalState
from app.services import proposals
from app.text.derive import derive
from app.text.dialect import clean
from app.text.phrases import Phrase, phrases
from app.text.redline import SnapshotRedline, redline_snapshots
from app.text.resubmission import submission_between
from app.text.snapshot import Snapshot
from app.text.submission import ABSENT, Submission, SubmittedSection
from app.text.wanted import wanted as wish
from app.tokens import new_id
from app.web.changes import print_wording
from app.web.frame import charter_page
from app.web.once import lead
from app.web.redlines import redline_frame, touched_sections

_REF = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody is writing: on which revision, over which text, and in which proposal if it is one already.

    ``text`` is what they see: the base with what is proposed already put in. With a ``relation`` it will be an
    alternative or an amendment to another proposal; an amendment begins with the words of that one. ``began`` is the
    version of the proposal that the form was opened on, ``settled`` are its changes that no version can touch any more:
    reference, number and outcome of each. ``over`` are those that its author put in the place of what the text of
    ``revision`` says, where others had rewritten the same.
    """

    at: CharterAccess
    proposal: Proposal | None
    revision: int
    base: Snapshot
    text: Snapshot
    left_out: Sequence[LeftOut] = ()
    began: int = 0
    relation: Relation | None = None
    settled: Sequence[tuple[str, int, str]] = ()
    over: Sequence[LeftOut] = ()

    @property
    def over_refs(self) -> list[str]:
        """The names of the changes whose words stand in the place of those of the newer text."""
        return [one.ref for one in self.over]

    @property
    def query(self) -> str:
        """What goes behind the address of a form so that it keeps its relation."""
        return "" if self.relation is None else f"?relation={self.relation.kind}&to={self.relation.to}"

    @property
    def home(self) -> str:
        """The address under which its forms lie."""
        charter = f"/{self.at.charter.key}"
        return f"{charter}/propose" if self.proposal is None else f"{charter}/proposals/{self.proposal.number}/edit"

    @property
    def is_draft(self) -> bool:
        """Whether nobody else has seen it yet."""
        return self.proposal is None or self.proposal.state == ProposalState.DRAFT


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form asks for: sections, fields of the front."""

    sections: Sequence[SubmittedSection] = ()
    front: Mapping[str, object] = field(default_factory=dict)


def writing(at: CharterAccess, proposal: Proposal | None, fields: Mapping[str, str]) -> Writing:
    """What is being written, on the revision the form was opened on; a form that is only opened has the newest."""
    given = fields.get("base", "")
    revision = int(given) if re.fullmatch(r"[0-9]{1,9}", given) else at.charter.head
    if not 1 <= revision <= at.charter.head:
        revision = at.charter.head
    if proposal is None:
        base = snapshot(at.session, at.charter, revision)
        relation = _relation(fields)
        if relation is None or relation.kind is not RelationKind.AMENDMENT:
            return Writing(at, None, revision, base, base, relation=relation)
        other = proposal_row(at.session, at.charter, relation.to, at.visitor.account)
        offered = taken_up(at.session, at.charter, other, revision)
        return Writing(at, None, revision, base, offered.wanted, relation=relation)
    taken = taken_up(at.session, at.charter, proposal, revision, over=over_of(fields))
    began = fields.get("version", "")
    version = min(int(began), proposal.version) if re.fullmatch(r"[1-9][0-9]{0,8}", began) else proposal.version
    settled = [
        (reference(proposal, row), row.number, row.outcome)
        for row in current_changes(at.session, proposal)
        if row.outcome != Outcome.PENDING and row.merged_revision is None
    ]
    return Writing(
        at,
        proposal,
        revision,
        taken.base,
        taken.wanted,
        taken.left_out,
        version,
        settled=settled,
        over=taken.over,
    )


def over_of(fields: Mapping[str, str]) -> list[str]:
    """The changes that a form puts in the place of what the text says: their names, as it carries them."""
    return [ref for ref in dict.fromkeys(fields.get("over", "").split()[:200]) if _REF.fullmatch(ref)]


def _relation(fields: Mapping[str, str]) -> Relation | None:
    kind, to = fields.get("relation", ""), fields.get("to", "")
    if kind not in set(RelationKind) or not re.fullmatch(r"[1-9][0-9]{0,8}", to):
        return None
    return Relation(RelationKind(kind), int(to))


def title_and_reason(of: Writing, fields: Mapping[str, str]) -> tuple[str, str]:
    """What was typed for both; if nothing was, what the proposal says so far."""
    title, reason = fields.get("title"), fields.get("reason")
    if of.proposal is not None and (title is None or reason is None):
        version = version_row(of.at.session, of.proposal)
        title, reason = title or version.title, reason if reason is not None else version.rationale
    return clean(title or "").strip(), clean(reason or "")


def submission(of: Writing, wanted: Wanted) -> Submission:
    """All that is to be sent in: what the proposal says elsewhere, and what this form asks for."""
    before = submission_between(of.base, of.text)
    asked = {section.key: section for section in wanted.sections}
    for key in [key for key, section in asked.items() if section.remove and of.base.section(key) is None]:
        # It was only proposed: without it there is nothing to take out.
        del asked[key]
        before = replace(before, sections=tuple(section for section in before.sections if section.key != key))
    kept = [_both(section, asked.pop(section.key, None)) for section in before.sections]
    return Submission((*kept, *asked.values()), {**before.front, **wanted.front})


def _both(before: SubmittedSection, asked: SubmittedSection | None) -> SubmittedSection:
    """One section as it was proposed so far, with what is asked for now."""
    if asked is None:
        return before
    if asked.remove or before.remove:
        return asked
    return replace(
        asked,
        kind=asked.kind or before.kind,
        blocks=before.blocks if asked.blocks is None else asked.blocks,
        heading=before.heading if asked.heading is None else asked.heading,
        after=before.after if asked.after is ABSENT else asked.after,
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a proposal would do before it is one: its changes in words, whom it meets, what was done on the way.

    ``same`` are the open proposals that want exactly the same, ``wanted`` is the text as it would be, ``compared``
    the redline that leads there.
    """

    phrases: Sequence[Phrase]
    meetings: Sequence[Meeting]
    same: Sequence[ProposalHead]
    reports: Sequence[str]
    changes: int
    wanted: Snapshot
    compared: SnapshotRedline


def outlook(of: Writing, sent: Submission) -> Outlook:
    """What the submission would do. BadInput if it does nothing, or cannot be taken."""
    derived = derive(of.base, sent, new_id)
    if not derived.changes:
        raise BadInput("This is the text as it stands: change some words first.", kind="nothing-changed")
    compared = redline_snapshots(of.base, derived.wanted)
    number = of.proposal.number if of.proposal is not None else None
    same = wanting(of.at.session, of.at.charter, wish(derived.changes), besides=number)
    met = meetings(of.at.session, of.at.charter, of.base, derived.changes, besides=number)
    return Outlook(
        phrases(compared),
        [one for one in met if one.proposal not in {head.number for head in same}],
        same,
        derived.reports,
        len(derived.changes),
        derived.wanted,
        compared,
    )


def preview(request: Request, of: Writing, wanted: Wanted, fields: Mapping[str, str], form: str) -> Response:
    """The page that shows what the proposal would do, with everything that was typed; ``form`` is the form's address.

    BadInput if there is nothing to show yet.
    """
    title, reason = title_and_reason(of, fields)
    seen = outlook(of, submission(of, wanted))
    frame = redline_frame(of.base, seen.wanted, f"/{of.at.charter.key}", anchors=False)
    values = {
        "writing": of,
        "shown": seen,
        "redline": touched_sections(seen.compared, frame),
        "print_wording": partial(print_wording, frame=frame),
        "title": title,
        "reason": reason,
        "form": form,
        "fields": {name: value for name, value in fields.items() if name not in _OURS and _says_something(name, value)},
        "moved_on": of.at.charter.head - of.revision,
        "language": of.base.front.language,
        "once": fields.get("once") or new_id(),
    }
    return charter_page(request, of.at, "propose/preview.html", values, tab="Proposals")


_OURS = frozenset({"csrf", "act", "title", "reason", "once"})


def _says_something(name: str, value: str) -> bool:
    """Whether a field has to be carried on: an emptied paragraph says that it goes, other empty fields say nothing."""
    return bool(value) or name.partition(".")[0] not in ("a", "m", "n", "w", "top")


def store(of: Writing, wanted: Wanted, fields: Mapping[str, str], *, submit: bool) -> Response:
    """Keep the proposal as a draft, or put it before everybody, and lead to its page. BadInput if it cannot be."""
    at, now = of.at, clock.now()
    title, reason = title_and_reason(of, fields)
    sent = submission(of, wanted)
    if of.proposal is None:
        made = proposals.propose(
            at.session,
            at.charter,
            by=at.by,
            now=now,
            title=title,
            rationale=reason,
            base_revision=of.revision,
            submission=sent,
            submit=submit,
            relation=of.relation,
        )
    else:
        made = proposals.edit(
            at.session,
            at.charter,
            of.proposal,
            by=at.by,
            now=now,
            title=title,
            rationale=reason,
            base_revision=of.revision,
            submission=sent,
        )
        if submit and made.proposal.state != ProposalState.OPEN:
            proposals.submit(at.session, at.charter, made.proposal, by=at.by, now=now)
    return lead(at, fields, f"/{at.charter.key}/proposals/{made.proposal.number}")
