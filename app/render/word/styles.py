"""How a Word file looks: its styles, its lists and its typefaces. Serif is the charter's voice, sans is ours."""

import re

from app.render.word.forms import STEP
from app.render.word.shapes import BULLETS, FIRST_LIST, Lists

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Word refuses a file in a language that is none.
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "ckb", "dv", "sd", "ug"})
_EASTERN = frozenset({"zh", "ja", "ko"})

_SERIF = '<w:rFonts w:ascii="Cambria" w:hAnsi="Cambria" w:eastAsia="Cambria" w:cs="Times New Roman"/>'
_SANS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Arial"/>'
_MONO = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:eastAsia="Consolas" w:cs="Courier New"/>'
_INK, _QUIET, _RED = '<w:color w:val="1F3A33"/>', '<w:color w:val="595959"/>', '<w:color w:val="A3271B"/>'
_BOLD = "<w:b/><w:bCs/>"


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _space(before: int, after: int, line: int = 0) -> str:
    leading = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{leading}/>'


def _style(
    id: str, name: str, base: str, paragraph: str = "", run: str = "", *, following: str = "", shown: bool = True
) -> str:
    then = f'<w:next w:val="{following}"/>' if following else ""
    look = (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "") + (f"<w:rPr>{run}</w:rPr>" if run else "")
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    default = ' w:default="1"' if not base else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{id}"><w:name w:val="{name}"/>{based}{then}'
        f"{'<w:qFormat/>' if shown else ''}{look}</w:style>"
    )


def _heading(id: str, name: str, level: int, paragraph: str, run: str) -> str:
    # The level comes last but one in the look of a paragraph, after its spacing.
    look = f'<w:keepNext/><w:keepLines/>{paragraph}<w:outlineLvl w:val="{level}"/>'
    return _style(id, name, "Normal", look, run, following="BodyText")


def _character(id: str, name: str, run: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr>{run}</w:rPr></w:style>'
    )


def _contents(level: int, indent: int, before: int, run: str) -> str:
    look = (
        '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8958"/></w:tabs>'
        f'{_space(before, 40)}<w:ind w:left="{indent}"/>'
    )
    return _style(f"TOC{level}", f"toc {level}", "Normal", look, run, shown=False)


_RULE = '<w:pBdr><w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/></w:pBdr>'


def _border(side: str, size: int, space: int, color: str) -> str:
    return _RULE.format(side=side, size=size, space=space, color=color)


_STYLES = (
    _style("Normal", "Normal", "", "", ""),
    _style("BodyText", "Body Text", "Normal", _space(0, 140, 288)),
    _style("Notice", "Notice", "BodyText", _space(480, 140, 288)),
    _style("ListParagraph", "List Paragraph", "Normal", _space(0, 90, 283)),
    _style("Quote", "Quote", "Normal", _border("left", 12, 10, "A9B8B2") + _space(0, 120, 283), "<w:i/><w:iCs/>"),
    _style(
        "Code",
        "Code",
        "Normal",
        f'<w:shd w:val="clear" w:color="auto" w:fill="F3F3F0"/><w:suppressAutoHyphens/>{_space(60, 160, 252)}',
        _MONO + _size(19),
    ),
    _style("Rule", "Dividing Line", "Normal", _border("bottom", 6, 1, "A9B8B2") + _space(120, 240)),
    _style("TableText", "Table Text", "Normal", _space(40, 40, 252), _size(20)),
    _style("TableHead", "Table Head", "TableText", "<w:keepNext/>", _BOLD),
    _style("TableEnd", "Table End", "Normal", _space(0, 60, 160), _size(8)),
    _style("Title", "Title", "Normal", _space(3400, 240) + "", _INK + _size(64)),
    _style("Subtitle", "Subtitle", "Normal", _space(0, 900), _size(40)),
    _style("CoverEdition", "Cover Edition", "Normal", _border("top", 8, 14, "1F3A33") + _space(0, 0), _size(28)),
    _style("CoverMark", "Cover Mark", "Normal", _space(0, 0), _SANS + _BOLD + _RED + _size(26)),
    _style("Imprint", "Imprint", "Normal", _space(0, 20), _QUIET + _size(20)),
    _style(
        "TOCHeading",
        "TOC Heading",
        "Normal",
        "<w:keepNext/>" + _space(480, 200),
        _INK + _size(32),
        following="BodyText",
    ),
    _contents(1, 0, 100, ""),
    _contents(2, 340, 20, _size(20)),
    _heading("Heading1", "heading 1", 0, _space(520, 180), _INK + _size(36)),
    _heading("Heading2", "heading 2", 1, _space(320, 120), _BOLD + _size(25)),
    _heading("Heading3", "heading 3", 2, _space(260, 100), _BOLD + _size(22)),
    _heading("Heading4", "heading 4", 3, _space(220, 80), _BOLD + "<w:i/><w:iCs/>" + _size(22)),
    _heading("GoalTitle", "Goal Title", 1, _space(320, 120), _BOLD + _size(25)),
    _style("AnnexeTitle", "Annexe Title", "Normal", "<w:keepNext/>" + _space(160, 40), _BOLD),
    _style("AnnexePlace", "Annexe Place", "Normal", _space(0, 40), _QUIET + _size(19)),
    _style("NotesOnly", "Notes Cited In Notes", "Normal", _space(240, 120), _QUIET + _size(19)),
    _style("Gap", "Gap", "Normal", _space(0, 300, 240), _size(8), shown=False),
    _style(
        "TextEnd",
        "Text End",
        "Normal",
        '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>',
        _size(2),
    ),
    _style("FootnoteText", "footnote text", "Normal", _space(0, 50, 247), _size(18), shown=False),
    _style("CommentText", "annotation text", "Normal", _space(0, 60), _SANS + _size(20), shown=False),
    _style(
        "Header",
        "header",
        "Normal",
        f'{_border("bottom", 4, 4, "A9B8B2")}<w:tabs><w:tab w:val="right" w:pos="8958"/></w:tabs>',
        _QUIET + _size(17),
        shown=False,
    ),
    _style(
        "Footer",
        "footer",
        "Normal",
        '<w:tabs><w:tab w:val="right" w:pos="8958"/></w:tabs>',
        _QUIET + _size(17),
        shown=False,
    ),
    _style("RunningMark", "Running Mark", "Normal", _space(0, 40), _SANS + _BOLD + _RED + _size(17), shown=False),
    _character("Hyperlink", "Hyperlink", '<w:color w:val="1B5E4B"/><w:u w:val="single"/>'),
    _character("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
    _character("InlineCode", "Inline Code", _MONO + _size(19)),
    _character("Unseen", "Unseen Character", _MONO + _RED + _size(16)),
    _character("CommentReference", "annotation reference", _size(16)),
)

_TABLES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr>'
    '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="CharterTable"><w:name w:val="Charter Table"/><w:basedOn w:val="TableNormal"/>'
    '<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="1F3A33"/>'
    '<w:bottom w:val="single" w:sz="8" w:space="0" w:color="1F3A33"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="C9D2CE"/></w:tblBorders></w:tblPr></w:style>'
)


def styles(language: str) -> str:
    """The styles of a file whose text is in that language, a BCP 47 tag."""
    tongue = language if _TAG.fullmatch(language) else "en"
    kind = tongue.partition("-")[0].lower()
    more = f' w:bidi="{tongue}"' if kind in _RIGHT_TO_LEFT else f' w:eastAsia="{tongue}"' if kind in _EASTERN else ""
    return (
        f"{HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{_SERIF}{_size(22)}"
        f'<w:lang w:val="{tongue}"{more}/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        f"{''.join(_STYLES[:1])}"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        f"{_TABLES}{''.join(_STYLES[1:])}"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style></w:styles>'
    )


_COUNTED = {
    "decimal": "decimal",
    "upper-alpha": "upperLetter",
    "lower-alpha": "lowerLetter",
    "upper-roman": "upperRoman",
    "lower-roman": "lowerRoman",
}
_KINDS = ("bullet", *_COUNTED, "goal")
_DOTS = "•–•–•–•–•"


def numbering(lists: Lists) -> str:
    """The lists of a file. All bullets are one; every other list counts by itself, from its own first number."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:nsid w:val="{0x45470001 + n:08X}"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="{0x45471001 + n:08X}"/>'
        f"{''.join(_level(kind, level) for level in range(9))}</w:abstractNum>"
        for n, kind in enumerate(_KINDS)
    )
    bullets = f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>'
    others = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{_KINDS.index(kind)}"/><w:lvlOverride w:ilvl="{level}">'
        f'<w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        for n, (kind, level, start) in enumerate(lists.found, FIRST_LIST)
    )
    return f"{HEAD}<w:numbering {NAMESPACES}>{kinds}{bullets}{others}</w:numbering>"


def _level(kind: str, level: int) -> str:
    form = "bullet" if kind == "bullet" else _COUNTED.get(kind, "decimal")
    sign = _DOTS[level] if kind == "bullet" else f"Goal %{level + 1}:" if kind == "goal" else f"%{level + 1}."
    after = '<w:suff w:val="space"/>' if kind == "goal" else '<w:suff w:val="tab"/>'
    indent = "" if kind == "goal" else f'<w:pPr><w:ind w:left="{STEP * (level + 1)}" w:hanging="{STEP}"/></w:pPr>'
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{after}<w:lvlText w:val="{sign}"/>'
        f'<w:lvlJc w:val="left"/>{indent}</w:lvl>'
    )


def settings(*, tracking: bool) -> str:
    """What Word is told about the file; ``tracking``: what is typed from now on is a tracked change too."""
    return (
        f'{HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/>{"<w:trackRevisions/>" if tracking else ""}'
        '<w:defaultTabStop w:val="708"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat></w:settings>"
    )


def _font(name: str, family: str, pitch: str, other: str) -> str:
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="00"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
    )


FONTS = (
    f"{HEAD}<w:fonts {NAMESPACES}>"
    f"{_font('Cambria', 'roman', 'variable', 'Caladea')}{_font('Calibri', 'swiss', 'variable', 'Carlito')}"
    f"{_font('Consolas', 'modern', 'fixed', 'Courier New')}</w:fonts>"
)
