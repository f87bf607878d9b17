"""Who left before there was a setting for it is known to have left after the migration that brings it."""

from pathlib import Path

import pytest
import sqlalchemy

from app import clock
from app.db.engine import Database
from app.db.models.people import Departure, Person
from app.db.schema import migrate, migrate_back
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email
from app.queries.verification import verify
from app.rules.permissions import Role
from app.services import people
from tests.support.acts import propose
from tests.support.site import API, make_site


@pytest.mark.long
def test_who_left_before_is_known_to_have_left(database: Database, tmp_path: Path) -> None:
    site = make_site(database, tmp_path)
    number = propose(site.member, markdown="Other words.")["number"]
    now = clock.now()
    with database.writing() as session:
        charter = charter_row(session, "peps", lock=True)
        gilda = account(person_by_email(session, "gilda@example.org"))
        for name, then in (("mara", None), ("otto", Role.GOVERNOR)):
            person = person_by_email(session, f"{name}@example.org")
            people.change_role(session, charter, person.id, None, by=gilda, now=now)
            if then is not None:
                people.set_role(session, person, charter, then, by=None, now=now)
    migrate_back(database, "0007")
    migrate(database)
    with database.reading() as session:
        left = session.execute(
            sqlalchemy.select(Person.name, Departure.left_at).join(Departure, Departure.person_id == Person.id)
        ).all()
        assert [(name, at) for name, at in left] == [("Mara", now)], "and not who came back"
        assert verify(session).faults == ()
    tag = {"If-Match": site.governor.get(API).headers["etag"]}
    assert site.governor.patch(API, json={"former_members": "unnamed"}, headers=tag).status_code == 200
    assert site.reader.get(f"{API}/proposals/{number}").json()["author"] == "a former member"
