"""CriticMarkup: two canonical texts in one, what was taken out in ``{--…--}`` and what was put in in ``{++…++}``."""

from collections.abc import Iterator, Sequence

from app.errors import BadInput
from app.text.dialect import normalise
from app.text.effort import BLOCK_STEPS, TEXT_STEPS, Effort
from app.text.ends import equal_ends, equal_paragraphs
from app.text.splits import kinships
from app.text.stretches import Stretch, stretches
from app.text.uncollected import uncollected
from app.text.worddiff import Op, Piece, diff_tokens
from app.text.words import tokens

_DELIMITERS = ("{++", "++}", "{--", "--}")


def critic(old_markdown: str, new_markdown: str) -> str:
    """The redline of two Markdown texts as CriticMarkup.

    Kept and deleted characters are the canonical old text, kept and inserted ones the canonical new text, to the byte.
    Raises BadInput if either canonical text holds one of the four delimiters.
    """
    old, new = normalise(old_markdown), normalise(new_markdown)
    for text in (old, new):
        for delimiter in _DELIMITERS:
            if delimiter in text:
                raise BadInput(
                    f"The text contains “{delimiter}”, which CriticMarkup uses for its own marks; use --format json.",
                    kind="critic-delimiter",
                )
    return "".join(_marked(piece) for piece in critic_pieces(old, new))


@uncollected
def critic_pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts as kept, deleted and inserted pieces, a deletion before the insertion in its place.

    A whole block that came or went takes along the empty line before it, or the one after it if it is the first.
    """
    first, last = equal_paragraphs(old, new)
    old_stretches, old_end = stretches(old[first : len(old) - last])
    new_stretches, new_end = stretches(new[first : len(new) - last])
    runs: dict[Op, list[str]] = {op: [] for op in Op}
    pieces: list[Piece] = []

    def close(*ops: Op) -> None:
        for op in ops:
            if runs[op]:
                pieces.append(Piece(op, "".join(runs[op])))
                runs[op] = []

    fates = [
        (Op.KEEP, old[:first]),
        *_fates(old_stretches, new_stretches),
        *_ends(old_end, new_end),
        (Op.KEEP, old[len(old) - last :]),
    ]
    for fate in fates:
        if fate is None:
            close(Op.DELETE, Op.INSERT)
        elif fate[1]:
            op, text = fate
            close(*((Op.DELETE, Op.INSERT) if op is Op.KEEP else (Op.KEEP,)))
            runs[op].append(text)
    close(Op.KEEP, Op.DELETE, Op.INSERT)
    return tuple(pieces)


def _fates(old: Sequence[Stretch], new: Sequence[Stretch]) -> Iterator[tuple[Op, str] | None]:
    """What happens to every stretch, in an order in which both texts can be read off; None where marks must end."""
    first, last = equal_ends(old, new)
    # What comes or goes right before the equal end needs the first block of that end to stand before.
    last = max(0, last - 1)
    for stretch in old[:first]:
        yield Op.KEEP, stretch.whole
    yield from _middle_fates(old[first : len(old) - last], new[first : len(new) - last])
    for stretch in old[len(old) - last :]:
        yield Op.KEEP, stretch.whole


def _middle_fates(old: Sequence[Stretch], new: Sequence[Stretch]) -> Iterator[tuple[Op, str] | None]:
    kin_list = kinships([stretch.as_block for stretch in old], [stretch.as_block for stretch in new])
    spare = Effort(TEXT_STEPS)
    moved = sorted(kin.old[0] for kin in kin_list if kin.moved)
    whole: list[tuple[Op, Stretch]] = []
    for kin in kin_list:
        # A move is a deletion where the block stood and an insertion where it stands.
        places = () if kin.moved else kin.old
        while moved and places and moved[0] < places[0]:
            whole.append((Op.DELETE, old[moved.pop(0)]))
        if not places or not kin.new:
            whole += [*((Op.DELETE, old[i]) for i in places), *((Op.INSERT, new[j]) for j in kin.new)]
            continue
        first, then = old[places[0]], new[kin.new[0]]
        if not whole and len(places) == len(kin.new) == 1 and first == then:
            yield Op.KEEP, first.whole
            continue
        yield from _whole(whole, first.before, then.before)
        whole = []
        if len(places) == len(kin.new) == 1 and first.text == then.text:
            yield Op.KEEP, then.text
        else:
            # A new number is a mark of its own, apart from the block that came or went before it.
            yield None
            yield from _rewording([old[i] for i in places], [new[j] for j in kin.new], spare)
    yield from _whole([*whole, *((Op.DELETE, old[i]) for i in moved)], "", "")


def _whole(blocks: Sequence[tuple[Op, Stretch]], before_old: str, before_new: str) -> Iterator[tuple[Op, str]]:
    """Whole blocks that came or went, and what stands between them and the block after them on either side.

    What a block that came at the head of a list, or went from there, changes is what stands after it.
    """
    ops = {op for op, _ in blocks}
    kept, changed = (before_old, before_new) if ops == {Op.INSERT} else (before_new, before_old)
    if len(ops) == 1 and before_old != before_new and blocks[0][1].before == kept:
        op = blocks[0][0]
        yield Op.KEEP, kept
        yield op, "".join(stretch.whole for _, stretch in blocks)[len(kept) :] + changed
        return
    for op, stretch in blocks:
        yield op, stretch.whole
    yield from _ends(before_old, before_new)


def _rewording(old: Sequence[Stretch], new: Sequence[Stretch], spare: Effort) -> Iterator[tuple[Op, str]]:
    effort = spare.share(BLOCK_STEPS)
    for piece in diff_tokens(_cut(old), _cut(new), effort).pieces:
        yield piece.op, piece.text
    spare.take_back(effort)


def _cut(part: Sequence[Stretch]) -> list[str]:
    cut: list[str] = []
    for n, stretch in enumerate(part):
        cut += [*(stretch.before if n else ""), *tokens(stretch.text)]
    return cut


def _ends(old: str, new: str) -> Iterator[tuple[Op, str]]:
    """What stands between blocks, character by character: only the beginning is kept."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    yield Op.KEEP, old[:same]
    yield Op.DELETE, old[same:]
    yield Op.INSERT, new[same:]


def _marked(piece: Piece) -> str:
    if piece.op is Op.DELETE:
        return "{--" + piece.text + "--}"
    return "{++" + piece.text + "++}" if piece.op is Op.INSERT else piece.text
