"""What answers show: the views of the queries as JSON, under the names that clients rely on."""

from datetime import date, datetime

from app.queries.attachments import AnnexeView, AttachmentView
from app.queries.change_views import ChangeView, DecisionView
from app.queries.charters import CharterView
from app.queries.editions import EditionView
from app.queries.members import MemberView
from app.queries.partners import PartnerView
from app.queries.proposal_lists import ProposalHead
from app.queries.proposals import ProposalView
from app.queries.recommendations import RecommendationView
from app.queries.reviews import ReviewView
from app.queries.revisions import RevisionView
from app.rules.addresses import is_key
from app.text.blocks import block_to_json
from app.text.dialect import serialise
from app.text.digest import front_to_json
from app.text.snapshot import Section, Snapshot

Json = dict[str, object]


def moment(value: datetime | None) -> str | None:
    """A moment in ISO 8601, in UTC."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def day(value: date) -> str:
    """A day in ISO 8601."""
    return value.isoformat()


def charter_json(view: CharterView) -> Json:
    """A charter in a list or alone."""
    return {
        "key": view.key,
        "title": view.title,
        "organisation": view.organisation,
        "language": view.language,
        "open": view.open,
        "rule": view.rule,
        "quorum": view.quorum,
        "signoffs_required": view.signoffs_required,
        "former_members": view.former_members,
        "head": view.head,
        "edition": view.edition,
        "sections": [{"id": s.id, "key": s.key, "kind": s.kind, "heading": s.heading} for s in view.sections],
    }


def revision_head_json(view: RevisionView) -> Json:
    """A revision without its text."""
    return {
        "number": view.number,
        "parent": view.parent,
        "author": view.author,
        "created_at": moment(view.created_at),
        "message": view.message,
    }


def section_json(section: Section) -> Json:
    """A section with its text, both as canonical Markdown and as blocks."""
    return {
        "id": section.id,
        "key": section.key,
        "kind": str(section.kind),
        "heading": section.heading,
        "markdown": serialise(section.blocks),
        "blocks": [block_to_json(block) for block in section.blocks],
    }


def revision_json(view: RevisionView, text: Snapshot) -> Json:
    """A revision with its whole text."""
    return {
        **revision_head_json(view),
        "front": front_to_json(text.front),
        "sections": [section_json(section) for section in text.sections],
    }


def proposal_head_json(view: ProposalHead, keys: dict[str, str]) -> Json:
    """A proposal in a list; ``keys`` gives the keys of sections by id."""
    return {
        "number": view.number,
        "title": view.title,
        "author": view.author,
        "state": view.state,
        "standing": view.standing,
        "version": view.version,
        "base_revision": view.base_revision,
        "created_at": moment(view.created_at),
        "updated_at": moment(view.updated_at),
        "sections": [keys.get(id, id) for id in view.sections],
        "changes": view.changes,
        "undecided": view.undecided,
    }


def proposal_json(view: ProposalView, keys: dict[str, str], reports: tuple[str, ...] = ()) -> Json:
    """A proposal with its changes and reviews; ``reports`` says what was done to the text on its way in."""
    return {
        "number": view.number,
        "version": view.version,
        "state": view.state,
        "state_reason": view.state_reason,
        "standing": view.standing,
        "title": view.title,
        "rationale": view.rationale,
        "author": view.author,
        "base_revision": view.base_revision,
        "head": view.head,
        "created_at": moment(view.created_at),
        "updated_at": moment(view.updated_at),
        "review_by": None if view.review_by is None else day(view.review_by),
        "relation": None
        if view.relations.to is None
        else {"kind": view.relations.kind, "to": view.relations.to.number},
        "alternatives": [other_json(other) for other in view.relations.alternatives],
        "amendments": [other_json(other) for other in view.relations.amendments],
        "same_as": [other_json(other) for other in view.relations.same_as],
        "taken_into": view.taken_into,
        "partners": [partner_json(partner) for partner in view.partners],
        "changes": [change_json(change, keys) for change in view.changes],
        "reviews": [review_json(review) for review in view.reviews],
        "reports": list(reports),
    }


def other_json(view: ProposalHead) -> Json:
    """A proposal as another one names it."""
    return {
        "number": view.number,
        "title": view.title,
        "author": view.author,
        "state": view.state,
        "standing": view.standing,
    }


def partner_json(view: PartnerView) -> Json:
    """Somebody a proposal is shared with, and the version they put their name under."""
    return {
        "id": view.id,
        "name": view.name,
        "shared_at": moment(view.shared_at),
        "signed_at": moment(view.signed_at),
        "signed_version": view.signed_version,
        "on_earlier_version": view.on_earlier_version,
    }


def recommendation_json(view: RecommendationView) -> Json:
    """The advice that counts on a change."""
    return {
        "id": view.id,
        "outcome": view.outcome,
        "reason": view.reason,
        "text": view.text,
        "person": view.person,
        "created_at": moment(view.created_at),
        "version": view.version,
        "earlier": view.earlier,
    }


def member_json(view: MemberView, *, addresses: bool) -> Json:
    """Somebody with a role in a charter; the e-mail address only for those who manage the members."""
    value: Json = {"id": view.id, "name": view.name, "role": view.role, "advises": view.advises}
    return {**value, "email": view.email} if addresses else value


def change_json(view: ChangeView, keys: dict[str, str]) -> Json:
    """One typed change; ``section`` is a key, ``before`` and ``after`` are words."""
    section = None if view.section is None else keys.get(view.section, view.section)
    place: Json | None = None
    if view.place is not None:
        inside = view.place.section
        place = {"section": None if inside is None else keys.get(inside, inside), "after": view.place.after}
    return {
        "number": view.number,
        "ref": view.ref,
        "kind": view.kind,
        "section": section,
        "section_id": view.section,
        "block": view.block,
        "before": view.before,
        "after": view.after,
        "old": view.old,
        "new": view.new,
        "field": view.field,
        "place": place,
        "needs": list(view.needs),
        "class": view.cls,
        "confirm": view.confirm,
        "collides_with": list(view.collides_with),
        "outcome": view.outcome,
        "decision": None if view.decision is None else decision_json(view.decision),
        "merged_revision": view.merged_revision,
        "merged_words": view.took or None,
        "taken_out": None
        if view.taken_out is None
        else {"revision": view.taken_out.revision, "reverted_in": view.taken_out.reverted_in},
        "tally": {
            "support": view.tally.support,
            "object": view.tally.object,
            "abstain": view.tally.abstain,
            "silent": view.tally.silent,
            "rule_met": view.agreed,
            "quorum": view.quorum,
            "quorum_reached": view.quorum_reached,
            "silent_people": None if view.silent is None else list(view.silent),
        },
        "recommendation": None if view.recommendation is None else recommendation_json(view.recommendation),
    }


def decision_json(view: DecisionView) -> Json:
    """A decision in force."""
    return {
        "id": view.id,
        "outcome": view.outcome,
        "reason": view.reason,
        "text": view.text,
        "against_rule": view.against_rule,
        "decided_by": view.decided_by,
        "decided_at": moment(view.decided_at),
        "version": view.version,
        "supersedes": view.supersedes,
    }


def review_json(view: ReviewView) -> Json:
    """A review that counts."""
    return {
        "id": view.id,
        "person": view.person,
        "position": view.position,
        "text": view.text,
        "change": view.change,
        "version": view.version,
        "on_earlier_version": view.on_earlier_version,
        "created_at": moment(view.created_at),
    }


def edition_json(view: EditionView) -> Json:
    """An edition and where it stands."""
    return {
        "key": view.key,
        "label": view.label,
        "revision": view.revision,
        "effective": day(view.effective),
        "state": view.state,
        "state_reason": view.state_reason,
        "standing": view.standing,
        "signoffs": [{"person": s.person, "at": moment(s.at)} for s in view.signoffs],
        "signoffs_required": view.signoffs_required,
        "created_at": moment(view.created_at),
        "approved_at": moment(view.approved_at),
        "published_at": moment(view.published_at),
        "withdrawn_at": moment(view.withdrawn_at),
        "pdf": None
        if view.pdf_hash is None
        else {"sha256": view.pdf_hash, "pages": view.pdf_pages, "size": view.pdf_size},
    }


def annexe_json(view: AnnexeView) -> Json:
    """An annexe as the text declares it, and its file."""
    file = None if view.file is None else attachment_json(view.file)
    return {"key": view.annexe.key, "title": view.annexe.title, "url": view.annexe.url, "file": file}


def attachment_json(view: AttachmentView) -> Json:
    """A file that stands in a place of a charter."""
    return {
        "name": view.name,
        "media_type": view.media_type,
        "size": view.size,
        "sha256": view.hash,
        "added_by": view.by,
        "added_at": moment(view.at),
    }


def section_keys(text: Snapshot) -> dict[str, str]:
    """The keys of sections by their permanent ids."""
    return {section.id: section.key for section in text.sections}


def section_asked_for(text: Snapshot, key: str | None) -> str | None:
    """The permanent id of a section a list is narrowed to: None for all, "" where there never was one of that name.

    Whoever knows the id of a section that is gone from the text may name it by that.
    """
    if key is None:
        return None
    named = text.section(key)
    if named is not None:
        return named.id
    return key if is_key(key) else ""
