"""How somebody can sign in, besides by a link in a mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.signing_in import LinkedAccount, Passkey, Password
from app.queries.people import Account


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey of somebody, by the name they gave it."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaysIn:
    """The passkeys of somebody, since when they have a password, and since when which account elsewhere is linked."""

    passkeys: Sequence[PasskeyView]
    password_since: datetime | None
    account_since: datetime | None


def ways_in(session: Session, person: Account, issuer: str) -> WaysIn:
    """How somebody can sign in; ``issuer`` is the provider that is configured."""
    rows = session.scalars(select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id))
    password = session.get(Password, person.id)
    linked = select(LinkedAccount.linked_at).where(LinkedAccount.person_id == person.id, LinkedAccount.issuer == issuer)
    return WaysIn(
        [PasskeyView(row.id, row.name, row.created_at, row.used_at) for row in rows],
        None if password is None else password.changed_at,
        session.scalar(linked),
    )
