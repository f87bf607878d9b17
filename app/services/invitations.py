"""Inviting people to a charter by mail, and accepting: the mailbox proves who somebody is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.engine import MAIL_WRITTEN
from app.db.models.charters import Charter
from app.db.models.invitations import Invitation, InvitationLink
from app.db.models.notices import OutboxMail
from app.db.models.people import Person, Role
from app.errors import BadInput, NotSignedIn, Refused, TooMany
from app.queries.invitations import invitation_of_link, invitation_row, is_standing, known_here
from app.queries.people import Account
from app.queries.revisions import head_snapshot
from app.render.mail import Invited, Letter, invitation_letter
from app.rules import permissions
from app.rules.dates import day_in_words
from app.rules.mailboxes import MOST_INVITED, full_name, mailbox
from app.rules.permissions import INVITATION_LIFE
from app.services import records, sessions
from app.services.people import add_person, set_role
from app.services.sessions import SignedIn, Way
from app.tokens import fingerprint, new_secret, sealed

INVITED = "invitation"
"""What the key of such a mail begins with; then come the number of the invitation and which mail of it this is."""

MOST_MAILS = 5
AGAIN_AFTER = timedelta(minutes=10)
MOST_INVITATIONS = 1_000
"""Open invitations of one charter."""


def invite(
    session: Session, charter: Charter, people: Sequence[tuple[str, str]], role: str, *, by: Account, now: datetime
) -> Sequence[Invitation]:
    """Invite people, each by address and name ("" if it is not known), and have the mails sent; all of them or none.

    BadInput for what is no address, name or role, and for too many at once; Refused for somebody who has a role in the
    charter or is invited already.
    """
    if role not in set(permissions.Role):
        raise BadInput("A role is one of: " + ", ".join(permissions.Role) + ".")
    if not 1 <= len(people) <= MOST_INVITED:
        raise BadInput(f"From 1 to {MOST_INVITED} people can be invited at once.")
    wanted = [(mailbox(email), full_name(name) if name.strip() else "") for email, name in people]
    if len({email for email, _ in wanted}) < len(wanted):
        raise BadInput("An address stands there twice.")
    for email, reason in known_here(session, charter, [email for email, _ in wanted]).items():
        raise Refused(f"{email}: {reason}", kind="known-already")
    waiting = session.scalars(select(Invitation.id).where(Invitation.charter_id == charter.id, is_standing())).all()
    if len(waiting) + len(wanted) > MOST_INVITATIONS:
        raise Refused(f"A charter has at most {MOST_INVITATIONS:,} open invitations.", kind="too-many-invitations")
    made = [
        Invitation(
            charter_id=charter.id,
            email=email,
            name=name,
            role=role,
            invited_by=by.id,
            created_at=now,
            sent_at=now,
            ends_at=now + INVITATION_LIFE,
            mails=1,
        )
        for email, name in wanted
    ]
    session.add_all(made)
    session.flush()
    for one in made:
        _mail(session, one, now)
        told = {"email": sealed(one.email), "name": sealed(one.name), "ends": one.ends_at.isoformat()}
        _record(session, charter, one, by.id, now, "invite", after=role, detail=told)
    return made


def send_again(session: Session, charter: Charter, id: int, *, by: Account, now: datetime) -> Invitation:
    """Send an open invitation again, good for another two weeks; TooMany if it was sent a moment ago, or too often."""
    one = invitation_row(session, charter, id)
    if now - one.sent_at < AGAIN_AFTER:
        raise TooMany("This invitation was sent a moment ago. Wait ten minutes before you send it again.")
    if one.mails >= MOST_MAILS:
        raise Refused(
            f"This invitation was sent {MOST_MAILS} times. Ask whether the address is right, take it back, and invite "
            "them anew.",
            kind="sent-often",
        )
    one.mails += 1
    one.sent_at, one.ends_at = now, now + INVITATION_LIFE
    session.flush()
    _mail(session, one, now)
    again = {"ends": one.ends_at.isoformat()}
    _record(session, charter, one, by.id, now, "send invitation again", detail=again)
    return one


def take_back(session: Session, charter: Charter, id: int, *, by: Account, now: datetime) -> None:
    """Take an open invitation back: its links lead nowhere from now on, and a mail that waits is not sent."""
    one = invitation_row(session, charter, id)
    one.taken_back_at = now
    session.flush()
    _record(session, charter, one, by.id, now, "take invitation back", before=one.role)


def accept(session: Session, secret: str, name: str, *, now: datetime, device: str = "") -> tuple[Account, SignedIn]:
    """Accept an invitation by the link of its mail: the person has the role from now on, and is signed in.

    ``name`` is what others will read; somebody who is known here keeps the name they have. NotSignedIn for a link that
    is unknown, used, taken back or over: from outside they look the same.
    """
    one = invitation_of_link(session, secret, now)
    over = NotSignedIn("This invitation was accepted already, was taken back, or is too old.", kind="invitation-over")
    if one is None:
        raise over
    charter = session.scalars(select(Charter).where(Charter.id == one.charter_id).with_for_update()).one()
    person = session.scalar(select(Person).where(Person.email == one.email))
    if person is None or person.removed_at is not None:
        person = add_person(session, one.email, name, by=None, now=now)
    used = update(Invitation).where(Invitation.id == one.id, is_standing()).values(accepted_at=now, person_id=person.id)
    if session.execute(used.returning(Invitation.id)).first() is None:
        raise over
    _record(session, charter, one, person.id, now, "accept invitation", before=one.role)
    held = session.scalar(select(Role.role).where(Role.person_id == person.id, Role.charter_id == charter.id))
    if held is None:
        set_role(session, person, charter, one.role, by=one.invited_by, now=now)
    who = Account(person.id, person.email, person.name, person.admin)
    secret = sessions.begin(session, person, now=now, device=device, way=Way.INVITATION)
    return who, SignedIn(secret, f"/{charter.key}/welcome")


def invitation_letter_of(session: Session, mail: OutboxMail, *, address: str, now: datetime) -> Letter | str:
    """The words of an invitation with a fresh link, or why it is not sent. ``address`` is the public one."""
    one = session.get(Invitation, int(mail.key.split()[1]))
    if one is None or one.accepted_at or one.taken_back_at or one.ends_at <= now:
        return "The invitation is no longer open."
    charter = session.get_one(Charter, one.charter_id)
    secret = new_secret()
    session.add(InvitationLink(invitation_id=one.id, secret_hash=fingerprint(secret)))
    front = head_snapshot(session, charter).front
    by = session.get_one(Person, one.invited_by).name
    ends = day_in_words(one.ends_at.date())
    invited = Invited(one.name, by, front.organisation, front.title, one.role, ends)
    return invitation_letter(invited, address=address, link=f"/invitations/{secret}")


def _mail(session: Session, one: Invitation, now: datetime) -> None:
    session.add(
        OutboxMail(
            key=f"{INVITED} {one.id} {one.mails}",
            to_address=one.email,
            subject="An invitation",
            text="",
            html="",
            created_at=now,
            due_at=now,
        )
    )
    session.flush()
    session.info[MAIL_WRITTEN] = True


def _record(
    session: Session,
    charter: Charter,
    one: Invitation,
    by: int,
    now: datetime,
    act: str,
    *,
    before: str = "",
    after: str = "",
    detail: object = None,
) -> None:
    """Record an act on an invitation. Records can be read by many, so the address is in them under a seal only."""
    object = f"invitation {one.id}"
    records.append(
        session, charter.key, by=by, now=now, act=act, object=object, before=before, after=after, detail=detail
    )
