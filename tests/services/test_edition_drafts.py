"""Drafts of editions on both databases: changed, taken back, and held against the records."""

import pytest

from app import clock
from app.db.engine import Database
from app.errors import Refused
from app.queries.charters import charter_row
from app.queries.edition_acts import edition_acts
from app.queries.editions import edition_row
from app.queries.people import account, person_by_email
from app.queries.verification import verify
from app.services import editions
from tests.support.acts import by_hand
from tests.support.site import add_person, found_charter

KEY = "2027-01"


def test_a_draft_is_changed_taken_back_and_begun_again_and_the_records_tell_it(database: Database) -> None:
    found_charter(database)
    add_person(database, "gilda", "governor")
    with database.writing() as session:
        charter = charter_row(session, "peps", lock=True)
        gilda = account(person_by_email(session, "gilda@example.org"))
        now = clock.now()

        def draft() -> None:
            editions.draft(
                session, charter, by=gilda.id, now=now, revision=1, date_text=KEY, label=None, effective=None
            )

        draft()
        edition = edition_row(session, charter, KEY, unpublished=True)
        editions.redraft(
            session, charter, edition, by=gilda, now=now, revision=1, label="Winter", effective=edition.effective
        )
        editions.discard(session, charter, edition, by=gilda, now=now)
        draft()
        edition = edition_row(session, charter, KEY, unpublished=True)
        assert [one.act for one in edition_acts(session, charter, KEY)] == ["draft edition"]
        editions.freeze(session, charter, edition, by=gilda.id, now=now)
        editions.sign_off(session, charter, edition, by=gilda, now=now)
        editions.thaw(session, charter, edition, by=gilda, now=now)
        with pytest.raises(Refused, match="was signed off before"):
            editions.discard(session, charter, edition, by=gilda, now=now)
    with database.reading() as session:
        assert verify(session).faults == ()
    # What somebody changed by hand is found all the same.
    by_hand(database, "UPDATE editions SET label = 'Another' WHERE key = :key", key=KEY)
    with database.reading() as session:
        assert any("what it says on its cover is not what was recorded" in fault for fault in verify(session).faults)
