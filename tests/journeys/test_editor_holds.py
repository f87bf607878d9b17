"""Somebody types, cuts, moves and takes back at random in the editor: what must be true of the text at every moment."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.text.inline_json import inline_to_json
from app.text.manuscript import manuscript, read_manuscript
from app.text.snapshot import Section, Snapshot
from tests.support.browser import Served, Watched
from tests.support.editing import opened
from tests.text.test_manuscript import charter, whole
from tests.text.test_redline_scenarios import ALL

pytestmark = pytest.mark.browser

SCRIBBLING = Path(__file__).with_name("scribbling.js").read_text(encoding="utf-8")
SECTIONS = [(charter(name), section) for name in ("peps", "isop-pateg") for section in charter(name).sections]
TEXTS = SECTIONS + [whole(scenario.parts[part]) for scenario in ALL for part in ("old", "new")]
# What a list that is left with a single lettered item has for words when it is a paragraph.
MARKERS = set("AaIi.")


def scribbled(chromium: Browser, served: Served, runs: range, steps: int) -> None:
    watched = Watched(chromium, served)
    watched.sign_in("otto")
    page = opened(watched, "/peps/propose/vision")
    script = page.locator("script[src*='/editor-']").get_attribute("src")
    page.evaluate(SCRIBBLING)
    faults: list[str] = []
    for seed in runs:
        text, section = TEXTS[seed % len(TEXTS)]
        came = json.loads(
            page.evaluate(
                "async ([src, text, seed, steps]) =>"
                " JSON.stringify(scribble(await import(src), JSON.parse(text), seed, steps))",
                [script, json.dumps(manuscript(text, section)), seed, steps],
            )
        )
        faults += came["faults"]
        for sent in came["sent"]:
            there, said = Counter(bare(sent["words"])), Counter(bare(read_again(text, section, sent["value"])))
            if there - said or set(said - there) - MARKERS:
                faults.append(f"seed {seed}: other words are read than were sent, after {sent['log']}")
    # What a browser itself does for a script that types is none of the page's.
    watched.complaints[:] = [one for one in watched.complaints if "Applying inline style" not in one]
    watched.close()
    assert faults == []


def bare(words: str) -> str:
    return unicodedata.normalize("NFC", re.sub(r"\s+", "", words))


def read_again(text: Snapshot, section: Section, value: dict[str, list[dict[str, object]]]) -> str:
    """The words that an editor would show after that was sent and the page loaded again."""
    sent = read_manuscript(text, section, value)
    others = {other.key: other.blocks for other in sent.others}
    now = replace(section, blocks=sent.blocks)
    sections = [
        now if one.id == section.id else replace(one, blocks=others.get(one.key) or one.blocks) for one in text.sections
    ]
    back = manuscript(replace(text, sections=tuple(sections)), now)
    blocks = json.loads(json.dumps([back["blocks"], back["notes"]]))
    # A note that is cited no more stands below the section no more, but still among the notes of the charter.
    below = {block["id"] for block in blocks[1]}
    blocks.append(
        [
            {"inline": json.loads(json.dumps(inline_to_json(block.text)))}
            for other in sections
            for block in other.blocks
            if block.id not in below and block.id in {note["id"] for note in value["notes"] if other.id != now.id}
        ]
    )
    return "".join(words_of(block) for part in blocks for block in part)


def words_of(block: Mapping[str, object]) -> str:
    found: list[str] = []

    def gather(value: object) -> None:
        if isinstance(value, dict):
            found.extend(str(value["text"]) for _ in range("text" in value))
            gather([value.get("rows"), value.get("inline")])
        elif isinstance(value, list):
            for one in value:
                gather(one)

    gather(block)
    return "".join(found)


def test_whatever_somebody_does_no_mark_lies_and_no_word_is_lost(chromium: Browser, served: Served) -> None:
    # Every section of the charters that come along, and some of the scenarios.
    scribbled(chromium, served, range(12), 20)


@pytest.mark.long
def test_whatever_somebody_does_for_long_no_mark_lies_and_no_word_is_lost(chromium: Browser, served: Served) -> None:
    scribbled(chromium, served, range(1000, 2000), 50)
