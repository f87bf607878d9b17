"""Commands about charters: import, export, compare, render."""

import json
import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import clock
from app.api.redlines import redline_html, redline_json
from app.cli.installation import opened
from app.cli.numbers import NUMBER
from app.cli.sources import read_folder
from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.errors import BadInput
from app.queries.charters import charter_row
from app.queries.edition_files import edition_files
from app.queries.edition_records import edition_material, revision_material
from app.queries.editions import edition_row, file_bytes
from app.queries.imports import declared, edition_of_text
from app.queries.printing import prepared_edition, prepared_revision
from app.queries.revisions import snapshot
from app.queries.texts import NamedText, named_text
from app.redlines import redline_pdf
from app.render.markdown import charter_markdown
from app.render.pdf import render_pdf
from app.render.word import render_word
from app.rules.edition_files import FileKind
from app.rules.permissions import Action
from app.rules.states import FIXED_EDITION
from app.services.edition_files import page_bytes, record_of
from app.services.import_files import files_to_export
from app.services.imports import import_source, publish_source_edition
from app.text.critic import critic
from app.text.source_values import SourceEdition
from app.text.source_writer import write_source
from app.word import redline_word

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUT = click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else stdout.")


@click.command("import")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--charter", "key", help="The key it shall have here; without it, the one in charter.toml.")
@click.option("--publish", is_flag=True, help="Publish the dated edition the folder stands for.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def import_folder(folder: Path, key: str | None, publish: bool, as_json: bool) -> None:
    """Load a folder of charter source. Again: merge what changed in it since, or name the conflicts."""
    source = read_folder(folder)
    for warning in source.warnings:
        click.echo(f"warning: {warning}", err=True)
    if publish and source.edition is None:
        raise BadInput("This source names no [edition], so there is nothing to publish.")
    with opened() as (_, database):
        with database.writing() as session:
            done = import_source(session, source, key=key or source.key, now=clock.now())
            revision = charter_row(session, done.charter).head
        if publish and source.edition is not None:
            publish_source_edition(database, done.charter, source.edition, revision, clock.now())
    if as_json:
        told = {"charter": done.charter, "revision": done.revision, "first": done.first, "files": list(done.files)}
        click.echo(json.dumps(told))
        return
    if done.files:
        click.echo(f"Put in place: {', '.join(done.files)}.")
    if done.revision is None and not done.files:
        click.echo(f"Nothing has changed in the source of {done.charter}.")
    elif done.revision is not None:
        click.echo(f"Imported {done.charter} as revision {done.revision}.")


@click.command("export")
@click.argument("key", metavar="CHARTER")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--edition", help="An edition, like 2025-05.")
@click.option("--revision", type=NUMBER, help="A revision; without either, the working text.")
def export_charter(key: str, folder: Path, edition: str | None, revision: int | None) -> None:
    """Write a charter as a folder of source. A folder that holds other things is refused."""
    if edition is not None and revision is not None:
        raise click.UsageError("Name an edition or a revision, not both.")
    with opened() as (_, database), database.reading() as session:
        charter = charter_row(session, key)
        if edition is not None:
            row: Edition | None = edition_row(session, charter, edition, unpublished=True)
            assert row is not None
            number = row.revision
            dated: SourceEdition | None = declared(row)
        else:
            number = charter.head if revision is None else revision
            dated = edition_of_text(session, charter, number)
            row = None
        attached, alt = files_to_export(session, charter, row)
        files = write_source(key, charter.open, snapshot(session, charter, number), dated, attached, alt)
    if folder.exists():
        others = sorted(p.name for p in folder.iterdir() if p.name not in files)
        if others:
            raise BadInput(f"{folder} holds other things ({', '.join(others[:3])}). Name an empty folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, octets in files.items():
        (folder / name).write_bytes(octets)
    click.echo(f"Wrote {len(files)} files to {folder}.")


@click.command("compare")
@click.argument("key", metavar="CHARTER")
@click.argument("first", metavar="FROM")
@click.argument("second", metavar="TO")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json", "pdf", "docx"]), default="text", show_default=True
)
@_OUT
def compare_texts(key: str, first: str, second: str, form: str, output: Path | None) -> None:
    """Compare two texts of a charter: editions by key, revisions by number, or `working`."""
    _for_a_file(form, output)
    with opened() as (_, database), database.reading() as session:
        charter = charter_row(session, key)
        old, new = (named_text(session, charter, name, frozenset(Action)) for name in (first, second))
        made = redline_pdf(session, charter, old, new).bytes if form == "pdf" else b""
        made = redline_word(session, charter, old, new) if form == "docx" else made
    _put(made or _comparison(old, new, form).encode(), output)


def _comparison(old: NamedText, new: NamedText, form: str) -> str:
    if form == "json":
        return json.dumps(redline_json(old.snapshot, new.snapshot), ensure_ascii=False, indent=1) + "\n"
    if form == "html":
        return redline_html(old.snapshot, new.snapshot) + "\n"
    return critic(charter_markdown(old.snapshot), charter_markdown(new.snapshot))


@click.command("render")
@click.argument("key", metavar="CHARTER")
@click.option("--edition", help="An edition, like 2025-05.")
@click.option("--revision", type=NUMBER, help="A revision; without either, the working text.")
@click.option("--format", "form", type=click.Choice(["pdf", "html", "docx", "json"]), default="pdf", show_default=True)
@_OUT
def render_text(key: str, edition: str | None, revision: int | None, form: str, output: Path | None) -> None:
    """Render a text of a charter. What is not an approved edition is marked as such."""
    if edition is not None and revision is not None:
        raise click.UsageError("Name an edition or a revision, not both.")
    _for_a_file(form, output)
    with opened() as (_, database), database.reading() as session:
        charter = charter_row(session, key)
        if form == "docx":
            _put(_word(session, charter, edition, revision), output)
            return
        if form != "pdf":
            _put(_form(session, charter, edition, revision, form), output)
            return
        if edition is not None:
            row = edition_row(session, charter, edition, unpublished=True)
            if row.pdf_hash is not None:
                _put(file_bytes(session, row.pdf_hash), output)
                return
            prepared = prepared_edition(session, charter, row)
        else:
            prepared = prepared_revision(session, charter, charter.head if revision is None else revision)
    _put(render_pdf(prepared, approved=False).bytes, output)


def _form(session: Session, charter: Charter, edition: str | None, revision: int | None, form: str) -> bytes:
    """The HTML or the record: as it was kept of an approved edition, else as it would read now, marked as such."""
    kind = FileKind.PAGE if form == "html" else FileKind.RECORD
    if edition is not None:
        row = edition_row(session, charter, edition, unpublished=True)
        kept = edition_files(session, row).get(kind)
        if kept is not None:
            return file_bytes(session, kept)
        material = edition_material(session, charter, row, None)
    else:
        material = revision_material(session, charter, charter.head if revision is None else revision)
    return page_bytes(material) if kind is FileKind.PAGE else record_of(material)


def _word(session: Session, charter: Charter, edition: str | None, revision: int | None) -> bytes:
    """The Word document of an edition or a revision."""
    if edition is None:
        number = charter.head if revision is None else revision
        return render_word(prepared_revision(session, charter, number), approved=False)
    row = edition_row(session, charter, edition, unpublished=True)
    return render_word(prepared_edition(session, charter, row), approved=row.state in FIXED_EDITION)


def _for_a_file(form: str, output: Path | None) -> None:
    names = {"pdf": "A PDF", "docx": "A Word document"}
    if form in names and output is None and sys.stdout.isatty():
        raise click.UsageError(f"{names[form]} is not for the terminal: name a file with -o.")


def _put(octets: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(octets)
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(octets)


COMMANDS = (import_folder, export_charter, compare_texts, render_text)
