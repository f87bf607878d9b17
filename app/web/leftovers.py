"""What an author proposed and the newer text has no place for: their words and those that stand now, both marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.web.changes import print_plain, print_words
from app.web.redlines import redline_frame
from app.web.sections import names_by_id
from app.web.writing import Writing


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A change that is not in the form. ``key`` is the section it was in, None where that is gone.

    ``proposed`` is marked, ``words`` are the same to be copied as they are, "" where words should go.

    ``standing`` are the words of today, marked against those the change was made on; None where they are gone, and
    then ``before`` are those that stood there last.
    """

    ref: str
    key: str | None
    name: str
    proposed: Markup
    words: str
    standing: Markup | None
    before: Markup


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
            proposed=print_words(one.before or "", one.after or "", frame),
            words=one.after or "",
            standing=None if one.standing is None else print_words(one.before or "", one.standing, frame),
            before=print_plain(one.before or "", frame),
        )
        for one in of.left_out
    ]
