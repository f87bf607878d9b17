"""Hanging a thread on the text: where it is hung by a person, and where that place is in the working text."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.threads import Thread
from app.errors import BadInput
from app.queries.revisions import snapshot
from app.text.anchor_json import anchor_to_json
from app.text.anchors import Anchor, carried, create, found_again, on_block, on_section
from app.text.dialect import clean
from app.text.digest import canonical, digest
from app.text.snapshot import Section, Snapshot
from app.text.survival import Survival


@dataclass(frozen=True, slots=True)
class Hook:
    """What a person wants a thread to hang on: words of a block, a block, or (without a block) a section by its key.

    ``revision`` is the one that was read, None for the working text. ``quote`` is what was selected; ``prefix``,
    ``suffix`` or ``start`` and ``end`` say which place is meant if the words are there more than once.
    """

    section: str | None = None
    block: str | None = None
    revision: int | None = None
    quote: str | None = None
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None


def hang(session: Session, charter: Charter, hook: Hook) -> tuple[Anchor, Anchor]:
    """The anchor as it is made on the revision that was read, and as it is in the working text.

    BadInput if the section, the block or the words are not there, or are there more than once.
    """
    number = charter.head if hook.revision is None else hook.revision
    if not 1 <= number <= charter.head:
        raise BadInput(f"The revision has to be one from 1 to {charter.head}.", kind="no-such-revision")
    text = snapshot(session, charter, number)
    first = _anchor(text, number, hook)
    return first, _carried_to_head(session, charter, first, text)


def put_anchor(thread: Thread, anchor: Anchor) -> str:
    """Write an anchor into a thread, and what lists ask of it; the answer is its hash, for the record."""
    columns = anchor_columns(anchor)
    for name, value in columns.items():
        setattr(thread, name, value)
    return digest(str(columns["anchor"]))


def anchor_columns(anchor: Anchor) -> dict[str, str | None]:
    """An anchor as a thread's row keeps it, with what lists ask of it in columns of their own."""
    return {
        "anchor": canonical(anchor_to_json(anchor)),
        "reach": str(anchor.reach),
        "section_id": anchor.section,
        "block_id": anchor.block,
        "anchor_state": str(anchor.state),
    }


def _anchor(text: Snapshot, number: int, hook: Hook) -> Anchor:
    section = None if hook.section is None else text.section(hook.section)
    if hook.section is not None and section is None:
        raise BadInput("There is no section of that key in this revision.", kind="section-not-found")
    if hook.block is None:
        if hook.quote is not None:
            raise BadInput("Say in `block` in which paragraph the words stand.", kind="block-not-found")
        if section is None:
            raise BadInput("Say what the thread is about: a section, or a block of the text.", kind="about-nothing")
        return on_section(text, number, section.id)
    anchor = _in_block(text, number, hook, hook.block)
    if section is not None and anchor.section != section.id:
        raise BadInput("That paragraph stands in another section.", kind="block-not-found")
    return anchor


def _in_block(text: Snapshot, number: int, hook: Hook, block: str) -> Anchor:
    if hook.quote is None:
        if hook.prefix or hook.suffix or hook.start is not None or hook.end is not None:
            raise BadInput("Say in `quote` which words are meant.", kind="empty-quote")
        return on_block(text, number, block)
    if (hook.start is None) != (hook.end is None):
        raise BadInput("Give both `start` and `end`, or neither.", kind="quote-not-found")
    return create(
        text,
        number,
        block,
        clean(hook.quote),
        clean(hook.prefix),
        clean(hook.suffix),
        start=hook.start,
        end=hook.end,
    )


def _carried_to_head(session: Session, charter: Charter, anchor: Anchor, text: Snapshot) -> Anchor:
    """Through every revision between: a place is proved from each text to the next one only."""
    for number in range(anchor.revision + 1, charter.head + 1):
        following = snapshot(session, charter, number)
        if anchor.orphaned:
            anchor = found_again(anchor, Survival(text, following), number) or anchor
        elif not _is_untouched(anchor, text, following):
            anchor = carried(replace(anchor, revision=number - 1), Survival(text, following), number)
        text = following
    return anchor


def _is_untouched(anchor: Anchor, text: Snapshot, following: Snapshot) -> bool:
    """Whether the whole section of the anchor reads and stands as before, so that nothing needs comparing."""
    before, after = text.section_by_id(anchor.section), following.section_by_id(anchor.section)
    return _same(before, after)


def _same(before: Section | None, after: Section | None) -> bool:
    return before is not None and (before is after or before == after)
