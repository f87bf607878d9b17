"""A change of words in short: what is taken out and put in, between the few words that stand around it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from app.text.dialect import plain
from app.text.readings import PLAIN, Fate, Shown, compared, reading, verbatim
from app.text.words import is_word, tokens

# So many words stand on each side of a change, and so many characters of one change are shown.
_CONTEXT = 3
_LONGEST = 160
_MOST = 3
CUT = "…"


def snippet(old: str, new: str, numbers: Mapping[str, int], *, verbatim_text: bool = False) -> tuple[Shown, ...]:
    """The first changes between two wordings as they are read, with an ellipsis for all that is left out.

    Notes are named by their numbers. Empty if nothing that can be read is different.
    """
    read = verbatim if verbatim_text else reading
    pieces = [_named(piece, numbers) for piece in compared(read(old), read(new))]
    if all(piece.fate is Fate.KEPT for piece in pieces):
        return ()
    found: list[Shown] = []
    runs = [(kept, list(run)) for kept, run in groupby(pieces, key=lambda one: one.fate is Fate.KEPT)]
    changes = 0
    for n, (kept, run) in enumerate(runs):
        if not kept:
            changes += 1
            if changes > _MOST:
                found.append(Shown(Fate.KEPT, f" {CUT}", PLAIN))
                break
            found.extend(_shortened(piece) for piece in run)
            continue
        words = "".join(piece.text for piece in run)
        found.append(Shown(Fate.KEPT, _around(words, first=n == 0, last=n == len(runs) - 1), PLAIN))
    return tuple(found)


def beginning(text: str, most: int = _LONGEST) -> str:
    """How some words begin, as they are read."""
    line = " ".join(plain(text).split())
    if len(line) <= most:
        return line
    return (line[: most + 1].rpartition(" ")[0] or line[:most]).rstrip(" ,;:.") + CUT


def _named(piece: Shown, numbers: Mapping[str, int]) -> Shown:
    """A citation by its number, in words; links are left out but where the link is what has changed."""
    note = piece.look.note
    if note is not None:
        known = numbers.get(note)
        new = "new note" if piece.fate is Fate.INSERTED else "note"
        return replace(piece, text=f"[{new}]" if known is None else f"[note {known}]", look=PLAIN)
    if piece.fate is Fate.REFORMATTED or piece.look.link is None:
        return piece
    return replace(piece, look=replace(piece.look, link=None))


def _shortened(piece: Shown) -> Shown:
    if len(piece.text) <= _LONGEST:
        return piece
    cut = _LONGEST // 2
    return replace(piece, text=f"{piece.text[:cut].rpartition(' ')[0] or piece.text[:cut]} {CUT} ")


def _around(words: str, *, first: bool, last: bool) -> str:
    """Kept words with only those left that stand beside a change."""
    cut = tokens(words)
    if first:
        kept = _ending(cut)
        return kept if len(kept) == len(words) else f"{CUT}{kept.lstrip()}"
    if last:
        kept = _opening(cut)
        return kept if len(kept) == len(words) else f"{kept.rstrip()}{CUT}"
    opening, ending = _opening(cut), _ending(cut)
    if len(opening) + len(ending) >= len(words):
        return words
    return f"{opening.rstrip()} {CUT} {ending.lstrip()}"


def _opening(cut: Sequence[str]) -> str:
    words, end = 0, 0
    while end < len(cut) and words < _CONTEXT:
        words += is_word(cut[end])
        end += 1
    return "".join(cut[:end])


def _ending(cut: Sequence[str]) -> str:
    return "".join(cut[len(cut) - _back(cut) :])


def _back(cut: Sequence[str]) -> int:
    words = count = 0
    while count < len(cut) and words < _CONTEXT:
        count += 1
        words += is_word(cut[-count])
    return count
