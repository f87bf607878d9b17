"""The press: what it may load, what ends it, and what the server learns when the machine cannot print."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app import resources
from app.errors import Refused, Unavailable
from app.render.machine import printing_checks
from app.render.pdf import render_pdf
from app.render.press.__main__ import MEMORY, SECONDS
from app.render.press.assets import asset_file
from app.render.press.process import press
from app.text.blocks import Block, Kind
from app.text.prepared import PreparedEdition
from app.text.preparing import prepare
from app.text.snapshot import Front, Section, SectionKind, Snapshot


def order(body: str) -> dict[str, str]:
    return {"html": body, "assets": str(resources.templates() / "pdf"), "identifier": "00" * 16}


def text(words: str) -> PreparedEdition:
    section = Section("s1", "rules", SectionKind.TEXT, "Rules", (Block(Kind.PARAGRAPH, words, id="p1"),))
    return prepare(Snapshot(Front("Charter", "The Group"), (section,)), charter="group")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/a.css",
        "https://example.org/a.css",
        "ftp://example.org/a.css",
        "file:///etc/hostname",
        "data:text/css,p{}",
        "asset:../charter.css",
        "asset:/etc/hostname",
        "asset:charter.html",
        "asset:nowhere.css",
    ],
)
def test_nothing_is_loaded_but_the_style_sheets_of_the_pdf(address: str):
    folder = resources.templates() / "pdf"
    assert asset_file(folder, "asset:charter.css") == folder / "charter.css"
    assert asset_file(folder, address) is None


@pytest.mark.long
@pytest.mark.parametrize("body", ['<img src="{}/a.png">', "<style>@import url({}/a.css);</style>"])
def test_the_press_calls_nobody_and_gives_no_pdf_of_what_would(body: str):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        pressed = press(order(body.format(f"http://127.0.0.1:{listener.getsockname()[1]}")), resources.fonts())
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert (pressed.code, pressed.report.get("failed"), pressed.written) == (1, "rendering", b"")


@pytest.mark.long
@pytest.mark.parametrize("away", ["left: -500mm", "top: 900mm", "left: 205mm; white-space: nowrap"])
def test_words_that_would_not_be_on_the_paper_are_named_and_there_is_no_pdf(away: str):
    pressed = press(order(f"<p>Here.</p><p style='position: absolute; {away}'>Some gone words</p>"), resources.fonts())
    assert (pressed.code, pressed.written) == (1, b"")
    assert pressed.report == {"failed": "lost", "reason": "Some gone words"}


def test_a_press_that_takes_too_long_is_ended():
    pressed = press(order("<p>x</p>"), resources.fonts(), patience=0.01)
    assert (pressed.code, pressed.report) == (1, {"failed": "limits", "reason": "time"})


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know fewer limits")
def test_the_press_has_a_limit_of_memory_and_of_time():
    assert press({}, resources.fonts()).report["limits"] == {"memory": MEMORY, "seconds": SECONDS}


def test_a_machine_without_pango_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "weasyprint").mkdir()
    (tmp_path / "weasyprint" / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Unavailable, match=r"apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0") as told:
        render_pdf(text("Words."), approved=False)
    assert told.value.kind == "pango-missing"
    assert [(check.name, check.ok) for check in printing_checks()][-1] == ("Pango", False)


def test_missing_typefaces_are_told_before_anything_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    with pytest.raises(Unavailable, match=r"hatch_build\.py") as told:
        render_pdf(text("Words."), approved=True)
    assert told.value.kind == "fonts-missing"
    assert [check.ok for check in printing_checks()] == [False, False]


def test_the_machine_is_fit_to_print():
    assert {check.name: check.ok for check in printing_checks()} == {
        "style sheets and scripts": True,
        "typefaces": True,
        "Pango": True,
        "HarfBuzz-Subset": True,
    }


def test_the_server_never_loads_the_printing_libraries_itself():
    program = (
        "import sys, json; import app.render.pdf, app.render.machine; "
        "print(json.dumps([name for name in sys.modules if name.partition('.')[0] in ('weasyprint', 'cffi')]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert json.loads(told.stdout) == []


@pytest.mark.parametrize("character", ["\ue123", "\U0001fae9", "中", "😀"])
def test_private_unassigned_and_foreign_characters_fail_it_as_well(character: str):
    with pytest.raises(Refused, match=f"U\\+{ord(character):04X}"):
        render_pdf(text(f"A {character} in the text."), approved=True)


def test_a_character_without_glyph_fails_an_approved_edition_and_is_named():
    with pytest.raises(Refused, match=r"☃ \(U\+2603 SNOWMAN\) in Rules") as told:
        render_pdf(text("A ☃ in the text."), approved=True)
    assert told.value.kind == "missing-glyph"
    assert told.value.details == {"characters": [{"code": "U+2603", "where": "Rules"}]}
