"""Commands on plain Markdown files: normalise, diff, merge."""

import json
import re
from pathlib import Path

import pytest

from app.text.dialect import normalise
from tests.cli.conftest import Run

OLD = "# Vision\n\nPatients are key partners.\n\n- one\n- two\n"
NEW = "# Vision\n\nPatients are equal partners.\n\n- one\n- more\n- two\n\nA last word.\n"


def write(folder: Path, **files: str) -> dict[str, Path]:
    for name, text in files.items():
        (folder / f"{name}.md").write_bytes(text.encode())
    return {name: folder / f"{name}.md" for name in files}


def test_normalise_prints_the_canonical_form_and_gives_it_back_to_the_byte(engross: Run, tmp_path: Path) -> None:
    files = write(tmp_path, raw="Vision\n===\n\n* one\n* two\r\n\nwrapped\nline")
    first = engross("normalise", files["raw"])
    assert (first.code, first.out) == (0, "# Vision\n\n- one\n- two\n\nwrapped line\n")
    again = engross("normalise", write(tmp_path, canonical=first.out)["canonical"])
    assert again.out == first.out


def kept_with(marks: str, critic: str) -> str:
    """The text of a CriticMarkup output with deletions (--) or insertions (++) kept and the others dropped."""
    other = "+" if marks == "-" else "-"
    text = re.sub(r"\{%s%s(.*?)%s%s\}" % ((re.escape(other),) * 4), "", critic, flags=re.S)
    return re.sub(r"\{%s%s(.*?)%s%s\}" % ((re.escape(marks),) * 4), r"\1", text, flags=re.S)


def test_diff_prints_criticmarkup_from_which_both_texts_come_back(engross: Run, tmp_path: Path) -> None:
    files = write(tmp_path, old=OLD, new=NEW)
    done = engross("diff", files["old"], files["new"])
    assert done.code == 0
    assert "{--key--}{++equal++}" in done.out
    assert kept_with("-", done.out) == normalise(OLD)
    assert kept_with("+", done.out) == normalise(NEW)


def test_diff_of_equal_files_is_the_text_itself(engross: Run, tmp_path: Path) -> None:
    files = write(tmp_path, old=OLD, new=OLD)
    assert engross("diff", files["old"], files["new"]).out == normalise(OLD)


def test_diff_refuses_a_text_with_marks_of_its_own(engross: Run, tmp_path: Path) -> None:
    files = write(tmp_path, old=OLD, new="a {++ b\n")
    done = engross("diff", files["old"], files["new"])
    assert (done.code, done.out) == (1, "")
    assert "use --format json" in done.err


def test_diff_as_json_and_as_html_shows_the_same_words(engross: Run, tmp_path: Path) -> None:
    files = write(tmp_path, old=OLD, new=NEW)
    rows = json.loads(engross("diff", files["old"], files["new"], "--format", "json").out)["blocks"]
    assert any(p == {"op": "insert", "text": "equal"} for row in rows for p in row["pieces"])
    html = engross("diff", files["old"], files["new"], "--format", "html").out
    assert re.search(r"<ins\b[^>]*>.*equal", html)


def test_merge_of_changes_that_do_not_touch_has_both(engross: Run, tmp_path: Path) -> None:
    base = "One sentence here. Another one there.\n\nLast.\n"
    files = write(
        tmp_path,
        base=base,
        ours=base.replace("One", "A first"),
        theirs=base.replace("Last", "The last"),
    )
    done = engross("merge", files["base"], files["ours"], files["theirs"])
    assert (done.code, done.err) == (0, "")
    assert done.out == "A first sentence here. Another one there.\n\nThe last.\n"


def test_a_combined_sentence_is_merged_and_named(engross: Run, tmp_path: Path) -> None:
    base = "Patients are key partners in shaping sustainable care for all.\n"
    files = write(
        tmp_path, base=base, ours=base.replace("key", "equal"), theirs=base.replace("sustainable", "affordable")
    )
    done = engross("merge", files["base"], files["ours"], files["theirs"])
    sentence = "Patients are equal partners in shaping affordable care for all."
    assert (done.code, done.out) == (0, sentence + "\n")
    assert done.err == f"confirm: {sentence}\n"


def test_a_conflict_prints_nothing_and_names_all_three_readings(engross: Run, tmp_path: Path) -> None:
    base = "Patients are key partners.\n"
    files = write(tmp_path, base=base, ours=base.replace("key", "equal"), theirs=base.replace("key", "full"))
    done = engross("merge", files["base"], files["ours"], files["theirs"])
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("conflict: ")
    for word in ("key", "equal", "full"):
        assert f"Patients are {word} partners." in done.err


def test_editing_what_the_other_deleted_is_a_conflict(engross: Run, tmp_path: Path) -> None:
    base = "A quorum is a majority of the members.\n\nA motion passes by a majority of the members present.\n"
    files = write(
        tmp_path,
        base=base,
        ours=base.partition("\n\n")[2],
        theirs=base.replace("A quorum is a majority", "A quorum is two thirds"),
    )
    done = engross("merge", files["base"], files["ours"], files["theirs"])
    assert (done.code, done.out) == (1, "")


@pytest.mark.parametrize("octets", [b"\xff\xfe\x00", b"good\nbad \xe9\n"])
def test_a_file_that_is_not_utf_8_is_refused_with_its_name(engross: Run, tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes(octets)
    done = engross("normalise", path)
    assert (done.code, done.out) == (1, "")
    assert "latin.md" in done.err
    assert "UTF-8" in done.err


def test_a_nul_is_refused_in_words(engross: Run, tmp_path: Path) -> None:
    done = engross("normalise", write(tmp_path, nul="a\0b")["nul"])
    assert done.code == 1
    assert done.err.startswith("engross: ")


@pytest.mark.parametrize(
    "words", [["nosuch"], ["normalise"], ["diff", "a"], ["normalise", "missing.md"], ["user", "add"]]
)
def test_wrong_usage_ends_with_two(engross: Run, words: list[str]) -> None:
    assert engross(*words).code == 2


def test_diff_as_html_names_characters_that_turn_the_direction_of_words(engross: Run, tmp_path: Path) -> None:
    files = write(tmp_path, old=OLD, new=NEW + "\nPay \u202e001\u202c euros.\n")
    done = engross("diff", files["old"], files["new"], "--format", "html")
    assert "[U+202E]<bdi>\u202e</bdi>001" in done.out
