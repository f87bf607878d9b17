"""LibreOffice as a judge of our Word files: it converts many in one call, and accepts or rejects all their changes."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

_CALL = ("soffice", "--headless", "--norestore")
_PATIENCE = 300
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "x">\n'
)
_FILES = {
    "script.xlc": _HEAD.format("library:libraries")
    + '<library:libraries xmlns:library="http://openoffice.org/2000/library" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><library:library library:name="Standard" '
    'xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/></library:libraries>',
    "Standard/script.xlb": _HEAD.format("library:library")
    + '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" '
    'library:readonly="false" library:passwordprotected="false"><library:element library:name="Judge"/>'
    "</library:library>",
    "Standard/Judge.xba": _HEAD.format("script:module")
    + """<script:module xmlns:script="http://openoffice.org/2000/script"
    script:name="Judge" script:language="StarBasic">
Sub Decide(folder As String, act As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  Dim out(0) As New com.sun.star.beans.PropertyValue
  out(0).Name = "FilterName" : out(0).Value = "MS Word 2007 XML"
  name = Dir(folder &amp; "/*.docx")
  Do While name &lt;&gt; ""
    doc = StarDesktop.loadComponentFromURL(ConvertToURL(folder &amp; "/" &amp; name), "_blank", 0, hidden())
    helper = createUnoService("com.sun.star.frame.DispatchHelper")
    helper.executeDispatch(doc.CurrentController.Frame, ".uno:" &amp; act &amp; "AllTrackedChanges", "", 0, Array())
    doc.storeToURL(ConvertToURL(folder &amp; "/" &amp; act &amp; "/" &amp; name), out())
    doc.close(True)
    name = Dir()
  Loop
End Sub
Sub WorkOn(source As String, target As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  Dim out(0) As New com.sun.star.beans.PropertyValue
  out(0).Name = "FilterName" : out(0).Value = "MS Word 2007 XML"
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  doc.RecordChanges = True
  Found(doc, "key partners").String = "equal partners"
  at = Found(doc, "Exceptions may be made")
  whole = at.Text.createTextCursorByRange(at)
  whole.gotoStartOfParagraph(False) : whole.gotoNextParagraph(True) : whole.String = ""
  at = Found(doc, "Through collective engagement")
  at.Text.insertControlCharacter(at.Start, com.sun.star.text.ControlCharacter.PARAGRAPH_BREAK, False)
  at = Found(doc, "Being a global community")
  after = at.Text.createTextCursorByRange(at)
  after.gotoEndOfParagraph(False)
  at.Text.insertControlCharacter(after, com.sun.star.text.ControlCharacter.PARAGRAPH_BREAK, False)
  at.Text.insertString(after, "Being heard everywhere", False)
  Found(doc, "unified voice").CharWeight = com.sun.star.awt.FontWeight.BOLD
  note = doc.createInstance("com.sun.star.text.Footnote")
  at = Found(doc, "healthcare research")
  at.Text.insertTextContent(at.End, note, False)
  note.insertString(note.createTextCursor(), "As defined elsewhere.", False)
  said = doc.createInstance("com.sun.star.text.textfield.Annotation")
  said.Content = "Is this English?" : said.Author = "Olga"
  at = Found(doc, "Leveraging collective")
  at.Text.insertTextContent(at, said, True)
  doc.storeToURL(ConvertToURL(target), out())
  doc.close(True)
End Sub
Function Found(doc, words As String)
  wanted = doc.createSearchDescriptor()
  wanted.SearchString = words
  Found = doc.findFirst(wanted)
End Function
</script:module>""",
}


def converted(files: Iterable[Path], ending: str, folder: Path) -> dict[str, bytes]:
    """The files in another form (pdf, txt:Text …), by their names without ending."""
    done = _run(folder, "--convert-to", ending, "--outdir", str(folder), *map(str, files))
    short = ending.partition(":")[0]
    made = {file.stem: file.read_bytes() for file in folder.glob(f"*.{short}")}
    assert made, done
    return made


def decided(folder: Path, act: str) -> dict[str, bytes]:
    """All Word files of a folder with every change accepted ("Accept") or rejected ("Reject"), by their names."""
    (folder / act).mkdir()
    done = _macro(folder, f'Decide("{folder}","{act}")')
    made = {file.stem: file.read_bytes() for file in (folder / act).glob("*.docx")}
    assert len(made) == len(list(folder.glob("*.docx"))), done
    return made


def worked_on(octets: bytes, folder: Path) -> bytes:
    """The Word file of PEPs after somebody has worked on it, with changes recorded as LibreOffice records them.

    Words were replaced, a paragraph taken out and one split, an item added, words made bold, a footnote put in, and
    something was said.
    """
    source, target = folder / "before.docx", folder / "after.docx"
    source.write_bytes(octets)
    done = _macro(folder, f'WorkOn("{source}","{target}")')
    assert target.is_file(), done
    return target.read_bytes()


def _macro(folder: Path, call: str) -> str:
    home = folder.parent / "office-home" / "user" / "basic"
    if not home.is_dir():
        # At its first start it puts its own things there, over ours.
        _run(folder, "--terminate_after_init")
    for name, told in _FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(told, encoding="utf-8")
    return _run(folder, f"macro:///Standard.Judge.{call}")


def _run(folder: Path, *words: str) -> str:
    # LibreOffice 7.4 sometimes falls over when it leaves: what counts is that everything was written before.
    home = f"-env:UserInstallation=file://{folder.parent / 'office-home'}"
    done = subprocess.run([*_CALL, home, *words], capture_output=True, text=True, timeout=_PATIENCE, check=False)
    return f"{done.returncode}: {done.stderr}"
