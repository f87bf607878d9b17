"""A file in which all that stood tracked when it left here is accepted: the newer of the two texts it was made of."""

from dataclasses import replace

from app.text.wordfile.story import Atom, Change, Item, Paragraph, Row, Table, WordFile

_NEVER = (Change("", None, known=True),)


def with_known_accepted(file: WordFile) -> WordFile:
    """The same file with what is known accepted; what others changed in it is still theirs."""
    return replace(
        file,
        text=list(map(_item, file.text)),
        notes={key: list(map(_item, items)) for key, items in file.notes.items()},
    )


def _item(item: Item) -> Item:
    if isinstance(item, Paragraph):
        return _paragraph(item)
    rows = [
        Row([list(map(_paragraph, cell)) for cell in row.cells], _open(row.come), row.gone)
        for row in item.rows
        if not _is_known(row.gone)
    ]
    return Table(rows, item.left)


def _paragraph(one: Paragraph) -> Paragraph:
    settled = one.shaped is not None and one.shaped.known
    return replace(
        one,
        atoms=[_atom(atom) for atom in one.atoms if not _is_known(atom.gone)],
        # The end of a paragraph that went never stands again: its words are those of the next one.
        come=_NEVER if _is_known(one.gone) else _open(one.come),
        gone=() if _is_known(one.gone) else one.gone,
        was=None if settled else one.was,
        shaped=None if settled else one.shaped,
    )


def _atom(atom: Atom) -> Atom:
    settled = atom.looked is not None and atom.looked.known
    return replace(
        atom,
        come=_open(atom.come),
        was=None if settled else atom.was,
        looked=None if settled else atom.looked,
    )


def _open(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(change for change in changes if not change.known)


def _is_known(changes: tuple[Change, ...]) -> bool:
    return any(change.known for change in changes)
