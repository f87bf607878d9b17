"""A broken charter source folder is refused as a whole, and the refusal names the file and the line."""

import pytest

from app.errors import BadInput, SourceRefused
from app.rules.addresses import is_key
from app.rules.dates import edition_date
from app.text.source import read_source

OUTLINE = """\
[charter]
key = "tea-club"
open = true

[front]
title = "Charter"
organisation = "The Tea Club"

[edition]
date = "2025-05"

[[section]]
key = "purpose"
kind = "vision"

[[section]]
key = "notes"
kind = "footnotes"

[[annexe]]
key = "fees"
title = "Fees"
"""
PURPOSE = "Tea for all[^black].\n"
NOTES = "[^black]: And green.\n"


def refusal(outline: str | bytes = OUTLINE, /, **files: str | bytes | None) -> SourceRefused:
    """The refusal of the small folder with some files replaced, added or (None) taken away."""
    folder: dict[str, bytes] = {}
    for name, text in {"charter.toml": outline, "purpose.md": PURPOSE, "notes.md": NOTES, **files}.items():
        if text is not None:
            folder[name] = text.encode() if isinstance(text, str) else text
    with pytest.raises(SourceRefused) as caught:
        read_source(folder, reserved={"api"})
    return caught.value


def test_the_small_folder_itself_is_good() -> None:
    files = {"charter.toml": OUTLINE.encode(), "purpose.md": PURPOSE.encode(), "notes.md": NOTES.encode()}
    assert read_source(files, reserved={"api"}).warnings == ()


OUTLINE_FAULTS = [
    # what is replaced, by what, the line that is to be named, words of the message
    ("open = true", "open = ", 3, "not TOML"),
    ("open = true", "open = true\nopen = true", 4, "not TOML"),
    ('key = "tea-club"', "key = tea-club", 2, "not TOML"),
    ("open = true", 'open = "yes"', 3, "true or false"),
    ("open = true", "opne = true", 3, '"opne" is not known in [charter]'),
    ('key = "tea-club"\n', "", 1, '"key" in [charter] is missing'),
    ('key = "tea-club"', 'key = ""', 2, "is empty"),
    ('key = "tea-club"', "key = 7", 2, "text in quotation marks"),
    ('key = "tea-club"', 'key = "Tea Club"', 2, "lower-case letters"),
    ('key = "tea-club"', 'key = "tea/club"', 2, "lower-case letters"),
    ('key = "tea-club"', 'key = "api"', 2, "address of the product"),
    ("[front]", "[fornt]", 5, '"fornt" is not known'),
    ("[edition]", "[front.more]", 9, '"more" is not known in [front]'),
    ('title = "Charter"\n', "", 5, '"title" in [front] is missing'),
    ('title = "Charter"', 'title = "  "', 6, "is empty"),
    ('title = "Charter"', 'title = "a\\u0000b"', 6, '"title" in [front]'),
    ("organisation", "organization", 7, '"organization" is not known in [front]'),
    ('"The Tea Club"', '"The Tea Club"\nlanguage = "English, mostly"', 8, "language tag"),
    ('"The Tea Club"', '"The Tea Club"\nlogo = "../logo.png"', 8, "name of a file in this folder"),
    ('"2025-05"', '"May 2025"', 10, "a month like"),
    ('"2025-05"', '"2025-13"', 10, "no 2025-13 in the calendar"),
    ('"2025-05"', '"2025-02-30"', 10, "no 2025-02-30 in the calendar"),
    ('"2025-05"', "2025-05-01T10:00:00", 10, "text in quotation marks"),
    ('date = "2025-05"\n', "", 9, '"date" in [edition] is missing'),
    ('"2025-05"', '"2025-05"\neffective = "2025-05"', 11, "a day like"),
    ('"2025-05"', '"2025-05"\neffective = "2025-04-31"', 11, "calendar"),
    ('"2025-05"', '"2025-05"\nlabel = ""', 11, "is empty"),
    ('"2025-05"', '"2025-05"\nstate = "published"', 11, '"state" is not known in [edition]'),
    ('kind = "vision"', 'kind = "visions"', 14, "not a kind of section; kinds are: notice, definition"),
    ('kind = "vision"\n', "", 12, '"kind" in [[section]] is missing'),
    ('kind = "vision"', 'kind = "vision"\nfile = "../purpose.md"', 15, "name of a file in this folder"),
    ('kind = "vision"', 'kind = "vision"\nfile = "/etc/hosts.md"', 15, "name of a file in this folder"),
    ('kind = "vision"', 'kind = "vision"\nfile = "..\\\\purpose.md"', 15, "name of a file in this folder"),
    ('kind = "vision"', 'kind = "vision"\nfile = ".hidden.md"', 15, "name of a file in this folder"),
    ('kind = "vision"', 'kind = "vision"\nfile = "charter.toml"', 15, "end in .md"),
    ('kind = "vision"', 'kind = "vision"\nfile = "notes.md"', 17, 'file "notes.md"; the first stands in line 12'),
    ('kind = "vision"', 'kind = "vision"\nfile = "other.md"', 12, "other.md is missing"),
    ('kind = "vision"', 'kind = "vision"\nheading = "Why[^blue]"', 15, "no such note"),
    ('kind = "vision"', 'kind = "footnotes"', 18, "a second one"),
    ('key = "notes"', 'key = "purpose"', 17, 'key "purpose"; the first stands in line 12'),
    ('[[section]]\nkey = "notes"\nkind = "footnotes"', "[section.notes]", 16, '"notes" is not known in [[section]]'),
    ('title = "Fees"', 'title = "Fees"\nurl = "javascript:alert(1)"', 23, "web address"),
    ('title = "Fees"', 'title = "Fees"\nfile = "a/b.pdf"', 23, "name of a file in this folder"),
    ('title = "Fees"', 'title = "Fees"\npages = 3', 23, '"pages" is not known in [[annexe]]'),
    ('title = "Fees"', 'title = "Fees"\n[[annexe]]\nkey = "fees"\ntitle = "F"', 24, 'Two annexes have the key "fees"'),
    ('[[annexe]]\nkey = "fees"\ntitle = "Fees"', "[annexe]", 20, "Write [[annexe]] for each annexe"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), OUTLINE_FAULTS)
def test_a_fault_in_the_outline_is_refused_with_its_line(old: str, new: str, line: int, words: str) -> None:
    assert old in OUTLINE
    fault = refusal(OUTLINE.replace(old, new, 1))
    assert (fault.file, fault.line) == ("charter.toml", line)
    assert words in fault.message
    assert fault.message.startswith(f"charter.toml:{line}: ")


def test_an_unknown_key_is_found_in_the_table_it_stands_in_and_not_in_one_above() -> None:
    fault = refusal(OUTLINE.replace('kind = "footnotes"', 'kind = "footnotes"\nopen = true'))
    assert (fault.line, fault.file) == (19, "charter.toml")


def test_lines_are_counted_past_a_text_that_looks_like_tables() -> None:
    address = 'address = """\n[[section]]\nkey = "x" \'\'\'\n"""\n'
    fault = refusal(OUTLINE.replace("[edition]", address + "[edition]").replace('"vision"', '"visions"'))
    assert fault.line == 18


def test_a_key_above_the_first_table_is_refused_with_its_line() -> None:
    fault = refusal("# tea\n\ncolour = 1\n" + OUTLINE)
    assert (fault.line, '"colour" is not known' in fault.message) == (3, True)


def test_a_file_that_ends_inside_a_text_is_refused_at_its_last_line() -> None:
    fault = refusal(OUTLINE + 'file = """half\n')
    assert (fault.line, "not TOML" in fault.message) == (23, True)


@pytest.mark.parametrize("hostile", ["a = " + "[" * 100_000, "a = " + "9" * 100_000, "a = 9999-99-99", "[" * 5000])
def test_toml_that_would_upset_its_reader_is_a_refusal_too(hostile: str) -> None:
    assert refusal(hostile).file == "charter.toml"


def test_a_folder_without_an_outline_is_refused() -> None:
    fault = refusal(OUTLINE, **{"charter.toml": None})
    assert fault.file == "charter.toml"


def test_a_missing_section_file_is_refused_at_the_section_that_names_it() -> None:
    fault = refusal(OUTLINE, **{"purpose.md": None})
    assert (fault.file, fault.line) == ("charter.toml", 12)
    assert "purpose.md is missing" in fault.message


def test_a_section_file_that_no_section_names_is_an_unknown_section() -> None:
    fault = refusal(OUTLINE, **{"value.md": "New.\n"})
    assert (fault.file, fault.line) == ("value.md", 1)
    assert "Unknown section" in fault.message


def test_a_dangling_citation_is_refused_where_it_stands_and_not_where_code_says_the_same() -> None:
    fault = refusal(OUTLINE, **{"purpose.md": "Tea[^black].\n\nCode `[^blue]`.\n\n- one\n- two[^blue]\n"})
    assert (fault.file, fault.line) == ("purpose.md", 6)
    assert "[^blue] is cited, but there is no such note" in fault.message


def test_a_dangling_citation_inside_a_note_is_refused_there() -> None:
    fault = refusal(OUTLINE, **{"notes.md": "[^black]: Green.\n\n[^b]: See[^blue].\n"})
    assert (fault.file, fault.line) == ("notes.md", 3)


def test_a_dangling_citation_in_a_table_is_refused_at_its_row() -> None:
    fault = refusal(OUTLINE, **{"purpose.md": "| a[^black] | b |\n| --- | --- |\n| c | d[^blue] |\n"})
    assert (fault.file, fault.line) == ("purpose.md", 3)


def test_two_notes_of_one_label_in_one_file_are_refused_at_the_second() -> None:
    fault = refusal(OUTLINE, **{"notes.md": "[^black]: Green.\n\n[^black]: Blue.\n"})
    assert (fault.file, fault.line) == ("notes.md", 3)
    assert 'Two notes are called "black"' in fault.message


def test_two_notes_of_one_label_in_two_files_are_refused_at_the_second() -> None:
    fault = refusal(OUTLINE, **{"purpose.md": PURPOSE + "\n[^black]: Blue.\n"})
    assert (fault.file, fault.line) == ("notes.md", 1)


def test_notes_without_a_footnotes_section_need_its_key_to_be_free() -> None:
    outline = OUTLINE.replace('key = "notes"\nkind = "footnotes"', 'key = "footnotes"\nkind = "text"')
    fault = refusal(outline, **{"notes.md": None, "footnotes.md": NOTES})
    assert (fault.file, fault.line) == ("charter.toml", 16)


@pytest.mark.parametrize("name", ["charter.toml", "purpose.md", "notes.md"])
def test_a_file_that_is_not_utf_8_is_refused_at_the_line_of_the_first_bad_byte(name: str) -> None:
    fault = refusal(OUTLINE, **{name: b"# fine\n\ncaf\xe9\n\xff\n"})
    assert (fault.file, fault.line) == (name, 3)
    assert "not UTF-8" in fault.message


@pytest.mark.parametrize("name", ["charter.toml", "purpose.md", "notes.md"])
@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x85", "\x9f"])
def test_a_control_character_is_refused_at_its_line(name: str, letter: str) -> None:
    fault = refusal(OUTLINE, **{name: f"# fine\n\nte{letter}a\n"})
    assert (fault.file, fault.line) == (name, 3)


@pytest.mark.parametrize("name", ["charter.toml", "purpose.md"])
def test_a_file_of_more_than_the_limit_is_refused_by_name(name: str) -> None:
    fault = refusal(OUTLINE, **{name: "# tea\n" * 33_334})
    assert fault.file == name
    assert "200 kB" in fault.message


def test_a_block_of_too_many_words_is_refused_by_file() -> None:
    fault = refusal(OUTLINE, **{"purpose.md": "Tea.\n\n" + "tea " * 20_001})
    assert (fault.file, fault.line, "20,000 words" in fault.message) == ("purpose.md", 3, True)


def test_notes_from_several_files_count_together_in_the_footnotes() -> None:
    long = "tea " * 18_000
    files = {f"{name}.md": f"Tea[^{name}].\n\n[^{name}]: {long}\n" for name in ("purpose", "notes", "third")}
    third = '\n[[section]]\nkey = "third"\nkind = "text"\n'
    assert refusal(OUTLINE + third, **files).file == "notes.md"


def test_what_one_may_not_save_may_not_be_imported_either() -> None:
    deep = "\n".join("  " * level + "- tea" for level in range(8))
    assert refusal(OUTLINE, **{"purpose.md": deep}).file == "purpose.md"


@pytest.mark.parametrize(
    "key", ["a", "a-b", "-a", "a-", "a--b", "A", "é", "a b", "7", "x" * 64, "x" * 65, "x" * 63 + "-"]
)
def test_a_folder_and_the_rest_of_the_product_agree_on_what_a_key_is(key: str) -> None:
    outline = OUTLINE.replace('"tea-club"', f'"{key}"').replace('"fees"', f'"{key}"')
    files = {"charter.toml": outline.encode(), "purpose.md": PURPOSE.encode(), "notes.md": NOTES.encode()}
    if is_key(key):
        assert read_source(files, reserved=()).key == key
    else:
        assert refusal(outline).line == 2


@pytest.mark.parametrize(
    "written",
    ["2025-05", "2025-05-31", "2025-5", "2025-00", "0000-01", "2024-02-29", "2023-02-29", "٢٠٢٥-٠٥", "20250501"],
)
def test_a_folder_and_the_rest_of_the_product_agree_on_what_an_edition_date_is(written: str) -> None:
    outline = OUTLINE.replace("2025-05", written)
    files = {"charter.toml": outline.encode(), "purpose.md": PURPOSE.encode(), "notes.md": NOTES.encode()}
    try:
        expected = edition_date(written)
    except BadInput:
        assert refusal(outline).line == 10
    else:
        edition = read_source(files, reserved=()).edition
        assert edition is not None
        assert edition.date == expected.key
