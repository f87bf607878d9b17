"""Commands on Markdown files that need no database: normalise, diff, merge."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from app.cli.files import read_text
from app.render.inline import spelled
from app.text.block_redline import redline
from app.text.blocks import Block, block_to_json
from app.text.critic import critic
from app.text.dialect import clean, normalise, parse, serialise
from app.text.html import redline_html
from app.text.inline_html import HtmlFrame
from app.text.merge import merge_blocks
from app.text.notes import numbers
from app.text.snapshot import Front, Section, SectionKind, Snapshot

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("normalise")
@click.argument("file", type=_FILE)
def normalise_file(file: Path) -> None:
    """Print the canonical form of a Markdown file."""
    _write(normalise(read_text(file)))


@click.command("diff")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True)
def diff_files(old: Path, new: Path, form: str) -> None:
    """Print the redline of two Markdown files; as text it is CriticMarkup."""
    before, after = read_text(old), read_text(new)
    if form == "text":
        _write(critic(before, after))
        return
    old_blocks, new_blocks = parse(clean(before)), parse(clean(after))
    shown = redline(old_blocks, new_blocks)
    if form == "html":
        frame = HtmlFrame(note_numbers=_numbers(new_blocks), old_note_numbers=_numbers(old_blocks))
        _write(spelled(redline_html(shown, frame)) + "\n")
        return
    rows = [
        {
            "state": str(row.state),
            "retyped": row.retyped,
            "coarse": row.coarse,
            "before": None if row.old is None else block_to_json(row.old),
            "after": None if row.new is None else block_to_json(row.new),
            "pieces": [{"op": str(piece.op), "text": piece.text} for piece in row.pieces],
        }
        for row in shown.rows
    ]
    _write(json.dumps({"blocks": rows}, ensure_ascii=False, indent=1) + "\n")


@click.command("merge")
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
def merge_files(base: Path, ours: Path, theirs: Path, form: str) -> None:
    """Merge three Markdown files. Conflicts are named on stderr, and then nothing is printed and the exit is 1."""
    merged = merge_blocks(*(parse(clean(read_text(file))) for file in (base, ours, theirs)))
    if form == "json":
        _write(
            json.dumps(
                {
                    "markdown": None if merged.conflicts else serialise(merged.blocks),
                    "conflicts": [
                        {
                            "why": c.why,
                            "base": c.base,
                            "standing": c.standing,
                            "proposed": c.proposed,
                        }
                        for c in merged.conflicts
                    ],
                    "combined": [c.sentence for c in merged.combined],
                },
                ensure_ascii=False,
                indent=1,
            )
            + "\n"
        )
        sys.exit(1 if merged.conflicts else 0)
    for conflict in merged.conflicts:
        readings = " | ".join(
            _one_line(t) or "(nothing)" for t in (conflict.base, conflict.standing, conflict.proposed)
        )
        click.echo(f"conflict: {_one_line(conflict.why)}: {readings}", err=True)
    if merged.conflicts:
        sys.exit(1)
    for notice in merged.notices:
        click.echo(f"note: {_one_line(notice)}", err=True)
    for combined in merged.combined:
        click.echo(f"confirm: {_one_line(combined.sentence)}", err=True)
    _write(serialise(merged.blocks))


def _numbers(blocks: Sequence[Block]) -> Mapping[str, int]:
    """The numbers of the notes of a lone file, by its own citations."""
    whole = Section("file", "file", SectionKind.TEXT, "", tuple(blocks))
    return numbers(Snapshot(Front("", ""), (whole,))).numbers


def _write(text: str) -> None:
    # Bytes, not characters: the output must not depend on the language the terminal is set to.
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def _one_line(text: str) -> str:
    return " ".join(text.split())


COMMANDS = (normalise_file, diff_files, merge_files)
