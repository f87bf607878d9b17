"""`verify` names a thread, a comment or an anchor that somebody changed by hand."""

import shutil
from pathlib import Path

import pytest

from app.db.engine import Database
from app.queries.verification import verify
from tests.support.acts import adopt, by_hand, merge, propose, section, tamper, words
from tests.support.reopening import Copy
from tests.support.site import API, Site, make_site
from tests.support.threads import comment, comment_on_words


def live(site: Site) -> None:
    """Threads of every kind: answered, resolved, reopened, carried, orphaned and hung on other words."""
    comment_on_words(site.member, "key partners", text="Key?")
    comment_on_words(site.other_member, "sustainable care", text="Care?")
    comment(site.member, section="mission", audience="public")
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace("key partners", "co-authors"))
    comment(site.other_member, proposal=1)
    comment(site.other_member, change="1.1")
    site.governor.post(f"{API}/threads/1/replies", json={"text": "Yes."})
    site.member.post(f"{API}/threads/2/replies", json={"text": "No."})
    site.governor.post(f"{API}/threads/2/resolve")
    site.member.post(f"{API}/threads/3/resolve")
    site.governor.post(f"{API}/threads/3/reopen")
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    block = section(site.member, "vision")["blocks"][0]["id"]
    hung = site.member.post(f"{API}/threads/1/reattach", json={"block": block, "quote": "co-authors"})
    assert hung.status_code == 200, hung.text


@pytest.fixture(scope="module")
def lived_in(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which people have talked."""
    folder = tmp_path_factory.mktemp("talked")
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
    assert faults(database) == ""


@pytest.mark.postgres
def test_the_same_holds_on_postgresql(postgres_database: Database, tmp_path: Path) -> None:
    live(make_site(postgres_database, tmp_path))
    assert faults(postgres_database) == ""


ANCHOR = "UPDATE threads SET anchor = replace(anchor, {}) WHERE number = {}"
TAMPERED = {
    "what somebody said": ("UPDATE thread_comments SET text = 'Never.' WHERE thread_id = 1 AND number = 2", "thread 1"),
    "who said it": ("UPDATE thread_comments SET author_id = 1 WHERE thread_id = 1 AND number = 2", "thread 1"),
    "when": ("UPDATE thread_comments SET created_at = '2020-01-01' WHERE thread_id = 2 AND number = 1", "thread 2"),
    "an answer taken out": ("DELETE FROM thread_comments WHERE thread_id = 2 AND number = 2", "thread 2"),
    "an answer put in": (
        "INSERT INTO thread_comments (thread_id, number, author_id, text, created_at) "
        "SELECT id, 2, author_id, 'Hm.', created_at FROM threads WHERE number = 4",
        "thread 4",
    ),
    "how many there are": ("UPDATE threads SET comments_made = 7 WHERE number = 3", "thread 3"),
    "a thread taken out": ("DELETE FROM threads WHERE number = 5", "thread 5 of peps: it is gone"),
    "all threads": ("DELETE FROM threads", "thread 1 of peps: it is gone"),
    "a thread put in": (
        "INSERT INTO threads (charter_id, number, author_id, audience, state, reach, comments_made, created_at, "
        "last_at, lock) SELECT charter_id, 6, author_id, audience, state, reach, 0, created_at, last_at, 1 "
        "FROM threads WHERE number = 4",
        "thread 6 of peps: no record",
    ),
    "who began it": ("UPDATE threads SET author_id = 3 WHERE number = 1", "thread 1 of peps: who opened it"),
    "when it began": ("UPDATE threads SET created_at = '2020-01-01' WHERE number = 1", "thread 1"),
    "whom it is for": ("UPDATE threads SET audience = 'public' WHERE number = 1", "thread 1 of peps: whom it is for"),
    "its state": ("UPDATE threads SET state = 'open' WHERE number = 2", "thread 2 of peps: its state"),
    "a thread that was settled": ("UPDATE threads SET state = 'resolved' WHERE number = 4", "thread 4"),
    "who resolved it": ("UPDATE threads SET resolved_by = 1 WHERE number = 2", "thread 2 of peps: who resolved it"),
    "which proposal": ("UPDATE threads SET proposal_id = NULL WHERE number = 4", "thread 4 of peps: what it is about"),
    "which change": ("UPDATE threads SET change_number = 2 WHERE number = 5", "thread 5 of peps: what it is about"),
    "the words it hangs on": (ANCHOR.format("'co-authors', 'no-authors'", 1), "thread 1 of peps: where it hangs"),
    "where it was carried to": (ANCHOR.format("'\"revision\":2', '\"revision\":1'", 2), "thread 2 of peps: where it"),
    "the section it is on": (ANCHOR.format("'\"changed\":false', '\"changed\":true'", 3), "thread 3 of peps: where"),
    "an anchor made unreadable": ("UPDATE threads SET anchor = '{}' WHERE number = 1", "thread 1 of peps: where it"),
    "an anchor that is no object": ("UPDATE threads SET anchor = '[1' WHERE number = 1", "thread 1 of peps: where it"),
    "an anchor taken out": ("UPDATE threads SET anchor = NULL WHERE number = 1", "thread 1 of peps: where it hangs"),
    "what it was about first": (
        "UPDATE threads SET first_anchor = replace(first_anchor, 'key', 'low') WHERE number = 1",
        "thread 1 of peps: what it was about",
    ),
    "the block lists know": ("UPDATE threads SET block_id = 'other' WHERE number = 1", "thread 1 of peps: where it"),
    "the state lists know": ("UPDATE threads SET anchor_state = 'orphaned' WHERE number = 1", "thread 1 of peps"),
    "the reach": ("UPDATE threads SET reach = 'section' WHERE number = 4", "thread 4 of peps: where it hangs"),
    "when it was last spoken in": ("UPDATE threads SET last_at = '2020-01-01' WHERE number = 1", "thread 1 of peps"),
    "the number of threads": ("UPDATE charters SET threads_made = 9", "charter peps: the number of its threads"),
    "the record of a carry": ("UPDATE records SET detail = '{}' WHERE act = 'carry threads'", "was changed"),
    "an act taken out of the records": ("DELETE FROM records WHERE act = 'reply in thread'", "thread 1 of peps"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "named"), TAMPERED.values(), ids=TAMPERED.keys())
def test_what_was_changed_by_hand_is_found_and_named(database: Database, statement: str, named: str) -> None:
    assert tamper(database, statement) > 0
    assert named in faults(database)


def test_following_and_muting_is_nobody_elses_business_and_no_fault(database: Database) -> None:
    by_hand(database, "UPDATE follows SET mode = 'muted'")
    assert faults(database) == ""
