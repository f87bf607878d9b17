"""Commands on an installation: import, export, people, tokens, compare, verify."""

import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from app.resources import charter_sources
from tests.cli.conftest import Run
from tests.support.word_reader import Reader
from tests.support.word_rules import faults

PEPS = charter_sources() / "peps"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def copy_of_peps(folder: Path) -> Path:
    return Path(shutil.copytree(PEPS, folder / "source"))


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


@pytest.mark.parametrize("name", ["peps", "isop-pateg"])
def test_export_of_an_import_is_the_same_to_the_byte(engross: Run, tmp_path: Path, name: str) -> None:
    source = charter_sources() / name
    assert engross("import", source).code == 0
    assert engross("export", name, tmp_path / "out").code == 0
    assert files_of(tmp_path / "out") == files_of(source)
    again = engross("import", tmp_path / "out")
    assert (again.code, again.out) == (0, f"Nothing has changed in the source of {name}.\n")


def test_importing_again_merges_what_changed_in_the_folder(engross: Run, tmp_path: Path) -> None:
    folder = copy_of_peps(tmp_path)
    engross("import", folder)
    rewrite(folder, "vision.md", "key partners", "full partners")
    assert engross("import", folder).out == "Imported peps as revision 2.\n"
    assert engross("import", folder).out == "Nothing has changed in the source of peps.\n"
    compared = engross("compare", "peps", "1", "working")
    assert "{--key--}{++full++}" in compared.out
    paper = tmp_path / "redline.pdf"
    assert engross("compare", "peps", "1", "working", "--format", "pdf", "-o", paper).code == 0
    assert paper.read_bytes().startswith(b"%PDF-")
    tracked = tmp_path / "redline.docx"
    assert engross("compare", "peps", "1", "working", "--format", "docx", "-o", tracked).code == 0
    assert faults(tracked.read_bytes()) == []
    assert engross("verify").code == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("vision.md", "Enabling", "Enabling[^nowhere]", "vision.md:1"),
        ("charter.toml", "[front]", "[front", "charter.toml:"),
        ("charter.toml", 'key = "vision"', 'key = "mission"', "charter.toml:"),
        ("charter.toml", 'kind = "vision"', 'kind = "poem"', "charter.toml:"),
    ],
)
def test_a_broken_source_is_refused_as_a_whole_with_file_and_line(
    engross: Run, tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    folder = copy_of_peps(tmp_path)
    rewrite(folder, name, old, new)
    done = engross("import", folder)
    assert done.code == 1
    assert told in done.err
    assert re.search(r":\d+:", done.err)
    assert engross("export", "peps", tmp_path / "out").code == 1


def test_a_section_in_the_wrong_encoding_is_refused_with_its_line(engross: Run, tmp_path: Path) -> None:
    folder = copy_of_peps(tmp_path)
    (folder / "vision.md").write_bytes(b"fine\n\nna\xefve\n")
    done = engross("import", folder)
    assert done.code == 1
    assert "vision.md:3" in done.err


def test_an_unused_note_is_a_warning(engross: Run, tmp_path: Path) -> None:
    folder = copy_of_peps(tmp_path)
    with (folder / "footnotes.md").open("a") as file:
        file.write("\n[^spare]: Nobody cites this.\n")
    done = engross("import", folder)
    assert done.code == 0
    assert "spare" in done.err


def test_export_never_writes_into_a_folder_with_other_things(engross: Run, tmp_path: Path) -> None:
    engross("import", PEPS)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("keep me")
    done = engross("export", "peps", tmp_path / "out")
    assert done.code == 1
    assert "letter.txt" in done.err
    assert files_of(tmp_path / "out") == {"letter.txt": b"keep me"}


def test_people_can_be_added_listed_given_roles_and_removed(engross: Run) -> None:
    engross("import", PEPS)
    assert engross("user", "add", "Mara@Example.org", "--name", "Mara M", "--charter", "peps").code == 0
    listed = json.loads(engross("user", "list", "--json").out)
    assert [(p["email"], p["name"], p["roles"]) for p in listed] == [
        ("mara@example.org", "Mara M", [{"charter": "peps", "role": "member"}])
    ]
    assert engross("user", "add", "mara@example.org", "--name", "Mara").code == 1
    assert engross("user", "role", "mara@example.org", "peps", "governor").code == 0
    assert "governor of peps" in engross("user", "list").out
    assert engross("user", "remove", "mara@example.org").code == 0
    assert engross("token", "create", "mara@example.org").code == 1
    assert engross("verify").code == 0


@pytest.mark.parametrize("email", ["", "mara", "a@b@c", "a b@example.org", "mara@", "a\x07@example.org"])
def test_what_cannot_be_an_address_is_refused(engross: Run, email: str) -> None:
    done = engross("user", "add", email, "--name", "Mara")
    assert done.code == 1
    assert "e-mail address" in done.err
    assert json.loads(engross("user", "list", "--json").out) == []


def test_a_link_is_one_absolute_address_and_nothing_else(engross: Run) -> None:
    engross("user", "add", "mara@example.org", "--name", "Mara")
    done = engross("user", "link", "mara@example.org")
    assert re.fullmatch(r"http://charter\.example\.org/sign-in/[\w-]{40,}\n", done.out)
    assert done.err == ""


def test_a_token_is_printed_alone_and_kept_only_as_a_hash(engross: Run, tmp_path: Path) -> None:
    engross("user", "add", "mara@example.org", "--name", "Mara")
    done = engross("token", "create", "mara@example.org", "--days", "3", "--read-only")
    secret = done.out.strip()
    assert done.out == secret + "\n"
    assert len(secret) > 40
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert secret.encode() not in kept
    assert engross("token", "create", "mara@example.org", "--days", "0").code == 1


def test_verify_names_a_record_that_was_changed_by_hand(engross: Run, tmp_path: Path) -> None:
    engross("import", PEPS)
    assert engross("verify").code == 0
    with sqlite3.connect(tmp_path / "data" / "engross.sqlite3") as hand:
        hand.execute("UPDATE records SET object = 'revision 9' WHERE chain = 'peps' AND number = 2")
    hand.close()
    done = engross("verify")
    assert done.code == 1
    assert "record 2 of the chain “peps”" in done.err


def test_verify_says_so_when_it_does_not_know_a_file(engross: Run, tmp_path: Path) -> None:
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7 something else")
    done = engross("verify", tmp_path / "other.pdf")
    assert done.code == 1
    assert "it could not be checked" in done.err


def test_the_wrong_setting_is_named(engross: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGROSS_PORT", "many")
    done = engross("user", "list")
    assert done.code == 1
    assert "ENGROSS_PORT" in done.err


@pytest.mark.parametrize("key", ["api", "static", "PEPS", "a b", "../x", "-", "x" * 65])
def test_a_charter_gets_no_key_that_is_no_address_or_one_of_ours(engross: Run, key: str) -> None:
    ended = engross("import", PEPS, f"--charter={key}")
    assert ended.code == 1
    assert "key" in ended.err
    assert engross("export", "peps", "/nowhere").code == 1


def test_the_folder_it_began_with_never_takes_back_what_was_merged_since(engross: Run, tmp_path: Path) -> None:
    folder = copy_of_peps(tmp_path)
    engross("import", folder)
    engross("user", "add", "gil@example.org", "--name", "Gil", "--charter", "peps", "--role", "governor")
    (tmp_path / "vision.md").write_text((folder / "vision.md").read_text().replace("key partners", "full partners"))
    gil = ("--as", "gil@example.org")
    engross("proposal", "create", "peps", f"vision={tmp_path / 'vision.md'}", *gil, "--title", "Full", "--submit")
    assert engross("proposal", "decide", "peps", "1.1", "adopted", *gil).code == 0
    assert engross("proposal", "merge", "peps", "1.1", *gil, "--base", "1").code == 0
    engross("export", "peps", tmp_path / "out")
    for source in (tmp_path / "out", folder, tmp_path / "out"):
        assert engross("import", source).out == "Nothing has changed in the source of peps.\n", source
    rewrite(folder, "definition.md", "is a person", "is somebody")
    assert engross("import", folder).out == "Imported peps as revision 3.\n"
    compared = engross("compare", "peps", "1", "working").out
    assert "{--key--}{++full++} partners" in compared
    assert "{++somebody++}" in compared
    assert engross("verify").code == 0


def test_a_number_no_database_holds_is_refused_in_words(engross: Run, tmp_path: Path) -> None:
    engross("import", PEPS)
    engross("user", "add", "gil@example.org", "--name", "Gil", "--charter", "peps", "--role", "governor")
    huge, gil = "9" * 30, ("--as", "gil@example.org")
    for words in (
        ("export", "peps", tmp_path / "out", "--revision", huge),
        ("render", "peps", "--revision", huge, "-o", tmp_path / "out.pdf"),
        ("proposal", "show", "peps", huge, *gil),
        ("proposal", "merge", "peps", "1.1", "--base", huge, *gil),
        ("edition", "draft", "peps", "2026-11", "--revision", huge, *gil),
        ("compare", "peps", huge, "working"),
        ("proposal", "decide", "peps", f"{huge}.1", "adopted", *gil),
        ("proposal", "preview", "peps", f"1.{huge}", *gil),
    ):
        ended = engross(*words)
        assert ended.code in (1, 2), words
        assert ended.err


def test_a_text_is_rendered_as_a_word_document(engross: Run, tmp_path: Path) -> None:
    engross("import", PEPS)
    file = tmp_path / "charter.docx"
    assert engross("render", "peps", "--format", "docx", "-o", file).code == 0
    assert Reader(file.read_bytes()).lines()[0].text == "Not an approved text"
    first = file.read_bytes()
    assert engross("render", "peps", "--revision", "1", "--format", "docx", "-o", file).code == 0
    assert file.read_bytes() == first
    assert faults(first) == []
    assert engross("render", "peps", "--revision", "2", "--format", "docx", "-o", file).code == 1
    assert engross("render", "peps", "--edition", "2025-05", "--format", "docx", "-o", file).code == 1
