"""Writes a charter text as a source folder, in the one form that reading it gives back."""

from collections.abc import Sequence

from app.text.dialect import serialise
from app.text.snapshot import Annexe, Front, Section, Snapshot
from app.text.source_files import folder_name
from app.text.source_outline import OUTLINE_FILE
from app.text.source_toml import toml_table
from app.text.source_values import SourceEdition, SourceFile


def write_source(
    charter_key: str,
    open: bool,
    snapshot: Snapshot,
    edition: SourceEdition | None = None,
    attached: Sequence[SourceFile] = (),
    logo_alt: str = "",
) -> dict[str, bytes]:
    """The files of the folder by name: ``charter.toml`` and ``<key>.md`` for each section. No ids, no comments.

    ``attached`` are files of annexes and the logo, by what they are called; those of other annexes are left out.

    The same text always gives the same bytes, and `read_source` gives the same text back.
    """
    tables = [
        toml_table("[charter]", [("key", charter_key), ("open", open)]),
        _front(snapshot.front, logo_alt),
        *([] if edition is None else [_edition(edition)]),
        *(_section(section) for section in snapshot.sections),
        *(_annexe(annexe) for annexe in snapshot.front.annexes),
    ]
    files = {OUTLINE_FILE: "\n".join(tables).encode()}
    for section in snapshot.sections:
        files[f"{section.key}.md"] = serialise(section.blocks).encode()
    declared = {None, *(annexe.key for annexe in snapshot.front.annexes)}
    for one in attached:
        if one.annexe in declared:
            files[folder_name(snapshot.front, one.annexe, one.name, files)] = one.octets
    return files


def _front(front: Front, logo_alt: str) -> str:
    return toml_table(
        "[front]",
        [
            ("title", front.title),
            ("organisation", front.organisation),
            ("address", front.address or None),
            ("contact", front.contact or None),
            ("logo", front.logo),
            ("logo_alt", logo_alt or None),
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
