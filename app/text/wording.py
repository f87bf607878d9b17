"""The same change in other words: what governors adopt when they amend a proposal."""

from dataclasses import replace

from app.errors import BadInput
from app.text.blocks import Block
from app.text.change import Change, ChangeKind
from app.text.dialect import canonical_blocks

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


def _reworded(block: Block, text: str) -> Block:
    made = canonical_blocks([replace(block, text=text, depth=0)])
    if len(made) != 1 or made[0].kind != block.kind:
        raise BadInput("The adopted wording has to be one paragraph, like the one it stands for.")
    return replace(made[0], id=block.id, depth=block.depth)
