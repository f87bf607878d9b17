"""The merges written down in test_merge_scenarios.txt come out as they are written there."""

import re
from pathlib import Path

import pytest

from app.text.dialect import normalise, parse, serialise
from app.text.merge import merge_blocks

Scenario = dict[str, list[str]]


def scenarios() -> list[tuple[str, Scenario]]:
    """Every scenario of the file: its name, and its parts in order."""
    words = Path(__file__).with_suffix(".txt").read_text("utf-8")
    found: list[tuple[str, Scenario]] = []
    for whole in re.split(r"^=== ", words, flags=re.MULTILINE)[1:]:
        name, _, rest = whole.partition("\n")
        parts: Scenario = {}
        for part in re.split(r"^--- (?=[a-z]+$)", rest, flags=re.MULTILINE)[1:]:
            title, _, body = part.partition("\n")
            parts.setdefault(title, []).append(body.strip("\n"))
        found.append((name, parts))
    return found


@pytest.mark.parametrize(("name", "parts"), scenarios(), ids=[name for name, _ in scenarios()])
def test_a_merge_comes_out_as_written_down(name: str, parts: Scenario) -> None:
    base, ours, theirs = (parse(parts[side][0]) for side in ("base", "ours", "theirs"))
    merged = merge_blocks(base, ours, theirs)
    shown = [(c.base, c.standing, c.proposed) for c in merged.conflicts]
    told = zip(parts.get("conflict", []), parts.get("standing", []), parts.get("proposed", []), strict=True)
    assert shown == [tuple("" if words == "-" else words for words in conflict) for conflict in told], name
    assert [combined.sentence for combined in merged.combined] == parts.get("confirm", [])
    assert not merged.problems
    if "merged" in parts:
        assert serialise(merged.blocks) == normalise(parts["merged"][0])
    else:
        assert parts["conflict"]
        assert serialise(merged.blocks) == normalise(parts["ours"][0])


@pytest.mark.parametrize(("name", "parts"), scenarios(), ids=[name for name, _ in scenarios()])
def test_a_merge_with_an_unchanged_side_is_the_other_side(name: str, parts: Scenario) -> None:
    base, ours = (parse(parts[side][0]) for side in ("base", "ours"))
    assert merge_blocks(base, ours, base).blocks == ours, name
    assert merge_blocks(base, base, ours).blocks == ours
    assert merge_blocks(base, ours, ours).blocks == ours


@pytest.mark.parametrize(("name", "parts"), scenarios(), ids=[name for name, _ in scenarios()])
def test_who_merges_whom_changes_nothing_but_the_sides_of_a_conflict(name: str, parts: Scenario) -> None:
    base, ours, theirs = (parse(parts[side][0]) for side in ("base", "ours", "theirs"))
    one, other = merge_blocks(base, ours, theirs), merge_blocks(base, theirs, ours)
    assert [(c.base, c.standing, c.proposed) for c in one.conflicts] == [
        (c.base, c.proposed, c.standing) for c in other.conflicts
    ], name
    if not one.conflicts and "label" not in name:
        assert one.blocks == other.blocks
