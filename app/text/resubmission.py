"""A text somebody wants, said as the submission that leads there: what a proposal becomes when it is taken up again."""

from app.text.digest import front_to_json
from app.text.snapshot import Section, Snapshot
from app.text.submission import ABSENT, Absent, Submission, SubmittedSection


def submission_between(base: Snapshot, wanted: Snapshot) -> Submission:
    """The submission that makes the ``wanted`` text of the base: only sections and fields that differ are in it.

    Sections are placed one by one as soon as their order differs in any way; a section that is to be taken out comes
    first, so that another one may take its key.
    """
    kept = [section.id for section in wanted.sections if base.section_by_id(section.id) is not None]
    was = [section.id for section in base.sections if wanted.section_by_id(section.id) is not None]
    reordered = kept != was
    gone = {section.key for section in base.sections if wanted.section_by_id(section.id) is None}
    keys = {section.key for section in wanted.sections}
    sent = [SubmittedSection(key=key, remove=True) for key in sorted(gone - keys)]
    before: str | None = None
    for section in wanted.sections:
        old = base.section_by_id(section.id)
        after: str | Absent | None = before if reordered or old is None else ABSENT
        if old is None or _differs(old, section) or after is not ABSENT:
            sent.append(
                SubmittedSection(
                    key=section.key if old is None else old.key,
                    kind=section.kind if old is None or old.kind is not section.kind else None,
                    blocks=section.blocks if old is None or old.blocks != section.blocks else None,
                    heading=section.heading if old is None or old.heading != section.heading else None,
                    after=after,
                )
            )
        before = section.key
    old_front, new_front = front_to_json(base.front), front_to_json(wanted.front)
    front = {name: value for name, value in new_front.items() if old_front[name] != value}
    return Submission(tuple(sent), front)


def _differs(old: Section, new: Section) -> bool:
    return (old.kind, old.heading, old.blocks) != (new.kind, new.heading, new.blocks)
