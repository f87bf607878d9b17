"""What an author proposed and the newer text has no place for: their words and those that stand now, both marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.queries.rebasing import LeftOut
from app.text.blocks import Kind
from app.text.html import HtmlFrame
from app.text.weave import Class
from app.web.changes import print_blocks, print_plain, print_words
from app.web.redlines import redline_frame
from app.web.sections import names_by_id
from app.web.writing import Writing


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A change that is not in the form. ``key`` is the section it was in, None where that is gone.

    ``proposed`` is marked, ``words`` are the same to be copied as they are, "" where words should go. ``is_new``: they
    are a paragraph of their own, and ``standing`` what others have put in the same place.

    ``standing`` are the words of today, marked against those the change was made on; None where they are gone, and
    then ``before`` are those that stood there last. ``may_go_over``: the words can be put in the place of these.
    """

    ref: str
    key: str | None
    name: str
    proposed: Markup
    words: Markup
    standing: Markup | None
    before: Markup
    may_go_over: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A change whose words stand in the place of those of today: where, and what they make of these."""

    ref: str
    key: str | None
    name: str
    redline: Markup
    is_new: bool


def leftovers(of: Writing) -> Sequence[LeftOver]:
    """All that does not fit any more, in the order of the proposal."""
    if not of.left_out:
        return ()
    frame = redline_frame(of.base, of.text, f"/{of.at.charter.key}", anchors=False)
    called = names_by_id(of.text, of.base)
    keys = {section.id: section.key for section in of.text.sections}
    return [
        LeftOver(
            ref=one.ref,
            key=keys.get(one.section or ""),
            name=called.get(one.section or "", "a section that is gone"),
            proposed=_marked(one, one.before, one.after, frame),
            words=Markup("") if _is_table(one) else print_plain(one.after or "", frame),
            standing=None if one.standing is None else _marked(one, one.before, one.standing, frame),
            before=_marked(one, one.before, one.before, frame),
            is_new=one.is_new,
            may_go_over=one.cls == Class.CONFLICT and one.section in keys,
        )
        for one in of.left_out
    ]


def taken_over(of: Writing) -> Sequence[TakenOver]:
    """What was put in the place of the words of today, in the order of the proposal."""
    if not of.over:
        return ()
    frame = redline_frame(of.base, of.text, f"/{of.at.charter.key}", anchors=False)
    called = names_by_id(of.text, of.base)
    keys = {section.id: section.key for section in of.text.sections}
    return [
        TakenOver(
            ref=one.ref,
            key=keys.get(one.section or ""),
            name=called.get(one.section or "", ""),
            redline=_marked(one, one.standing, one.after, frame),
            is_new=one.is_new,
        )
        for one in of.over
    ]


def _is_table(one: LeftOut) -> bool:
    return one.shape is not None and one.shape.kind is Kind.TABLE


def _marked(one: LeftOut, old: str | None, new: str | None, frame: HtmlFrame) -> Markup:
    """One wording and what another makes of it; a table is one."""
    if one.shape is None or not _is_table(one):
        return print_words(old or "", new or "", frame)
    before, after = (None if text is None else one.shape.with_text(text) for text in (old, new))
    return print_blocks(before, after, frame)
