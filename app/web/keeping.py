"""What is being typed, kept until it is sent: which form it belongs to, and what its page is told of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.deps import CharterAccess
from app.queries.unsent import Begun, all_begun, begun
from app.rules.relations import RelationKind
from app.services.unsent import drop_unsent, keep_unsent
from app.text.snapshot import Snapshot
from app.web.sections import name_of
from app.web.writing import Writing

# What a form carries for one sending only.
_ONCE = frozenset({"csrf", "act", "once", "kept", "instead"})
NAMES = {"+section": "a new section", "+cover": "the cover"}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Something begun and not sent: what it is about, where to go on with it, and when it was kept."""

    name: str
    address: str
    begun: Begun


def part_of(of: Writing, what: str) -> tuple[int, str]:
    """Under which proposal (0 for none) and which name the form for ``what`` is kept."""
    number = 0 if of.proposal is None else of.proposal.number
    return number, what if of.relation is None else f"{what} {of.relation.kind} {of.relation.to}"


def kept(of: Writing, what: str) -> Begun | None:
    """What the person who writes has begun in this form, if anything."""
    number, part = part_of(of, what)
    return begun(of.at.session, of.at.charter, of.at.by, number, part)


def keep(of: Writing, what: str, fields: Mapping[str, str], now: datetime) -> None:
    """Keep what is typed, in place of what was kept before."""
    typed = {name: value for name, value in fields.items() if name not in _ONCE}
    number, part = part_of(of, what)
    at = of.at
    keep_unsent(at.session, at.charter, by=at.by, proposal=number, part=part, fields=typed, now=now)


def forget(of: Writing, what: str) -> None:
    """Keep it no longer."""
    number, part = part_of(of, what)
    drop_unsent(of.at.session, of.at.charter, by=of.at.by, proposal=number, part=part)


def unfinished(at: CharterAccess, text: Snapshot) -> Sequence[Unfinished]:
    """Everything that whoever is signed in has begun to write here, with where to go on."""
    if at.visitor.account is None:
        return ()
    return [_unfinished(at, text, one) for one in all_begun(at.session, at.charter, at.by)]


def _unfinished(at: CharterAccess, text: Snapshot, one: Begun) -> Unfinished:
    what, _, relation = one.part.partition(" ")
    section = text.section(what)
    name = NAMES.get(what) or (what if section is None else name_of(section))
    home = f"/{at.charter.key}"
    if one.proposal:
        return Unfinished(f"{name}, in proposal {one.proposal}", f"{home}/proposals/{one.proposal}/edit/{what}", one)
    kind, _, to = relation.partition(" ")
    if kind in set(RelationKind):
        return Unfinished(
            f"{name}, {_KINDS[RelationKind(kind)]} {to}", f"{home}/propose/{what}?relation={kind}&to={to}", one
        )
    return Unfinished(name, f"{home}/propose/{what}", one)


_KINDS = {
    RelationKind.ALTERNATIVE: "as an alternative to proposal",
    RelationKind.AMENDMENT: "as other wording for proposal",
}


def sheet_value(fields: Mapping[str, str]) -> object:
    """What the editor sent, None if the form was filled in without it."""
    try:
        return json.loads(fields["sheet"]) if fields.get("sheet") else None
    except (ValueError, RecursionError):
        return "unreadable"
