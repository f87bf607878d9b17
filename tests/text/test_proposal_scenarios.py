"""The proposals written down in scenarios/proposals fit and are put in as it is written there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from app.text.change import Change
from app.text.derive import Submission, SubmittedSection, derive
from app.text.dialect import clean, normalise, parse, serialise
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.weave import Choice, Class, Proposed, Resolution, Weave, classify_all, collisions, weave
from app.text.wording import with_wording

FOLDER = Path(__file__).parent / "scenarios" / "proposals"
NAMES = (
    r"text|proposal \d+|in the text|amended|choices|choices then|classes|needs|conflict|confirm|told|result|order"
    r"|outdated"
)
PART = re.compile(rf"^({NAMES}):\n", re.MULTILINE)
HEAD = re.compile(r"^# ([a-z-]+)(?: after ([a-z-]+)| (first)| (removed))?(?:: (.*))?$", re.MULTILINE)
FIELD = re.compile(r"^(title|contact|language) is (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A section as it is written in a scenario: where it shall stand, and its text, if they are said."""

    key: str
    after: str | None
    first: bool
    removed: bool
    heading: str | None
    text: str | None

    @property
    def kind(self) -> SectionKind:
        return SectionKind.FOOTNOTES if self.key == "footnotes" else SectionKind.TEXT


def parts_of(words: str) -> list[Part]:
    found = []
    heads = list(HEAD.finditer(words))
    ends = [head.start() for head in heads[1:]] + [len(words)]
    for head, end in zip(heads, ends, strict=False):
        text = words[head.end() : end].strip("\n")
        written = "" if text == "-" else text or None
        found.append(Part(head[1], head[2], bool(head[3]), bool(head[4]), head[5], written))
    return found


def charter(words: str) -> Snapshot:
    sections = []
    for part in parts_of(words):
        blocks = tuple(b.with_id(f"{part.key}{n}") for n, b in enumerate(parse(clean(part.text or ""))))
        sections.append(Section(f"s-{part.key}", part.key, part.kind, part.heading or part.key.title(), blocks))
    return Snapshot(Front("Draft Charter", "Group"), tuple(sections))


def submitted(words: str) -> Submission:
    sections = []
    for part in parts_of(words):
        more: dict[str, str | None] = {"after": part.after} if part.after or part.first else {}
        blocks = None if part.text is None else parse(clean(part.text))
        kind = part.kind if part.kind is SectionKind.FOOTNOTES else None
        sections.append(SubmittedSection(part.key, kind, blocks, part.heading, remove=part.removed, **more))
    return Submission(tuple(sections), dict(FIELD.findall(words)))


def fresh(number: str) -> Callable[[], str]:
    """Ids for what a proposal brings."""
    ids = count(1)
    return lambda: f"p{number}n{next(ids)}"


@dataclass(frozen=True)
class Scenario:
    """Proposals on one text, some of them in it already, and what must come of the others."""

    title: str
    parts: dict[str, list[str]]

    def lines(self, name: str) -> list[str]:
        return [line for words in self.parts.get(name, []) for line in words.splitlines()]

    def proposals(self, base: Snapshot) -> dict[str, list[Proposed]]:
        found = {}
        for name in self.parts:
            if name.startswith("proposal "):
                number = name.split()[1]
                made = derive(base, submitted(self.parts[name][0]), fresh(number))
                found[number] = [Proposed(f"{number}.{c.number}", self.worded(number, c), base) for c in made.changes]
        return found

    def worded(self, number: str, change: Change) -> Change:
        for line in self.lines("amended"):
            ref, _, words = line.partition(": ")
            if ref == f"{number}.{change.number}":
                return with_wording(change, words)
        return change

    def resolutions(self, name: str, woven: Weave) -> dict[str, Resolution]:
        found: dict[str, Resolution] = {}
        for line in self.lines(name):
            ref, choice, words = (*line.split(": ", 2), "", "")[:3]
            asked = [c for c in woven.conflicts if ref in c.refs]
            assert asked, f"{line}: there is no such conflict"
            found |= {c.id: Resolution(Choice(choice), words or None) for c in asked}
        return found


def scenarios_of(words: str) -> list[Scenario]:
    found = []
    for whole in re.split(r"^=== ", words, flags=re.MULTILINE)[1:]:
        title, _, rest = whole.partition("\n")
        pieces = PART.split(rest)[1:]
        parts: dict[str, list[str]] = {}
        for name, body in zip(pieces[::2], pieces[1::2], strict=True):
            parts.setdefault(name, []).append(body.strip("\n"))
        found.append(Scenario(title.strip(), parts))
    return found


ALL = [scenario for path in sorted(FOLDER.glob("*.txt")) for scenario in scenarios_of(path.read_text("utf-8"))]


def told_classes(chosen: list[Proposed], woven: Weave) -> list[str]:
    return [
        f"{one.ref} {one.change.kind}: {woven.classes[one.ref].cls}{', confirm' * woven.classes[one.ref].confirm}"
        for one in chosen
    ]


def told_needs(chosen: list[Proposed]) -> list[str]:
    return [
        f"{one.ref} needs {', '.join(f'{one.proposal}.{n}' for n in one.change.needs)}"
        for one in chosen
        if one.change.needs
    ]


def told_conflicts(woven: Weave) -> list[str]:
    return [
        f"{' and '.join(c.refs)}\nwas: {c.base or '-'}\nstands: {c.standing or '-'}\nproposed: {c.proposed or '-'}"
        for c in (*woven.conflicts, *woven.settled)
    ]


def tried(scenario: Scenario) -> tuple[Snapshot, list[Proposed], Weave]:
    """The working text, the changes to be put in, and the merge with the choices that were made."""
    base = charter(scenario.parts["text"][0])
    proposals = scenario.proposals(base)
    head = base
    for number in scenario.lines("in the text"):
        head = weave(head, proposals.pop(number)).snapshot
    chosen = [one for made in proposals.values() for one in made]
    then = {}
    if "choices then" in scenario.parts:
        # Chosen before anything was put into the text.
        then = scenario.resolutions("choices then", weave(base, chosen))
    woven = weave(head, chosen)
    return head, chosen, weave(head, chosen, {**then, **scenario.resolutions("choices", woven)})


@pytest.mark.parametrize("scenario", ALL, ids=[scenario.title for scenario in ALL])
def test_proposals_fit_as_written_down(scenario: Scenario) -> None:
    head, chosen, woven = tried(scenario)
    assert told_classes(chosen, woven) == scenario.lines("classes")
    assert told_needs(chosen) == scenario.lines("needs")
    assert told_conflicts(woven) == scenario.parts.get("conflict", [])
    assert [one.sentence for one in woven.combined] == scenario.lines("confirm")
    assert list(woven.notices) == scenario.lines("told")
    assert len(woven.outdated) == int("".join(scenario.lines("outdated")) or 0)
    assert not woven.problems
    result = {s.key: s for s in woven.snapshot.sections}
    wanted = {part.key: part for part in parts_of("\n".join(scenario.parts.get("result", [])))}
    for key, section in result.items():
        if key in wanted:
            assert serialise(section.blocks) == normalise(wanted[key].text or "")
            assert wanted[key].heading in (None, section.heading)
        else:
            before = head.section(key)
            assert before is not None
            assert (section.blocks, section.heading) == (before.blocks, before.heading)
    assert wanted.keys() <= result.keys()
    order = scenario.lines("order") or [", ".join(s.key for s in head.sections)]
    assert [", ".join(result)] == order

    # Each proposal alone gives exactly what its author sent, and once in, it is there already.
    for number in {one.proposal for one in chosen}:
        own = [one for one in chosen if one.proposal == number]
        alone = weave(own[0].base, own)
        assert {fit.cls for fit in alone.classes.values()} == {Class.APPLIES}
        again = weave(alone.snapshot, own)
        assert {fit.cls for fit in again.classes.values()} == {Class.ALREADY}
        assert again.snapshot == alone.snapshot

    # No word of a proposal is lost unless its paragraph is gone or somebody chose against it.
    read = " ".join([*(b.text for _, _, b in woven.snapshot.placed_blocks()), *told_conflicts(woven)])
    for one in chosen:
        if one.change.new is not None and woven.classes[one.ref].cls is not Class.ORPHANED:
            new = set(re.findall(r"\w+", re.sub(r"\[\^.*?\]", "", one.change.new.text)))
            old = set(re.findall(r"\w+", one.change.old.text)) if one.change.old is not None else set()
            assert new - old <= set(re.findall(r"\w+", read))

    # Every section is canonical, all at once is the same as one by one, and order matters only where changes meet.
    for section in woven.snapshot.sections:
        assert parse(serialise(section.blocks)) == tuple(block.body for block in section.blocks)
    fits = classify_all(head, chosen)
    assert set(fits) == {one.ref for one in chosen}
    if not collisions(chosen) and not woven.conflicts and not woven.settled:
        turned = sorted(chosen, key=lambda one: -int(one.proposal))
        assert weave(head, turned).snapshot == woven.snapshot


def test_the_scenarios_of_proposals_are_many() -> None:
    titles = [scenario.title for scenario in ALL]
    assert len(set(titles)) == len(titles)
    assert len(titles) >= 30
