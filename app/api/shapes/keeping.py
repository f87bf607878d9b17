"""Editions with their files, people, ways in, and the records of all acts."""

from datetime import date, datetime

from app.api.shapes.common import Sha256, Shape
from app.rules.permissions import Role
from app.rules.states import EditionState


class SignOff(Shape):
    """Whose name stands under an edition, and since when."""

    person: str
    at: datetime


class Pdf(Shape):
    """The PDF that was made when the edition was approved."""

    sha256: Sha256
    pages: int
    size: int


class Edition(Shape):
    """An edition. ``standing`` says in words how it stands; ``warnings`` come with freezing alone."""

    key: str
    label: str
    revision: int
    effective: date
    state: EditionState
    state_reason: str
    standing: str
    signoffs: list[SignOff]
    signoffs_required: int
    created_at: datetime
    approved_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    pdf: Pdf | None
    warnings: list[dict[str, object]] | None = None


class StoredFile(Shape):
    """A file that stands in a place of a charter."""

    name: str
    media_type: str
    size: int
    sha256: Sha256
    added_by: str | None
    added_at: datetime


class Logo(StoredFile):
    """The logo on the cover, and what it shows."""

    alt: str


class Annexe(Shape):
    """An annexe as the text declares it, and its file."""

    key: str
    title: str
    url: str | None
    file: StoredFile | None


class Member(Shape):
    """Somebody with a role in a charter; the address is there for those who manage the members."""

    id: int
    name: str
    role: Role
    advises: bool
    email: str | None = None


class Left(Shape):
    """What somebody was until they left."""

    left: Role


class Invitation(Shape):
    """An invitation that nobody has accepted yet."""

    id: int
    email: str
    name: str
    role: Role
    invited_by: str | None
    sent_at: datetime
    ends_at: datetime
    mails: int
    over: bool


class RoleIn(Shape):
    """A role in a charter."""

    charter: str
    role: Role


class Me(Shape):
    """Who is asking; ``charter`` is the only one their token is for."""

    email: str
    name: str
    admin: bool
    read_only: bool
    charter: str | None
    roles: list[RoleIn]


class Token(Shape):
    """A token that is good, never its secret."""

    id: int
    name: str
    read_only: bool
    charter: str | None
    created_at: datetime
    ends_at: datetime | None
    used_at: datetime | None


class NewToken(Token):
    """A token with its secret, which is shown this once."""

    token: str


class Record(Shape):
    """One line of the audit trail; ``before`` and ``after`` are hashes."""

    number: int
    at: datetime
    person: str | None
    act: str
    object: str
    before: str | None
    after: str | None
    hash: Sha256
