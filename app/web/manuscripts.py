"""What the page of a form tells the editor: the text as it was, as it is proposed, and what was typed last."""

import json
from collections.abc import Mapping

from app.text.blocks import Kind
from app.text.dialect import plain
from app.text.inline_json import inline_to_json
from app.text.manuscript import blank_manuscript, manuscript
from app.text.snapshot import Section, SectionKind, Snapshot
from app.web.keeping import sheet_value
from app.web.sections import name_of
from app.web.writing import Writing


def for_editor(of: Writing, section: Section | None, fields: Mapping[str, str]) -> str:
    """A JSON object for a page: ``{base, text, sheet, notes, targets}``.

    ``base`` is the section in the revision the proposal is written on, ``text`` with what is proposed already,
    ``sheet`` what the editor sent last. ``notes`` are all notes of the charter that can be cited again, ``targets``
    the places of the charter that a link can lead to. ``section`` is None for one that is not there yet.
    """
    was = None if section is None else of.base.section_by_id(section.id)
    value = {
        "base": blank_manuscript(of.base) if was is None else manuscript(of.base, was),
        "text": blank_manuscript(of.text) if section is None else manuscript(of.text, section),
        "sheet": sheet_value(fields),
        "notes": _notes(of.text),
        "targets": _targets(of.text),
    }
    return json.dumps(value)


def _notes(text: Snapshot) -> list[dict[str, object]]:
    return [
        {
            "id": block.id,
            "kind": "note",
            "depth": 0,
            "label": block.label,
            "inline": inline_to_json(block.text),
        }
        for _, _, block in text.placed_blocks()
        if block.kind is Kind.NOTE
    ]


def _targets(text: Snapshot) -> list[dict[str, str]]:
    # The footnotes are no place: they are shown where they are cited.
    shown = [section for section in text.sections if section.kind is not SectionKind.FOOTNOTES]
    sections = [{"href": f"#{section.key}", "name": name_of(section)} for section in shown]
    annexes = [{"href": f"annexe:{one.key}", "name": f"Annexe: {plain(one.title)}"} for one in text.front.annexes]
    return [*sections, *annexes]
