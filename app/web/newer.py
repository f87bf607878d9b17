"""A form that was opened on an older version of a proposal than is stored now: what both say, put together."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import Refused
from app.queries.proposals import version_row
from app.queries.rebasing import taken_up
from app.text.dialect import clean
from app.text.manuscript import over_newer
from app.text.snapshot import Front, Section, Snapshot
from app.web.keeping import sheet_value
from app.web.typed import TypedSection, behind, renumbered, untouched
from app.web.writing import Writing, over_of, writing

_WORDS = re.compile(r"(?:t|a|n|w)\..+|top")


@dataclass(frozen=True, slots=True)
class Both:
    """What was typed and what the newer version says, in one form.

    ``beside`` are the newer words, each with its place, where both rewrote the same; in the form stands what was typed.
    ``homeless`` is what was typed for a section that the newer version takes out.
    """

    of: Writing
    fields: Mapping[str, str]
    beside: Sequence[tuple[str, str]]
    homeless: Sequence[str] = ()

    @property
    def problem(self) -> str:
        """What happened, and what to do."""
        told = (
            f"Meanwhile version {self.of.began} of this proposal was stored, from another window or device, so this "
            "was not stored yet."
        )
        if self.homeless:
            return f"{told} That version has this section taken out. What you typed stands below: copy what you need."
        where = " Where both rewrote the same words, you see the newer ones above the form." if self.beside else ""
        return (
            f"{told} The form now holds what that version changed and what you typed.{where} Look, and send it again."
        )


class NewerVersion(Refused):
    """The form began from an older version than is stored now."""

    kind = "newer-version"


def refuse_older(of: Writing) -> None:
    """NewerVersion if the proposal has a newer version than the one the form began from."""
    if of.proposal is not None and of.began < of.proposal.version:
        raise NewerVersion(f"Version {of.proposal.version} of this proposal was stored meanwhile. Look at it first.")


def put_together(of: Writing, what: str, fields: Mapping[str, str]) -> Both:
    """The form over the newest version: of each field what was typed if it was touched, else what the version says."""
    assert of.proposal is not None
    session, charter, proposal = of.at.session, of.at.charter, of.proposal
    newest = version_row(session, proposal)
    over = fields.get("over", "")
    now = writing(of.at, proposal, {"base": str(max(of.revision, newest.base_revision)), "over": over})
    then = taken_up(session, charter, proposal, of.revision, version=of.began, over=over_of(fields)).wanted
    older = version_row(session, proposal, of.began)
    merge = _Merge(dict(fields))
    merge.take("title", "Title", older.title, newest.title)
    merge.take("reason", "Why", older.rationale, newest.rationale)
    _take_cover(merge, then.front, now.text.front)
    before, here = then.section(what), now.text.section(what)
    if before is not None and here is None:
        return Both(now, merge.fields, merge.beside, _touched(then, before, fields))
    if before is not None and here is not None:
        _take_text(merge, (then, before), (now.text, here))
    return Both(now, merge.fields, merge.beside)


def put_over(of: Writing, what: str, fields: Mapping[str, str], refs: Sequence[str]) -> Both:
    """The form with the words of these changes in the place of what the text says, where others rewrote the same.

    What somebody has typed into the same paragraph meanwhile stays in the form; then those words are ``beside`` it.
    """
    over = " ".join(dict.fromkeys([*over_of(fields), *of.over_refs, *refs]))
    now = writing(of.at, of.proposal, {**fields, "base": str(of.revision), "over": over})
    merge = _Merge({**fields, "over": over})
    before, here = of.text.section(what), now.text.section(what)
    if before is not None and here is not None:
        _take_text(merge, (of.text, before), (now.text, here))
    return Both(now, merge.fields, merge.beside)


def _take_text(merge: "_Merge", then: tuple[Snapshot, Section], now: tuple[Snapshot, Section]) -> None:
    """The text of a section, as it was typed into plain fields or in the editor."""
    _take_section(merge, untouched(*then), untouched(*now))
    sheet = sheet_value(merge.fields)
    if sheet is not None:
        newest_sheet, newer_words = over_newer(sheet, then, now)
        merge.fields["sheet"] = json.dumps(newest_sheet)
        merge.beside += newer_words


class _Merge:
    """The fields of a form, taken one by one."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        self.beside: list[tuple[str, str]] = []

    def take(self, name: str, place: str, then: str, now: str | None) -> None:
        """Leave out what nobody touched; what was typed stays, with the newer words beside it where these differ."""
        typed = self.fields.get(name)
        if typed is None:
            return
        if _same(typed, then) or (now is not None and _same(typed, now)):
            del self.fields[name]
        elif now is not None and not _same(then, now):
            self.beside.append((place, now))


def _take_cover(merge: _Merge, then: Front, now: Front) -> None:
    for name in ("title", "organisation", "address", "contact", "language"):
        merge.take(f"f.{name}", name.capitalize(), getattr(then, name), getattr(now, name))
    newer = {annexe.key: annexe for annexe in now.annexes}
    for one in then.annexes:
        there = newer.get(one.key)
        place = f"Annexe “{one.title}”"
        merge.take(f"x.{one.key}.title", place, one.title, there.title if there is not None else None)
        merge.take(f"x.{one.key}.url", place, one.url or "", (there.url or "") if there is not None else None)


def _take_section(merge: _Merge, then: TypedSection, now: TypedSection) -> None:
    # Forms name notes by number, and the newer version may count them otherwise.
    for name in [name for name in merge.fields if _WORDS.fullmatch(name)]:
        merge.fields[name] = renumbered(merge.fields[name], then.labels, now.labels)
    merge.take("heading", "Heading", then.heading, now.heading)
    newer = {one.id: one for one in (*now.blocks, *now.notes)}
    for one in (*then.blocks, *then.notes):
        there = newer.get(one.id)
        shown = renumbered(one.text, then.labels, now.labels)
        merge.take(
            f"t.{one.id}",
            one.place if there is None else there.place,
            shown,
            None if there is None else there.text,
        )
        _take_move(merge, f"m.{one.id}", then, now)


def _take_move(merge: _Merge, name: str, then: TypedSection, now: TypedSection) -> None:
    """Paragraphs are moved behind others, whose places may be called otherwise by now."""
    said = merge.fields.get(name, "").strip()
    after = behind(then, said) if said else None
    if not after:
        return
    target = then.blocks[after - 1].id
    named = zip(now.blocks, now.destinations, strict=True)
    merge.fields[name] = next((place for one, place in named if one.id == target), said)


def _touched(text: Snapshot, section: Section, fields: Mapping[str, str]) -> list[str]:
    """What somebody typed into the form of a section, without what stood there."""
    form = untouched(text, section)
    stood = {f"t.{one.id}": one.text for one in (*form.blocks, *form.notes)} | {"heading": form.heading}
    return [
        clean(value)
        for name, value in fields.items()
        if (_WORDS.fullmatch(name) or name == "heading") and value.strip() and not _same(value, stood.get(name, ""))
    ]


def _same(one: str, other: str) -> bool:
    return clean(one).strip() == clean(other).strip()
