"""What sections are called on our pages, with or without a heading of their own."""

from app.text.dialect import plain
from app.text.places import section_name
from app.text.snapshot import Section, Snapshot


def name_of(section: Section) -> str:
    """The heading as it is read, or a name made from the kind; it can begin a line."""
    name = _inside_a_sentence(section)
    return name[:1].upper() + name[1:]


def _inside_a_sentence(section: Section) -> str:
    return section_name(section, plain(section.heading))


def names_by_id(*texts: Snapshot) -> dict[str, str]:
    """What the sections of these texts are called inside a sentence, in reading order.

    Of a section that stands in several of them it is the first text's name.
    """
    found: dict[str, str] = {}
    for text in texts:
        for section in text.sections:
            found.setdefault(section.id, _inside_a_sentence(section))
    return found


def names_by_key(*texts: Snapshot) -> dict[str, str]:
    """The same by key."""
    found: dict[str, str] = {}
    for text in texts:
        for section in text.sections:
            found.setdefault(section.key, _inside_a_sentence(section))
    return found
