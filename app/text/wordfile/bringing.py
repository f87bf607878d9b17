"""What a Word file brings to a text."""

from collections.abc import Iterator
from dataclasses import replace

from app.text.merge import UnsoundMerge, merge_snapshots
from app.text.resubmission import submission_between
from app.text.snapshot import Section, Snapshot
from app.text.submission import Submission
from app.text.uncollected import uncollected
from app.text.wordfile.accepted import with_known_accepted
from app.text.wordfile.package import refused
from app.text.wordfile.remarks import remarks_of
from app.text.wordfile.shapes import Brought, Left, Suggestion
from app.text.wordfile.story import Change, WordFile
from app.text.wordfile.wanted import Readings

# So many paragraphs are read, once for each person, in a few seconds.
_MOST_READINGS = 200_000


@uncollected
def bring(file: WordFile, base: Snapshot) -> Brought:
    """What each person changed and said in the file, on the text it is brought to, and what could not be brought."""
    readings = _readings(file, base)
    suggestions: list[Suggestion] = []
    untracked = submission_between(base, readings.first)
    if _says(untracked):
        suggestions.append(Suggestion("", untracked, None))
    authors = _authors(file)
    if len(authors) * readings.size > _MOST_READINGS:
        raise refused(
            f"This Word file holds changes of {len(authors)} people, more than can be read at once. "
            "Accept or reject those of some of them, save the file, and choose it again.",
            "too-many-people",
        )
    for author in authors:
        mine = [change for change in file.changes if change.author == author and not change.known]
        text = readings.text(lambda change, author=author: change.author == author and not change.known)  # type: ignore[misc]
        own = text if readings.first == base else _own(base, readings.first, text)
        sent = submission_between(base, own)
        if text != readings.first and _says(sent):
            moments = [change.at for change in mine if change.at is not None]
            suggestions.append(Suggestion(author, sent, max(moments, default=None)))
    readings.say_what_is_aside()
    aside = {one.number for one in readings.layout.aside}
    for finding in readings.findings:
        if finding.paragraph not in aside:
            readings.say(finding.what, finding.where or readings.words_at(finding.paragraph))
    known = sum(one.known for one in file.comments)
    left = tuple(readings.left)
    if readings.more:
        left = (*left, Left(f"{readings.more} more things like these were left out.", ""))
    return Brought(tuple(suggestions), remarks_of(readings), left, file.known, known)


def _readings(file: WordFile, base: Snapshot) -> Readings:
    """The file over the base, which is the older or the newer of the two texts that a redline was made of."""
    older = Readings(file, base)
    if not file.known or older.first == base:
        return older
    newer = Readings(with_known_accepted(file), base)
    return newer if _apart(newer.first, base) < _apart(older.first, base) else older


def _apart(text: Snapshot, base: Snapshot) -> int:
    """How many sections and blocks two texts do not have in common, each after the same."""
    one, other = ({part for section in side.sections for part in _parts(section)} for side in (text, base))
    places = [[section.id for section in side.sections] for side in (text, base)]
    return len(one ^ other) + (places[0] != places[1])


def _parts(section: Section) -> Iterator[tuple[object, ...]]:
    yield section.id, section.heading
    before: str | None = None
    for block in section.blocks:
        yield section.id, before, block
        before = block.id


def _says(sent: Submission) -> bool:
    return bool(sent.sections or sent.front)


def _authors(file: WordFile) -> list[str]:
    """Who changed something since the file left here, in the order of their first changes."""
    first: dict[str, float] = {}
    for n, change in enumerate(file.changes):
        if not change.known:
            at = _when(change, n)
            first[change.author] = min(at, first.get(change.author, at))
    return sorted(first, key=lambda author: first[author])


def _when(change: Change, n: int) -> float:
    return change.at.timestamp() if change.at is not None else 1e12 + n


def _own(base: Snapshot, standing: Snapshot, text: Snapshot) -> Snapshot:
    """What one person changed alone, where the file differed from the base before: brought over to the base."""
    if text == standing:
        return base
    try:
        merged = merge_snapshots(standing, base, text)
    except UnsoundMerge:
        return text
    torn = {conflict.section for conflict in merged.conflicts}
    if None in torn:
        return text
    theirs = {section.id: section for section in text.sections}
    sections = [theirs.get(one.id, one) if one.id in torn else one for one in merged.snapshot.sections]
    ids = [block.id for section in sections for block in section.blocks]
    # A paragraph that moved between what is torn and what is not cannot be in both.
    return replace(merged.snapshot, sections=tuple(sections)) if len(ids) == len(set(ids)) else text
