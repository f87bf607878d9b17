"""`engross verify FILE`: by the installation, by a signature without one, and against zips that strangers made."""

import base64
import io
import json
import shutil
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from app.db.engine import Database
from app.queries.charters import charter_row
from app.queries.edition_files import edition_files
from app.queries.editions import edition_row, file_bytes
from app.queries.keys import signing_keys
from app.render.bundle import packed
from app.rules.edition_files import FileKind
from app.signing import new_pair
from tests.cli.conftest import Ended, Run
from tests.support.published import KEY, Lived


@pytest.fixture(scope="module")
def shelf_of_files(twice_published: Lived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What anybody can download: the bundle, the PDF, their signatures, and the public key."""
    folder = tmp_path_factory.mktemp("downloads")
    database = Database(f"sqlite:///{twice_published.path}")
    with database.reading() as session:
        row = edition_row(session, charter_row(session, "peps"), KEY, unpublished=False)
        stored = {kind: file_bytes(session, hash) for kind, hash in edition_files(session, row).items()}
        (folder / "charter.zip").write_bytes(stored[FileKind.BUNDLE])
        (folder / "charter.zip.sig").write_bytes(stored[FileKind.BUNDLE_SIGNATURE])
        (folder / "charter.pdf").write_bytes(file_bytes(session, str(row.pdf_hash)))
        (folder / "charter.pdf.sig").write_bytes(stored[FileKind.PDF_SIGNATURE])
        (folder / "key.pem").write_text(signing_keys(session)[0].public.pem)
    database.close()
    (folder / "other.pem").write_text(new_pair().public.pem)
    return folder


@pytest.fixture
def files(shelf_of_files: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shelf_of_files, tmp_path / "files"))


@pytest.fixture
def at_home(engross: Run, twice_published: Lived, tmp_path: Path) -> Run:
    """The command on the machine of the group that published."""
    (tmp_path / "data").mkdir()
    shutil.copy(twice_published.path, tmp_path / "data" / "engross.sqlite3")
    return engross


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repack(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    inside = unpacked(path)
    change(inside)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in inside.items():
            archive.writestr(name, octets)


def assert_told(ended: Ended, code: int, *words: str) -> None:
    assert ended.code == code, ended
    for one in words:
        assert one in ended.out + ended.err, ended


def test_the_group_itself_knows_its_files_by_their_hashes(at_home: Run, files: Path) -> None:
    for name in ("charter.zip", "charter.pdf"):
        assert_told(at_home("verify", files / name), 0, "the edition 2026-11 of peps")


def test_anybody_else_checks_by_the_signature_with_no_database(engross: Run, files: Path, tmp_path: Path) -> None:
    key = ("--key", files / "key.pem")
    assert_told(engross("verify", files / "charter.zip", *key), 0, "all 10 files fit the list, and the list is signed")
    assert_told(engross("verify", files / "charter.pdf", "--signature", files / "charter.pdf.sig", *key), 0, "exactly")
    assert_told(engross("verify", files / "charter.zip", "--signature", files / "charter.zip.sig", *key), 0, "exactly")
    assert not (tmp_path / "data").exists(), "nothing is made"


def test_a_pdf_is_checked_by_the_signed_list_beside_it(engross: Run, files: Path) -> None:
    inside = unpacked(files / "charter.zip")
    for name in ("SHA256SUMS", "SHA256SUMS.sig"):
        (files / name).write_bytes(inside[name])
    words = ("--signature", files / "SHA256SUMS.sig", "--key", files / "key.pem")
    assert_told(engross("verify", files / "charter.pdf", *words), 0, "SHA256SUMS")
    (files / "charter.pdf").write_bytes(b"%PDF-1.7 other")
    assert_told(engross("verify", files / "charter.pdf", *words), 1, "NOT what was published")


def test_what_cannot_be_checked_is_not_good_and_says_so(engross: Run, files: Path) -> None:
    assert_told(engross("verify", files / "charter.zip"), 1, "could not be checked", "--key")
    assert_told(engross("verify", files / "charter.pdf"), 1, "could not be checked", "--signature")
    sig = files / "charter.pdf.sig"
    assert_told(engross("verify", files / "charter.pdf", "--signature", sig), 1, "could not be checked")


def test_another_key_is_told_from_the_one_that_signed(engross: Run, files: Path) -> None:
    done = engross("verify", files / "charter.zip", "--key", files / "other.pem")
    assert_told(done, 1, "none of the keys", "anybody can put a key of their own there")
    sig = files / "charter.pdf.sig"
    assert_told(engross("verify", files / "charter.pdf", "--signature", sig, "--key", files / "other.pem"), 1, "NOT")


def test_a_list_of_keys_is_as_good_as_one(engross: Run, at_home: Run, files: Path, tmp_path: Path) -> None:
    assert at_home("key", "rotate").code == 0
    listed = json.loads(at_home("key", "list", "--json").out)
    assert [one["until"] is None for one in listed] == [False, True]
    keys = [{**one, "public": "".join(one["pem"].splitlines()[1:-1])} for one in listed]
    # The bundle of a key that was replaced is known by the old one.
    for one in keys:
        one["public"] = base64.b64encode(base64.b64decode(one["public"])[-32:]).decode()
    (files / "keys.json").write_text(json.dumps({"keys": keys}))
    shutil.rmtree(tmp_path / "data")
    done = engross("verify", files / "charter.zip", "--key", files / "keys.json")
    assert_told(done, 0, "it signed from", "until")


def test_an_old_bundle_verifies_at_home_after_the_key_was_replaced(at_home: Run, files: Path) -> None:
    at_home("key", "rotate")
    repack(files / "charter.zip", lambda inside: inside.update())
    assert_told(at_home("verify", files / "charter.zip"), 0, "this installation signed with it")
    assert at_home("verify").code == 0


NAMES = [
    "README.txt",
    "annexe_membership-and-funding.pdf",
    "changes-since-2025-05.html",
    "decisions.csv",
    "edition.json",
    "engross-key.pem",
    "peps-charter-2026-11.html",
    "peps-charter-2026-11.md",
    "peps-charter-2026-11.pdf",
    "schedule.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_whichever_file_was_changed_is_named_and_no_other(engross: Run, files: Path, name: str) -> None:
    def change(inside: dict[str, bytes]) -> None:
        inside[name] = inside[name] + b" "

    repack(files / "charter.zip", change)
    done = engross("verify", files / "charter.zip", "--key", files / "key.pem")
    assert_told(done, 1, f"{name} was changed", "NOT what was published")
    assert [other for other in NAMES if f"{other} was changed" in done.err] == [name]


@pytest.mark.parametrize("name", ["SHA256SUMS", "SHA256SUMS.sig"])
def test_a_list_or_signature_that_was_changed_or_taken_out_is_named(engross: Run, files: Path, name: str) -> None:
    original = (files / "charter.zip").read_bytes()

    def change(inside: dict[str, bytes]) -> None:
        inside[name] = bytes(reversed(inside[name]))

    key = ("--key", files / "key.pem")
    repack(files / "charter.zip", change)
    assert_told(engross("verify", files / "charter.zip", *key), 1, "NOT what was published")
    (files / "charter.zip").write_bytes(original)
    repack(files / "charter.zip", lambda inside: inside.pop(name) and None)
    assert_told(engross("verify", files / "charter.zip", *key), 1, f"{name} is missing")


def test_files_that_were_added_or_taken_out_are_named(engross: Run, at_home: Run, files: Path, tmp_path: Path) -> None:
    def change(inside: dict[str, bytes]) -> None:
        del inside["decisions.csv"]
        inside["more.txt"] = b"More."

    repack(files / "charter.zip", change)
    home = at_home("verify", files / "charter.zip")
    assert_told(home, 1, "decisions.csv is missing", "more.txt is no file of the published bundle")
    shutil.rmtree(tmp_path / "data")
    away = engross("verify", files / "charter.zip", "--key", files / "key.pem")
    assert_told(away, 1, "decisions.csv is missing", "more.txt does not stand in the list")


def forge_record(files: Path, old: str, new: str) -> None:
    def change(inside: dict[str, bytes]) -> None:
        assert old.encode() in inside["edition.json"]
        inside["edition.json"] = inside["edition.json"].replace(old.encode(), new.encode())

    repack(files / "charter.zip", change)


def test_the_block_that_was_changed_in_a_record_is_named(
    engross: Run, at_home: Run, files: Path, tmp_path: Path
) -> None:
    forge_record(files, "equal partners in shaping", "minor partners in shaping")
    home = at_home("verify", files / "charter.zip")
    assert_told(home, 1, "in the section “vision”, paragraph 1, block", "minor partners", "equal partners", "“vision”")
    assert "mission" not in home.err
    shutil.rmtree(tmp_path / "data")
    away = engross("verify", files / "charter.zip", "--key", files / "key.pem")
    assert_told(away, 1, "edition.json: in the section “vision”", "which is not in the published text")


def test_other_parts_of_a_record_that_were_changed_are_named(at_home: Run, files: Path) -> None:
    forge_record(files, '"person":"Gilda"', '"person":"Nobody"')
    assert_told(at_home("verify", files / "charter.zip"), 1, "edition.json: “signoffs” is not as published")


@pytest.mark.parametrize(
    "forged", [b"", b"[", b"[" * 100_000, b"[]", b'{"sections": 3}', b'{"sections":[3,{"id":{}}]}']
)
def test_a_record_that_is_none_is_told_and_breaks_nothing(at_home: Run, files: Path, forged: bytes) -> None:
    def change(inside: dict[str, bytes]) -> None:
        inside["edition.json"] = forged

    repack(files / "charter.zip", change)
    done = at_home("verify", files / "charter.zip")
    assert_told(done, 1, "edition.json")
    assert "Traceback" not in done.err


def test_a_changed_pdf_is_held_against_the_one_of_its_name(at_home: Run, files: Path) -> None:
    forged = files / "peps-charter-2026-11.pdf"
    forged.write_bytes((files / "charter.pdf").read_bytes() + b"\n")
    assert_told(at_home("verify", forged), 1, "was published with the SHA-256", "NOT what was published")
    (files / "other.pdf").write_bytes(forged.read_bytes())
    assert_told(at_home("verify", files / "other.pdf"), 1, "no edition", "could not be checked")


def test_programs_are_told_the_same_as_json(at_home: Run, files: Path) -> None:
    good = at_home("verify", files / "charter.pdf", "--json")
    assert (good.code, json.loads(good.out)["result"], json.loads(good.out)["good"]) == (0, "published", True)
    forge_record(files, "equal partners", "minor partners")
    bad = at_home("verify", files / "charter.zip", "--json")
    told = json.loads(bad.out)
    assert (bad.code, told["result"], told["good"]) == (1, "differs", False)
    assert any("edition.json" in one for one in told["differences"])


def zipped(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in members.items():
            archive.writestr(name, octets)
    return written.getvalue()


def with_sizes(archive: bytes, size: int) -> bytes:
    """The same zip whose directory claims another unpacked size for its first member."""
    at = archive.rfind(b"PK\x01\x02")
    return archive[: at + 24] + struct.pack("<L", size) + archive[at + 28 :]


def locked(archive: bytes) -> bytes:
    at = archive.rfind(b"PK\x01\x02")
    return archive[: at + 8] + struct.pack("<H", 1) + archive[at + 10 :]


def twice() -> bytes:
    return zipped({"edition.json": b"1", "edition.jsom": b"2"}).replace(b"edition.jsom", b"edition.json")


def nine_wide() -> bytes:
    return zipped({f"{n}.txt": b"" for n in range(60_000)})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"PK\x03\x04 and then nothing", "not a zip"),
    "an empty file": (lambda: b"", "not a zip"),
    "cut off": (lambda: zipped({"a.txt": b"a" * 1000})[:-30], "not a zip"),
    "a gigabyte": (lambda: with_sizes(zipped({"a.txt": b"a"}), 1_000_000_000), "1,000 MB"),
    "a bomb": (lambda: zipped({f"{n}.txt": b"\0" * 49_000_000 for n in range(4)}), "196 MB"),
    "a lie about its length": (lambda: with_sizes(zipped({"a.txt": b"a" * 5000}), 10), "cannot be read"),
    "out of the folder": (lambda: zipped({"../../etc/passwd": b""}), "no plain name"),
    "an absolute path": (lambda: zipped({"/etc/passwd": b""}), "no plain name"),
    "a path of Windows": (lambda: zipped({"C:\\boot.ini": b""}), "no plain name"),
    "a name that acts on the terminal": (lambda: zipped({"\x1b[2J.txt": b""}), "no plain name"),
    "two of one name": (twice, "two files"),
    "too many": (nine_wide, "60000 files"),
    "a password": (lambda: locked(zipped({"a.txt": b"a"})), "password"),
    "nothing in it": (lambda: zipped({}), "is missing"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_zip_of_a_stranger_is_measured_first_and_told_in_words(engross: Run, tmp_path: Path, case: str) -> None:
    make, told = HOSTILE[case]
    (tmp_path / "strange.zip").write_bytes(make())
    (tmp_path / "key.pem").write_text(new_pair().public.pem)
    done = engross("verify", tmp_path / "strange.zip", "--key", tmp_path / "key.pem")
    assert_told(done, 1, told)
    assert "\x1b" not in done.err
    assert "Traceback" not in done.err


def test_what_a_strange_record_says_does_not_act_on_the_terminal(at_home: Run, files: Path) -> None:
    forge_record(files, "equal partners", "\\u001b[31mminor\\u001b[0m partners")
    done = at_home("verify", files / "charter.zip")
    assert_told(done, 1, "minor")
    assert "\x1b" not in done.err


@pytest.mark.parametrize("key", ["", "no key", "{}", '{"keys": [{"public": "AAAA"}]}', "{" * 50_000])
def test_what_is_no_key_is_told(engross: Run, files: Path, key: str) -> None:
    (files / "no.pem").write_text(key)
    assert_told(engross("verify", files / "charter.zip", "--key", files / "no.pem"), 1, "key")


def test_what_is_no_signature_is_told(engross: Run, files: Path) -> None:
    (files / "no.sig").write_bytes(b"short")
    words = ("--signature", files / "no.sig", "--key", files / "key.pem")
    assert_told(engross("verify", files / "charter.pdf", *words), 1, "no Ed25519 signature")


def test_a_signature_without_a_file_is_wrong_usage(engross: Run, files: Path) -> None:
    assert engross("verify", "--key", files / "key.pem").code == 2


def test_a_zip_depends_on_its_files_and_day_alone() -> None:
    one = packed({"b.txt": b"b", "a.txt": b"a"}, date(1066, 10, 14))
    assert one == packed({"a.txt": b"a", "b.txt": b"b"}, date(1066, 10, 14))
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_the_database_of_a_new_installation_is_for_its_owner_alone(engross: Run, tmp_path: Path) -> None:
    assert engross("migrate").code == 0
    assert (tmp_path / "data" / "engross.sqlite3").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("form", "name"), [("html", "peps-charter-2026-11.html"), ("json", "edition.json")])
def test_render_gives_what_was_kept_of_an_edition(at_home: Run, files: Path, form: str, name: str) -> None:
    out = files / "out"
    assert at_home("render", "peps", "--edition", KEY, "--format", form, "-o", out).code == 0
    assert out.read_bytes() == unpacked(files / "charter.zip")[name]


def test_render_marks_a_revision_that_is_no_edition_and_dates_it_by_itself(at_home: Run) -> None:
    page = at_home("render", "peps", "--revision", "1", "--format", "html")
    assert page.code == 0
    assert "Not approved. Do not cite." in page.out
    assert "Revision 1" in page.out
    assert "key partners" in page.out
    assert at_home("render", "peps", "--revision", "1", "--format", "html") == page
    told = json.loads(at_home("render", "peps", "--format", "json").out)
    assert (told["edition"], told["approved"], told["revision"]["number"]) == (None, None, 2)
    assert at_home("render", "peps", "--revision", "9", "--format", "json").code == 1
