"""All that the record of an edition says, gathered: its text, its sign-offs, and the decisions behind its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition, SignOff
from app.db.models.people import Person
from app.queries.attachments import AttachmentView, edition_attachments
from app.queries.lineage import spans_of_blocks
from app.queries.origins import Origin, origins
from app.queries.printing import prepared_edition
from app.queries.provenance import Adoption, WordSource, adoptions, word_sources
from app.queries.register import RegisterEntry, Wanted, register
from app.queries.revisions import revision_row, snapshot
from app.rules.states import EditionState
from app.text.prepared import PreparedEdition
from app.text.provenance import Spans
from app.text.snapshot import Snapshot

# So many decisions are read with one question.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved an edition, None for the product itself that imported it, and when."""

    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RevisionOfEdition:
    """The revision an edition is of, with the hashes of its text as the records have them."""

    number: int
    made_at: datetime
    front_hash: str
    outline_hash: str


@dataclass(frozen=True, slots=True)
class Before:
    """The edition that was in force before."""

    key: str
    label: str
    revision: int
    made_at: datetime
    text: Snapshot
    files: Sequence[AttachmentView]


@dataclass(frozen=True, slots=True)
class EditionMaterial:
    """An edition with everything that is said of it in its files; nothing here hangs on the database.

    ``spans`` are by block id, ``behind`` by the id of the block or section that changed since the edition ``before``,
    ``decisions`` by their id. ``changed`` are the decisions on what went in since, the newest first.
    """

    charter: str
    key: str
    label: str
    effective: date
    prepared: PreparedEdition
    text: Snapshot
    files: Sequence[AttachmentView]
    revision: RevisionOfEdition
    approval: Approval | None
    signoffs: Sequence[tuple[str, datetime]]
    spans: Mapping[str, Spans]
    sources: Sequence[WordSource]
    decisions: Mapping[int, Adoption]
    before: Before | None
    behind: Mapping[str, Sequence[Origin]]
    changed: Sequence[RegisterEntry]


def edition_material(
    session: Session, charter: Charter, edition: Edition, approval: Approval | None
) -> EditionMaterial:
    """What there is to say of an edition, as it is, or as it will be with that approval."""
    row = revision_row(session, charter, edition.revision)
    text = snapshot(session, charter, edition.revision)
    prepared = prepared_edition(
        session, charter, edition, state=EditionState.APPROVED if approval is not None else None
    )
    blocks = [block.id for _, _, block in text.placed_blocks() if block.id is not None]
    spans = spans_of_blocks(session, charter, blocks, edition.revision)
    before = _before(session, charter, edition)
    first = 0 if before is None else before.revision
    behind = origins(session, charter, first, edition.revision) if before is not None else {}
    sources = sorted(
        {source for some in spans.values() for source in some.sources},
        key=lambda s: (s.revision, s.proposal or 0, s.change or 0),
    )
    decided = {source.decision for source in sources if source.decision is not None}
    decided.update(origin.decision for some in behind.values() for origin in some)
    return EditionMaterial(
        charter=charter.key,
        key=edition.key,
        label=edition.label,
        effective=edition.effective,
        prepared=prepared,
        text=text,
        files=edition_attachments(session, charter, edition),
        revision=RevisionOfEdition(row.number, row.created_at, row.front_hash, row.outline_hash),
        approval=approval,
        signoffs=signoffs(session, edition),
        spans=spans,
        sources=word_sources(session, charter, sources),
        decisions=adoptions(session, charter, decided),
        before=before,
        behind=behind,
        changed=_changed(session, charter, first, edition.revision),
    )


def revision_material(session: Session, charter: Charter, number: int) -> EditionMaterial:
    """The same of a revision that is no edition: without a key or an approval, dated by when it was made."""
    made_at = revision_row(session, charter, number).created_at
    as_one = Edition(
        id=0,
        charter_id=charter.id,
        key="",
        revision=number,
        label=f"Revision {number}",
        effective=made_at.date(),
        state=EditionState.DRAFT,
    )
    return edition_material(session, charter, as_one, None)


def approval_of(session: Session, edition: Edition) -> Approval | None:
    """Who approved an edition and when, None if nobody has."""
    if edition.approved_at is None:
        return None
    return Approval(name_of(session, edition.approved_by), edition.approved_at)


def name_of(session: Session, person: int | None) -> str | None:
    """What a person is called."""
    return None if person is None else session.scalar(select(Person.name).where(Person.id == person))


def signoffs(session: Session, edition: Edition) -> Sequence[tuple[str, datetime]]:
    """The names under an edition, in the order they were put there."""
    rows = session.execute(
        select(Person.name, SignOff.created_at)
        .join(Person, Person.id == SignOff.person_id)
        .where(SignOff.edition_id == edition.id, SignOff.lapsed_at.is_(None))
        .order_by(SignOff.id)
    )
    return [(name, at) for name, at in rows]


def _before(session: Session, charter: Charter, edition: Edition) -> Before | None:
    """The published edition with the latest effective day before that of this one."""
    row = session.scalar(
        select(Edition)
        .where(
            Edition.charter_id == charter.id,
            Edition.state == EditionState.PUBLISHED,
            Edition.effective < edition.effective,
            Edition.id != edition.id,
        )
        .order_by(Edition.effective.desc(), Edition.published_at.desc(), Edition.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    made_at = revision_row(session, charter, row.revision).created_at
    files = edition_attachments(session, charter, row)
    return Before(row.key, row.label, row.revision, made_at, snapshot(session, charter, row.revision), files)


def _changed(session: Session, charter: Charter, after: int, up_to: int) -> Sequence[RegisterEntry]:
    wanted = Wanted(merged=(after, up_to))
    found: list[RegisterEntry] = []
    while True:
        last = found[-1].id if found else None
        some = register(session, charter, wanted, before=last, limit=_AT_ONCE, wordings=True)
        found += some
        if len(some) < _AT_ONCE:
            return found
