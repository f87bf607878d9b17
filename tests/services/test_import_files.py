"""Files of annexes and a logo that come with a folder of source, and go out with an export."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app import clock
from app.cli.sources import read_folder
from app.db.engine import Database
from app.errors import MergeConflicts, SourceRefused
from app.queries.attachments import attachment_at, attachments, place_of
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email
from app.queries.revisions import head_snapshot
from app.queries.verification import verify
from app.services.attachments import Upload, put_annexe_file
from app.services.import_files import files_to_export
from app.services.imports import Imported, import_source
from app.text.source import write_source
from tests.support.files import OTHER_PDF, PDF, SVG
from tests.support.site import add_person

TOML = """[charter]
key = "tea-club"
open = true

[front]
title = "Charter"
organisation = "The Tea Club"
logo_alt = "A kettle"

[[section]]
key = "purpose"
kind = "text"

[[annexe]]
key = "recipes"
title = "Recipes"

[[annexe]]
key = "prices"
title = "Prices"
file = "what it costs.pdf"
"""

Fill = Callable[..., Path]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    def write(**files: bytes) -> Path:
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        (folder / "charter.toml").write_text(TOML)
        (folder / "purpose.md").write_text("We drink tea[^x] after [recipes](annexe:recipes).\n\n[^x]: Hot.\n")
        for name, octets in files.items():
            (folder / name).write_bytes(octets)
        return folder

    return write


def bring(database: Database, folder: Path) -> Imported:
    with database.writing() as session:
        return import_source(session, read_folder(folder), key="tea-club", now=clock.now())


def standing(database: Database) -> dict[str, tuple[str, str]]:
    with database.reading() as session:
        charter = charter_row(session, "tea-club")
        assert verify(session).faults == ()
        return {one.place: (one.name, one.alt) for one in attachments(session, charter)}


def replace_by_hand(database: Database, octets: bytes) -> None:
    add_person(database, "gil", "governor", "tea-club")
    with database.writing() as session:
        charter, person = charter_row(session, "tea-club"), account(person_by_email(session, "gil@example.org"))
        put_annexe_file(session, charter, "recipes", Upload("Mine.pdf", octets), by=person.id, now=clock.now())


def test_files_called_like_their_annexe_or_named_for_it_are_brought_in(sqlite_database: Database, fill: Fill) -> None:
    folder = fill(**{"recipes.pdf": PDF, "what it costs.pdf": OTHER_PDF, "logo.svg": SVG})
    assert read_folder(folder).warnings == ()
    done = bring(sqlite_database, folder)
    assert (done.revision, done.files) == (1, ("logo.svg", "recipes.pdf", "what it costs.pdf"))
    assert standing(sqlite_database) == {
        "annexe:prices": ("what it costs.pdf", ""),
        "annexe:recipes": ("recipes.pdf", ""),
        "logo": ("logo.svg", "A kettle"),
    }


def test_an_import_of_an_export_changes_nothing(sqlite_database: Database, fill: Fill, tmp_path: Path) -> None:
    bring(sqlite_database, fill(**{"recipes.pdf": PDF, "what it costs.pdf": OTHER_PDF, "logo.svg": SVG}))
    with sqlite_database.reading() as session:
        charter = charter_row(session, "tea-club")
        attached, alt = files_to_export(session, charter, None)
        files = write_source("tea-club", True, head_snapshot(session, charter), None, attached, alt)
    assert set(files) == {
        "charter.toml",
        "footnotes.md",
        "purpose.md",
        "recipes.pdf",
        "what it costs.pdf",
        "logo.svg",
    }
    again = tmp_path / "again"
    again.mkdir()
    for name, octets in files.items():
        (again / name).write_bytes(octets)
    assert bring(sqlite_database, again) == Imported("tea-club", None, first=False)
    assert b'logo_alt = "A kettle"' in files["charter.toml"]


def test_a_new_file_in_the_folder_takes_the_place_of_one_the_folder_brought(
    sqlite_database: Database, fill: Fill
) -> None:
    bring(sqlite_database, fill(**{"recipes.pdf": PDF}))
    assert bring(sqlite_database, fill(**{"recipes.pdf": OTHER_PDF})).files == ("recipes.pdf",)
    # A folder that is older than what stands here is no news.
    assert bring(sqlite_database, fill(**{"recipes.pdf": PDF})).files == ()
    with sqlite_database.reading() as session:
        there = attachment_at(session, charter_row(session, "tea-club"), place_of("recipes"))
        assert there is not None
        assert there.size == len(OTHER_PDF)


def test_a_file_that_a_person_put_in_place_is_not_replaced_by_a_folder(sqlite_database: Database, fill: Fill) -> None:
    bring(sqlite_database, fill(**{"recipes.pdf": PDF}))
    replace_by_hand(sqlite_database, OTHER_PDF)
    assert bring(sqlite_database, fill()).files == (), "the folder still has what it brought"
    with pytest.raises(MergeConflicts, match=r"put in place by Gil on .* and the folder has another one"):
        bring(sqlite_database, fill(**{"recipes.pdf": PDF.replace(b"1.7", b"1.4")}))
    assert standing(sqlite_database)["annexe:recipes"] == ("Mine.pdf", "")


@pytest.mark.parametrize(
    ("name", "octets", "told"),
    [
        ("recipes.pdf", b"no pdf", r"recipes\.pdf: It cannot be told what kind"),
        ("logo.png", b"no png", r"logo\.png: A logo is a PNG or an SVG"),
    ],
)
def test_a_broken_file_refuses_the_folder_as_a_whole(
    sqlite_database: Database, fill: Fill, name: str, octets: bytes, told: str
) -> None:
    with pytest.raises(SourceRefused, match=told):
        bring(sqlite_database, fill(**{name: octets}))
    with sqlite_database.reading() as session, pytest.raises(Exception, match="no charter"):
        charter_row(session, "tea-club")
