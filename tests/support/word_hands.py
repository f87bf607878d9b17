"""What people do to a Word document before it comes back: change words, tracked or not, and comment on them."""

import io
import re
import zipfile
from collections.abc import Callable

LATER = "2031-05-04T10:20:00Z"
"""A moment after every document of a test was made."""

_COMMENTS = "word/comments.xml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"


def replaced(octets: bytes, old: str, new: str, by: str, at: str = LATER) -> bytes:
    """These words are taken out and others put in, tracked under a name; "" for ``new`` takes them out alone."""
    signed = f'w:id="9001" w:author="{by}" w:date="{at}"'

    def act(look: str, before: str, after: str) -> str:
        gone = f'<w:del {signed}><w:r>{look}<w:delText xml:space="preserve">{old}</w:delText></w:r></w:del>'
        come = f"<w:ins {signed}>{_run(look, new)}</w:ins>" if new else ""
        return f"{_run(look, before)}{gone}{come}{_run(look, after)}"

    return _at(octets, old, act)


def overwritten(octets: bytes, old: str, new: str) -> bytes:
    """The same without a trace."""
    return _at(octets, old, lambda look, before, after: _run(look, before + new + after))


def commented(octets: bytes, words: str, said: str, by: str, at: str = LATER, number: int = 700) -> bytes:
    """Somebody comments on these words."""

    def act(look: str, before: str, after: str) -> str:
        return (
            f'{_run(look, before)}<w:commentRangeStart w:id="{number}"/>{_run(look, words)}'
            f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>{_run(look, after)}'
        )

    comment = (
        f'<w:comment w:id="{number}" w:author="{by}" w:date="{at}" w:initials="X">'
        f'<w:p><w:r><w:t xml:space="preserve">{said}</w:t></w:r></w:p></w:comment>'
    )

    def with_comment(files: dict[str, str]) -> None:
        if _COMMENTS in files:
            files[_COMMENTS] = files[_COMMENTS].replace("</w:comments>", f"{comment}</w:comments>")
            return
        files[_COMMENTS] = f"<w:comments {_W}>{comment}</w:comments>"
        named = f'<Override PartName="/{_COMMENTS}" ContentType="{_TYPE}"/></Types>'
        files["[Content_Types].xml"] = files["[Content_Types].xml"].replace("</Types>", named)
        leads = f'<Relationship Id="comments" Type="{_KIND}" Target="comments.xml"/></Relationships>'
        path = "word/_rels/document.xml.rels"
        files[path] = files[path].replace("</Relationships>", leads)

    return _rewritten(_at(octets, words, act), with_comment)


def of_charter(octets: bytes, key: str) -> bytes:
    """The same document, if it were of the charter with that key."""

    def rename(files: dict[str, str]) -> None:
        path = "docProps/custom.xml"
        files[path] = re.sub(r'(name="Engross charter"><vt:lpwstr>)[^<]*', rf"\g<1>{key}", files[path])

    return _rewritten(octets, rename)


def with_part(octets: bytes, name: str, part: bytes, *, stored: bool = False) -> bytes:
    """The same document with one part more; ``stored``: as it is, not packed."""
    made = io.BytesIO(octets)
    with zipfile.ZipFile(made, "a") as more:
        more.writestr(name, part, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _at(octets: bytes, words: str, act: Callable[[str, str, str], str]) -> bytes:
    """The run with these words, which has to be one, as ``act`` writes it from its look and what is around them."""
    around = re.compile(
        r"<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t xml:space=\"preserve\">([^<]*?)"
        + re.escape(words)
        + r"([^<]*)</w:t></w:r>"
    )

    def change(files: dict[str, str]) -> None:
        text = files["word/document.xml"]
        found = around.search(text)
        assert found is not None, f"{words!r} is in no run of this document"
        made = act(found[1] or "", found[2], found[3])
        files["word/document.xml"] = text[: found.start()] + made + text[found.end() :]

    return _rewritten(octets, change)


def _run(look: str, words: str) -> str:
    return f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r>' if words else ""


def _rewritten(octets: bytes, change: Callable[[dict[str, str]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(octets)) as given:
        binary = {name: given.read(name) for name in given.namelist()}
    files = {name: part.decode() for name, part in binary.items() if name.endswith((".xml", ".rels"))}
    change(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, part in {**binary, **{name: text.encode() for name, text in files.items()}}.items():
            kept.writestr(name, part)
    return made.getvalue()
