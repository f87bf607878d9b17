"""The redline of two texts as it is set on paper: what changed, and who decided each change."""

from collections.abc import Mapping, Sequence

from app.queries.origins import Origin
from app.render.pdf.redline import Behind, ComparedText, Sheet
from app.text.comparing import Comparison
from app.text.dialect import plain
from app.text.places import section_name
from app.text.redline import SectionState
from app.text.snapshot import Snapshot


def behind_by_number(found: Mapping[str, Sequence[Origin]], made: Comparison) -> dict[int, Sequence[Origin]]:
    """The proposals and decisions behind each change in words, by its number; nothing for one that has none.

    ``found`` is what was merged, by the id of the block or section, or the field of the cover, it changed.
    """
    behind: dict[int, Sequence[Origin]] = {}
    for n, change in enumerate(made.front, 1):
        field = "annexes" if change.field.startswith("annexe:") else change.field
        behind[n] = found.get(f"front.{field}", ())
    for part in made.parts:
        section = part.row.section.id
        whole = found.get(section, ()) if part.row.state is not SectionState.KEPT else ()
        behind.update(dict.fromkeys(part.numbers, found.get(section, ())))
        for line in part.lines:
            if line.number is not None:
                behind[line.number] = found.get(line.entry.block.id or "", ()) or whole
    return behind


def redline_sheet(
    charter: str, old: ComparedText, new: ComparedText, made: Comparison, origins: Mapping[int, Sequence[Origin]]
) -> Sheet:
    """All that the paper says. It depends on no day: the same two texts give the same bytes."""
    behind = {
        number: tuple(
            Behind(
                one.ref,
                one.title,
                one.author,
                one.decided_by,
                one.decided_at,
                one.amended,
                one.against_rule,
                one.reason,
                one.revision,
            )
            for one in some
        )
        for number, some in origins.items()
    }
    return Sheet(charter=charter, old=old, new=new, made=made, behind=behind, names=section_names(new.text, old.text))


def section_names(new: Snapshot, old: Snapshot) -> dict[str, str]:
    """What the sections of both texts are called, by key; where they differ, as the newer one says."""
    return {s.key: section_name(s, plain(s.heading)) for text in (old, new) for s in text.sections}
