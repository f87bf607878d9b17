"""The files of an edition: what its record says, that they stay the same bytes, and that nobody can change them."""

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pypdf
import pytest
import sqlalchemy

from app import clock
from app.db.engine import Database
from app.queries.charters import charter_row
from app.queries.edition_files import edition_files
from app.queries.edition_records import approval_of, edition_material
from app.queries.editions import edition_row, file_bytes
from app.queries.keys import signing_keys
from app.queries.verification import verify
from app.rules.edition_files import FileKind
from app.rules.svg import safe_svg
from app.services import edition_files as services
from app.services import keys
from app.services.edition_files import made_files
from tests.support.acts import by_hand
from tests.support.files import PDF, SVG
from tests.support.published import ALT, ANNEXE, KEY, REASON, Lived
from tests.support.reopening import Copy

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(twice_published: Lived, copied: Copy) -> Database:
    return copied(twice_published.path)


def files_of(database: Database, key: str = KEY) -> dict[FileKind, bytes]:
    with database.reading() as session:
        row = edition_row(session, charter_row(session, "peps"), key, unpublished=False)
        return {kind: file_bytes(session, hash) for kind, hash in edition_files(session, row).items()}


def record(database: Database, key: str = KEY) -> dict:
    return json.loads(files_of(database, key)[FileKind.RECORD])


def test_the_record_says_which_text_it_is_and_who_signed_it(database: Database) -> None:
    told = record(database)
    assert told["format"] == "engross-edition/1"
    assert (told["charter"], told["edition"]["key"], told["edition"]["label"]) == ("peps", KEY, "November 2026")
    assert told["edition"]["effective"] == "2026-11-01"
    assert [one["person"] for one in told["signoffs"]] == ["Gilda"]
    assert told["approved"]["by"] == "Gilda"
    assert told["revision"]["number"] == 2
    assert told["front"]["title"] == "Draft Charter"
    assert [note["number"] for note in told["notes"]] == [1, 2, 3, 4, 5, 6, 7]
    assert told["annexes"][0]["key"] == "membership-and-funding"
    markdown = files_of(database)[FileKind.TEXT]
    assert told["text_sha256"] == hashlib.sha256(markdown).hexdigest()


def test_the_record_holds_every_block_under_its_permanent_id_as_it_is_stored(database: Database) -> None:
    told = record(database)
    vision = next(s for s in told["sections"] if s["key"] == "vision")
    assert "equal partners" in vision["markdown"]
    [block] = vision["blocks"]
    assert block["id"]
    assert block["text"] == vision["markdown"].strip()
    assert block["place"] == "paragraph 1"
    whole = "".join(block["text"][one["start"] : one["end"]] for one in block["words"])
    assert whole == block["text"]
    assert {"1.1", None} == {one["change"] for one in block["words"]}


def test_the_record_says_who_decided_the_words_when_and_why(database: Database) -> None:
    told = record(database)
    first, second = told["decisions"]
    assert (first["change"], first["title"], first["proposed_by"]) == ("1.1", "Equal", "Mara")
    assert (first["decided_by"], first["reason"], first["outcome"]) == ("Gilda", REASON, "adopted")
    assert first["decided_at"].endswith("Z")
    assert second["change"] == "2.1"
    # What was rejected went into no text.
    assert "No." not in json.dumps(told)


def test_the_schedule_says_in_words_what_changed_since_the_edition_before(database: Database) -> None:
    told = record(database)
    assert told["before"] == {"key": "2025-05", "label": "May 2025", "revision": 1}
    assert [one["changes"] for one in told["schedule"]] == [["2.1"], ["1.1"], [], []]
    assert [(one["number"], one["text"]) for one in told["schedule"][2:]] == [
        (3, "Annexe “Membership and funding model”: the file Model -b.pdf was added."),
        (4, "Logo on the cover: the file logo.svg was added."),
    ]
    assert "“key” replaced by “equal”" in told["schedule"][1]["text"]
    words = files_of(database)[FileKind.SCHEDULE].decode()
    assert "Changes since May 2025" in words
    assert "(proposal 1.1)" in words
    first = record(database, "2025-05")
    assert (first["before"], first["schedule"]) == (None, [])


def test_the_record_is_canonical_and_names_no_hash_of_the_pdf(database: Database) -> None:
    octets = files_of(database)[FileKind.RECORD]
    again = json.dumps(json.loads(octets), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    assert octets == again.encode()
    with database.reading() as session:
        pdf = edition_row(session, charter_row(session, "peps"), KEY, unpublished=False).pdf_hash
    assert pdf is not None
    assert pdf.encode() not in octets


_MAKE = """
import sys, hashlib
from app.db.engine import Database
from app.queries.charters import charter_row
from app.queries.edition_records import approval_of, edition_material
from app.queries.editions import edition_row
from app.services.edition_files import made_files
database = Database("sqlite:///" + sys.argv[1])
with database.reading() as session:
    charter = charter_row(session, "peps")
    row = edition_row(session, charter, "2026-11", unpublished=False)
    material = edition_material(session, charter, row, approval_of(session, row))
for kind, octets in sorted(made_files(material).items()):
    print(kind, hashlib.sha256(octets).hexdigest())
"""


@pytest.mark.long
def test_another_process_in_another_time_zone_and_language_makes_the_same_bytes(twice_published: Lived) -> None:
    def made(zone: str, language: str, seed: str) -> str:
        environment = {**os.environ, "TZ": zone, "LC_ALL": language, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", _MAKE, str(twice_published.path)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    one, other = made("Pacific/Auckland", "C.UTF-8", "1"), made("America/New_York", "C", "2")
    assert one == other
    assert one.count("\n") == 6


def test_what_is_stored_is_what_is_made_again(database: Database) -> None:
    stored = files_of(database)
    with database.reading() as session:
        charter = charter_row(session, "peps")
        row = edition_row(session, charter, KEY, unpublished=False)
        material = edition_material(session, charter, row, approval_of(session, row))
    for kind, octets in made_files(material).items():
        assert octets == stored[kind], kind


def test_the_record_names_the_file_of_every_annexe_and_the_logo(database: Database) -> None:
    told = record(database)
    hash = hashlib.sha256(PDF).hexdigest()
    assert told["annexes"] == [
        {
            "key": ANNEXE,
            "title": "Membership and funding model",
            "file": None,
            "url": None,
            "stored": {
                "name": f"annexe_{ANNEXE}.pdf",
                "called": "Model -b.pdf",
                "media_type": "application/pdf",
                "size": len(PDF),
                "sha256": hash,
            },
        }
    ]
    logo = safe_svg(SVG)
    assert told["logo"] == {"media_type": "image/svg+xml", "sha256": hashlib.sha256(logo).hexdigest(), "alt": ALT}
    # The edition before had neither, and still has neither.
    first = record(database, "2025-05")
    assert (first["annexes"][0]["stored"], first["logo"]) == (None, None)
    with zipfile.ZipFile(io.BytesIO(files_of(database)[FileKind.BUNDLE])) as archive:
        assert archive.read(f"annexe_{ANNEXE}.pdf") == PDF
        assert f"annexe_{ANNEXE}.pdf" in archive.read("README.txt").decode()


def test_the_bundle_holds_everything_dated_by_the_edition(database: Database) -> None:
    stored = files_of(database)
    with zipfile.ZipFile(io.BytesIO(stored[FileKind.BUNDLE])) as archive:
        members = archive.infolist()
        assert [m.filename for m in members] == sorted(m.filename for m in members)
        assert {m.date_time for m in members} == {(2026, 11, 1, 0, 0, 0)}
        inside = {m.filename: archive.read(m) for m in members}
    assert set(inside) == {
        "README.txt",
        "SHA256SUMS",
        "SHA256SUMS.sig",
        "annexe_membership-and-funding.pdf",
        "changes-since-2025-05.html",
        "decisions.csv",
        "edition.json",
        "engross-key.pem",
        "peps-charter-2026-11.html",
        "peps-charter-2026-11.md",
        "peps-charter-2026-11.pdf",
        "schedule.txt",
    }
    assert inside["edition.json"] == stored[FileKind.RECORD]
    listed = dict(reversed(line.split("  ")) for line in inside["SHA256SUMS"].decode().splitlines())
    assert listed == {
        name: hashlib.sha256(octets).hexdigest()
        for name, octets in inside.items()
        if name not in ("SHA256SUMS", "SHA256SUMS.sig")
    }
    assert len(inside["SHA256SUMS.sig"]) == 64
    assert b"openssl pkeyutl -verify" in inside["README.txt"]
    decisions = inside["decisions.csv"].decode("utf-8-sig").splitlines()
    assert len(decisions) == 3
    assert "No." not in inside["decisions.csv"].decode()


@pytest.mark.openssl
def test_sha256sum_and_openssl_check_the_bundle(database: Database, tmp_path: Path) -> None:
    stored = files_of(database)
    with zipfile.ZipFile(io.BytesIO(stored[FileKind.BUNDLE])) as archive:
        archive.extractall(tmp_path)
    told = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.count(": OK\n") == 10
    readme = (tmp_path / "README.txt").read_text()
    command = next(line for line in readme.splitlines() if "openssl" in line).split()
    assert b"Verified" in subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    (tmp_path / "SHA256SUMS").write_bytes((tmp_path / "SHA256SUMS").read_bytes() + b"\n")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_a_hostile_reason_is_words_in_every_file(database: Database) -> None:
    stored = files_of(database)
    for kind in (FileKind.PAGE, FileKind.REDLINE):
        page = stored[kind].decode()
        assert "<b>" not in page
        assert "<script" not in page
        assert 'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;' in page
    assert "&lt;b&gt;better&lt;/b&gt;" in stored[FileKind.REDLINE].decode()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE edition_files SET kind = 'other'",
        "UPDATE edition_files SET hash = (SELECT max(hash) FROM files)",
        "DELETE FROM edition_files",
        "UPDATE files SET octets = 'x' WHERE media_type = 'application/zip'",
        "DELETE FROM files WHERE media_type = 'application/json'",
        "UPDATE attachments SET hash = NULL",
        "UPDATE attachments SET alt = 'Another'",
        "DELETE FROM attachments",
        "DELETE FROM edition_attachments",
        "UPDATE edition_attachments SET attachment_id = 1",
        "UPDATE files SET octets = 'x' WHERE media_type = 'image/svg+xml'",
    ],
)
def test_the_database_itself_keeps_the_files(database: Database, tampering: str) -> None:
    with pytest.raises(sqlalchemy.exc.DBAPIError):
        by_hand(database, tampering)


def faults(database: Database) -> str:
    with database.reading() as session:
        return "\n".join(verify(session).faults)


@pytest.mark.sqlite_itself
def test_verify_finds_nothing_wrong_and_names_what_was_changed_past_the_triggers(database: Database) -> None:
    assert faults(database) == ""
    for statement, told in (
        ("DELETE FROM edition_files WHERE kind = 'bundle'", "its file “bundle”"),
        ("UPDATE edition_files SET hash = (SELECT min(hash) FROM files) WHERE kind = 'record'", "its file “record”"),
        ("UPDATE signing_keys SET public = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='", "signing key 1"),
        ("DELETE FROM edition_attachments WHERE id = 1", f"edition {KEY} of peps: its annexes and logo"),
        ("UPDATE attachments SET alt = 'Another' WHERE place = 'logo'", "the file of peps for “logo”"),
        ("DELETE FROM attachments WHERE place LIKE 'annexe:%'", f"the file of peps for “annexe:{ANNEXE}”"),
        ("UPDATE files SET octets = 'words' WHERE media_type = 'image/svg+xml'", "its bytes were changed"),
    ):
        path = str(database.engine.url.database)
        with sqlite3.connect(path) as hand:
            for table in ("edition_files", "edition_attachments", "attachments", "files_of_annexes"):
                for act in ("update", "delete"):
                    hand.execute(f"DROP TRIGGER IF EXISTS keep_{table}_{act}")
            hand.execute(statement)
        hand.close()
        assert told in faults(database), statement


@pytest.mark.sqlite_itself
def test_editions_of_an_earlier_program_get_their_files_and_keep_their_pdfs(database: Database) -> None:
    path = str(database.engine.url.database)
    with database.reading() as session:
        before = edition_row(session, charter_row(session, "peps"), KEY, unpublished=False).pdf_hash
    with sqlite3.connect(path) as hand:
        for name in ("edition_files_update", "edition_files_delete"):
            hand.execute(f"DROP TRIGGER keep_{name}")
        hand.execute("DELETE FROM edition_files")
    hand.close()
    services.catch_up(database)
    with database.reading() as session:
        row = edition_row(session, charter_row(session, "peps"), KEY, unpublished=False)
        assert row.pdf_hash == before
        assert {FileKind.RECORD, FileKind.PAGE, FileKind.BUNDLE} <= edition_files(session, row).keys()
    told = record(database)
    assert told["before"]["key"] == "2025-05"
    stored = files_of(database)
    services.catch_up(database)
    assert files_of(database) == stored


def test_a_key_that_took_over_leaves_what_was_signed_before_good(database: Database) -> None:
    stored = files_of(database)
    with database.writing() as session:
        first = keys.key_pair(session, now=clock.now())
        keys.rotate(session, by=None, now=clock.now())
        second = keys.key_pair(session, now=clock.now())
    assert first.public != second.public
    with database.reading() as session:
        known = signing_keys(session)
    assert [key.until is None for key in known] == [False, True]
    assert known[0].public.signed(stored[FileKind.BUNDLE_SIGNATURE], stored[FileKind.BUNDLE])
    assert not known[1].public.signed(stored[FileKind.BUNDLE_SIGNATURE], stored[FileKind.BUNDLE])
    assert faults(database) == ""
    with database.engine.connect() as connection:
        secrets = connection.exec_driver_sql("SELECT secret FROM signing_keys ORDER BY number").scalars().all()
    assert secrets[0] is None
    assert repr(second) == f"KeyPair({second.public.id})"


def test_the_pdf_carries_the_record_inside(database: Database) -> None:
    with database.reading() as session:
        row = edition_row(session, charter_row(session, "peps"), KEY, unpublished=False)
        pdf = file_bytes(session, str(row.pdf_hash))
    attachments = pypdf.PdfReader(io.BytesIO(pdf)).attachments
    assert attachments["edition.json"] == [files_of(database)[FileKind.RECORD]]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_servers_that_start_at_once_make_one_key(request: pytest.FixtureRequest, kind: str) -> None:
    database = request.getfixturevalue(f"{kind}_database")
    together = Barrier(4)

    def start(_: int) -> str:
        together.wait(30)
        with database.writing() as session:
            return keys.key_pair(session, now=clock.now()).public.id

    with ThreadPoolExecutor(4) as servers:
        found = set(servers.map(start, range(4)))
    assert len(found) == 1
    with database.reading() as session:
        assert [key.public.id for key in signing_keys(session)] == list(found)
