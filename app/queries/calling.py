"""Who was called by name in a comment, and who was not though somebody seems to have been meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.threads import Thread
from app.queries.people import Account
from app.queries.thread_readers import readers_among
from app.queries.threads import people_to_call
from app.text.mentions import Outcome, calls


@dataclass(frozen=True, slots=True)
class Missed:
    """Words after an @ that called nobody. ``names`` are those who may be meant; ``several``: these words fit all."""

    words: str
    several: bool
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Calling:
    """What came of the calls in a comment: who is told, who cannot read it and is not, and which reached nobody."""

    told: Sequence[str]
    unable: Sequence[str]
    missed: Sequence[Missed]

    def __bool__(self) -> bool:
        return bool(self.told or self.unable or self.missed)


def calling(session: Session, charter: Charter, thread: Thread, text: str, by: Account) -> Calling:
    """The calls of a comment, as the people of the charter are called now; whoever calls themselves does not count."""
    if "@" not in text and "＠" not in text:
        return Calling((), (), ())
    names = people_to_call(session, charter)
    found = calls(text, names)
    called = {person for call in found if call.outcome is Outcome.CALLED for person in call.people} - {by.id}
    able = readers_among(session, charter, thread, called)
    missed: dict[str, Missed] = {}
    for call in found:
        if call.outcome is not Outcome.CALLED:
            words = " ".join(text[call.start : call.end].split())
            missed.setdefault(words, Missed(words, call.outcome is Outcome.SEVERAL, _named(call.people, names)))
    return Calling(_named(able, names), _named(called - able, names), tuple(missed.values()))


def names_to_call(session: Session, charter: Charter, by: Account | None) -> Sequence[str]:
    """The names by which others can be called, each once, in the order of the alphabet."""
    names = people_to_call(session, charter)
    return sorted({name for person, name in names.items() if by is None or person != by.id}, key=str.casefold)


def _named(people: set[int] | frozenset[int], names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(sorted({names[person] for person in people}, key=str.casefold))
