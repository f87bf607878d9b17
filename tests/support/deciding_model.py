"""A plain model of deciding together: what there should be after each act, in dictionaries and sets alone."""

from dataclasses import dataclass, field

UNSETTLED = frozenset({"pending", "deferred"})
ADOPTED = frozenset({"adopted", "adopted_amended"})


@dataclass
class ModelChange:
    """One change: what became of it, and the marked words it would bring and take."""

    proposed: frozenset[str]
    takes: frozenset[str]
    needs: frozenset[int]
    outcome: str = "pending"
    merged: int | None = None
    amended: frozenset[str] = frozenset()

    @property
    def brings(self) -> frozenset[str]:
        """The marked words it would bring as it was decided."""
        return self.proposed | self.amended


@dataclass
class ModelProposal:
    """One proposal."""

    author: str
    state: str
    shown: bool
    version: int = 1
    partners: set[str] = field(default_factory=set)
    signed: set[str] = field(default_factory=set)
    changes: dict[int, ModelChange] = field(default_factory=dict)
    amends: int | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing of it is left to decide."""
        return all(c.outcome not in UNSETTLED for c in self.changes.values())

    @property
    def is_shown(self) -> bool:
        """Whether it was ever put before everybody: what was never shown stays hidden, withdrawn too."""
        return self.shown or self.state not in ("draft", "withdrawn")

    def may(self, act: str) -> bool:
        """Whether an act leads anywhere from its state."""
        return (
            self.state
            in {
                "submit": {"draft", "returned"},
                "return": {"open"},
                "withdraw": {"draft", "open", "returned"},
                "edit": {"draft", "open", "returned"},
                "share": {"draft", "open", "returned"},
                "review": {"open"},
                "recommend": {"open"},
                "decide": {"open", "decided"},
            }[act]
        )


@dataclass
class ModelThread:
    """One thread; ``proposal`` if it is about one."""

    author: str
    audience: str
    proposal: int | None = None
    state: str = "open"
    comments: int = 1


@dataclass
class Model:
    """A charter: the number of its newest revision, the marked words in it, and what hangs on it.

    ``merges`` holds, by revision, the marked words that stood before a merge and after it.
    """

    head: int = 1
    marks: frozenset[str] = frozenset()
    roles: dict[str, str | None] = field(default_factory=dict)
    proposals: dict[int, ModelProposal] = field(default_factory=dict)
    threads: dict[int, ModelThread] = field(default_factory=dict)
    merges: dict[int, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

    def change(self, ref: str) -> ModelChange:
        """A change by its name, like 12.3."""
        proposal, _, change = ref.partition(".")
        return self.proposals[int(proposal)].changes[int(change)]

    def mergeable(self) -> list[str]:
        """The changes that are adopted and not in the text, by name."""
        return [
            f"{n}.{k}"
            for n, proposal in self.proposals.items()
            for k, change in proposal.changes.items()
            if change.outcome in ADOPTED and change.merged is None and proposal.state in ("open", "decided", "returned")
        ]
