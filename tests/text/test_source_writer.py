"""Writing a charter source folder: the same text the same bytes, and reading gives the text back."""

import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import SourceRefused
from app.text.dialect import clean
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot
from app.text.source import Source, SourceEdition, read_source, write_source
from app.text.source_toml import toml_text

FOLDERS = Path(__file__).resolve().parents[2] / "charter_source"


def snapshot_of(source: Source) -> Snapshot:
    """The charter text that an import of the source makes, with made-up permanent ids."""
    return Snapshot(
        source.front,
        tuple(Section(f"s-{one.key}", one.key, one.kind, one.heading, one.blocks) for one in source.sections),
    )


def written(source: Source) -> dict[str, bytes]:
    return write_source(source.key, source.open, snapshot_of(source), source.edition)


@pytest.mark.parametrize("name", ["peps", "isop-pateg"])
def test_the_folders_of_the_product_come_back_to_the_byte(name: str) -> None:
    files = {path.name: path.read_bytes() for path in (FOLDERS / name).iterdir()}
    assert written(read_source(files, reserved=())) == files


def test_a_written_outline_reads_well() -> None:
    front = Front("Charter", 'The "Tea" Club', annexes=(Annexe("fees", "Fees", url="https://tea.example/"),))
    snapshot = Snapshot(front, (Section("s1", "purpose", SectionKind.VISION, "Purpose"),))
    files = write_source("tea-club", False, snapshot, SourceEdition("2025-05", label="Spring"))
    assert files == {
        "purpose.md": b"",
        "charter.toml": b"""\
[charter]
key = "tea-club"
open = false

[front]
title = "Charter"
organisation = "The \\"Tea\\" Club"
language = "en"

[edition]
date = "2025-05"
label = "Spring"

[[section]]
key = "purpose"
kind = "vision"
heading = "Purpose"

[[annexe]]
key = "fees"
title = "Fees"
url = "https://tea.example/"
""",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", '"plain"'),
        ('a "quote" \\ here', '"a \\"quote\\" \\\\ here"'),
        ("two\nlines\t", '"two\\nlines\\t"'),
        ("bidi \u202e and \u200b", '"bidi \\u202E and \\u200B"'),
        ("tag \U000e0067", '"tag \\U000E0067"'),
        ("می\u200cخواهم 👩\u200d🔬 é", '"می\u200cخواهم 👩\u200d🔬 é"'),
        ("\u202e\u0301\u0302e\u0301", '"\\u202E\\u0301\\u0302e\u0301"'),
        ("\x7f\x1b", '"\\u007F\\u001B"'),
    ],
)
def test_toml_texts_show_what_cannot_be_seen(text: str, expected: str) -> None:
    assert toml_text(text) == expected


LETTERS = "aeT 1.)(*_`[]^#|>-:\\!<&~=+{}'\"é\u0301ß漢字👩\u200d🔬\u202e\u200b\u00ad\u2028\ufeff"
WORDS = st.text(LETTERS, max_size=40).map(clean)
NEEDED = WORDS.filter(lambda text: text.strip() != "")
LINES = st.sampled_from(
    [
        "Tea for all.",
        "# High",
        "## Heading *with* `marks`",
        "- point",
        "1. first",
        "2. second",
        "A. Lettered",
        "B. Also",
        "  - deeper",
        "    further",
        "> said",
        "| a | b |\n| --- | --- |\n| c | d |",
        "```\ncode [^n]: no note\n```",
        "---",
        "cites[^n] and [^o]",
        "[^n]: A note, see[^o].",
        "[^o]: Other.",
        "",
        "",
    ]
)
MARKDOWN = st.lists(LINES | WORDS, min_size=1, max_size=8).map("\n".join)
KEYS = st.sampled_from(["a", "b-2", "vision", "7", "tea-club", "charter"])


@st.composite
def folders(draw: st.DrawFn) -> dict[str, bytes]:
    """Folders in any form: some are good, and the bad ones are refused."""
    front = Front(draw(NEEDED), draw(NEEDED), draw(WORDS), draw(WORDS), None, draw(st.sampled_from(["en", "ar-EG"])))
    sections = [
        Section("", key, draw(st.sampled_from([SectionKind.TEXT, SectionKind.GOALS])), "")
        for key in draw(st.lists(KEYS, unique=True, min_size=1, max_size=3))
    ]
    files = write_source(draw(KEYS), draw(st.booleans()), Snapshot(front, tuple(sections)))
    return {name: text if name == "charter.toml" else draw(MARKDOWN).encode() for name, text in files.items()}


@settings(max_examples=100, deadline=None)
@given(folders(), WORDS)
def test_whatever_text_can_be_read_is_written_so_that_it_reads_the_same(files: dict[str, bytes], heading: str) -> None:
    outline = files["charter.toml"].decode().replace("kind =", f"heading = {toml_text(heading)}\nkind =", 1)
    refused: SourceRefused | None = None
    try:
        source = read_source(files | {"charter.toml": outline.encode()}, reserved=())
    except SourceRefused as fault:
        refused = fault
    if refused is not None:
        # Markdown may cite notes that are not there, and so may the heading; the outline itself is always good.
        assert refused.file != "charter.toml" or "The heading cites" in refused.message
        return
    again = read_source(written(source), reserved=())
    assert (again.key, again.open, again.front, again.sections) == (
        source.key,
        source.open,
        source.front,
        source.sections,
    )
    assert written(again) == written(source)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_survives_its_toml(text: str) -> None:
    assert tomllib.loads(f"a = {toml_text(text)}")["a"] == text
    assert tomllib.loads(unicodedata.normalize("NFC", f"a = {toml_text(text)}"))["a"] in {
        text,
        unicodedata.normalize("NFC", text),
    }
    assert all(unicodedata.category(letter) != "Cc" for letter in toml_text(text))
