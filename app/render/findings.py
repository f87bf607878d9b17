"""What is wrong with a text that shall become an edition, or deserves a look: in words, and where it stands."""

from dataclasses import dataclass

from app.text.prepared import Fault, Finding, PreparedEdition, plain

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class FindingInWords:
    """A finding as a sentence, the name of the section it stands in, and its address inside the page of the text."""

    words: str
    section: str
    anchor: str


def in_words(prepared: PreparedEdition, finding: Finding) -> FindingInWords:
    """One finding of a text for people."""
    if finding.fault is Fault.ANNEXE_WITHOUT_FILE:
        title = annexe_title(prepared, finding.target)
        words = f"The annexe “{title}” has neither a file nor an address; that is allowed."
        return FindingInWords(words, "Annexes", f"annexe.{finding.target}")
    section = next((s for s in prepared.sections if s.key == finding.section), None)
    name = section.name if section is not None else "Notes"
    if finding.fault is Fault.UNUSED_NOTE:
        words = f"No sentence cites the note “{finding.target}”. It is printed at the end, as a note that is not cited."
        return FindingInWords(words, name, "page.unused")
    anchor = f"b-{finding.block}" if finding.block is not None else finding.section
    note = next((n for n in prepared.notes if any(b.block.id == finding.block for b in n.blocks())), None)
    if note is not None:
        anchor = note.anchor if note.number is not None else "page.unused"
    runs = [] if section is None else [b.runs for b in section.blocks() if b.block.id == finding.block]
    said = plain(runs[0] if runs else note.body.runs if note is not None else ())
    opening = said if len(said) <= _LONGEST_QUOTE else f"{said[:_LONGEST_QUOTE].rstrip()}…"
    subject = f"“{opening}”" if opening else "This part"
    told = {
        Fault.DANGLING_NOTE: f"cites a note “{finding.target}” that is not there.",
        Fault.DANGLING_REFERENCE: f"refers to “{finding.target}”, which is nowhere in the text.",
        Fault.UNDECLARED_ANNEXE: f"refers to the annexe “{finding.target.removeprefix('annexe:')}”, which the cover "
        "does not declare.",
    }
    return FindingInWords(f"{subject} {told[finding.fault]}", name, anchor)


def annexe_title(prepared: PreparedEdition, key: str) -> str:
    """What the annexe with that key is called."""
    return next((annexe.title for annexe in prepared.front.annexes if annexe.key == key), key)
