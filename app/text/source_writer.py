"""Writes a charter text as a source folder, in the one form that reading it gives back."""

from app.text.dialect import serialise
from app.text.snapshot import Annexe, Front, Section, Snapshot
from app.text.source_outline import OUTLINE_FILE
from app.text.source_toml import toml_table
from app.text.source_values import SourceEdition


def write_source(
    charter_key: str, open: bool, snapshot: Snapshot, edition: SourceEdition | None = None
) -> dict[str, bytes]:
    """The files of the folder by name: ``charter.toml`` and ``<key>.md`` for each section. No ids, no comments.

    The same text always gives the same bytes, and `read_source` gives the same text back.
    """
    tables = [
        toml_table("[charter]", [("key", charter_key), ("open", open)]),
        _front(snapshot.front),
        *([] if edition is None else [_edition(edition)]),
        *(_section(section) for section in snapshot.sections),
        *(_annexe(annexe) for annexe in snapshot.front.annexes),
    ]
    files = {OUTLINE_FILE: "\n".join(tables).encode()}
    for section in snapshot.sections:
        files[f"{section.key}.md"] = serialise(section.blocks).encode()
    return files


def _front(front: Front) -> str:
    return toml_table(
        "[front]",
        [
            ("title", front.title),
            ("organisation", front.organisation),
            ("address", front.address or None),
            ("contact", front.contact or None),
            ("logo", front.logo),
            ("language", front.language),
        ],
    )


def _edition(edition: SourceEdition) -> str:
    effective = None if edition.effective is None else edition.effective.isoformat()
    return toml_table("[edition]", [("date", edition.date), ("label", edition.label), ("effective", effective)])


def _section(section: Section) -> str:
    return toml_table(
        "[[section]]", [("key", section.key), ("kind", str(section.kind)), ("heading", section.heading or None)]
    )


def _annexe(annexe: Annexe) -> str:
    return toml_table(
        "[[annexe]]", [("key", annexe.key), ("title", annexe.title), ("file", annexe.file), ("url", annexe.url)]
    )
