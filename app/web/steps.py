"""The way of an edition to the public, in words: what is done, what comes now, what hinders it, who has signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.db.models.editions import Edition
from app.deps import CharterAccess
from app.queries.attachments import LOGO, place_of
from app.queries.desk import ready_count
from app.queries.edition_acts import EditionAct, edition_acts
from app.queries.editions import EditionView, edition_in_force, edition_view
from app.queries.members import members
from app.queries.open_proposals import open_count
from app.queries.printing import prepared_edition
from app.queries.revisions import head_snapshot, snapshot
from app.render.findings import annexe_title, in_words
from app.rules.permissions import Action, Role
from app.rules.states import EditionState
from app.services.attachments import changed_since_frozen
from app.text.block_redline import State
from app.text.prepared import AttachedFile, Fault, Finding, PreparedEdition
from app.text.redline import redline_snapshots

_PLACES = {
    EditionState.DRAFT: 1,
    EditionState.CANDIDATE: 2,
    EditionState.APPROVED: 4,
    EditionState.PUBLISHED: 5,
    EditionState.WITHDRAWN: 5,
}
_ANEW = "To take the new state along, thaw it and freeze it again."


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about the text that hinders an edition or deserves a look: in words, where it is and is mended."""

    words: str
    section: str
    address: str
    mends: Sequence[tuple[str, str]] = ()


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
    files: Sequence[AttachedFile]
    changed_files: Sequence[Fact]
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
    changed = changed_since_frozen(at.session, at.charter, edition) if edition.state == EditionState.CANDIDATE else ()
    # An annexe that got its file since is told as such, and not once more as one without.
    told = [
        f
        for f in prepared.worth_a_look
        if f.fault is not Fault.ANNEXE_WITHOUT_FILE or place_of(f.target) not in changed
    ]
    facts = [(finding, _fact(at, edition, prepared, finding)) for finding in told]
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
        files=prepared.files,
        changed_files=_changed_files(at, prepared, changed),
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


def _changed_files(at: CharterAccess, prepared: PreparedEdition, changed: Sequence[str]) -> list[Fact]:
    """Files that are other ones in the charter by now than those this candidate took along, by their places."""
    found = []
    for place in changed:
        annexe = "" if place == LOGO else place.partition(":")[2]
        name = f"The file of the annexe “{annexe_title(prepared, annexe)}”" if annexe else "The logo"
        there = prepared.file_of(annexe) if annexe else prepared.logo
        act = "was changed or taken away" if there is not None else "was added"
        words = f"{name} {act} after this edition was frozen, which keeps what it took along. {_ANEW}"
        address = f"/{at.charter.key}/annexes#annexe.{annexe}" if annexe else f"/{at.charter.key}/working"
        found.append(Fact(words, "Annexes", address))
    return found


def _fact(at: CharterAccess, edition: Edition, prepared: PreparedEdition, finding: Finding) -> Fact:
    """One finding of a text in words, with a link to where it stands and those to where it can be mended."""
    home = f"/{at.charter.key}"
    told = in_words(prepared, finding)
    mends: list[tuple[str, str]] = []
    if finding.fault is Fault.ANNEXE_WITHOUT_FILE:
        if at.may(Action.KEEP_FILES) and edition.state == EditionState.DRAFT:
            mends.append(("Add its file", f"{home}/annexes#annexe.{finding.target}"))
    elif at.may(Action.PROPOSE):
        there = head_snapshot(at.session, at.charter).section(finding.section) if finding.section else None
        if there is not None and finding.fault.forbids_freezing:
            mends.append(("Propose to mend it", f"{home}/propose/{finding.section}"))
        if finding.fault is Fault.UNDECLARED_ANNEXE:
            mends.append(("Declare it on the cover", f"{home}/propose/+cover"))
    return Fact(told.words, told.section, f"{home}/editions/{edition.key}#{told.anchor}", tuple(mends))
