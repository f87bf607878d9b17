"""What a Word file brings to a text."""

from app.text.snapshot import Snapshot
from app.text.wordfile.shapes import Brought, Left
from app.text.wordfile.story import WordFile


def bring(file: WordFile, base: Snapshot) -> Brought:
    """What each person changed and said in the file, on the text it is brought to, and what could not be brought."""
    left = tuple(Left(one.what, one.where) for one in file.findings)
    known = sum(one.known for one in file.comments)
    return Brought(left=left if base.sections else (), known=file.known, known_remarks=known)
