"""The files of an edition: which there are, what each is called when somebody keeps it, and what it is."""

from dataclasses import dataclass
from enum import StrEnum

RECORD_FORMAT = "engross-edition/1"
"""What the record of an edition says it is. Another number means that something a reader relies on is different."""

RECORD_NAME = "edition.json"
LIST_NAME = "SHA256SUMS"
SIGNATURE_NAME = "SHA256SUMS.sig"
KEY_NAME = "engross-key.pem"
READ_ME_NAME = "README.txt"


class FileKind(StrEnum):
    """A file of an edition besides its PDF: those up to ``schedule`` made at approval, the others at publication."""

    RECORD = "record"
    PAGE = "page"
    TEXT = "text"
    REDLINE = "redline"
    DECISIONS = "decisions"
    SCHEDULE = "schedule"
    BUNDLE = "bundle"
    PDF_SIGNATURE = "pdf-signature"
    BUNDLE_SIGNATURE = "bundle-signature"


MEDIA_TYPES = {
    FileKind.RECORD: "application/json",
    FileKind.PAGE: "text/html; charset=utf-8",
    FileKind.TEXT: "text/markdown; charset=utf-8",
    FileKind.REDLINE: "text/html; charset=utf-8",
    FileKind.DECISIONS: "text/csv; charset=utf-8",
    FileKind.SCHEDULE: "text/plain; charset=utf-8",
    FileKind.BUNDLE: "application/zip",
    FileKind.PDF_SIGNATURE: "application/octet-stream",
    FileKind.BUNDLE_SIGNATURE: "application/octet-stream",
}


def annexe_name(key: str, name: str) -> str:
    """What the file of an annexe is called in the bundle: by its key, so that no two are called the same.

    No key has an underscore, so that it cannot be called like any other file of an edition either.
    """
    return f"annexe_{key}.{name.rpartition('.')[2]}"


@dataclass(frozen=True, slots=True)
class FileNames:
    """The names of the files of one edition; ``since`` is the key of the edition before it, None for the first."""

    charter: str
    edition: str
    since: str | None = None

    @property
    def stem(self) -> str:
        """What the names of its forms begin with: peps-charter-2025-05."""
        return f"{self.charter}-charter-{self.edition}"

    @property
    def pdf(self) -> str:
        """The name of the PDF."""
        return f"{self.stem}.pdf"

    def of(self, kind: FileKind) -> str:
        """The name of a file, in the bundle and alone."""
        return {
            FileKind.RECORD: RECORD_NAME,
            FileKind.PAGE: f"{self.stem}.html",
            FileKind.TEXT: f"{self.stem}.md",
            FileKind.REDLINE: f"changes-since-{self.since}.html",
            FileKind.DECISIONS: "decisions.csv",
            FileKind.SCHEDULE: "schedule.txt",
            FileKind.BUNDLE: f"{self.stem}.zip",
            FileKind.PDF_SIGNATURE: f"{self.stem}.pdf.sig",
            FileKind.BUNDLE_SIGNATURE: f"{self.stem}.zip.sig",
        }[kind]
