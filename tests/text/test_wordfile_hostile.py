"""Whatever is given for a Word document: it is read, or refused with what to do, and nothing else happens."""

import random
import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest

from app.errors import BadInput
from app.render.word import Said, Saying
from app.text.snapshot import Snapshot
from app.text.wordfile import bring, open_word
from tests.render.test_word_redline import NOW, redlined
from tests.support.word_edits import much_changed, random_pairs
from tests.support.word_files import SPACES, p, packed, word_file
from tests.text.test_wordfile_others import body, charter
from tests.text.test_wordfile_ours import applied, as_seen, by_vera

ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000


def refusal(octets: bytes, base: Snapshot) -> str | None:
    """What is said of a file that is refused; None if it is read."""
    try:
        bring(open_word(octets), base)
    except BadInput as error:
        return error.message
    return None


def parts(octets: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(octets)) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_parts(more: Mapping[str, bytes]) -> bytes:
    return packed({**parts(word_file(body())), **more})


def types(old: bytes, new: bytes) -> bytes:
    return parts(word_file(""))["[Content_Types].xml"].replace(old, new)


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"", "no Word file"),
        (b"hello", "no Word file"),
        (b"PK\x03\x04", "damaged"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"{\\rtf1 hello}", ".rtf"),
        (OLD, "older Word"),
        (ENCRYPTED, "password"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "OpenDocument"),
        (packed({"a.txt": "hello"}), "no Word file"),
        (with_parts({"[Content_Types].xml": types(b"document.main", b"document.macroEnabled.main")}), "macros"),
        (
            with_parts({"[Content_Types].xml": types(b"wordprocessingml.document", b"spreadsheetml.sheet")}),
            "not of Word",
        ),
        (with_parts({"_rels/.rels": b"<Relationships/>"}), "no text of Word"),
        (with_parts({"word/document.xml": b"<w:document"}), "damaged"),
        (with_parts({"word/document.xml": b"<x/>"}), "no text of Word"),
        (with_parts({"word/document.xml": b"\xff\xfe\x00\x00"}), "damaged"),
        (with_parts({"word/styles.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}), "definitions"),
        (
            with_parts({"word/styles.xml": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'.encode("utf-16")}),
            "definitions",
        ),
        (with_parts({"word/styles.xml": b'<?xml version="1.0" encoding="cp037"?><x/>'}), "damaged"),
        (with_parts({"word/document.xml": b" " * 70_000_000}), "too large"),
        (packed({f"{n}.xml": "" for n in range(4_100)}), "too large"),
    ],
)
def test_what_is_no_word_document_is_refused_with_what_to_do(octets: bytes, told: str):
    with pytest.raises(BadInput, match=told) as refused:
        open_word(octets)
    assert refused.value.kind == "not-a-word-file"
    assert len(refused.value.message) < 200


@pytest.mark.parametrize("tag", ["w:p", "w:sdt><w:sdtContent", "w:ins", "w:tbl><w:tr><w:tc", "w:customXml", "x"])
def test_what_is_nested_without_end_is_refused_or_read_over(tag: str):
    names = tag.split("><")
    deep = f"<{tag}>" * 10_000 + "".join(f"</{name}>" for name in reversed(names)) * 10_000
    for inside in (deep, f"<w:p>{deep}</w:p>", f"<w:p><w:r>{deep}</w:r></w:p>"):
        refused = refusal(word_file(inside), charter())
        assert refused is None or "nested deeper" in refused


def test_a_file_without_anything_in_it_brings_nothing():
    found = bring(open_word(word_file("")), charter())
    assert found.suggestions == ()
    assert len(found.left) == 2


def test_numbers_names_and_dates_may_be_anything():
    odd = (
        '<w:p><w:pPr><w:pStyle w:val="none"/><w:numPr><w:ilvl w:val="99999999999"/><w:numId w:val="x"/></w:numPr>'
        '<w:ind w:left="-9e9"/><w:outlineLvl w:val="-3"/></w:pPr><w:ins><w:r><w:t>a</w:t></w:r></w:ins>'
        '<w:ins w:author="" w:date="9999-99-99T99:99:99Z"><w:r><w:sym w:char="zz"/><w:t>b\u202e</w:t></w:r></w:ins>'
        '<w:del w:author="x" w:date="0001-01-01T00:00:00+14:00"><w:r><w:delText>c</w:delText></w:r></w:del>'
        '<w:r><w:fldChar w:fldCharType="end"/><w:fldChar w:fldCharType="begin"/>'
        "<w:instrText>NOTEREF</w:instrText></w:r>"
        '<w:commentRangeEnd w:id="5"/><w:r><w:footnoteReference w:id="77"/></w:r><w:hyperlink w:anchor=""/></w:p>'
        "<w:tbl><w:tr/></w:tbl><w:tbl/><w:p/>"
    )
    found = bring(open_word(word_file(body() + odd)), charter())
    assert {"Author"} < {one.author for one in found.suggestions} <= {"Author", "", "x"}


def test_names_of_styles_that_go_round_in_circles_end():
    circle = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>'
    )
    octets = with_parts({"word/styles.xml": f"<w:styles {SPACES}>{circle}</w:styles>".encode()})
    assert open_word(octets).text


def spoiled(chance: random.Random, octets: bytes) -> bytes:
    """The file with something in it changed at random: in its package, or in the markup of a part."""
    if chance.random() < 0.3:
        made = bytearray(octets)
        for _ in range(chance.randint(1, 20)):
            made[chance.randrange(len(made))] = chance.randrange(256)
        return bytes(made[: chance.randint(len(made) // 2, len(made))]) if chance.random() < 0.3 else bytes(made)
    files = parts(octets)
    name = chance.choice([one for one in files if one.endswith((".xml", ".rels"))])
    told = files[name].decode()
    for _ in range(chance.randint(1, 4)):
        pieces = [one for one in told.replace("><", ">\n<").split("\n") if one] or ["<x>"]
        act = chance.choice(["drop", "double", "swap", "retag", "letters"])
        n, m = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        if act == "drop":
            del pieces[n]
        elif act == "double":
            pieces.insert(m, pieces[n])
        elif act == "swap":
            pieces[n], pieces[m] = pieces[m], pieces[n]
        elif act == "retag":
            tags = ["w:p", "w:r", "w:t", "w:ins", "w:del", "w:tbl", "w:tr", "w:tc", "w:hyperlink", "w:pPr", "w:rPr"]
            one, other = chance.choice(tags), chance.choice(tags)
            pieces = [piece.replace(f"<{one}>", f"<{other}>").replace(f"</{one}>", f"</{other}>") for piece in pieces]
        else:
            pieces[n] = "".join(chance.choice("<>&\"'/ wx") if chance.random() < 0.05 else c for c in pieces[n])
        told = "".join(pieces)
    return packed({**files, name: told})


@pytest.mark.parametrize("rounds", [60, pytest.param(3_000, marks=pytest.mark.long)])
def test_spoiled_files_are_read_or_refused(rounds: int):
    chance = random.Random(rounds)
    old, new = much_changed()
    talk = [
        Said(block.id, (Saying("Vera", NOW, "Why?"), Saying("Omar", NOW, "So."))) for _, _, block in new.placed_blocks()
    ]
    files = [(redlined(old, new, talk[:5]), old), (word_file(body(after=p("x"))), charter())]
    for _ in range(rounds):
        octets, base = chance.choice(files)
        octets = spoiled(chance, octets)
        assert refusal(octets, base) != ""


@pytest.mark.parametrize("number", [8, pytest.param(60, marks=pytest.mark.long)])
def test_a_file_may_be_brought_to_any_text(number: int):
    """To one that others changed since, or to one it has nothing to do with: what comes of it can be derived."""
    pairs = [(old, as_seen(old, new)) for old, new in random_pairs(21, number)]
    for n, (old, new) in enumerate(pairs):
        made = by_vera(redlined(old, new))
        for base in (new, pairs[(n + 1) % number][0]):
            found = bring(open_word(made), base)
            for place in range(len(found.suggestions)):
                applied(base, found, place)
