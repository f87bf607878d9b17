"""What became of the words of one block, told in words: “key” replaced by “equal”."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from app.text.dialect import Mark
from app.text.inline_html import link_in_words
from app.text.readings import Fate, Look, Shown
from app.text.tables import TableLine
from app.text.words import is_word, tokens

# Longer quotations are shortened in the middle; the redline itself has every word.
_LONGEST_QUOTE = 160
_QUOTE_HEAD = 100
_QUOTE_TAIL = 50
_CONTEXT_WORDS = 3
_MOST_EDITS = 12
# An edit of white space alone; where a block was split or joined it goes without saying.
SPACING = "the spacing changed"
_MARK_NAMES = ((Mark.STRONG, "bold"), (Mark.EMPHASIS, "italics"), (Mark.CODE, "code"))
_CITATION = re.compile(r"\[\^([^\]\s\[]+)\]")
_BARS = re.compile(r"\s*\|\s*")


def edits_in_words(
    pieces: Iterable[Shown], numbers: Mapping[str, int], old_numbers: Mapping[str, int]
) -> tuple[str, ...]:
    """Every edit of one block in words, in order; the notes are named by their numbers, now and before."""
    told: list[str] = []
    before = ""
    for kept, group in groupby(pieces, key=lambda piece: piece.fate in (Fate.KEPT, Fate.REFORMATTED)):
        run = list(group)
        if kept:
            told.extend(_formatting(piece, numbers) for piece in run if piece.fate is Fate.REFORMATTED)
            before += "".join(piece.text for piece in run)
        else:
            gone = "".join(piece.text for piece in run if piece.fate is Fate.DELETED)
            come = "".join(piece.text for piece in run if piece.fate is Fate.INSERTED)
            told.append(_edit(gone, come, before, numbers, old_numbers))
            before += come
    if len(told) > _MOST_EDITS:
        return (*told[:_MOST_EDITS], f"and {len(told) - _MOST_EDITS} more changes")
    return tuple(told)


def table_in_words(
    lines: Iterable[TableLine], numbers: Mapping[str, int], old_numbers: Mapping[str, int]
) -> tuple[str, ...]:
    """Every change of a table in words, row by row."""
    told: list[str] = []
    for line in lines:
        name = "the header" if line.header else f"row {line.number}"
        if line.fate is not Fate.KEPT:
            words = ", ".join("".join(piece.text for piece in cell) for cell in line.cells)
            deleted = line.fate is Fate.DELETED
            known = old_numbers if deleted else numbers
            told.append(f"{name} {'deleted' if deleted else 'added'}: {quoted(words, known)}")
            continue
        for n, cell in enumerate(line.cells, start=1):
            told.extend(f"{name}, column {n}: {edit}" for edit in edits_in_words(cell, numbers, old_numbers))
    if len(told) > _MOST_EDITS:
        return (*told[:_MOST_EDITS], f"and {len(told) - _MOST_EDITS} more changes")
    return tuple(told) or (SPACING,)


def quoted(text: str, numbers: Mapping[str, int]) -> str:
    """Words in quotation marks, on one line, citations by number, a long quotation shortened in the middle."""
    words = _BARS.sub(" | ", _with_numbers(text, numbers)) if "|" in text else _with_numbers(text, numbers)
    words = " ".join(words.split()).strip("| ")
    if len(words) > _LONGEST_QUOTE:
        cut = tokens(words)
        head, tail = "", ""
        while cut and len(head) + len(cut[0]) <= _QUOTE_HEAD:
            head += cut.pop(0)
        while cut and len(tail) + len(cut[-1]) <= _QUOTE_TAIL:
            tail = cut.pop() + tail
        words = f"{head.rstrip()} … {tail.lstrip()}" if tail else f"{words[:_QUOTE_HEAD]} …"
    return f"“{words}”"


def _edit(gone: str, come: str, before: str, numbers: Mapping[str, int], old_numbers: Mapping[str, int]) -> str:
    if gone.strip() and come.strip():
        return f"{_named(gone, old_numbers, 'the')} replaced by {_named(come, numbers, 'a')}"
    place = _after(before, numbers)
    if come.strip():
        return f"{_named(come, numbers, 'a')} added {place}"
    if gone.strip():
        return f"{_named(gone, old_numbers, 'the')} deleted {place}"
    return f"{SPACING} {place}"


def _named(text: str, numbers: Mapping[str, int], article: str) -> str:
    labels = _CITATION.findall(text)
    if labels and not _CITATION.sub("", text).strip():
        named = " and ".join(f"note {numbers[label]}" if label in numbers else f"note “{label}”" for label in labels)
        return f"{article} reference to {named}" if len(labels) == 1 else f"references to {named}"
    return quoted(text, numbers)


def _after(before: str, numbers: Mapping[str, int]) -> str:
    """Where in the block: after its last few words up to here."""
    line = before.rstrip()
    if not line.strip("| "):
        return "at the beginning"
    cut = tokens(line)
    words = 0
    start = len(cut)
    while start and words < _CONTEXT_WORDS:
        start -= 1
        words += is_word(cut[start])
    return f"after {quoted(''.join(cut[start:]), numbers)}"


def _formatting(piece: Shown, numbers: Mapping[str, int]) -> str:
    words = quoted(piece.text, numbers)
    was = piece.was or Look()
    told = [f"now in {name}" for mark, name in _MARK_NAMES if mark in piece.look.marks - was.marks]
    told += [f"no longer in {name}" for mark, name in _MARK_NAMES if mark in was.marks - piece.look.marks]
    if piece.look.link != was.link:
        told.append(link_in_words(was.link, piece.look.link) if piece.look.link else f"no longer leads to {was.link}")
    return f"{words} {_listed(told) or 'set differently'}"


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def _with_numbers(text: str, numbers: Mapping[str, int]) -> str:
    return _CITATION.sub(lambda found: f" [note {numbers.get(found[1], found[1])}]", text)
