"""Deriving the typed changes of a proposal from the text its author sent in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.text.change import Change, ChangeKind, Place
from app.text.difference import changes_between
from app.text.snapshot import Snapshot
from app.text.submission import ABSENT, Absent, Submission, SubmittedSection
from app.text.target import target

__all__ = [
    "ABSENT",
    "Absent",
    "Derived",
    "Submission",
    "SubmittedSection",
    "changes_between",
    "derive",
    "keep_numbers",
]


@dataclass(frozen=True, slots=True)
class Derived:
    """The changes of a proposal, and in words what was done to what was sent so that it holds together.

    ``wanted`` is the whole charter as it would be with all of them.
    """

    changes: tuple[Change, ...]
    wanted: Snapshot
    reports: tuple[str, ...] = ()


def derive(base: Snapshot, submission: Submission, fresh: Callable[[], str]) -> Derived:
    """Compare what an author sent with the base, and say in typed changes what it does; nothing changed gives none.

    ``fresh`` gives ids for what is new. BadInput if the submission makes no sense (a section sent twice, an unknown
    place, a section removed that is not there).
    """
    wanted = target(base, submission, fresh)
    return Derived(changes_between(base, wanted.snapshot), wanted.snapshot, wanted.reports)


def keep_numbers(previous: Sequence[Change], new: Sequence[Change], next_number: int) -> tuple[Change, ...]:
    """The changes of a new version of a proposal under their lasting numbers, in the order of the new version.

    A change that does exactly what one of the previous version did keeps its number, and what it inserted keeps its
    id; others get numbers from ``next_number`` on. ``needs`` follow the numbers.
    """
    same_things = _same_things(previous, new)
    acts = {change.act: change.number for change in reversed(previous)}
    numbers: dict[int, int] = {}
    renamed = [_with_ids(change, same_things) for change in new]
    for change in renamed:
        number = acts.pop(change.act, None)
        if number is None:
            number, next_number = next_number, next_number + 1
        numbers[change.number] = number
    return tuple(
        change.with_number(numbers[change.number], tuple(sorted(numbers[n] for n in change.needs)))
        for change in renamed
    )


def _same_things(previous: Sequence[Change], new: Sequence[Change]) -> dict[str, str]:
    """For blocks and sections that both versions add: the id they have in the new version to the one they had."""
    ids: dict[str, str] = {}
    free: dict[tuple[object, ...], list[Change]] = {}
    for old in reversed(previous):
        if old.kind in (ChangeKind.INSERT, ChangeKind.ADD_SECTION):
            free.setdefault(_added(old), []).append(old)
    for change in new:
        if change.kind not in (ChangeKind.INSERT, ChangeKind.ADD_SECTION):
            continue
        twins = free.get(_added(_with_ids(change, ids)))
        if not twins:
            continue
        twin = twins.pop()
        now = change.block if change.kind is ChangeKind.INSERT else change.section
        then = twin.block if twin.kind is ChangeKind.INSERT else twin.section
        if now is not None and then is not None:
            ids[now] = then
    return ids


def _added(change: Change) -> tuple[object, ...]:
    """What a change adds and where, without the id of what it adds."""
    if change.kind is ChangeKind.INSERT:
        return change.kind, change.new.body if change.new is not None else None, change.place
    head = change.head_new
    return change.kind, (head.key, head.kind, head.heading) if head is not None else None, change.place


def _with_ids(change: Change, ids: dict[str, str]) -> Change:
    def now(id: str | None) -> str | None:
        return None if id is None else ids.get(id, id)

    def there(place: Place | None) -> Place | None:
        return None if place is None else Place(now(place.section), now(place.after))

    if not ids:
        return change
    return replace(
        change,
        section=now(change.section),
        block=now(change.block),
        old=None if change.old is None else change.old.with_id(now(change.old.id)),
        new=None if change.new is None else change.new.with_id(now(change.new.id)),
        place=there(change.place),
        origin=there(change.origin),
        head_new=None if change.head_new is None else replace(change.head_new, id=now(change.head_new.id) or ""),
    )
