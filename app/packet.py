"""The packet for a meeting, for both fronts: the open proposals of a charter as one PDF."""

from app import clock
from app.deps import CharterAccess
from app.errors import NotFound, Refused
from app.queries.packet import packet_material
from app.queries.people import member_count
from app.queries.revisions import head_snapshot, snapshot
from app.render.pdf import Pdf
from app.render.pdf.packet import render_packet
from app.services.packet import packet
from app.text.snapshot import Section, Snapshot


def packet_pdf(at: CharterAccess, section: str = "") -> Pdf:
    """The packet of today, as far as whoever asks may see what is in it; of one section (by key) if it is named.

    NotFound if nothing is open, or there is no such section; Refused if there is more than can be set at once.
    """
    session, charter = at.session, at.charter
    head = head_snapshot(session, charter)
    only = _section(head, section)
    material = packet_material(session, charter, at.visitor.account, at.allowed, None if only is None else only.id)
    if not material.proposals:
        where = " that touches this section" if only is not None else ""
        raise NotFound(f"No proposal{where} is open, so there is nothing to put together for a meeting.")
    revisions = {change.base_revision for one in material.proposals for change in one.changes}
    sheet = packet(
        charter,
        head,
        {number: snapshot(session, charter, number) for number in sorted(revisions)},
        material,
        members=member_count(session, charter),
        day=clock.today(),
        only=only,
    )
    # Setting pages takes seconds: meanwhile nothing of the database is held.
    session.rollback()
    try:
        return render_packet(sheet)
    except Refused as error:
        if error.kind != "pdf-too-costly":
            raise
        raise Refused(
            "These proposals are too long to be put into one PDF. Ask for them section by section.", kind=error.kind
        ) from error


def packet_name(charter: str) -> str:
    """What a browser calls the file when it keeps it."""
    return f"{charter}-packet-{clock.today().isoformat()}.pdf"


def _section(head: Snapshot, key: str) -> Section | None:
    if not key:
        return None
    found = head.section(key)
    if found is None:
        raise NotFound("There is no such section in the working text.")
    return found
