"""Small Word files written by hand, as other programs write them: parts of markup put into a package."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
HEADINGS = "".join(
    f'<w:style w:type="paragraph" w:styleId="berschrift{n}"><w:name w:val="heading {n}"/>'
    f'<w:basedOn w:val="Standard"/><w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr></w:style>'
    for n in (1, 2, 3)
)
"""The styles of headings as a German Word names them."""

STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>'
    f"{HEADINGS}"
    '<w:style w:type="paragraph" w:styleId="MeineKapitel"><w:name w:val="Meine Kapitel"/>'
    '<w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>'
    '<w:style w:type="character" w:styleId="Fett"><w:name w:val="Strong"/></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="·"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="o"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="4"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
)


def word_file(body: str, more: Mapping[str, str] | None = None, links: Mapping[str, str] | None = None) -> bytes:
    """A Word file with this body. ``more`` are other parts by their kind ("footnotes"), ``links`` addresses."""
    parts = {"styles": f"<w:styles {SPACES}>{STYLES}</w:styles>"}
    parts["numbering"] = f"<w:numbering {SPACES}>{NUMBERING}</w:numbering>"
    for kind, inside in (more or {}).items():
        space = "w15:commentsEx" if kind == "commentsExtended" else f"w:{kind}"
        parts[kind] = f"<{space} {SPACES}>{inside}</{space}>"
    rels = "".join(
        f'<Relationship Id="p{n}" Type="{_OFFICE}{kind}" Target="{kind}.xml"/>' for n, kind in enumerate(parts)
    )
    rels += "".join(
        f'<Relationship Id="{id}" Type="{_OFFICE}hyperlink" Target="{target}" TargetMode="External"/>'
        for id, target in (links or {}).items()
    )
    files = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="d" Type="{_OFFICE}officeDocument" '
            'Target="word/document.xml"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}relationships">{rels}</Relationships>',
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        **{f"word/{kind}.xml": told for kind, told in parts.items()},
    }
    return packed(files)


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Files in a package."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return made.getvalue()


def p(*runs: str, style: str = "", list: str = "", level: int = 0, mark: str = "") -> str:
    """A paragraph; runs that are no markup are words."""
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    look += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>' if list else ""
    look += f"<w:rPr>{mark}</w:rPr>" if mark else ""
    inside = "".join(one if one.startswith("<") else r(one) for one in runs)
    return f"<w:p><w:pPr>{look}</w:pPr>{inside}</w:p>"


def r(text: str, look: str = "", tag: str = "t") -> str:
    """A run of words."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def ins(text: str, by: str = "Vera", at: str = "2027-01-01T10:00:00Z") -> str:
    """Words that somebody put in."""
    return f'<w:ins w:id="1" w:author="{by}" w:date="{at}">{text if text.startswith("<") else r(text)}</w:ins>'


def gone(text: str, by: str = "Vera", at: str = "2027-01-01T10:00:00Z") -> str:
    """Words that somebody took out."""
    return f'<w:del w:id="1" w:author="{by}" w:date="{at}">{r(text, tag="delText")}</w:del>'


def mark(kind: str, by: str = "Vera", at: str = "2027-01-01T10:00:00Z") -> str:
    """The sign at the end of a paragraph that came ("ins") or went ("del")."""
    return f'<w:{kind} w:id="1" w:author="{by}" w:date="{at}"/>'


def field(told: str, shown: str) -> str:
    """A field of Word, with what it shows."""

    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f'<w:r><w:instrText xml:space="preserve"> {told} </w:instrText></w:r>'
    return char("begin") + code + char("separate") + shown + char("end")
