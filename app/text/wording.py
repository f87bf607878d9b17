"""The same change in other words: what governors adopt when they amend a proposal."""

from dataclasses import replace

from app.errors import BadInput
from app.text.blocks import Block, Kind
from app.text.change import Change, ChangeKind
from app.text.dialect import canonical_blocks, parse

_WITH_WORDS = frozenset({ChangeKind.REPLACE, ChangeKind.INSERT, ChangeKind.RETYPE, ChangeKind.RENAME})


def with_wording(change: Change, text: str) -> Change:
    """The change with another wording in the place of the proposed one, in canonical form.

    BadInput for a change that has no words of its own (a deletion, a move…), and for a text that is more than one
    block: whoever wants two paragraphs proposes two.
    """
    if change.kind not in _WITH_WORDS:
        raise BadInput(f"A change of the kind {change.kind} has no wording to amend: adopt, reject or defer it.")
    if change.kind is ChangeKind.RENAME:
        assert change.head_new is not None
        heading = " ".join(text.split())
        return replace(change, head_new=replace(change.head_new, heading=heading))
    assert change.new is not None
    return replace(change, new=_reworded(change.new, text))


_OF_OWN_FORM = frozenset({Kind.TABLE, Kind.CODE, Kind.RULE})


def _reworded(block: Block, text: str) -> Block:
    if block.kind in _OF_OWN_FORM:
        made = canonical_blocks([Block(block.kind, text, align=block.align, lang=block.lang)])
    else:
        # Read as a paragraph: alone, a lettered item would not be an item. With its marker it is welcome too.
        made = parse(text)
    if len(made) != 1 or made[0].kind not in (block.kind, Kind.PARAGRAPH):
        raise BadInput("The adopted wording has to be one paragraph, like the one it stands for.")
    return block.with_text(made[0].text)
