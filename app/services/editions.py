"""Editions: draft, redraft, discard, freeze, thaw, sign off, approve, publish and withdraw."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.editions import Edition, File, SignOff
from app.errors import BadInput, Refused
from app.queries.attachments import attachments as attachments_of
from app.queries.attachments import files_of
from app.queries.charters import charter_row
from app.queries.edition_records import Approval, edition_material, name_of, signoffs
from app.queries.editions import edition_row
from app.queries.open_proposals import open_count
from app.queries.people import Account
from app.queries.revisions import snapshot
from app.render.findings import in_words
from app.render.pdf import Pdf, render_pdf
from app.rules.dates import EditionDate, edition_date
from app.rules.edition_files import FileKind
from app.rules.states import EditionState, after_edition_act
from app.services import attachments, edition_files, records, telling
from app.text.dialect import clean
from app.text.prepared import Finding, PreparedEdition
from app.text.preparing import prepare

LONGEST_LABEL = 100
LONGEST_REASON = 20_000
_CHANGED = "Somebody changed this edition meanwhile. Look at it again."


def draft(
    session: Session,
    charter: Charter,
    *,
    by: int | None,
    now: datetime,
    revision: int,
    date_text: str,
    label: str | None,
    effective: date | None,
) -> Edition:
    """Begin an edition of a revision under a date ("2025-05" or "2026-11-21"), which is also its address.

    Refused if that date is taken. The label defaults to the date in words, the effective date to its first day.
    """
    when: EditionDate = edition_date(date_text)
    name = _checked_label(charter, revision, label, when)
    taken = session.scalar(select(Edition.id).where(Edition.charter_id == charter.id, Edition.key == when.key))
    if taken is not None:
        raise Refused(f"There is an edition of {when.key} already. Give this one another date.", kind="taken")
    edition = Edition(
        charter_id=charter.id,
        key=when.key,
        revision=revision,
        label=name,
        effective=effective or when.first_day,
        state=EditionState.DRAFT,
        created_by=by,
        created_at=now,
    )
    session.add(edition)
    session.flush()
    _record(session, charter, edition, by, now, "draft edition", detail=_drafted(edition))
    return edition


def redraft(
    session: Session,
    charter: Charter,
    edition: Edition,
    *,
    by: Account,
    now: datetime,
    revision: int,
    label: str | None,
    effective: date | None,
) -> None:
    """Let a draft be of another revision, or say something else on its cover; its date is its address and stays.

    Label and effective date default as in `draft`.
    """
    after_edition_act("redraft", edition.state)
    when = edition_date(edition.key)
    name = _checked_label(charter, revision, label, when)
    edition.revision, edition.label, edition.effective = revision, name, effective or when.first_day
    session.flush()
    _record(session, charter, edition, by.id, now, "redraft edition", detail=_drafted(edition))


def _drafted(edition: Edition) -> dict[str, object]:
    """What a record says of a draft."""
    return {"revision": edition.revision, "label": edition.label, "effective": edition.effective.isoformat()}


def discard(session: Session, charter: Charter, edition: Edition, *, by: Account, now: datetime) -> None:
    """Take back a draft that nobody ever signed off, so that its date is free again.

    Refused for one that was a candidate with sign-offs: those are in the record, and the draft with them.
    """
    after_edition_act("discard", edition.state)
    if session.scalar(select(SignOff.id).where(SignOff.edition_id == edition.id).limit(1)) is not None:
        raise Refused(
            "This edition was signed off before it was thawed, so it stays. Give it another revision instead.",
            kind="was-signed",
        )
    _record(session, charter, edition, by.id, now, "discard edition", before=edition.state)
    session.delete(edition)
    session.flush()


def freeze(
    session: Session, charter: Charter, edition: Edition, *, by: int | None, now: datetime, reason: str = ""
) -> list[dict[str, object]]:
    """Make a draft a candidate that can be signed off; the answer is what deserves a look but does not forbid it.

    The files of its annexes and the logo are taken along as they stand now.

    Refused, naming each, if the text has a citation without a note, a reference to nothing or an undeclared annexe.
    """
    words = _reason(reason)
    state = after_edition_act("freeze", edition.state)
    text = snapshot(session, charter, edition.revision)
    prepared = prepare(text, charter=charter.key, files=files_of(attachments_of(session, charter)))
    findings = prepared.worth_a_look
    forbidding = [f for f in findings if f.fault.forbids_freezing]
    if forbidding:
        told = [in_words(prepared, finding) for finding in forbidding]
        raise Refused(
            "The text refers to what is not there, so it cannot be frozen. "
            + " ".join(f"{one.section}: {one.words}" for one in told),
            kind="dangling",
            details={"findings": [finding_to_json(charter, edition, prepared, f) for f in forbidding]},
        )
    taken = attachments.take_along(session, charter, edition)
    detail: dict[str, object] | None = {"attachments": taken} if taken else None
    _advance(session, charter, edition, state, by, now, "freeze edition", detail=detail, reason=words)
    if by is not None:
        telling.edition_frozen(session, charter, edition, by=by, now=now)
    return [
        *(finding_to_json(charter, edition, prepared, f) for f in findings if not f.fault.forbids_freezing),
        *_open_proposals(session, charter),
    ]


def thaw(session: Session, charter: Charter, edition: Edition, *, by: Account, now: datetime, reason: str = "") -> None:
    """Make a candidate a draft again. Sign-offs given so far lapse: they were given on a frozen text."""
    words = _reason(reason)
    state = after_edition_act("thaw", edition.state)
    for signoff in _signoffs(session, edition):
        signoff.lapsed_at = now
    attachments.leave_behind(session, edition)
    _advance(session, charter, edition, state, by.id, now, "thaw edition", reason=words)


def sign_off(
    session: Session, charter: Charter, edition: Edition, *, by: Account, now: datetime, reason: str = ""
) -> None:
    """Put one's name under a candidate, once."""
    words = _reason(reason)
    after_edition_act("sign off", edition.state)
    if any(s.person_id == by.id for s in _signoffs(session, edition)):
        raise Refused("You have signed this candidate off already.", kind="already-signed")
    session.add(SignOff(edition_id=edition.id, person_id=by.id, created_at=now))
    session.flush()
    _record(session, charter, edition, by.id, now, "sign off edition", after=f"person {by.id}", reason=words)


def approve(
    database: Database,
    charter_key: str,
    edition_key: str,
    *,
    by: int | None,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> None:
    """Approve a candidate with enough sign-offs: its PDF is made and kept, and nothing of it changes any more.

    ``seen`` is the lock of the edition that whoever approves has looked at; it is refused if it is another one now.

    The PDF is made between two transactions, so that nobody waits for it; the second looks again whether the edition
    is still the one it was made of. If making it fails the edition stays a candidate.
    """
    words = _reason(reason)
    with database.reading() as session:
        charter = charter_row(session, charter_key)
        edition = edition_row(session, charter, edition_key, unpublished=True)
        if seen is not None and seen != edition.lock:
            raise Refused(_CHANGED, kind="changed-meanwhile")
        _check_approvable(session, charter, edition, by)
        facts = (edition.revision, edition.label, edition.effective, edition.lock, signoffs(session, edition))
        material = edition_material(session, charter, edition, Approval(name_of(session, by), now))
    files = edition_files.made_files(material)
    pdf = render_pdf(material.prepared, approved=True, source=files[FileKind.RECORD])
    with database.writing() as session:
        charter = charter_row(session, charter_key, lock=True)
        edition = edition_row(session, charter, edition_key, unpublished=True)
        if facts != (edition.revision, edition.label, edition.effective, edition.lock, signoffs(session, edition)):
            raise Refused(_CHANGED, kind="changed-meanwhile")
        _check_approvable(session, charter, edition, by)
        keep_pdf(session, pdf)
        kept = edition_files.keep(session, edition, files, now=now)
        # From here on in one go: what is approved counts as one change of the edition.
        edition.pdf_hash = pdf.sha256
        edition.approved_by = by
        edition.approved_at = now
        state = after_edition_act("approve", edition.state)
        detail: dict[str, object] = {"pdf": pdf.sha256, "files": kept}
        _advance(session, charter, edition, state, by, now, "approve edition", detail=detail, reason=words)


def publish(
    session: Session, charter: Charter, edition: Edition, *, by: int | None, now: datetime, reason: str = ""
) -> None:
    """Show an approved edition to everybody: its files are signed, and bundled for whoever wants to check them."""
    words = _reason(reason)
    state = after_edition_act("publish", edition.state)
    signed = edition_files.sign(session, charter, edition, now=now)
    edition.published_at = now
    _advance(session, charter, edition, state, by, now, "publish edition", detail=signed, reason=words)
    telling.edition_published(session, charter, edition, by=by, now=now)


def withdraw(session: Session, charter: Charter, edition: Edition, *, by: Account, now: datetime, reason: str) -> None:
    """Say of a published edition that it no longer holds, and why. It stays readable, marked."""
    words = _reason(reason)
    if not words:
        raise BadInput("Say why it is withdrawn: people who cited it need a reason.", kind="reason-needed")
    state = after_edition_act("withdraw", edition.state)
    edition.state_reason = words
    edition.withdrawn_at = now
    _advance(session, charter, edition, state, by.id, now, "withdraw edition", reason=words)
    telling.edition_withdrawn(session, charter, edition, by=by.id, now=now)


def keep_pdf(session: Session, pdf: Pdf) -> None:
    """Keep the bytes of a PDF under their hash, once."""
    if session.get(File, pdf.sha256) is None:
        session.add(
            File(
                hash=pdf.sha256,
                media_type="application/pdf",
                size=len(pdf.bytes),
                pages=pdf.pages,
                octets=pdf.bytes,
            )
        )
        session.flush()


def finding_to_json(
    charter: Charter, edition: Edition, prepared: PreparedEdition, finding: Finding
) -> dict[str, object]:
    """A fault of a text, as the interface names it: in words, and with the page that shows it."""
    told = in_words(prepared, finding)
    return {
        "fault": str(finding.fault),
        "section": finding.section,
        "block": finding.block,
        "target": finding.target,
        "words": told.words,
        "address": f"/{charter.key}/editions/{edition.key}#{told.anchor}",
    }


def _open_proposals(session: Session, charter: Charter) -> Iterator[dict[str, object]]:
    count = open_count(session, charter)
    if count:
        yield {
            "fault": "open-proposals",
            "section": "",
            "block": None,
            "target": str(count),
            "words": "One proposal is still open." if count == 1 else f"{count} proposals are still open.",
            "address": f"/{charter.key}/proposals?state=open",
        }


def _checked_label(charter: Charter, revision: int, label: str | None, when: EditionDate) -> str:
    """The label as it is kept; BadInput for one that cannot be, and for a revision that there is not."""
    if not 1 <= revision <= charter.head:
        raise BadInput(f"The revision has to be one from 1 to {charter.head}.", kind="no-such-base")
    name = " ".join(clean(label if label is not None else when.label).split())
    if not name or len(name) > LONGEST_LABEL:
        raise BadInput(f"A label of 1 to {LONGEST_LABEL} characters is needed, like “{when.label}”.")
    return name


def _check_approvable(session: Session, charter: Charter, edition: Edition, by: int | None) -> None:
    after_edition_act("approve", edition.state)
    given = len(_signoffs(session, edition))
    # An import stands for an edition that was approved elsewhere: it is recorded as such, and no sign-off is invented.
    if by is not None and given < charter.signoffs_required:
        raise Refused(
            f"{charter.signoffs_required} sign-offs are needed to approve this edition; there are {given}.",
            kind="signoffs-missing",
            details={"required": charter.signoffs_required, "given": given},
        )


def _signoffs(session: Session, edition: Edition) -> Sequence[SignOff]:
    return session.scalars(select(SignOff).where(SignOff.edition_id == edition.id, SignOff.lapsed_at.is_(None))).all()


def _advance(
    session: Session,
    charter: Charter,
    edition: Edition,
    state: EditionState,
    by: int | None,
    now: datetime,
    act: str,
    *,
    detail: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    before, edition.state = edition.state, state
    session.flush()
    _record(session, charter, edition, by, now, act, before=before, after=state, detail=detail, reason=reason)


def _reason(reason: str) -> str:
    words = clean(reason).strip()
    if len(words) > LONGEST_REASON:
        raise BadInput(f"A reason may have {LONGEST_REASON:,} characters at most.")
    return words


def _record(
    session: Session,
    charter: Charter,
    edition: Edition,
    by: int | None,
    now: datetime,
    act: str,
    *,
    before: str = "",
    after: str = "",
    detail: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    told = {**(detail or {}), **({"reason": reason} if reason else {})}
    records.append(
        session,
        charter.key,
        by=by,
        now=now,
        act=act,
        object=f"edition {edition.key}",
        before=before,
        after=after,
        detail=told or None,
    )
