"""Puts the parts of a Word file together: the same parts give the same bytes."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.render.bundle import packed
from app.render.word.body import Body, Ledger
from app.render.word.comments import RELATED, behind_the_second_note, comment_parts, signed_by
from app.render.word.front import page_of_pages, running
from app.render.word.markup import escaped, line, shortened, words
from app.render.word.shapes import Comment, Form, Lists, Note, Para
from app.render.word.styles import FONTS, HEAD, NAMESPACES, numbering, settings, styles
from app.text.prepared import Logo
from app.text.wordfile.agreed import as_uri
from app.text.wordfile.known import properties

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="header"/><w:footerReference w:type="default" r:id="footer"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1701" w:right="1474" w:bottom="1531" w:left="1474" '
    'w:header="794" w:footer="737" w:gutter="0"/><w:titlePg/></w:sectPr>'
)
_LARGEST = (170.0, 90.0)


@dataclass(slots=True)
class Paper:
    """All that a Word file says of itself and holds. ``dated`` is the moment it is of, whenever it is made."""

    charter: str
    organisation: str
    title: str
    label: str
    language: str
    dated: datetime
    revision: int | None
    mark: str = ""
    tracking: bool = False
    logo: Logo | None = None
    lists: Lists = field(default_factory=Lists)


_ONE_LINE = 80
"""Characters of the typeface of the header that fit beside each other."""


def written(
    paper: Paper,
    text: str,
    notes: Sequence[Note],
    body: Body,
    names: Mapping[str, str],
    comments: Sequence[Comment] = (),
) -> bytes:
    """The file. ``text`` is the markup of everything in it, which ``body`` wrote."""
    note_ledger = Ledger(marks=body.ledger.marks, signed=body.ledger.signed)
    noted = Body(note_ledger, names, body.unknown)
    noted.placed = body.placed
    files = {
        "word/document.xml": (
            f"{HEAD}<w:document {NAMESPACES} {_DRAWN}>"
            f"<w:body>{behind_the_second_note(text)}{_PAGE}</w:body></w:document>"
        ),
        "word/footnotes.xml": _footnotes(notes, noted),
        "word/styles.xml": styles(paper.language),
        "word/numbering.xml": numbering(paper.lists),
        "word/settings.xml": settings(tracking=paper.tracking),
        "word/fontTable.xml": FONTS,
        "word/header1.xml": _part("hdr", running("hdr", _held(paper), _label(paper), paper.mark)),
        "word/footer1.xml": _part("ftr", running("ftr", paper.mark, page_of_pages())),
        "docProps/core.xml": _core(paper),
        "docProps/app.xml": f'{HEAD}<Properties xmlns="{_EXTENDED}"><Application>Engross</Application></Properties>',
        "_rels/.rels": _relations(
            [
                ("document", _RELATED + "officeDocument", "word/document.xml", ""),
                ("core", _PACKAGE + "relationships/metadata/core-properties", "docProps/core.xml", ""),
                ("app", _RELATED + "extended-properties", "docProps/app.xml", ""),
                ("custom", _RELATED + "custom-properties", "docProps/custom.xml", ""),
            ]
        ),
    }
    related = [
        (kind.lower(), _RELATED + kind, f"{target}.xml", "")
        for kind, target in (
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
            ("footnotes", "footnotes"),
            ("header", "header1"),
            ("footer", "footer1"),
        )
    ]
    related += _outside(body.ledger.links)
    if note_ledger.links:
        files["word/_rels/footnotes.xml.rels"] = _relations(_outside(note_ledger.links))
    if comments:
        files.update(comment_parts(comments))
        related += RELATED
    signed = {*body.ledger.signed, *map(signed_by, comments)}
    files["docProps/custom.xml"] = _custom(paper, signed)
    octets = {name: content.encode() for name, content in files.items()}
    if picture(paper.logo) is not None:
        assert paper.logo is not None
        octets["word/media/logo.png"] = paper.logo.octets
        related.append(("logo", _RELATED + "image", "media/logo.png", ""))
    octets["word/_rels/document.xml.rels"] = _relations(related).encode()
    octets["[Content_Types].xml"] = _content_types([*octets]).encode()
    return packed(octets, paper.dated.date())


_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_DRAWN = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_TYPES = {
    "word/document.xml": f"{_OFFICE}document.main+xml",
    "word/footnotes.xml": f"{_OFFICE}footnotes+xml",
    "word/styles.xml": f"{_OFFICE}styles+xml",
    "word/numbering.xml": f"{_OFFICE}numbering+xml",
    "word/settings.xml": f"{_OFFICE}settings+xml",
    "word/fontTable.xml": f"{_OFFICE}fontTable+xml",
    "word/header1.xml": f"{_OFFICE}header+xml",
    "word/footer1.xml": f"{_OFFICE}footer+xml",
    "word/comments.xml": f"{_OFFICE}comments+xml",
    "word/commentsExtended.xml": f"{_OFFICE}commentsExtended+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
}


def _held(paper: Paper) -> str:
    return f"{shortened(paper.organisation, 70)} · {shortened(paper.title, 40)}"


def _label(paper: Paper) -> str:
    """Which text it is, at the right of the header; in a line of its own where both would not fit into one."""
    label = shortened(paper.label, 60)
    apart = "<w:r><w:br/><w:tab/></w:r>" if len(_held(paper)) + len(label) > _ONE_LINE else ""
    return apart + words(label, "")


def _part(kind: str, inside: str) -> str:
    return f"{HEAD}<w:{kind} {NAMESPACES}>{inside}</w:{kind}>"


def _footnotes(notes: Sequence[Note], body: Body) -> str:
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{id}"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr>'
        f"<w:r><w:{kind}/></w:r></w:p></w:footnote>"
        for id, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    sign = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
    sign += '<w:r><w:t xml:space="preserve"> </w:t></w:r>'
    told = []
    for note in notes:
        first, *others = note.paras or (Para(Form("FootnoteText")),)
        inside = body.para(first, sign) + body.items(others)
        told.append(f'<w:footnote w:id="{note.id}">{inside}</w:footnote>')
    return f"{HEAD}<w:footnotes {NAMESPACES}>{separators}{''.join(told)}</w:footnotes>"


def _relations(some: Sequence[tuple[str, str, str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="{id}" Type="{type}" Target="{escaped(target)}"{mode}/>' for id, type, target, mode in some
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}relationships">{told}</Relationships>'


def _outside(links: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    return [(id, _RELATED + "hyperlink", as_uri(url), ' TargetMode="External"') for url, id in links.items()]


def _content_types(names: Sequence[str]) -> str:
    told = "".join(
        f'<Override PartName="/{name}" ContentType="{_TYPES[name]}"/>' for name in sorted(names) if name in _TYPES
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f"{told}</Types>"
    )


def _core(paper: Paper) -> str:
    moment = f"{paper.dated:%Y-%m-%dT%H:%M:%SZ}"
    mark = f". {paper.mark}" if paper.mark else ""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{line(f'{paper.organisation} – {paper.title}, {paper.label}')}</dc:title>"
        f"<dc:subject>{line(f'{paper.title}. {paper.label}{mark}')}</dc:subject>"
        f"<dc:creator>{line(paper.organisation)}</dc:creator>"
        f"<cp:keywords>charter, {line(paper.charter)}</cp:keywords><dc:language>{line(paper.language)}</dc:language>"
        f"<cp:lastModifiedBy>{line(paper.organisation)}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


def _custom(paper: Paper, signed: Iterable[str]) -> str:
    """What a program has to know that takes the file back one day."""
    told = {"Engross charter": paper.charter, "Engross text": paper.label}
    if paper.revision is not None:
        told["Engross revision"] = str(paper.revision)
    told |= dict(properties(signed))
    inside = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{n}" name="{name}">'
        f"<vt:lpwstr>{line(value)}</vt:lpwstr></property>"
        for n, (name, value) in enumerate(told.items(), 2)
    )
    return (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{inside}</Properties>'
    )


def picture(logo: Logo | None) -> str | None:
    """The logo as a paragraph of the cover; None where there is none that Word can draw."""
    if logo is None or logo.media_type != "image/png" or logo.octets[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = struct.unpack(">II", logo.octets[16:24])
    scale = min(_LARGEST[0] / max(1, width), _LARGEST[1] / max(1, height), 1.0)
    across, down = (max(1, round(side * scale * 12700)) for side in (width, height))
    alt = line(logo.alt)
    return (
        '<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent cx="{across}" cy="{down}"/><wp:docPr id="1" name="Logo" descr="{alt}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="1" name="Logo" descr="{alt}"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="logo"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


__all__ = ["MEDIA_TYPE", "Paper", "picture", "written"]
