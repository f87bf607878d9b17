"""Hostile words in every field of an edition, as PDF and as one HTML file: printed, and nothing else happens."""

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pypdf
import pytest

from app import resources
from app.errors import Refused
from app.render.edition_pages import edition_page
from app.render.pdf import Pdf, render_pdf, writer
from app.render.pdf.sheets import print_html
from app.render.press.process import press
from app.text.dialect import parse
from app.text.prepared import AttachedFile, EditionFacts, Logo, PreparedEdition
from app.text.preparing import prepare
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot
from tests.support.files import png
from tests.web.markup import Page

WITHIN = "root:x:0"
"""What stands in a file of this machine and must never be in an edition."""


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """Somebody who listens on this machine, and whom nobody ever calls."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        one.setblocking(False)
        yield one
        with pytest.raises(BlockingIOError):
            one.accept()


def wishes(address: str) -> list[str]:
    """What somebody writes who wants the press, or a browser, to fetch things or to act."""
    return [
        f'<img src="{address}/a.png">',
        f'<link rel="stylesheet" href="{address}/b.css"><link rel="attachment" href="file:///etc/passwd">',
        f"</style><style>@import url({address}/c.css); p {{ background: url(file:///etc/passwd) }}</style>",
        f'"><svg onload="fetch(\'{address}\')"><image href="{address}/d.svg"/></svg>',
        f"' style='background: url({address}/e.png)' onmouseover='alert(1)",
        '<iframe src="file:///etc/passwd"></iframe><object data="file:///etc/passwd"></object>',
        "]]><!--<script>alert(1)</script>--><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
        f"{{{{ 7 * 7 }}}} {{% include '/etc/passwd' %}} \\href{{{address}}}",
    ]


@pytest.fixture(scope="module")
def hostile(listener: socket.socket) -> PreparedEdition:
    """An edition that says all of it wherever somebody can write something."""
    said = wishes(f"http://127.0.0.1:{listener.getsockname()[1]}")
    every = " ".join(said)
    plain = "".join(f"\\{c}" if not c.isalnum() and c.isascii() and c != " " else c for c in every)
    text = (
        f"{plain}[^n] [out](file:///etc/passwd) [act](javascript:alert(1)) [at](annexe:money)\n\n"
        f"### {plain}\n\n- {plain}\n\n> {plain}\n\n| {plain} | b |\n|---|---|\n| c | {plain} |\n\n"
        f"```\n{every}\n```\n\n[^n]: {plain}\n"
    )
    front = Front(
        title=said[0],
        organisation=said[1],
        address="\n".join(said),
        contact=said[3],
        annexes=(Annexe("money", said[2]), Annexe("web", said[4], url="https://example.org/?a=%22><script>")),
    )
    sections = (
        Section("s1", "rules", SectionKind.TEXT, plain, parse(text)),
        Section("s2", "goals", SectionKind.GOALS, plain, parse(f"### {plain}\n\n{plain}\n")),
    )
    return prepare(
        Snapshot(front, sections),
        charter="hostile",
        edition=EditionFacts("2026-11", every[:100], date(2026, 11, 1), "approved"),
        files=[AttachedFile("money", f"{said[0]}.pdf", "application/pdf", 10, "ab" * 32)],
        logo=Logo("image/png", "cd" * 32, f'{said[4]}" src="{said[0]}', png()),
    )


@pytest.fixture(scope="module")
def pdf(hostile: PreparedEdition) -> Pdf:
    return render_pdf(hostile, approved=True, source=b'{"words": "</script>"}')


def test_the_pdf_prints_the_characters_and_holds_nothing_from_outside(pdf: Pdf) -> None:
    words = "".join("".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf.bytes)).pages).split())
    for sign in ("<imgsrc=", "<linkrel=", "@importurl(http", "<iframesrc=", "{{7*7}}", "<!ENTITY"):
        assert sign in words, sign
    assert WITHIN not in words


def test_the_pdf_acts_on_nothing_and_leads_only_where_links_may(pdf: Pdf) -> None:
    with pikepdf.open(BytesIO(pdf.bytes)) as opened:
        assert not {"/OpenAction", "/AA"} & set(opened.Root.keys())
        assert "/JavaScript" not in opened.Root.get("/Names", {})
        assert list(opened.attachments) == ["edition.json"]
        actions = [note.A for page in opened.pages for note in page.get("/Annots", []) if "/A" in note]
        assert {str(action.S) for action in actions} <= {"/URI", "/GoTo"}
        leads = {str(action.URI) for action in actions if action.S == "/URI"}
    assert leads == {"https://example.org/?a=%22%3E%3Cscript%3E"} or leads == {"https://example.org/?a=%22><script>"}


def test_the_html_has_only_elements_of_ours_and_asks_nobody(hostile: PreparedEdition) -> None:
    made = edition_page(
        hostile,
        key="2026-11",
        label=hostile.front.organisation,
        effective=date(2026, 11, 1),
        revision=1,
        signoffs=[(hostile.front.title, datetime(2026, 11, 1, tzinfo=UTC))],
        approved=True,
    ).decode()
    page = Page(made)
    assert not {e.tag for e in page.elements()} & {"script", "iframe", "object", "link", "svg", "image", "base", "form"}
    assert not [name for e in page.elements() for name in e.attrib if name.startswith("on") or name == "style"]
    assert [e.attrib["src"][:22] for e in page.all("img")] == ["data:image/png;base64,"]
    assert len(page.all("style")) == 1
    assert all(link.startswith(("#", "https://example.org/")) for link in page.links), page.links
    assert "<iframe src" in page.text
    policy = page.all("meta", http_equiv="Content-Security-Policy")[0].attrib["content"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="{}/a.png" width="9" height="9"/>',
        *(
            pytest.param(more, marks=pytest.mark.long)
            for more in (
                '<image href="file:///etc/passwd" width="9" height="9"/>',
                '<use href="{}/a.svg#b"/>',
                "<style>@import url({}/a.css);</style><path d='M0 0h9'/>",
                '<path d="M0 0h9v9z" fill="url({}/a.svg#b)"/>',
            )
        ),
    ],
)
def test_even_a_drawing_that_was_not_made_safe_reaches_nobody_from_the_press(
    listener: socket.socket, inside: str
) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside.format(address)}</svg>'
    logo = Logo("image/svg+xml", "00", "x", drawing.encode())
    text = prepare(Snapshot(Front("Charter", "Group", logo="x")), charter="c", logo=logo)
    order = writer._order(print_html(text, approved=False, fonts=resources.fonts()), b"", logo)
    pressed = press(order, resources.fonts())
    assert WITHIN.encode() not in pressed.written
    assert pressed.code == 0 or pressed.report["failed"] == "rendering"


def test_a_bomb_is_ended_in_time_and_told_in_words() -> None:
    """A word that no line can hold takes the longer the longer it is; the clock ends it."""
    text = prepare(
        Snapshot(Front("Charter", "Group"), (Section("s", "rules", SectionKind.TEXT, "", parse("a" * 190_000)),)),
        charter="c",
    )
    with pytest.raises(Refused, match=r"cannot be set within the limits for one text \(time\)\. Look for what") as told:
        render_pdf(text, approved=True, patience=1)
    assert told.value.kind == "pdf-too-costly"
