"""The merges written down in scenarios/merges come out as they are written there, and hold what every merge holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.text.blocks import Block
from app.text.dialect import clean, normalise, parse, serialise
from app.text.merge import BlocksMerge, merge_blocks
from app.text.words import is_word, tokens

FOLDER = Path(__file__).parent / "scenarios" / "merges"
NAMES = (
    "base",
    "ours",
    "theirs",
    "result",
    "confirm",
    "conflict",
    "ours say",
    "theirs say",
    "told",
    "problem",
    "turned round",
)
Blocks = tuple[Block, ...]


@dataclass(frozen=True)
class Scenario:
    """One merge: its title, and its parts by name, in order."""

    title: str
    parts: dict[str, list[str]]

    def side(self, name: str) -> Blocks:
        """One of the three texts."""
        return parse(clean(self.said(name)[0]))

    def said(self, name: str) -> list[str]:
        """What is written under a name, as often as it is there; a hyphen stands for nothing."""
        return ["" if words == "-" else words for words in self.parts.get(name, [])]


def scenarios_of(words: str) -> list[Scenario]:
    """Every scenario of a file: a title after equals signs, then parts, each under its name and a colon."""
    found: list[Scenario] = []
    for whole in re.split(r"^=== ", words, flags=re.MULTILINE)[1:]:
        title, _, rest = whole.partition("\n")
        pieces = re.split(rf"^({'|'.join(NAMES)}):\n", rest, flags=re.MULTILINE)[1:]
        parts: dict[str, list[str]] = {}
        for name, body in zip(pieces[::2], pieces[1::2], strict=True):
            parts.setdefault(name, []).append(body.strip("\n"))
        found.append(Scenario(title.strip(), parts))
    return found


ALL = [scenario for path in sorted(FOLDER.glob("*.txt")) for scenario in scenarios_of(path.read_text("utf-8"))]


def words_of(texts: Sequence[str]) -> set[str]:
    """The words somebody reads in the texts; labels and list numbers may change in a merge."""
    cut = (token for text in texts for token in tokens(re.sub(r"\[\^[^]]*\]", "", text)))
    return {token for token in cut if is_word(token) and not token.isdigit()}


def shown(blocks: Blocks) -> list[str]:
    return [block.text for block in blocks]


def without_ids(merge: BlocksMerge) -> Blocks:
    return tuple(block.body for block in merge.blocks)


@pytest.mark.parametrize("scenario", ALL, ids=[scenario.title for scenario in ALL])
def test_a_merge_comes_out_as_written_down(scenario: Scenario) -> None:
    base, ours, theirs = (scenario.side(name) for name in ("base", "ours", "theirs"))
    merged = merge_blocks(base, ours, theirs)
    told = zip(*(scenario.said(name) for name in ("conflict", "ours say", "theirs say")), strict=True)
    assert [(c.base, c.standing, c.proposed) for c in merged.conflicts] == list(told)
    assert [combined.sentence for combined in merged.combined] == scenario.said("confirm")
    assert list(merged.notices) == scenario.said("told")
    assert list(merged.problems) == scenario.said("problem")
    wanted = scenario.said("result") or scenario.said("ours")
    assert "result" in scenario.parts or merged.conflicts
    assert serialise(merged.blocks) == normalise(wanted[0])

    # With an unchanged side the merge is the other side: each side's changes alone give that side.
    assert without_ids(merge_blocks(base, ours, base)) == without_ids(merge_blocks(base, base, ours)) == ours
    assert without_ids(merge_blocks(base, theirs, base)) == without_ids(merge_blocks(base, base, theirs)) == theirs
    assert without_ids(merge_blocks(base, ours, ours)) == ours

    # No word that a side wrote and none that both kept is lost in silence.
    conflicts = [text for c in merged.conflicts for text in (c.base, c.standing, c.proposed)]
    read = words_of([*shown(merged.blocks), *conflicts])
    was, mine, other = (words_of(shown(side)) for side in (base, ours, theirs))
    assert (mine - was) | (other - was) | (was & mine & other) <= read

    # Whoever merges whom: the same conflicts with their sides exchanged (or as it is said that they are asked then).
    turned = merge_blocks(base, theirs, ours)
    assert len(turned.conflicts) == len(merged.conflicts)
    exchanged = sorted((c.base, c.proposed, c.standing) for c in turned.conflicts)
    asked = sorted((c.base, c.standing, c.proposed) for c in merged.conflicts)
    assert "turned round" in scenario.parts or exchanged == asked
    assert sorted(c.sentence for c in turned.combined) == sorted(scenario.said("confirm"))
    if not merged.conflicts and not merged.notices:
        assert turned.blocks == merged.blocks

    # What comes out is canonical.
    assert parse(serialise(merged.blocks)) == without_ids(merged)


def test_the_scenarios_have_names_of_their_own_and_are_many() -> None:
    titles = [scenario.title for scenario in ALL]
    assert len(set(titles)) == len(titles)
    assert len(titles) >= 130
