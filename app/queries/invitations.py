"""Invitations to a charter: which are open, and whom a link is for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.invitations import Invitation, InvitationLink
from app.db.models.people import Person, Role
from app.errors import NotFound
from app.queries.naming import name_of, shown_name
from app.tokens import fingerprint


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An open invitation, for those who manage the members. ``over``: it was not accepted in time."""

    id: int
    email: str
    name: str
    role: str
    by: str
    sent_at: datetime
    ends_at: datetime
    mails: int
    over: bool


def is_standing() -> ColumnElement[bool]:
    """The condition in SQL: an invitation was neither accepted nor taken back. It may be over."""
    return and_(Invitation.accepted_at.is_(None), Invitation.taken_back_at.is_(None))


def invitations(session: Session, charter: Charter, now: datetime) -> Sequence[InvitationView]:
    """The invitations nobody has accepted yet, the newest first."""
    rows = session.execute(
        select(Invitation, shown_name(charter.id))
        .join(Person, Person.id == Invitation.invited_by)
        .where(Invitation.charter_id == charter.id, is_standing())
        .order_by(Invitation.sent_at.desc(), Invitation.id.desc())
    )
    return [_view(row, name, now) for row, name in rows]


def invitation_view(session: Session, charter: Charter, id: int, now: datetime) -> InvitationView:
    """One open invitation; NotFound if there is none such."""
    row = invitation_row(session, charter, id)
    name = name_of(session, charter.id, row.invited_by)
    return _view(row, name or "", now)


def _view(row: Invitation, by: str, now: datetime) -> InvitationView:
    over = row.ends_at <= now
    return InvitationView(row.id, row.email, row.name, row.role, by, row.sent_at, row.ends_at, row.mails, over)


def invitation_row(session: Session, charter: Charter, id: int) -> Invitation:
    """The row of an open invitation of the charter; NotFound if it is none, or no longer."""
    row = session.scalar(
        select(Invitation).where(Invitation.id == id, Invitation.charter_id == charter.id, is_standing())
    )
    if row is None:
        raise NotFound("There is no such invitation; it may have been accepted or taken back.")
    return row


def invitation_of_link(session: Session, secret: str, now: datetime) -> Invitation | None:
    """The invitation a link is for; None if the link is unknown, used, taken back or over."""
    return session.scalar(
        select(Invitation)
        .join(InvitationLink, InvitationLink.invitation_id == Invitation.id)
        .where(InvitationLink.secret_hash == fingerprint(secret), is_standing(), Invitation.ends_at > now)
    )


def accepted_by_link(session: Session, secret: str, person: int) -> str | None:
    """The key of the charter, if this person accepted an invitation with that link; else None."""
    return session.scalar(
        select(Charter.key)
        .join(Invitation, Invitation.charter_id == Charter.id)
        .join(InvitationLink, InvitationLink.invitation_id == Invitation.id)
        .where(InvitationLink.secret_hash == fingerprint(secret), Invitation.person_id == person)
    )


def known_here(session: Session, charter: Charter, emails: Collection[str]) -> dict[str, str]:
    """Of these addresses those that cannot be invited, with the reason in words: in the charter, or invited already."""
    found: dict[str, str] = {}
    wanted = sorted(emails)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        waiting = select(Invitation.email).where(
            Invitation.charter_id == charter.id, Invitation.email.in_(part), is_standing()
        )
        found.update(
            (email, "Invited already: you can send that invitation again.") for email in session.scalars(waiting)
        )
        inside = (
            select(Person.email, Role.role)
            .join(Role, Role.person_id == Person.id)
            .where(Role.charter_id == charter.id, Person.email.in_(part), Person.removed_at.is_(None))
        )
        found.update((email, f"Is a {role} of this charter already.") for email, role in session.execute(inside))
    return found
