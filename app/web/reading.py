"""A charter text laid out and printed for a page; what everybody reads is printed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.render.kept import Kept
from app.render.leaf import Addresses, Leaf, MarginCard, lay_out
from app.render.pages import render
from app.render.pinning import Spot
from app.text.prepared import PreparedEdition


@dataclass(frozen=True, slots=True)
class PrintedLeaf:
    """A text laid out, and the same as markup."""

    leaf: Leaf
    markup: Markup


_KEPT: Kept[PrintedLeaf] = Kept(24)
_NOTHING: Mapping[str, Sequence[MarginCard]] = {}
_NO_SPOTS: Mapping[str, Sequence[Spot]] = {}


def printed_leaf(
    prepared: PreparedEdition,
    addresses: Addresses,
    cards: Mapping[str, Sequence[MarginCard]] = _NOTHING,
    spots: Mapping[str, Sequence[Spot]] = _NO_SPOTS,
    *,
    notes_below: bool = False,
) -> PrintedLeaf:
    """The text as it stands on a page of these addresses, with what stands beside it and at its words."""

    def make() -> PrintedLeaf:
        leaf = lay_out(prepared, cards, addresses, spots=spots, notes_below=notes_below)
        return PrintedLeaf(leaf, Markup(render("leaf.html", {"leaf": leaf})))

    # The prepared text itself is part of what is kept, so as long as it is kept nothing else has its identity.
    beside = tuple((id, tuple(some)) for id, some in cards.items())
    marks = tuple((id, tuple(some)) for id, some in spots.items())
    return _KEPT.get((id(prepared), addresses, beside, marks, notes_below), make)
