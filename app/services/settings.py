"""Settings of a charter: whether readers see the working text, how much agreement it needs, and who advises."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.errors import BadInput, NotFound, Refused
from app.queries.charters import CharterSettings, charter_settings
from app.queries.members import role_row
from app.queries.people import Account
from app.rules import permissions
from app.rules.former import Former
from app.rules.majorities import Rule
from app.services import records
from app.text.digest import canonical, digest

MOST = 1_000
"""No quorum and no number of sign-offs above this: it would be a slip."""


@dataclass(frozen=True, slots=True)
class NewSettings:
    """Settings to be changed; None leaves one as it is."""

    open: bool | None = None
    rule: str | None = None
    quorum: int | None = None
    signoffs_required: int | None = None
    former_members: str | None = None


def change_settings(
    session: Session, charter: Charter, wanted: NewSettings, *, by: Account, now: datetime
) -> CharterSettings:
    """Change settings of a charter, for all that is decided from now on; what was decided stays as it was.

    BadInput for a rule there is not and for numbers that cannot be meant. What changes nothing leaves no record.
    """
    if wanted.rule is not None and wanted.rule not in set(Rule):
        raise BadInput("A rule is one of: " + ", ".join(Rule) + ".", details={"field": "rule"})
    if wanted.quorum is not None and not 0 <= wanted.quorum <= MOST:
        words = f"A quorum is a number of people from 0 (none is asked for) to {MOST:,}."
        raise BadInput(words, details={"field": "quorum"})
    if wanted.signoffs_required is not None and not 1 <= wanted.signoffs_required <= MOST:
        words = f"An edition needs at least 1 sign-off, and {MOST:,} at most can be asked for."
        raise BadInput(words, details={"field": "signoffs_required"})
    if wanted.former_members is not None and wanted.former_members not in set(Former):
        words = "Former members are shown in one of these ways: " + ", ".join(Former) + "."
        raise BadInput(words, details={"field": "former_members"})
    before = charter_settings(charter)
    for name, value in asdict(wanted).items():
        if value is not None:
            setattr(charter, name, value)
    after = charter_settings(charter)
    if after == before:
        return after
    session.flush()
    records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="change settings",
        object=f"charter {charter.key}",
        before=digest(canonical(asdict(before))),
        after=digest(canonical(asdict(after))),
        detail={"before": asdict(before), "after": asdict(after)},
    )
    return after


def name_adviser(session: Session, charter: Charter, person: int, advises: bool, *, by: Account, now: datetime) -> None:
    """Name a member (by id) to recommend before changes are decided, or no longer.

    NotFound for somebody without a role here, Refused for governors, who recommend anyway.
    """
    row = role_row(session, charter, person)
    if row is None:
        raise NotFound("There is no such person in this charter.")
    if advises and row.role == permissions.Role.GOVERNOR:
        raise Refused("Governors can recommend anyway; nobody has to name them.", kind="governor")
    if row.advises == advises:
        return
    row.advises = advises
    session.flush()
    records.append(
        session,
        charter.key,
        by=by.id,
        now=now,
        act="name adviser",
        object=f"person {person}",
        before="" if advises else "adviser",
        after="adviser" if advises else "",
    )
