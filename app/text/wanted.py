"""What a proposal wants, as one hash: the same for proposals that want the same, whoever wrote them and on what."""

from collections.abc import Mapping, Sequence

from app.text.blocks import Block, block_to_json
from app.text.change import Change, ChangeKind, Place
from app.text.digest import canonical, digest

Wish = dict[str, object]


def wanted(changes: Sequence[Change]) -> str:
    """The hash of what these changes want: kind, section, block, new words and place; "" if there are none.

    Numbers, the words before, and the ids that new blocks and sections were given do not count: two people who write
    the same new paragraph in the same place want the same.
    """
    if not changes:
        return ""
    names = _names_of_new_things(changes)
    return digest(canonical(sorted(canonical(_wish(change, names)) for change in changes)))


def _names_of_new_things(changes: Sequence[Change]) -> dict[str, str]:
    """For each id that these changes make, a name that says what it is and where, so that it is the same elsewhere."""
    names: dict[str, str] = {}
    for change in changes:
        if change.kind is ChangeKind.ADD_SECTION and change.section is not None and change.head_new is not None:
            names[change.section] = f"new section {change.head_new.key}"
    added = [c for c in changes if c.kind is ChangeKind.INSERT and c.block is not None]
    waiting: dict[str, Change] = {str(c.block): c for c in added}
    # A new block may follow another new one, in any order of numbers: each is named once what it follows has a name.
    while waiting:
        ready = [id for id, change in waiting.items() if _follows(change) not in waiting]
        # Blocks that follow each other in a circle do not come about; if they did, they must not hold us here.
        for id in ready or list(waiting):
            change = waiting.pop(id)
            names[id] = "new block " + digest(canonical(_wish(change, names)))
    return names


def _follows(change: Change) -> str | None:
    return None if change.place is None else change.place.after


def _wish(change: Change, names: Mapping[str, str]) -> Wish:
    """One change without what two people who want it need not have in common."""
    made_here = change.kind in (ChangeKind.INSERT, ChangeKind.ADD_SECTION)
    wish: Wish = {"kind": str(change.kind), "section": _named(change.section, names)}
    if not made_here:
        wish["block"] = _named(change.block, names)
    # A move carries the words as they stand along; it is not what somebody wants.
    if change.new is not None and change.kind is not ChangeKind.MOVE:
        wish["new"] = _words(change.new)
    if change.head_new is not None and change.kind is not ChangeKind.MOVE_SECTION:
        head = change.head_new
        wish["head"] = [head.key, str(head.kind), head.heading]
    if change.place is not None:
        wish["place"] = _place(change.place, names)
    if change.kind is ChangeKind.FRONT:
        wish["field"], wish["value"] = change.field, change.value_new
    return wish


def _named(id: str | None, names: Mapping[str, str]) -> str | None:
    return None if id is None else names.get(id, id)


def _place(place: Place, names: Mapping[str, str]) -> list[str | None]:
    return [_named(place.section, names), _named(place.after, names)]


def _words(block: Block) -> dict[str, object]:
    return {name: value for name, value in block_to_json(block).items() if name != "id"}
