"""Whom mails do not reach: what was tried and given up, told to those who can ask for another address."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.db.models.notices import OutboxMail

LATELY = timedelta(days=30)


def was_given_up(since: datetime) -> ColumnElement[bool]:
    """The condition in SQL: a mail was tried and given up since then.

    One that nobody was to read any more, or that somebody did not want, was not tried.
    """
    return and_(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at > since, OutboxMail.attempts > 0)


def undelivered(session: Session, now: datetime, *, within: timedelta = LATELY) -> Mapping[str, str]:
    """The addresses whose last mail was given up, each with the reason; one that got a mail since is not among them."""
    failed = session.execute(
        select(OutboxMail.to_address, OutboxMail.id, OutboxMail.last_error)
        .where(was_given_up(now - within))
        .order_by(OutboxMail.id)
    ).all()
    found = {address: (id, reason) for address, id, reason in failed}
    if not found:
        return {}
    arrived = session.execute(
        select(OutboxMail.to_address, func.max(OutboxMail.id))
        .where(OutboxMail.to_address.in_(found), OutboxMail.sent_at > now - within)
        .group_by(OutboxMail.to_address)
    )
    later = {address for address, id in arrived if id > found[address][0]}
    return {address: reason for address, (_, reason) in found.items() if address not in later}
