"""Positions as they are drawn and said: the bar of a tally."""

from dataclasses import dataclass

from app.rules.majorities import Tally


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of the tally as it is drawn: from where to where of a hundred."""

    name: str
    words: str
    count: int
    start: float
    width: float


def bars(count: Tally) -> list[Bar]:
    """The tally in parts that fill a bar of a hundred, with a gap between them; parts of nobody are left out."""
    parts = [
        ("support", "in support", count.support),
        ("object", "objection" if count.object == 1 else "objections", count.object),
        ("abstain", "abstention" if count.abstain == 1 else "abstentions", count.abstain),
        ("silent", "not yet", count.silent),
    ]
    there = [(name, words, n) for name, words, n in parts if n]
    everybody = sum(n for _, _, n in there)
    made: list[Bar] = []
    start = 0.0
    for name, words, n in there:
        width = 100 * n / everybody
        made.append(Bar(name, words, n, round(start, 2), round(max(width - 0.6, 0.6), 2)))
        start += width
    return made
