"""Files of annexes and a logo that come with a folder of source: put in place where the folder has a new one."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.errors import EngrossError, MergeConflicts, SourceRefused
from app.queries.attachments import LOGO, attachment_at, attachments, edition_attachments, had_before, place_of
from app.queries.editions import file_bytes
from app.queries.revisions import head_snapshot
from app.rules.dates import day_in_words
from app.services.attachments import LONGEST_ALT, Upload, put_annexe_file, put_logo, safe_logo
from app.text.digest import octets_digest
from app.text.source_values import Source, SourceFile


def bring_files(session: Session, charter: Charter, source: Source, *, now: datetime) -> tuple[str, ...]:
    """Put the files of a folder in place that this charter never had; the answer names them.

    A folder can be older than what stands here, so a file that stood here once is no news. MergeConflicts if somebody
    put another file in place since: then a person has to say which one it shall be, and nothing is imported.
    SourceRefused for a file that is not taken.
    """
    front = head_snapshot(session, charter).front
    declared = {annexe.key for annexe in front.annexes}
    alt = (source.logo_alt or f"Logo of {front.organisation}")[:LONGEST_ALT]
    brought = []
    for file in source.files:
        place = LOGO if file.annexe is None else place_of(file.annexe)
        if file.annexe is not None and file.annexe not in declared:
            continue
        try:
            octets = safe_logo(file.octets)[0] if file.annexe is None else file.octets
            if had_before(session, charter, place, octets_digest(octets)):
                continue
            _refuse_other(session, charter, place, file)
            upload = Upload(file.name, file.octets)
            if file.annexe is None:
                put_logo(session, charter, upload, alt=alt, by=None, now=now)
            else:
                put_annexe_file(session, charter, file.annexe, upload, by=None, now=now)
        except MergeConflicts:
            raise
        except EngrossError as error:
            raise SourceRefused(error.message, file=file.name) from error
        brought.append(file.name)
    return tuple(brought)


def files_to_export(session: Session, charter: Charter, edition: Edition | None) -> tuple[list[SourceFile], str]:
    """The files of an edition, or those that stand in a charter, as a folder holds them; and what the logo shows."""
    views = attachments(session, charter) if edition is None else edition_attachments(session, charter, edition)
    alt = next((view.alt for view in views if view.place == LOGO), "")
    return [SourceFile(view.annexe or None, view.name, file_bytes(session, view.hash)) for view in views], alt


def _refuse_other(session: Session, charter: Charter, place: str, file: SourceFile) -> None:
    there = attachment_at(session, charter, place)
    if there is not None and there.by is not None:
        what = "logo" if file.annexe is None else f"file of the annexe {file.annexe}"
        raise MergeConflicts(
            f"The {what} of {charter.key} was put in place by {there.by} on {day_in_words(there.at.date())}, and the "
            f"folder has another one ({file.name}). Nothing was imported. Put the one you want in place on the page of "
            "the annexes or of the logo, or take the file out of the folder.",
            details={
                "conflicts": [{"why": f"two files for the {what}", "standing": there.hash, "proposed": file.name}]
            },
        )
