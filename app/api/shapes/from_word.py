"""What a Word document that came back brings."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.api.shapes.common import Shape
from app.api.shapes.texts import Block
from app.text.snapshot import SectionKind

_Known = Annotated[int, Field(description="Those that stood in it when it left here, and are not brought")]


class SectionOfProposal(Shape):
    """A section as a proposal takes it; what is absent stays as it is."""

    key: str
    remove: bool | None = None
    kind: SectionKind | None = None
    heading: str | None = None
    blocks: list[Block] | None = None
    after: str | None = None


class Suggestion(Shape):
    """What one person changed: `sections` can be sent as those of a proposal on the same base revision.

    ``author`` is "" for what was not tracked, ``member`` the id of who alone has that name here. ``same_as`` are open
    proposals that want exactly this, ``problem`` says why it can be no proposal.
    """

    author: str
    member: int | None
    changed_at: datetime | None
    sections: list[SectionOfProposal]
    in_words: list[str]
    changes: int
    same_as: list[int]
    problem: str


class Saying(Shape):
    """What somebody said in a comment of a document, under the name they have in Word."""

    author: str
    at: datetime | None
    text: str


class Remark(Shape):
    """A comment with its answers, and where a thread would hang it; without a section it hangs on nothing here."""

    section: str | None
    block: str | None
    quote: str
    prefix: str
    suffix: str
    resolved: bool
    sayings: list[Saying]


class LeftOut(Shape):
    """What is in the document and was not brought: in words, with the words around it."""

    what: str
    where: str


class FromWord(Shape):
    """A document, read against one revision. `names_revision`: the document itself says that it was made from it."""

    base_revision: int
    names_revision: bool
    suggestions: list[Suggestion]
    remarks: list[Remark]
    left: list[LeftOut]
    known: _Known
    known_remarks: _Known
