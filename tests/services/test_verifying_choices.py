"""`verify` names a choice of how to be told that somebody changed by hand."""

import pytest

from app import clock
from app.queries.people import account, person_by_email
from app.queries.verification import verify
from app.services.choices import choose, choose_mail_by_link
from app.services.mailing import choice_with_secret
from tests.support.acts import by_hand
from tests.support.site import Site


def faults(site: Site) -> list[str]:
    """What does not fit the records."""
    with site.database.reading() as session:
        return [fault for fault in verify(session).faults if fault.startswith("How person")]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE notice_choices SET mail = 'none' WHERE mail = 'daily'", 1),
        ("UPDATE notice_choices SET listing = 'none'", 3),
        ("UPDATE notice_choices SET mail = 'none' WHERE mail = 'at_once'", 1),
        ("DELETE FROM notice_choices", 2),
        ("UPDATE notice_choices SET updated_at = updated_at", 0),
    ],
)
def test_a_choice_that_nobody_made_is_named(site: Site, statement: str, found: int) -> None:
    now = clock.now()
    with site.database.writing() as session:
        mara, otto, gilda = (
            account(person_by_email(session, f"{name}@example.org")) for name in ("mara", "otto", "gilda")
        )
        choose(session, mara, mail="daily", listing="shown", now=now)
        choose(session, otto, mail="daily", listing="shown", now=now)
        secret = choice_with_secret(session, otto.id, now).unsubscribe_secret
        assert choose_mail_by_link(session, secret, "none", now=now) == otto
        # Made by the sender, so that her mails have a link; she never chose.
        choice_with_secret(session, gilda.id, now)
    assert faults(site) == []
    by_hand(site.database, statement)
    assert len(faults(site)) == found
