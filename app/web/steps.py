"""The way of an edition to the public, in words: what is done, what comes now, what hinders it, who has signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.db.models.editions import Edition
from app.deps import CharterAccess
from app.queries.desk import ready_count
from app.queries.edition_acts import EditionAct, edition_acts
from app.queries.editions import EditionView, edition_in_force, edition_view
from app.queries.members import members
from app.queries.open_proposals import open_count
from app.queries.printing import prepared_edition
from app.queries.revisions import head_snapshot, snapshot
from app.rules.permissions import Action, Role
from app.rules.states import EditionState
from app.text.block_redline import State
from app.text.prepared import Fault, Finding, PreparedEdition, plain
from app.text.redline import redline_snapshots

_PLACES = {
    EditionState.DRAFT: 1,
    EditionState.CANDIDATE: 2,
    EditionState.APPROVED: 4,
    EditionState.PUBLISHED: 5,
    EditionState.WITHDRAWN: 5,
}
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about the text that hinders an edition or deserves a look: in words, and where it is and is mended."""

    words: str
    section: str
    address: str
    mend: str | None


@dataclass(frozen=True, slots=True)
class Signer:
    """A governor, or somebody who was one when they signed; ``at`` is None for who has not signed yet."""

    at: datetime | None
    name: str
    you: bool


@dataclass(frozen=True, slots=True)
class Since:
    """The edition in force, and how many paragraphs read otherwise here."""

    key: str
    label: str
    changed: int


@dataclass(frozen=True, slots=True)
class Way:
    """Where an edition stands. ``now`` is the step that comes next, from 1 (freeze) to 4 (publish); 5 is the end.

    ``takes_over``: published today it would be in force at once. ``newer`` counts the revisions after its own.
    """

    edition: EditionView
    now: int
    acts: Sequence[EditionAct]
    hindering: Sequence[Fact]
    unused: Sequence[Fact]
    signers: Sequence[Signer]
    signed: bool
    governors: int
    since: Since | None
    open: int
    ready: int
    newer: int
    takes_over: bool
    later: bool

    def last(self, act: str) -> EditionAct | None:
        """The last act of that name."""
        return next((one for one in reversed(self.acts) if one.act == act), None)

    @property
    def missing(self) -> int:
        """How many sign-offs are still needed."""
        return max(0, self.edition.signoffs_required - len(self.edition.signoffs))

    @property
    def thawed(self) -> EditionAct | None:
        """Who thawed it, if that is why it is a draft."""
        return self.last("thaw edition") if self.edition.state == EditionState.DRAFT else None


def way_of(at: CharterAccess, edition: Edition) -> Way:
    """The way of an edition as somebody sees it."""
    today = clock.today()
    view = edition_view(at.session, at.charter, edition, today=today)
    prepared = prepared_edition(at.session, at.charter, edition)
    current = edition_in_force(at.session, at.charter, today)
    now = _PLACES[EditionState(edition.state)]
    if now == 2 and len(view.signoffs) >= view.signoffs_required:
        now = 3
    facts = [(finding, _fact(at, edition, prepared, finding)) for finding in prepared.findings]
    signers, governors = _signers(at, view)
    me = at.visitor.account.id if at.visitor.account is not None else None
    return Way(
        edition=view,
        now=now,
        acts=edition_acts(at.session, at.charter, edition.key),
        hindering=[fact for finding, fact in facts if finding.fault.forbids_freezing],
        unused=[fact for finding, fact in facts if not finding.fault.forbids_freezing],
        signers=signers,
        signed=any(s.person_id == me for s in view.signoffs),
        governors=governors,
        since=_since(at, edition, current),
        open=open_count(at.session, at.charter),
        ready=ready_count(at.session, at.charter),
        newer=at.charter.head - edition.revision,
        takes_over=edition.effective <= today and (current is None or edition.effective >= current.effective),
        later=edition.effective > today,
    )


def _signers(at: CharterAccess, view: EditionView) -> tuple[list[Signer], int]:
    """Who has signed, in that order, then the governors who have not, and how many governors there are."""
    governors = [one for one in members(at.session, at.charter) if one.role == Role.GOVERNOR]
    me = at.visitor.account.id if at.visitor.account is not None else None
    there = {s.person_id for s in view.signoffs}
    signed = [Signer(s.at, s.person, s.person_id == me) for s in view.signoffs]
    waiting = [Signer(None, one.name, one.id == me) for one in governors if one.id not in there]
    return [*signed, *waiting], len(governors)


def _since(at: CharterAccess, edition: Edition, current: Edition | None) -> Since | None:
    if current is None or current.id == edition.id:
        return None
    before = snapshot(at.session, at.charter, current.revision)
    shown = redline_snapshots(before, snapshot(at.session, at.charter, edition.revision))
    rows = [row for section in shown.sections for row in section.blocks.rows]
    moved = sum(section.renamed or section.moved for section in shown.sections)
    changed = sum(row.state not in (State.SAME, State.MOVED_AWAY) for row in rows)
    return Since(current.key, current.label, changed + moved + len(shown.front))


def _fact(at: CharterAccess, edition: Edition, prepared: PreparedEdition, finding: Finding) -> Fact:
    """One finding of a text in words, with a link to where it stands and one to where it can be mended."""
    page = f"/{at.charter.key}/editions/{edition.key}"
    section = next((s for s in prepared.sections if s.key == finding.section), None)
    anchor = f"b-{finding.block}" if finding.block is not None else finding.section
    note = next((n for n in prepared.notes if any(b.block.id == finding.block for b in n.blocks())), None)
    if note is not None and finding.fault is not Fault.UNUSED_NOTE:
        anchor = note.anchor if note.number is not None else "page.unused"
    runs = [] if section is None else [b.runs for b in section.blocks() if b.block.id == finding.block]
    opening = plain(runs[0] if runs else note.body.runs if note is not None else ())[:_LONGEST_QUOTE].rstrip()
    subject = f"“{opening}…”" if opening else "This part"
    if finding.fault is Fault.UNUSED_NOTE:
        words = f"No sentence cites the note “{finding.target}”. It is printed at the end, as a note that is not cited."
        anchor = "page.unused"
    elif finding.fault is Fault.DANGLING_NOTE:
        words = f"{subject} cites a note “{finding.target}” that is not there."
    elif finding.fault is Fault.DANGLING_REFERENCE:
        words = f"{subject} refers to “{finding.target}”, which is nowhere in the text."
    else:
        name = finding.target.removeprefix("annexe:")
        words = f"{subject} refers to the annexe “{name}”, which the cover does not declare."
    there = head_snapshot(at.session, at.charter).section(finding.section) if finding.section else None
    mend = f"/{at.charter.key}/propose/{finding.section}" if there is not None and at.may(Action.PROPOSE) else None
    name = section.name if section is not None else "Notes"
    return Fact(words, name, f"{page}#{anchor}", mend)
