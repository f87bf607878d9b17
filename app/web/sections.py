"""What sections are called on our pages, with or without a heading of their own."""

from app.text.dialect import plain
from app.text.places import section_name
from app.text.snapshot import Section, Snapshot


def name_of(section: Section) -> str:
    """The heading as it is read, or a name made from the kind; it can begin a line."""
    name = section_name(section, plain(section.heading))
    return name[:1].upper() + name[1:]


def names_by_id(*texts: Snapshot) -> dict[str, str]:
    """The names of all sections of these texts in reading order; of a section in several, the first text's."""
    found: dict[str, str] = {}
    for text in texts:
        for section in text.sections:
            found.setdefault(section.id, name_of(section))
    return found


def names_by_key(*texts: Snapshot) -> dict[str, str]:
    """The same by key."""
    found: dict[str, str] = {}
    for text in texts:
        for section in text.sections:
            found.setdefault(section.key, name_of(section))
    return found
