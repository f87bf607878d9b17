"""What requests may carry: every field named, unknown ones refused, nothing guessed from another type."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.rules.relations import Relation, RelationKind

Words = Annotated[str, Field(max_length=200_000)]
ShortWords = Annotated[str, Field(max_length=20_000)]
Line = Annotated[str, Field(max_length=1_000)]
Number = Annotated[int, Field(ge=1, le=999_999_999)]
SectionKindName = Literal["notice", "definition", "vision", "mission", "goals", "appendix", "footnotes", "text"]


class Body(BaseModel):
    """The base of every request body."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ListBody(Body):
    """How a list item is marked; ``start`` is the number of the first item of its list."""

    style: Literal["bullet", "decimal", "upper-alpha", "lower-alpha", "upper-roman", "lower-roman"]
    start: Annotated[int, Field(ge=0, le=999_999_999)] | None = None


class BlockBody(Body):
    """A block, as revisions show them; without ``id`` it is matched with what is there, or is new."""

    kind: Literal["paragraph", "heading", "item", "quote", "table", "code", "note", "rule"]
    text: Words = ""
    id: Annotated[str, Field(max_length=64)] | None = None
    depth: Annotated[int, Field(ge=0, le=100)] = 0
    level: Annotated[int, Field(ge=1, le=6)] | None = None
    marker: Annotated[ListBody | None, Field(alias="list")] = None
    label: Annotated[str, Field(max_length=64)] | None = None
    align: Annotated[list[Literal["none", "left", "center", "right"]], Field(max_length=200)] | None = None
    lang: Annotated[str, Field(max_length=100)] | None = None


class SectionBody(Body):
    """A section as its author wants it: as Markdown or as blocks. ``after``: null is first, absent is where it is."""

    key: Annotated[str, Field(min_length=1, max_length=100)]
    kind: SectionKindName | None = None
    markdown: Annotated[str, Field(max_length=2_000_000)] | None = None
    blocks: Annotated[list[BlockBody], Field(max_length=20_000)] | None = None
    heading: Line | None = None
    after: Annotated[str, Field(max_length=100)] | None = None
    remove: bool = False


class AnnexeBody(Body):
    """An annexe to declare."""

    key: Annotated[str, Field(min_length=1, max_length=100)]
    title: Line
    file: Line | None = None
    url: Line | None = None


class FrontBody(Body):
    """Fields of the front to change; what is absent stays."""

    title: Line | None = None
    organisation: Line | None = None
    address: Line | None = None
    contact: Line | None = None
    language: Annotated[str, Field(max_length=35)] | None = None
    annexes: Annotated[list[AnnexeBody], Field(max_length=100)] | None = None


class RelationBody(Body):
    """What a proposal is to the one numbered ``to``: another way to the same, or other wording offered for it."""

    kind: Literal["alternative", "amendment"]
    to: Number


class ProposalBody(Body):
    """A new proposal."""

    title: Line
    rationale: ShortWords = ""
    base_revision: Number
    sections: Annotated[list[SectionBody], Field(max_length=500)] = []
    front: FrontBody | None = None
    relation: RelationBody | None = None
    submit: bool = False


def relation_of(body: ProposalBody) -> Relation | None:
    """What the new proposal shall be to another one, if anything."""
    return None if body.relation is None else Relation(RelationKind(body.relation.kind), body.relation.to)


class ProposalEdit(Body):
    """A new version of a proposal; what is absent stays as it was."""

    title: Line | None = None
    rationale: ShortWords | None = None
    base_revision: Number | None = None
    sections: Annotated[list[SectionBody], Field(max_length=500)] | None = None
    front: FrontBody | None = None
    submit: bool = False


class ReasonBody(Body):
    """A reason in words."""

    reason: ShortWords = ""


OptionalReason = ReasonBody | None
"""What an act may carry that asks for no words: nothing, an empty object, or a reason all the same."""


def reason_of(body: ReasonBody | None) -> str:
    """The reason that was sent, "" if none was."""
    return "" if body is None else body.reason


class ReviewBody(Body):
    """A position, on the whole proposal or on one change of it."""

    position: Literal["support", "object", "abstain"]
    text: ShortWords = ""
    change: Number | None = None


class DecisionBody(Body):
    """What shall become of one change; ``text`` is the adopted wording of an amendment."""

    change: Number
    outcome: Literal["adopted", "adopted_amended", "rejected", "deferred"]
    reason: ShortWords = ""
    text: Words | None = None
    supersedes: bool = False


class EmptyBody(Body):
    """Nothing: the act says it all."""


Nothing = EmptyBody | None
"""What an act may carry that has nothing to say: nothing, or an empty object."""


class PartnerBody(Body):
    """With whom a proposal is shared: a person of the charter by id, or by the address one knows of them."""

    person: Number | None = None
    email: Annotated[str, Field(max_length=300)] | None = None


class AdviceBody(Body):
    """What somebody recommends to do with one change; ``text`` is the wording they would adopt instead."""

    change: Number
    outcome: Literal["adopted", "adopted_amended", "rejected", "deferred"]
    reason: ShortWords = ""
    text: Words | None = None


class ReviewByBody(Body):
    """The day until which reviews are asked for ("2026-11-30"), null for none."""

    review_by: Annotated[str, Field(max_length=10)] | None


class SettingsBody(Body):
    """Settings of a charter; what is absent stays as it is."""

    open: bool | None = None
    rule: Literal["governors", "majority", "two_thirds", "no_objection"] | None = None
    quorum: Annotated[int, Field(ge=0, le=1_000)] | None = None
    signoffs_required: Annotated[int, Field(ge=1, le=1_000)] | None = None
    former_members: Literal["named", "unnamed"] | None = None


class InvitedBody(Body):
    """Somebody to invite; without a name they are asked for it."""

    email: Line
    name: Line | None = None


class InvitationsBody(Body):
    """People to invite, all with the same role."""

    people: Annotated[list[InvitedBody], Field(min_length=1, max_length=200)]
    role: Literal["member", "governor"]


class RoleBody(Body):
    """What somebody is in the charter from now on."""

    role: Literal["member", "governor"]


class AdvisesBody(Body):
    """Whether somebody is named to recommend."""

    advises: bool


class ResolutionBody(Body):
    """Which words shall stand where changes conflict."""

    choice: Literal["standing", "proposed", "both", "text"]
    text: Words | None = None


ChangeNames = Annotated[list[Annotated[str, Field(max_length=25)]], Field(min_length=1, max_length=2_000)]
Resolutions = Annotated[dict[Annotated[str, Field(max_length=100)], ResolutionBody], Field(max_length=2_000)]


class PreviewBody(Body):
    """Changes to try out together."""

    changes: ChangeNames
    resolutions: Resolutions = {}


class MergeBody(Body):
    """Adopted changes to put into the text."""

    changes: ChangeNames
    base_revision: Number
    message: Annotated[str, Field(max_length=2_000)] = ""
    resolutions: Resolutions = {}
    confirm_combined: bool | Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=2_000)] = False


class RevertBody(Body):
    """On which revision, with what words, what was chosen where later words stand, and which sentences were read."""

    base_revision: Number
    message: Annotated[str, Field(max_length=2_000)] = ""
    resolutions: Resolutions = {}
    confirm_combined: bool | Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=2_000)] = False


class EditionBody(Body):
    """A new edition: of which revision, under which date ("2025-05" or "2026-11-21")."""

    revision: Number
    date: Annotated[str, Field(max_length=10)]
    label: Annotated[str, Field(max_length=200)] | None = None
    effective: Annotated[str, Field(max_length=10)] | None = None


class DraftBody(Body):
    """What changes about a draft edition; what is absent stays, and null is what its date gives."""

    revision: Number | None = None
    label: Annotated[str, Field(max_length=200)] | None = None
    effective: Annotated[str, Field(max_length=10)] | None = None
