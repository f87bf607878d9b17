"""The rules of a Word file that Word insists on and LibreOffice forgives, each checked on every file we write."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from xml.etree import ElementTree as ET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/"

ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss "
    "imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd "
    "fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    "trPr": "cantSplit tblHeader ins del trPrChange",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tc": "tcPr p",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "settings": "writeProtection view zoom revisionView trackRevisions documentProtection defaultTabStop "
    "autoHyphenation characterSpacingControl footnotePr endnotePr compat themeFontLang",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols titlePg",
}
CHANGES = ("ins", "del", "moveFrom", "moveTo", "pPrChange", "rPrChange", "moveFromRangeStart", "moveToRangeStart")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NAME = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)
REFERS = re.compile(r"\s(?:NOTEREF|PAGEREF) (\S+) ")


def parts(octets: bytes) -> dict[str, bytes]:
    """The parts of a file, in their order."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def faults(octets: bytes) -> list[str]:
    """Everything for which Word would refuse the file, or show something else than was meant."""
    return list(_Check(parts(octets)).all())


class _Check:
    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.trees = {n: ET.fromstring(f) for n, f in files.items() if n.endswith((".xml", ".rels"))}
        self.told = {n: t for n, t in self.trees.items() if n.startswith("word/") and n.endswith(".xml")}
        self.text = self.trees["word/document.xml"]

    def all(self) -> Iterator[str]:
        yield from self.package()
        for name, tree in self.told.items():
            yield from (f"{name}: {fault}" for fault in self.order(tree))
            yield from (f"{name}: {fault}" for fault in self.shapes(tree))
        yield from self.marks()
        yield from self.references()

    def package(self) -> Iterator[str]:
        if next(iter(self.files)) != "[Content_Types].xml":
            yield "the list of content types comes first"
        types = self.trees["[Content_Types].xml"]
        named = {e.get("PartName") for e in types if e.tag.endswith("Override")}
        endings = {e.get("Extension") for e in types if e.tag.endswith("Default")}
        for name in self.files:
            if f"/{name}" not in named and name.rpartition(".")[2] not in endings:
                yield f"no content type for {name}"
        yield from (f"{name} is named and missing" for name in named if (name or "")[1:] not in self.files)
        reached = set()
        for name, tree in self.trees.items():
            if not name.endswith(".rels"):
                continue
            home = dirname(dirname(name))
            ids = [e.get("Id") for e in tree]
            if len(set(ids)) != len(ids):
                yield f"{name}: an id twice"
            for e in tree:
                target = normpath(join(home, e.get("Target", "")))
                if e.get("TargetMode") != "External":
                    reached.add(target)
                    if target not in self.files:
                        yield f"{name}: {target} is missing"
                elif re.search(r"[\s<>\"{}|\\^`]", e.get("Target", "")):
                    yield f"{name}: {e.get('Target')} is no address"
        for name in self.told:
            rels = self.trees.get(f"word/_rels/{name.rpartition('/')[2]}.rels")
            known = set() if rels is None else {e.get("Id") for e in rels}
            used = {v for e in self.trees[name].iter() for k, v in e.attrib.items() if k.startswith(R)}
            yield from (f"{name}: {id} is not related" for id in used - known)
        yield from (f"{n} is reached by nothing" for n in self.told if n not in reached)

    def order(self, tree: ET.Element) -> Iterator[str]:
        for e in tree.iter():
            wanted = ORDER.get(e.tag.removeprefix(W), "").split()
            if not wanted:
                continue
            names = [child.tag.removeprefix(W) for child in e]
            yield from (f"{name} in {e.tag}" for name in names if name not in wanted)
            places = [wanted.index(name) for name in names if name in wanted]
            if places != sorted(places):
                yield f"order of {names} in {e.tag.removeprefix(W)}"
            many = {"tr", "lvl", "abstractNum", "num", "p", "headerReference", "footerReference"}
            yield from (f"{name} twice" for name, n in Counter(names).items() if n > 1 and name not in many)

    def shapes(self, tree: ET.Element) -> Iterator[str]:
        above = {child: parent for parent in tree.iter() for child in parent}
        depth = 0
        for e in tree.iter():
            tag = e.tag.removeprefix(W)
            if tag == "tc" and (len(e) == 0 or e[-1].tag != f"{W}p"):
                yield "a cell without a paragraph at its end"
            if tag == "tbl":
                wide = len(e.findall(f"{W}tblGrid/{W}gridCol"))
                if any(len(row.findall(f"{W}tc")) != wide for row in e.findall(f"{W}tr")):
                    yield "a row of another width"
                if not e.findall(f"{W}tr"):
                    yield "a table without rows"
            if tag in ("t", "delText", "instrText", "delInstrText"):
                gone = any(one.tag == f"{W}del" for one in _up(e, above))
                if gone != (tag in ("delText", "delInstrText")):
                    yield f"{tag} {'inside' if gone else 'outside'} of what was taken out"
                if above[e].tag != f"{W}r":
                    yield f"{tag} outside of a run"
                if e.text != (e.text or "").strip() and not any(k.endswith("}space") for k in e.attrib):
                    yield "spaces at an edge that would be lost"
            if tag == "hyperlink" and above[e].tag != f"{W}p":
                yield "a link outside of a paragraph"
            if tag in ("ins", "del", "moveFrom", "moveTo") and above[e].tag in (f"{W}p", f"{W}hyperlink"):
                inside = {child.tag.removeprefix(W) for child in e}
                if inside - {"r"} or not inside:
                    yield f"{tag} around {inside}"
            if tag == "fldChar":
                depth += {"begin": 1, "end": -1}.get(e.get(f"{W}fldCharType", ""), 0)
                if depth < 0:
                    yield "a field ends that did not begin"
        if depth:
            yield "a field does not end"

    def marks(self) -> Iterator[str]:
        ids: Counter[str | None] = Counter()
        names: Counter[str] = Counter()
        for tree in (self.text, self.trees["word/footnotes.xml"]):
            found: dict[str, Counter[str | None]] = {}
            for e in tree.iter():
                tag = e.tag.removeprefix(W)
                found.setdefault(tag, Counter())[e.get(f"{W}id")] += 1
                if tag in (*CHANGES, "bookmarkStart"):
                    ids[e.get(f"{W}id")] += 1
                if tag in CHANGES and not (e.get(f"{W}author") and MOMENT.fullmatch(e.get(f"{W}date", ""))):
                    yield f"{tag} without author or moment"
                if tag == "bookmarkStart":
                    names[e.get(f"{W}name", "").lower()] += 1
                    if not NAME.fullmatch(e.get(f"{W}name", "")):
                        yield f"the name {e.get(f'{W}name')}"
            for pair in ("bookmark", "moveFromRange", "moveToRange", "commentRange"):
                if found.get(f"{pair}Start") != found.get(f"{pair}End"):
                    yield f"{pair} not paired"
            moves = {
                kind: Counter(e.get(f"{W}name") for e in tree.iter(f"{W}{kind}RangeStart"))
                for kind in ("moveFrom", "moveTo")
            }
            if moves["moveFrom"] != moves["moveTo"] or any(n > 1 for n in moves["moveTo"].values()):
                yield f"moves {moves}"
        yield from (f"the mark {id} twice" for id, n in ids.items() if n > 1)
        yield from (f"the place {name} twice" for name, n in names.items() if n > 1)
        for e in (e for tree in self.told.values() for e in tree.iter()):
            anchor = e.get(f"{W}anchor")
            if anchor is not None and anchor.lower() not in names:
                yield f"a link to {anchor}"
            if e.tag in (f"{W}instrText", f"{W}delInstrText"):
                yield from (f"refers to {n}" for n in REFERS.findall(e.text or "") if n.lower() not in names)

    def references(self) -> Iterator[str]:
        known = {e.get(f"{W}styleId") for e in self.trees["word/styles.xml"].iter(f"{W}style")}
        lists = {e.get(f"{W}numId") for e in self.trees["word/numbering.xml"].iter(f"{W}num")}
        kinds = {e.get(f"{W}abstractNumId") for e in self.trees["word/numbering.xml"].iter(f"{W}abstractNum")}
        for name, tree in self.told.items():
            for e in tree.iter():
                tag, value = e.tag.removeprefix(W), e.get(f"{W}val")
                if tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next") and value not in known:
                    yield f"{name}: no style {value}"
                if tag == "numId" and value not in lists:
                    yield f"{name}: no list {value}"
                if tag == "abstractNumId" and value not in kinds:
                    yield f"{name}: no kind of list {value}"
        notes = [e.get(f"{W}id") for e in self.trees["word/footnotes.xml"]]
        cited = [e.get(f"{W}id") for e in self.text.iter(f"{W}footnoteReference")]
        if notes[:2] != ["-1", "0"] or notes[2:] != cited:
            yield f"notes {notes} cited as {cited}"
        remarks = self.trees.get("word/comments.xml")
        told = [] if remarks is None else [e.get(f"{W}id") for e in remarks]
        if sorted(told, key=str) != sorted((e.get(f"{W}id") for e in self.text.iter(f"{W}commentReference")), key=str):
            yield f"comments {told}"


def _up(e: ET.Element, above: dict[ET.Element, ET.Element]) -> Iterator[ET.Element]:
    while e in above:
        e = above[e]
        yield e
