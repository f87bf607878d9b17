"""Word documents of texts: by Word's own rules, word for word the prepared edition, the same bytes each time."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.render.word import render_word
from app.text.blocks import Block, Kind
from app.text.dialect import clean, parse
from app.text.prepared import EditionFacts, PreparedEdition, RunKind
from app.text.preparing import prepare
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from tests.render.test_pdf_charter import peps
from tests.support.word_reader import Line, Reader
from tests.support.word_rules import W, faults, parts
from tests.support.word_texts import rich

TEXTS = {"peps": peps, "rich": rich}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {name: render_word(make(), approved=name == "peps") for name, make in TEXTS.items()}


@pytest.fixture(scope="module")
def lines(files: dict[str, bytes]) -> dict[str, list[Line]]:
    return {name: Reader(octets).lines() for name, octets in files.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_it_keeps_every_rule_that_word_insists_on(files: dict[str, bytes], name: str):
    assert faults(files[name]) == []


def expected(prepared: PreparedEdition) -> Iterator[str]:
    """Every block of the sections as it is read, with the numbers of notes in brackets."""
    for section in prepared.sections:
        yield "".join(run.text for run in section.heading) or (section.name if section.key != "notice" else "")
        for one in section.blocks():
            if one.block.kind is Kind.CODE:
                yield one.block.text
            for runs in [one.runs, *(cell for row in one.rows for cell in row)]:
                yield "".join(f"[{r.text}]" if r.kind is RunKind.CITATION else r.text for r in runs)


@pytest.mark.parametrize("name", TEXTS)
def test_every_word_of_the_text_is_there_once_and_in_order(lines: dict[str, list[Line]], name: str):
    said = [line.text for line in lines[name] if line.text]
    wanted = [text for text in expected(TEXTS[name]()) if text]
    first = said.index(wanted[0])
    assert said[first : first + len(wanted)] == wanted


@pytest.mark.parametrize("name", TEXTS)
def test_notes_have_the_numbers_and_the_words_of_the_model(files: dict[str, bytes], name: str):
    prepared = TEXTS[name]()
    told = Reader(files[name]).notes()
    assert sorted(told) == [note.number for note in prepared.notes if note.number]
    for note in prepared.notes:
        if note.number:
            words = ["".join(run.text for run in one.runs) for one in note.blocks()]
            read = ["".join(w.text.strip("[]") for w in line.words).strip() for line in told[note.number]]
            assert read == words


def test_a_note_cited_again_is_a_field_that_shows_the_number_of_its_mark(lines: dict[str, list[Line]]):
    cited = [(w.text, w.note) for line in lines["peps"] for w in line.words if w.note]
    assert [text for text, kind in cited if kind == "first"] == [f"[{n}]" for n in range(1, 8)]
    assert [text for text, kind in cited if kind == "again"] == ["[3]"]


def test_headings_lists_tables_and_looks_are_real_ones(lines: dict[str, list[Line]]):
    read = {line.text: line for line in lines["rich"]}
    assert [line.text for line in lines["rich"] if line.style == "Heading1"] == [
        "First section",
        "Goals",
        "Annexes",
        "Notes that the text does not cite",
    ]
    assert read["six deep"].sign == "upperLetter 4 1."
    assert read["roman two"].sign == "lowerRoman 4 2."
    assert (read["then D"].sign, read["five"].sign) == ("upperLetter 0 4.", "lowerRoman 0 5.")
    assert (read["Third"].sign, read["Fourth"].sign) == ("decimal 0 3.", "decimal 0 4.")
    assert (read["Shape"].style, read["Shape"].sign, read["Grow"].sign) == (
        "GoalTitle",
        "decimal 0 Goal 1:",
        "decimal 0 Goal 2:",
    )
    assert (read["Name"].cell, read["Amount"].side, read["300"].cell) == ("0.0head", "right", "2.1")
    opening = next(line for line in lines["rich"] if line.text.startswith("An opening"))
    looks = {words.text: words.looks for words in opening.words}
    assert (looks["emphasis"], looks["strong"], looks["code"]) == ({"i"}, {"b"}, {"code"})
    assert looks["both"] == {"b", "i"}
    assert {words.link for words in opening.words} == {"", "https://example.org/?a=1&b=%C3%BC", "#s_second"}
    assert next(line for line in lines["rich"] if line.text.startswith("هذا")).side == " rtl"


def test_what_acts_without_being_seen_is_spelled_out_and_still_known(files: dict[str, bytes]):
    text = parts(files["rich"])["word/document.xml"].decode()
    assert "\u202e" not in text
    assert text.count('<w:rStyle w:val="Unseen"/>') == 3
    assert "[U+202E]" in text
    assert "<w:softHyphen/>" in text
    assert "👩‍👧" in text
    assert "10\u00a0%" in text


def test_blocks_and_sections_keep_their_ids_as_bookmarks(files: dict[str, bytes]):
    places = set(Reader(files["peps"]).bookmarks)
    ids = {block.block.id for section in peps().sections for block in section.blocks()}
    assert {f"b_{id}" for id in ids} <= places
    assert {f"s_{section.key}" for section in peps().sections} <= places


def test_the_contents_are_a_field_with_an_entry_for_each_heading(files: dict[str, bytes]):
    body = ET.fromstring(parts(files["peps"])["word/document.xml"])
    listing = next(body.iter(f"{W}sdtContent"))
    entries = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in listing]
    assert entries[0] == "Table of Contents"
    assert [entry.rstrip("0123456789") for entry in entries[1:6]] == [
        "Who is a Patient Engagement Industry Professional?",
        "Vision",
        "Mission",
        "Goals",
        "Goal 1: Shape PE Professional Guidances",
    ]
    assert all(entry[-1].isdigit() for entry in entries[1:])
    assert "updateFields" not in parts(files["peps"])["word/settings.xml"].decode()


def test_only_what_is_not_approved_says_so_on_every_page(files: dict[str, bytes]):
    for part in ("word/document.xml", "word/header1.xml", "docProps/core.xml"):
        assert ("Not an approved text" in parts(files["rich"])[part].decode()) is True
        assert ("Not an approved text" in parts(files["peps"])[part].decode()) is False


def test_it_is_dated_by_its_text_and_named_in_its_language(files: dict[str, bytes]):
    core = parts(files["peps"])["docProps/core.xml"].decode()
    assert core.count("2025-05-01T00:00:00Z") == 2
    assert '<w:lang w:val="en-GB"' in parts(files["rich"])["word/styles.xml"].decode()
    assert ">3</vt:lpwstr>" in parts(files["rich"])["docProps/custom.xml"].decode()


def test_the_same_text_gives_the_same_bytes_in_another_process(files: dict[str, bytes]):
    assert render_word(rich(), approved=False) == files["rich"]
    code = (
        "import hashlib, json; from tests.support.word_texts import rich; from app.render.word import render_word;"
        "print(json.dumps(hashlib.sha256(render_word(rich(), approved=False)).hexdigest()))"
    )
    other = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    home = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=home, env=other, capture_output=True, check=True)
    assert json.loads(done.stdout) == hashlib.sha256(files["rich"]).hexdigest()


HOSTILE = [
    "\ufffe\uffff",
    "]]><w:p/><!--",
    '"/><w:altChunk r:id="rId9"/>',
    'HYPERLINK "file:///etc/passwd"',
    "{ INCLUDETEXT /etc/passwd }",
    "=1+1 DDEAUTO c:\\windows\\system32 cmd",
    "\u202e\u2066\u200b\u200d\ufeff\u2028\u2029\u0085",
    "&amp;&#x0;&lt;",
    "𝔘𝔫𝔦 👩‍👩‍👧‍👦 é",
    "\ue000\U000f0000\u0378",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_words_wherever_they_stand(words: str):
    blocks = (
        Block(Kind.HEADING, words, level=3, id="b1"),
        Block(Kind.CODE, words, id="b2"),
        Block(Kind.PARAGRAPH, f"x[^{'n'}]", id="b3"),
        Block(Kind.NOTE, words, label="n", id="b4"),
    )
    front = Front(title=words, organisation=words, address=words, contact=words, language=words)
    text = Snapshot(front, (Section("s", "a", SectionKind.TEXT, words, blocks),))
    facts = EditionFacts("2026-11", words, date(2026, 11, 1), "approved")
    made = render_word(prepare(text, charter="c", edition=facts), approved=True)
    assert faults(made) == []
    assert '<w:lang w:val="en"/>' in parts(made)["word/styles.xml"].decode()
    code = next(line for line in Reader(made).lines() if line.style == "Code")
    assert code.text == words
    document = parts(made)["word/document.xml"].decode()
    instructions = {e.text for e in ET.fromstring(document).iter(f"{W}instrText")}
    assert all((text or "").split()[0] in ("TOC", "PAGEREF") for text in instructions)


def test_a_text_without_anything_in_it_is_a_document_too():
    made = render_word(prepare(Snapshot(Front("", ""), ()), charter="c"), approved=False)
    assert faults(made) == []


def test_links_lead_only_where_links_may(files: dict[str, bytes]):
    targets = [e.get("Target") for e in ET.fromstring(parts(files["rich"])["word/_rels/document.xml.rels"])]
    assert [t for t in targets if ":" in (t or "")] == [
        "https://example.org/?a=1&b=%C3%BC",
        "https://example.org/money",
    ]


def test_an_address_word_would_stumble_over_is_mended_or_left_as_words():
    told = f"[a](https://example.org/100%/[x]) [b](https://example.org/{'y' * 3000}) [c](https://exämple.org/ok%20)"
    text = Snapshot(Front("C", "O"), (Section("s", "a", SectionKind.TEXT, "A", parse(clean(told))),))
    made = render_word(prepare(text, charter="c"), approved=True)
    assert faults(made) == []
    targets = [e.get("Target") for e in ET.fromstring(parts(made)["word/_rels/document.xml.rels"])]
    assert [t for t in targets if "://" in (t or "")] == [
        "https://example.org/100%25/%5Bx%5D",
        "https://ex%C3%A4mple.org/ok%20",
    ]
    assert "y" * 3000 not in "".join(filter(None, targets))
    assert [line.text for line in Reader(made).lines() if line.style == "BodyText"] == ["a b c"]


def test_a_goal_is_counted_anew_in_each_section():
    twice = rich()
    sections = (twice.sections[1], replace(twice.sections[1], id="s3", key="third"))
    made = render_word(replace(twice, sections=sections), approved=False)
    signs = [line.sign for line in Reader(made).lines() if line.style == "GoalTitle"]
    assert signs == ["decimal 0 Goal 1:", "decimal 0 Goal 2:"] * 2
