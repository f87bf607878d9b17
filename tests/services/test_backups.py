"""Backing up and restoring: whole, consistent while others write, byte by byte the same, and across databases."""

import os
import shutil
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import clock
from app.db.base import Base
from app.db.engine import Database
from app.db.schema import current_step, migrate_back, newest_step
from app.errors import BadInput, EngrossError, Refused, Unavailable
from app.queries.verification import verify
from app.queries.whole_tables import plain_rows, tables_within
from app.services import backups, keys
from app.services.backup_file import SEAL, checked_manifest
from app.services.backups import restore_backup, write_backup
from tests.support.acts import propose, words
from tests.support.published import KEY, Lived
from tests.support.reopening import Copy
from tests.support.site import Site, client, make_site

Home = Callable[[], Database]


@pytest.fixture
def lived_in(twice_published: Lived, copied: Copy) -> Database:
    """A database in which much has happened."""
    return copied(twice_published.path)


@pytest.fixture(scope="module")
def kept(twice_published: Lived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it, with a file of the data folder besides."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "mail").mkdir()
    (folder / "mail" / "one.eml").write_bytes(b"Subject: words\r\n\r\n\xff")
    database = Database(f"sqlite:///{shutil.copy(twice_published.path, folder / 'engross.sqlite3')}")
    file = write_backup(database, folder, folder / "all.engross", now=clock.now()).file
    database.close()
    return file


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Makes new, empty SQLite databases."""
    made: list[Database] = []

    def make() -> Database:
        made.append(Database(f"sqlite:///{tmp_path / f'home{len(made)}' / 'engross.sqlite3'}"))
        return made[-1]

    yield make
    for one in made:
        one.close()


@contextmanager
def empty_postgres(address: str) -> Iterator[Database]:
    """A PostgreSQL database without any table."""
    server = sa.create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE engross_restored")
    database = Database(f"{address}/engross_restored")
    try:
        yield database
    finally:
        database.close()
        with server.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE engross_restored")
        server.dispose()


def everything(database: Database) -> dict[str, list[list[object]]]:
    """All rows of all tables."""
    with database.snapshot() as connection:
        return {table.name: list(plain_rows(connection, table)) for table in tables_within(connection)}


def assert_lives_on(database: Database, folder: Path) -> None:
    """It fits its records, the PDF is the one that was published, and people go on where they were."""
    with database.reading() as session:
        assert verify(session).faults == ()
    reader = client(database, folder)
    assert reader.get(f"/peps/editions/{KEY}.pdf").content.startswith(b"%PDF")


def test_a_backup_holds_every_table_of_the_models_and_only_its_owner_can_read_it(kept: Path) -> None:
    manifest = checked_manifest(kept)
    assert set(manifest.rows) == set(Base.metadata.tables)
    assert manifest.rows["editions"] == 2
    assert manifest.rows["signing_keys"] == 1
    assert manifest.files == ["mail/one.eml"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [one.name for one in kept.parent.iterdir() if one.name.startswith(".")] == []


def test_what_is_restored_is_the_same_to_the_byte(kept: Path, lived_in: Database, home: Home, tmp_path: Path) -> None:
    restored, folder = home(), tmp_path / "home0"
    restore_backup(restored, folder, kept)
    assert everything(restored) == everything(lived_in)
    assert_lives_on(restored, folder)
    assert (folder / "mail" / "one.eml").read_bytes() == (kept.parent / "mail" / "one.eml").read_bytes()
    assert stat.S_IMODE((folder / "mail" / "one.eml").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "engross.sqlite3").stat().st_mode) == 0o600
    before, after = client(lived_in, folder), client(restored, folder)
    for path in (f"/peps/editions/{KEY}.pdf", f"/peps/editions/{KEY}.html", f"/peps/editions/{KEY}.zip"):
        assert after.get(path).content == before.get(path).content


@pytest.mark.long
@pytest.mark.postgres
def test_a_backup_moves_from_sqlite_to_postgresql_and_back(
    kept: Path, lived_in: Database, home: Home, tmp_path: Path, postgres_address: str
) -> None:
    back, folder = home(), tmp_path / "home0"
    with empty_postgres(postgres_address) as moved:
        restore_backup(moved, tmp_path / "moved", kept)
        assert everything(moved) == everything(lived_in)
        assert_lives_on(moved, tmp_path / "moved")
        with moved.founding() as connection:
            # Rows that come later get numbers that no other row has.
            for table in ("people", "outbox", "records", "sign_in_requests"):
                highest = connection.scalar(sa.text(f"SELECT coalesce(max(id), 0) FROM {table}"))
                following = connection.scalar(sa.text(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"))
                assert following > highest, table
        second = write_backup(moved, tmp_path / "moved", tmp_path / "second.engross", now=clock.now())
        restore_backup(back, folder, second.file)
    assert everything(back) == everything(lived_in)
    assert_lives_on(back, folder)


@pytest.mark.long
@pytest.mark.postgres
def test_a_number_that_was_given_is_not_given_again_after_moving(
    sqlite_site: Site, home: Home, tmp_path: Path, postgres_address: str
) -> None:
    def asked(database: Database) -> int:
        with database.founding() as connection:
            return connection.execute(
                sa.text(
                    "INSERT INTO sign_in_requests (mailbox_hash, place_hash, asked_at) "
                    "VALUES ('a', 'b', '2026-11-28 12:00:00') RETURNING id"
                )
            ).scalar_one()

    def forgotten(database: Database) -> None:
        with database.founding() as connection:
            connection.exec_driver_sql("DELETE FROM sign_in_requests")

    numbers = [asked(sqlite_site.database), asked(sqlite_site.database)]
    forgotten(sqlite_site.database)
    first = write_backup(sqlite_site.database, tmp_path, tmp_path / "first.engross", now=clock.now())
    with empty_postgres(postgres_address) as moved:
        restore_backup(moved, tmp_path / "moved", first.file)
        numbers += [asked(moved), asked(moved)]
        forgotten(moved)
        second = write_backup(moved, tmp_path / "moved", tmp_path / "second.engross", now=clock.now())
    back = home()
    restore_backup(back, tmp_path / "home0", second.file)
    numbers.append(asked(back))
    assert numbers == [1, 2, 3, 4, 5]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.long])])
def busy_site(request: pytest.FixtureRequest, furnished_site: tuple[Path, Site], tmp_path: Path) -> Site:
    """The PEPs charter with people, on each kind of database."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_site")
    return make_site(request.getfixturevalue("postgres_database"), tmp_path, furnished_site[1].service)


def test_a_backup_under_writing_is_one_moment_with_all_that_was_answered_before(
    busy_site: Site, home: Home, tmp_path: Path
) -> None:
    """Two people propose all the time; each backup fits its records and lacks nothing acknowledged."""
    stop, answered, failed = threading.Event(), [], []

    def act(who: str) -> None:
        person = busy_site.member if who == "mara" else busy_site.other_member
        try:
            while not stop.is_set():
                number = propose(person, "vision", words(person, "vision") + f" {who}.", title=who)["number"]
                answered.append(number)
        except BaseException as error:
            failed.append(error)

    people = [threading.Thread(target=act, args=(who,)) for who in ("mara", "otto")]
    for one in people:
        one.start()
    made = []
    try:
        while len(made) < 2:
            before = list(answered)
            file = tmp_path / f"{len(made)}.engross"
            made.append((before, write_backup(busy_site.database, tmp_path, file, now=clock.now()).file))
            wanted = len(answered) + 2
            while len(answered) < wanted and not failed:
                people[0].join(0.02)
    finally:
        stop.set()
        for one in people:
            one.join()
    assert failed == []
    for before, file in made:
        restored = home()
        restore_backup(restored, Path(sa.make_url(restored.url).database or "").parent, file)
        with restored.reading() as session:
            assert verify(session).faults == ()
            numbers = set(session.scalars(sa.text("SELECT number FROM proposals")))
        assert set(before) <= numbers


def test_it_is_restored_into_an_empty_home_only(kept: Path, lived_in: Database, home: Home, tmp_path: Path) -> None:
    before = everything(lived_in)
    with pytest.raises(Refused, match="holds something already"):
        restore_backup(lived_in, tmp_path / "elsewhere", kept)
    assert everything(lived_in) == before
    full = tmp_path / "home0"
    full.mkdir()
    (full / "letters.txt").write_text("Mine.")
    database = home()
    with pytest.raises(Refused, match=r"letters\.txt is there"):
        restore_backup(database, full, kept)
    assert current_step(database) is None
    assert sorted(one.name for one in full.iterdir() if "sqlite" not in one.name) == ["letters.txt"]


def test_restoring_that_broke_off_can_be_done_again(
    kept: Path, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, put = home(), backups._put_file

    def broken(*given: object) -> None:
        put(*given)  # type: ignore[arg-type]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_put_file", broken)
    with pytest.raises(OSError, match="No space"):
        restore_backup(database, tmp_path / "home0", kept)
    assert current_step(database) is None
    monkeypatch.undo()
    restore_backup(database, tmp_path / "home0", kept)
    assert_lives_on(database, tmp_path / "home0")


def cut(octets: bytes) -> bytes:
    return octets[: len(octets) // 2]


def without_its_end(octets: bytes) -> bytes:
    return octets[:-1]


def with_more(octets: bytes) -> bytes:
    return octets + b"\n"


def turned(at: float) -> Callable[[bytes], bytes]:
    """The same with one bit turned, that far into it."""

    def turn(octets: bytes) -> bytes:
        place = int(len(octets) * at)
        return octets[:place] + bytes([octets[place] ^ 1]) + octets[place + 1 :]

    return turn


@pytest.mark.parametrize(
    "spoil", [cut, without_its_end, with_more, turned(0.1), turned(0.4), turned(0.7), turned(0.97), turned(0.9999)]
)
def test_a_file_that_is_not_as_it_was_written_is_refused(
    kept: Path, home: Home, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "spoilt.engross"
    file.write_bytes(spoil(kept.read_bytes()))
    database = home()
    with pytest.raises(BadInput) as refused:
        restore_backup(database, tmp_path / "home0", file)
    assert str(file) in refused.value.message
    assert current_step(database) is None


def test_the_part_that_was_changed_is_named(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "changed.engross"
    with zipfile.ZipFile(kept) as before, zipfile.ZipFile(file, "w") as after:
        for entry in before.infolist():
            octets = before.read(entry)
            if entry.filename == "tables/proposal_versions.jsonl":
                octets = octets.replace(b"Equal", b"Eagle")
            if entry.filename == "tables/reviews.jsonl":
                continue
            after.writestr(entry.filename, octets)
        after.writestr("data/../../outside", b"x")
        after.comment = b"0" * SEAL
    with pytest.raises(BadInput) as refused:
        checked_manifest(file)
    assert "tables/proposal_versions.jsonl: was changed" in refused.value.message
    assert "tables/reviews.jsonl: is missing" in refused.value.message
    assert "outside: was not in it" in refused.value.message


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04", b"SQLite format 3\0" * 20])
def test_another_file_is_no_backup(tmp_path: Path, octets: bytes) -> None:
    (tmp_path / "other").write_bytes(octets)
    with pytest.raises(BadInput, match="is no backup"):
        checked_manifest(tmp_path / "other")


def test_a_backup_takes_no_other_files_place_and_leaves_nothing_when_it_fails(
    lived_in: Database, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("Mine.")
    with pytest.raises(Refused, match="another's place"):
        write_backup(lived_in, tmp_path, tmp_path / "taken", now=clock.now())
    assert (tmp_path / "taken").read_text() == "Mine."
    with pytest.raises(Unavailable, match="cannot be written"):
        write_backup(lived_in, tmp_path, tmp_path / "taken" / "in.engross", now=clock.now())
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


def test_a_folder_that_cannot_be_looked_into_is_not_left_out_in_silence(
    lived_in: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mail").mkdir()
    look = os.scandir

    def locked(path: str) -> object:
        if str(path).endswith("mail"):
            raise PermissionError(13, "Permission denied", path)
        return look(path)

    # The tests may run as root, who can look into everything.
    monkeypatch.setattr(os, "scandir", locked)
    with pytest.raises(Unavailable, match="Permission denied"):
        write_backup(lived_in, tmp_path, tmp_path / "all.engross", now=clock.now())
    assert not (tmp_path / "all.engross").exists()


def test_backups_links_and_other_peoples_files_are_no_part_of_a_backup(lived_in: Database, tmp_path: Path) -> None:
    first = write_backup(lived_in, tmp_path, tmp_path / "first.engross", now=clock.now())
    (tmp_path / "link").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    assert write_backup(lived_in, tmp_path, tmp_path / "second.engross", now=clock.now()).manifest.files == []
    assert first.file.exists()


def test_a_backup_of_an_earlier_step_comes_back_at_the_newest(lived_in: Database, home: Home, tmp_path: Path) -> None:
    migrate_back(lived_in, "0006")
    made = write_backup(lived_in, tmp_path, tmp_path / "old.engross", now=clock.now())
    assert made.manifest.step == "0006"
    restored = home()
    restore_backup(restored, tmp_path / "home0", made.file)
    assert current_step(restored) == newest_step()
    assert client(restored, tmp_path).get(f"/peps/editions/{KEY}.pdf").content.startswith(b"%PDF")


def test_a_backup_of_a_newer_program_is_left_to_it(
    kept: Path, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = replace(checked_manifest(kept), step="9999", version="99")
    monkeypatch.setattr(backups, "checked_manifest", lambda _file: newer)
    with pytest.raises(EngrossError, match="newer than this program"):
        restore_backup(home(), tmp_path / "home0", kept)


def test_a_restored_installation_signs_with_the_same_key(
    kept: Path, lived_in: Database, home: Home, tmp_path: Path
) -> None:
    restored = home()
    restore_backup(restored, tmp_path / "home0", kept)
    pairs = []
    for one in (lived_in, restored):
        with one.writing() as session:
            pairs.append(keys.key_pair(session, now=clock.now()))
    assert pairs[0].secret == pairs[1].secret
