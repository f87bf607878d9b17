"""`verify` names what somebody changed by hand: in the records, beside them, and in the texts and files."""

import hashlib
import shutil
from pathlib import Path

import pytest
import sqlalchemy

from app import clock
from app.db.engine import Database
from app.queries.people import account, person_by_email
from app.queries.verification import verify
from app.services import people
from tests.support.acts import adopt, by_hand, decide, head, merge, propose, tamper, words
from tests.support.reopening import Copy
from tests.support.site import API, Site, make_site


def live(site: Site) -> None:
    """A little of everything that leaves rows and records behind."""
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace("key partners", "equal partners"))
    propose(site.other_member, "vision", text.replace("sustainable", "good"))
    propose(site.other_member, "vision", text.replace("healthcare", "all"), submit=False)
    site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "support", "text": "Yes."})
    tag = site.member.get(f"{API}/proposals/1").headers["etag"]
    site.member.patch(f"{API}/proposals/1", json={"title": "Better"}, headers={"If-Match": tag})
    amended = {"change": 1, "outcome": "adopted_amended", "text": text.replace("key", "main"), "reason": "Shorter."}
    decide(site.governor, 1, amended)
    adopt(site.governor, 2)
    merge(site.governor, "1.1")
    site.governor.post(f"{API}/editions", json={"revision": 2, "date": "2027-01"})
    site.governor.post(f"{API}/editions/2027-01/freeze", json={})
    site.governor.post(f"{API}/editions/2027-01/signoffs", json={})


@pytest.fixture(scope="module")
def lived_in(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which things have happened."""
    folder = tmp_path_factory.mktemp("lived")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    live(make_site(database, folder))
    database.close()
    return folder / "engross.sqlite3"


@pytest.fixture
def database(lived_in: Path, copied: Copy) -> Database:
    return copied(lived_in)


def faults(database: Database) -> str:
    with database.reading() as session:
        return "\n".join(verify(session).faults)


def test_what_was_done_through_the_product_has_no_fault(database: Database) -> None:
    with database.reading() as session:
        found = verify(session)
    assert found.faults == ()
    assert found.records > 20
    assert found.revisions == 2


LAST = "(SELECT max(number) FROM records WHERE chain = 'peps')"
TAMPERED = {
    # the records themselves
    "who": ("UPDATE records SET person_id = 1 WHERE act = 'decide'", "was changed"),
    "an act": ("UPDATE records SET act = 'defer' WHERE chain = 'peps' AND act = 'merge changes'", "record "),
    "a moment": ("UPDATE records SET at = '2020-01-01 00:00:00' WHERE chain = 'peps' AND number = 5", "record 5 "),
    "a value after": ("UPDATE records SET after = 'rejected' WHERE act = 'decide'", "was changed"),
    "a detail": ("UPDATE records SET detail = replace(detail, 'Shorter', 'Longer')", "was changed"),
    "a detail made unreadable": ("UPDATE records SET detail = '{' WHERE act = 'merge'", "was changed"),
    "a hash": ("UPDATE records SET hash = previous WHERE chain = 'peps' AND number = 5", "record 6 "),
    "a record in the middle": ("DELETE FROM records WHERE chain = 'peps' AND number = 7", "record 8 of"),
    "the first record": ("DELETE FROM records WHERE chain = 'peps' AND number = 1", "record 2 of"),
    "the last record": (f"DELETE FROM records WHERE chain = 'peps' AND number = {LAST}", "the sign-offs are"),
    "the last five records": (f"DELETE FROM records WHERE chain = 'peps' AND number > {LAST} - 5", "revision 2"),
    "the last record of the installation": (
        "DELETE FROM records WHERE id = (SELECT max(id) FROM records WHERE chain = 'installation')",
        "tokens of person",
    ),
    "all records of a charter": ("DELETE FROM records WHERE chain = 'peps'", "peps"),
    "a record between two": (
        "INSERT INTO records (chain, number, at, act, object, \"before\", after, detail, previous, hash) SELECT chain, "
        f"number + 1, at, 'decide', 'change 2.1', '', 'rejected', '{{}}', hash, hash FROM records WHERE chain = 'peps' "
        f"AND number = {LAST}",
        "was changed",
    ),
    # what the records speak of
    "a text": ("UPDATE bodies SET canonical = replace(canonical, 'main partners', 'mere partners')", "body "),
    "a text taken out": ("DELETE FROM bodies WHERE canonical LIKE '%main partners%'", "revision 2 of peps"),
    "which text a revision has": (
        "UPDATE revisions SET outline_hash = (SELECT outline_hash FROM revisions WHERE number = 1) WHERE number = 2",
        "revision 2 of peps",
    ),
    "a revision": ("DELETE FROM revisions WHERE number = 2", "names 2"),
    "the head": ("UPDATE charters SET head = 1", "names 1"),
    "a parent": ("UPDATE revisions SET parent = NULL WHERE number = 2", "not linear"),
    "a title": ("UPDATE proposal_versions SET title = 'Worse' WHERE version = 2", "versions of proposal 1"),
    "a reason of an author": ("UPDATE proposal_versions SET rationale = '' WHERE version = 1", "versions of proposal"),
    "the words of a change": (
        "UPDATE changes SET operation = replace(operation, 'good', 'bad') WHERE proposal_id = 2",
        "proposal 2 of peps: its changes",
    ),
    "a change made unreadable": ("UPDATE changes SET operation = '{}' WHERE proposal_id = 2", "proposal 2 of peps"),
    "an outcome": ("UPDATE changes SET outcome = 'rejected' WHERE proposal_id = 2", "change 2.1 of peps"),
    "a state": ("UPDATE proposals SET state = 'withdrawn' WHERE number = 2", "proposal 2 of peps: it is withdrawn"),
    "a draft made public": ("UPDATE proposals SET state = 'open' WHERE number = 3", "proposal 3 of peps: it is open"),
    "a decision": ("UPDATE decisions SET outcome = 'rejected' WHERE change_id = 2", "decisions on change 2.1"),
    "the reason of a decision": ("UPDATE decisions SET reason = 'Longer.'", "decisions on change 1.1"),
    "the adopted wording": ("UPDATE decisions SET adopted_text = 'Nothing.' WHERE id = 1", "decisions on change 1.1"),
    "who decided": ("UPDATE decisions SET person_id = 1 WHERE change_id = 2", "decisions on change 2.1"),
    "a decision taken out": ("DELETE FROM decisions WHERE change_id = 2", "decisions on change 2.1"),
    "where a change went": ("UPDATE changes SET merged_revision = 1 WHERE proposal_id = 1", "change 1.1 of peps"),
    "a merge taken out": ("DELETE FROM merged_changes", "merge of change 1.1"),
    "a position": ("UPDATE reviews SET position = 'object'", "reviews of proposal 1"),
    "a review taken out": ("DELETE FROM reviews", "reviews of proposal 1"),
    "a review by somebody else": ("UPDATE reviews SET person_id = 1", "reviews of proposal 1"),
    "a proposal taken out": ("DELETE FROM proposals WHERE number = 3", "proposal 3 of peps: it is gone"),
    "the label of an edition": ("UPDATE editions SET label = 'Other'", "edition 2027-01"),
    "the revision of an edition": ("UPDATE editions SET revision = 1", "edition 2027-01"),
    "the state of an edition": ("UPDATE editions SET state = 'published'", "edition 2027-01"),
    "a sign-off taken out": ("DELETE FROM signoffs", "edition 2027-01 of peps: the sign-offs"),
    "an edition taken out": ("DELETE FROM editions", "edition 2027-01 of peps: it is gone"),
    "a role": ("UPDATE roles SET role = 'governor' WHERE person_id = 1", "role of person 1 in peps"),
    "a role taken out": ("DELETE FROM roles WHERE person_id = 3", "role of person 3 in peps"),
    "an administrator": ("UPDATE people SET admin = true WHERE id = 1", "person 1"),
    "a person added": (
        "INSERT INTO people (email, name, admin, created_at) VALUES ('eve@example.org', 'Eve', false, '2026-01-01')",
        "person 6",
    ),
    "a token added": (
        "INSERT INTO api_tokens (secret_hash, person_id, read_only, created_at) VALUES ('x', 3, false, '2026-01-01')",
        "tokens of person 3",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "named"), TAMPERED.values(), ids=TAMPERED.keys())
def test_what_was_changed_by_hand_is_found_and_named(database: Database, statement: str, named: str) -> None:
    assert tamper(database, statement) > 0
    assert named in faults(database)


def test_a_file_changed_by_hand_is_found(database: Database) -> None:
    octets = b"%PDF-1.7 something"
    insert = "INSERT INTO files (hash, media_type, size, octets) VALUES (:hash, 'application/pdf', 18, :octets)"
    by_hand(database, insert, hash=hashlib.sha256(octets).hexdigest(), octets=octets)
    assert faults(database) == ""
    by_hand(database, "UPDATE files SET octets = :octets", octets=b"%PDF-1.7 other")
    assert "file " in faults(database)


def test_a_new_name_or_a_removed_person_breaks_nothing(database: Database) -> None:
    with database.writing() as session:
        mara = account(person_by_email(session, "mara@example.org"))
        people.change_name(session, mara, "Marianne", now=clock.now())
    assert faults(database) == ""
    with database.writing() as session:
        people.remove_person(session, person_by_email(session, "mara@example.org"), by=None, now=clock.now())
    assert faults(database) == ""
    with database.writing() as session:
        people.add_person(session, "mara@example.org", "Mara", by=None, now=clock.now())
    assert faults(database) == ""


@pytest.mark.long
def test_two_hundred_merges_in_a_row_leave_a_whole_chain_and_a_linear_history(site: Site) -> None:
    text = words(site.member, "vision")
    for number in range(1, 201):
        propose(site.member, "vision", f"{text} It has been said {number} times.")
        adopt(site.governor, number)
        assert merge(site.governor, f"{number}.1")["number"] == number + 1
    assert faults(site.database) == ""
    assert head(site.member)["number"] == 201
    with site.database.engine.connect() as connection:
        bodies = connection.execute(sqlalchemy.text("SELECT count(*) FROM bodies")).scalar_one()
    # Each revision needs a block, a section and an outline of its own, and nothing else.
    assert bodies < 3 * 201 + 100
