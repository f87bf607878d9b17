"""Putting files of annexes and the logo in place, taking them away, and taking them along into an edition."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.db.models.attachments import Attachment, EditionAttachment
from app.db.models.charters import Charter
from app.db.models.editions import Edition, File
from app.errors import BadInput, NotFound, Refused, TooLarge
from app.queries.attachments import (
    LOGO,
    AttachmentView,
    attachment_at,
    attachments,
    edition_attachments,
    last_change,
    place_of,
)
from app.queries.revisions import head_snapshot, snapshot
from app.rules.file_kinds import PNG, SVG, FileForm, recognised, safe_name
from app.rules.png import safe_png
from app.rules.svg import safe_svg
from app.services import records
from app.text.dialect import clean

LARGEST_FILE = 20_000_000
LARGEST_LOGO = 1_000_000
LARGEST_TOTAL = 60_000_000
MOST_FILES = 25
LONGEST_ALT = 300
_CHANGED = "Somebody else has changed this file since you opened the page. Nothing was done; look at it again."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it. What its name says about it is not believed."""

    name: str
    octets: bytes


def put_annexe_file(
    session: Session,
    charter: Charter,
    annexe: str,
    upload: Upload,
    *,
    by: int | None,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Put the file of a declared annexe in place, or another one in its stead; editions keep the one they have.

    ``seen`` is the last act on it that whoever sends it has looked at. NotFound for an annexe the text does not
    declare, BadInput or TooLarge for a file that is not taken. The same bytes again change nothing.
    """
    _declared(session, charter, annexe)
    if len(upload.octets) > LARGEST_FILE:
        raise TooLarge(
            f"This file has {_megabytes(len(upload.octets))}; a file may have {_megabytes(LARGEST_FILE)}. Make it "
            "smaller, for example by saving the PDF for the screen, or publish it elsewhere and give its address."
        )
    form = recognised(upload.octets, upload.name)
    place, name = place_of(annexe), safe_name(upload.name, form, annexe)
    if _is_there(session, charter, place, upload.octets, name, ""):
        return
    _check_seen(session, charter, place, seen)
    others = [one for one in attachments(session, charter) if one.place not in (place, LOGO)]
    if len(others) >= MOST_FILES:
        raise Refused(f"A charter may have {MOST_FILES} files. Take one away first.", kind="too-many-files")
    total = sum(one.size for one in others) + len(upload.octets)
    if total > LARGEST_TOTAL:
        raise TooLarge(
            f"All files of a charter together may have {_megabytes(LARGEST_TOTAL)}; with this one they would have "
            f"{_megabytes(total)}."
        )
    _put(session, charter, place, upload.octets, form, name, "", by=by, now=now)


def put_logo(
    session: Session,
    charter: Charter,
    upload: Upload | None,
    *,
    alt: str,
    by: int | None,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Put a logo on the cover, or give the one there another description (without ``upload``).

    A PNG is taken apart and kept without anything but its picture; an SVG is written anew from the shapes that a logo
    needs. BadInput says what is not taken.
    """
    words = " ".join(clean(alt).split())
    if not words or len(words) > LONGEST_ALT:
        raise BadInput(
            f"Say in 1 to {LONGEST_ALT} characters what the logo shows, for those who hear the charter read to them.",
            kind="alt-needed",
        )
    if upload is None:
        there = attachment_at(session, charter, LOGO)
        if there is None:
            raise BadInput("Choose a file first: there is no logo yet.", kind="empty-file")
        if there.alt != words:
            _check_seen(session, charter, LOGO, seen)
            _add(session, charter, LOGO, there.hash, there.name, words, by=by, now=now)
        return
    if len(upload.octets) > LARGEST_LOGO:
        raise TooLarge(f"This file has {_megabytes(len(upload.octets))}; a logo may have {_megabytes(LARGEST_LOGO)}.")
    octets, form = safe_logo(upload.octets)
    name = safe_name(upload.name, form, LOGO)
    if not _is_there(session, charter, LOGO, octets, name, words):
        _check_seen(session, charter, LOGO, seen)
        _put(session, charter, LOGO, octets, form, name, words, by=by, now=now)


def safe_logo(octets: bytes) -> tuple[bytes, FileForm]:
    """The picture alone, in bytes that hold nothing else. BadInput for what is neither a PNG nor an SVG."""
    if octets.startswith(b"\x89PNG"):
        return safe_png(octets), PNG
    beginning = octets[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(b"<") and b"<svg" in octets:
        return safe_svg(octets), SVG
    raise BadInput("A logo is a PNG or an SVG; this file is neither, whatever its name says.", kind="file-not-taken")


def take_away(
    session: Session, charter: Charter, place: str, *, by: int | None, now: datetime, seen: int | None = None
) -> None:
    """Empty a place. Editions keep what they took along, and the record keeps what stood there."""
    _check_seen(session, charter, place, seen)
    there = attachment_at(session, charter, place)
    if there is None:
        raise NotFound("There is no file here.")
    _add(session, charter, place, None, "", "", by=by, now=now)


def take_along(session: Session, charter: Charter, edition: Edition) -> dict[str, str]:
    """Fix which files go with an edition that is being frozen; the answer names them by place, for the record."""
    declared = {place_of(annexe.key) for annexe in snapshot(session, charter, edition.revision).front.annexes}
    taken = [one for one in attachments(session, charter) if one.place in declared or one.place == LOGO]
    for one in taken:
        session.add(EditionAttachment(edition_id=edition.id, attachment_id=one.id))
    session.flush()
    return {one.place: one.hash for one in taken}


def leave_behind(session: Session, edition: Edition) -> None:
    """Take nothing along after all: the edition is a draft again."""
    session.execute(delete(EditionAttachment).where(EditionAttachment.edition_id == edition.id))


def changed_since_frozen(session: Session, charter: Charter, edition: Edition) -> Sequence[str]:
    """The places where something else stands in the charter now than what an edition took along."""
    taken = {one.place: one for one in edition_attachments(session, charter, edition)}
    declared = {place_of(annexe.key) for annexe in snapshot(session, charter, edition.revision).front.annexes}
    now = {one.place: one for one in attachments(session, charter) if one.place in declared or one.place == LOGO}
    return [place for place in sorted(taken.keys() | now.keys()) if _said(taken.get(place)) != _said(now.get(place))]


def _said(view: AttachmentView | None) -> tuple[str, str] | None:
    return None if view is None else (view.hash, view.alt)


def _declared(session: Session, charter: Charter, annexe: str) -> None:
    if all(one.key != annexe for one in head_snapshot(session, charter).front.annexes):
        raise NotFound("The cover declares no such annexe. Propose it on the cover first.")


def _check_seen(session: Session, charter: Charter, place: str, seen: int | None) -> None:
    if seen is not None and seen != last_change(session, charter, place):
        raise Refused(_CHANGED, kind="changed-meanwhile")


def _is_there(session: Session, charter: Charter, place: str, octets: bytes, name: str, alt: str) -> bool:
    """Whether exactly this stands there already: then nothing is done, and a form sent twice is no lost update."""
    there = attachment_at(session, charter, place)
    hash = hashlib.sha256(octets).hexdigest()
    return there is not None and (there.hash, there.name, there.alt) == (hash, name, alt)


def _put(
    session: Session,
    charter: Charter,
    place: str,
    octets: bytes,
    form: FileForm,
    name: str,
    alt: str,
    *,
    by: int | None,
    now: datetime,
) -> None:
    hash = hashlib.sha256(octets).hexdigest()
    if session.get(File, hash) is None:
        session.add(File(hash=hash, media_type=form.media_type, size=len(octets), pages=None, octets=octets))
        session.flush()
    _add(session, charter, place, hash, name, alt, by=by, now=now)


def _add(
    session: Session,
    charter: Charter,
    place: str,
    hash: str | None,
    name: str,
    alt: str,
    *,
    by: int | None,
    now: datetime,
) -> None:
    there = attachment_at(session, charter, place)
    session.add(
        Attachment(charter_id=charter.id, place=place, hash=hash, name=name, alt=alt, added_by=by, added_at=now)
    )
    session.flush()
    records.append(
        session,
        charter.key,
        by=by,
        now=now,
        act="attach file" if hash is not None else "take file away",
        object=place,
        before="" if there is None else there.hash,
        after=hash or "",
        detail={"name": name, "alt": alt} if hash is not None else None,
    )


def _megabytes(octets: int) -> str:
    return f"{octets / 1_000_000:,.1f} MB".replace(".0 ", " ")
