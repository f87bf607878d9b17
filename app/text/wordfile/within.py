"""Changes within words that somebody else put in: they have no place in a text in which those words do not stand."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from app.text.wordfile.story import Atom, Change, Finding, Paragraph, What

_SEEN = frozenset({What.WORDS, What.BREAK, What.NOTE, What.AGAIN})


def set_aside(paragraphs: Iterable[Paragraph]) -> list[Finding]:
    """Take out what was changed within words of others, and say what it was: it is in no reading of anybody."""
    found: list[Finding] = []
    for one in paragraphs:
        atoms = [atom for atom in one.atoms if atom.what in _SEEN]
        for atom in atoms:
            atom.aside = False
        found += _taken_out(one, atoms)
        found += _put_in(one, atoms)
    return found


def _is_open(change: Change) -> bool:
    return not change.known


def _taken_out(one: Paragraph, atoms: Sequence[Atom]) -> Iterable[Finding]:
    """Words of others that somebody took out again: in their own reading those words never stood."""

    def who(atom: Atom) -> tuple[str, str] | None:
        others = [change for change in atom.come if change.author or change.known]
        gone = next((change for change in atom.gone if _is_open(change)), None)
        strange = gone is not None and any(c.known or c.author != gone.author for c in others)
        return (gone.author, others[-1].author) if gone is not None and strange else None

    for names, some in groupby(atoms, key=who):
        if names is not None:
            yield Finding(_told(f"{names[0]} took out", some, names[1]), one.number)


def _told(act: str, some: Iterable[Atom], other: str) -> str:
    words = "".join(" " if atom.what is What.BREAK else atom.text for atom in some if atom.what in _WORDS)
    whose = f"that {other} suggests to put in" if other else "that are only suggested"
    return f"{act} “{' '.join(words.split())[:200]}” within words {whose}."


_WORDS = (What.WORDS, What.BREAK)


def _put_in(one: Paragraph, atoms: list[Atom]) -> Iterable[Finding]:
    """Words that somebody put between words of others, or in place of them."""
    n = 0
    while n < len(atoms):
        author = _author(atoms[n])
        end = n + 1
        while end < len(atoms) and _author(atoms[end]) == author:
            end += 1
        if author is not None:
            nested = any(c.known or c.author != author for c in atoms[n].come)
            before = None if n == 0 else atoms[n - 1].come
            after = atoms[end].come if end < len(atoms) else one.come
            strange = (before is None or _strange(before, author)) and _strange(after, author)
            instead = any(_stood_for(atom, author) for atom in (*atoms[max(0, n - 1) : n], *atoms[end : end + 1]))
            if nested or instead or (strange and not (before is None and end == len(atoms))):
                around = (*atoms[n].come, *(before or ()), *after)
                other = next((c.author for c in around if c.author != author or c.known), "")
                yield Finding(_told(f"{author} wrote", atoms[n:end], other), one.number)
                for atom in atoms[n:end]:
                    atom.aside = True
        n = end


def _stood_for(atom: Atom, author: str) -> bool:
    """Whether somebody took out these words of others, to write their own in their place."""
    return _strange(atom.come, author) and any(c.author == author and _is_open(c) for c in atom.gone)


def _author(atom: Atom) -> str | None:
    """Who put an atom in, as long as it is not known already."""
    return atom.come[-1].author if atom.come and _is_open(atom.come[-1]) else None


def _strange(come: Sequence[Change], author: str) -> bool:
    """Whether something stands only where a change of somebody else is accepted."""
    return any(change.known or change.author != author for change in come)
