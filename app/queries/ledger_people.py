"""Whether people, their roles and their ways in are what the records say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Departure, Person, Role
from app.db.models.sessions import ApiToken
from app.db.models.signing_in import LinkedAccount, Passkey, Password
from app.queries.ledger_acts import Acts
from app.text.digest import digest
from app.tokens import is_sealed

ADD, REMOVE, RENAME = "add person", "remove person", "change name"
NOTE = "note person"
"""What is recorded of somebody whom a program added that did not record names and addresses."""

_WAYS = {
    "passwords": ("set password", "remove password"),
    "linked accounts": ("link account", "unlink account"),
}


def audit_roles(session: Session, charter: Charter, acts: Acts, faults: list[str]) -> None:
    """Hold the roles in a charter, and who had one, against the records."""
    rows = session.execute(select(Role.person_id, Role.role).where(Role.charter_id == charter.id))
    stored = {f"person {person}": role for person, role in rows}
    gone = session.execute(select(Departure.person_id, Departure.left_at).where(Departure.charter_id == charter.id))
    left = {f"person {person}": at for person, at in gone}
    for object in sorted({object for act, object in acts if act == "set role"} | stored.keys() | left.keys()):
        told = acts.get(("set role", object), ())
        last = told[-1][0] if told else None
        if stored.get(object, "") != ("" if last is None else last.after):
            faults.append(f"the role of {object} in {charter.key}: it is not the one that was recorded.")
        if left.get(object) != (last.at if last is not None and not last.after else None):
            faults.append(f"the leaving of {object} from {charter.key}: it is not what was recorded.")


def audit_people(session: Session, acts: Acts, faults: list[str]) -> None:
    """Hold everybody's name, address, standing and ways in against the records of the installation."""
    people = session.scalars(select(Person).order_by(Person.id)).all()
    known = {f"person {person.id}" for person in people}
    for object in sorted({object for act, object in acts if act == ADD} - known):
        faults.append(f"{object}: they are gone, but the records speak of them.")
    tokens: dict[int, list[ApiToken]] = {}
    for token in session.scalars(select(ApiToken).order_by(ApiToken.id)):
        tokens.setdefault(token.person_id, []).append(token)
    charters = {row.id: row.key for row in session.scalars(select(Charter))}
    for person in people:
        _audit_person(person, acts, faults)
        _audit_tokens(person, tokens.get(person.id, []), charters, acts, faults)
    _audit_ways(session, people, acts, faults)


def _audit_person(person: Person, acts: Acts, faults: list[str]) -> None:
    object = f"person {person.id}"
    added, removed = acts.get((ADD, object), ()), acts.get((REMOVE, object), ())
    told = sorted((r.number, r.act, r) for r, _ in (*added, *removed))
    if not told or not added:
        faults.append(f"{object}: whether they belong here is not what was recorded.")
        return
    last = told[-1][2]
    if person.removed_at != (last.at if last.act == REMOVE else None):
        faults.append(f"{object}: whether they belong here is not what was recorded.")
    if person.admin != (last.after == "administrator"):
        faults.append(f"{object}: whether they administer is not what was recorded.")
    if person.created_at != added[0][0].at:
        faults.append(f"{object}: since when they are known is not what was recorded.")
    noted = sorted((r.number, d) for act in (ADD, NOTE) for r, d in acts.get((act, object), ()) if "email" in d)
    if noted and not is_sealed(noted[-1][1].get("email"), person.email):
        faults.append(f"{object}: their address is not the one that was recorded.")
    names = [(number, detail.get("name")) for number, detail in noted]
    names += [(r.number, r.after) for r, _ in acts.get((RENAME, object), ())]
    if names and max(names)[1] != digest(person.name):
        faults.append(f"{object}: their name is not the one that was recorded.")


def _audit_tokens(
    person: Person, rows: Sequence[ApiToken], charters: Mapping[int, str], acts: Acts, faults: list[str]
) -> None:
    """What each token may do and until when; one made before that was recorded is counted alone."""
    object = f"person {person.id}"
    made = acts.get(("create token", object), ())
    fits = len(rows) == len(made)
    revoked = {d.get("token"): r.at for r, d in acts.get(("revoke token", object), ()) if "token" in d}
    by_id = {row.id: row for row in rows}
    removed = [r for r, _ in acts.get((REMOVE, object), ())]
    for record, detail in made:
        if "token" not in detail:
            continue
        row = by_id.get(detail["token"])  # type: ignore[call-overload]
        # Whoever is removed loses those that were not revoked before.
        ends = revoked.get(detail["token"]) or next((r.at for r in removed if r.number > record.number), None)
        fits = (
            fits
            and row is not None
            and _token(row, charters)
            == (
                record.after,
                record.at,
                detail.get("ends"),
                detail.get("secret"),
                ends,
            )
        )
    if not fits:
        faults.append(f"the tokens of {object}: they are not the ones that were recorded.")


def _token(row: ApiToken, charters: Mapping[int, str]) -> tuple[str, datetime, str | None, str, datetime | None]:
    where = "" if row.charter_id is None else f" in {charters.get(row.charter_id)}"
    may = ("read-only" if row.read_only else "read and write") + where
    ends = None if row.ends_at is None else row.ends_at.isoformat()
    return may, row.created_at, ends, row.secret_hash, row.revoked_at


def _audit_ways(session: Session, people: Sequence[Person], acts: Acts, faults: list[str]) -> None:
    """Who can come in by what: a way that nobody made would let a stranger act under somebody's name."""
    keys = [(row.person_id, f"passkey {row.id}") for row in session.scalars(select(Passkey).order_by(Passkey.id))]
    there = {
        "passwords": Counter(session.scalars(select(Password.person_id))),
        "linked accounts": Counter(session.scalars(select(LinkedAccount.person_id))),
    }
    for person in people:
        object = f"person {person.id}"
        gone = max((r.number for r, _ in acts.get((REMOVE, object), ())), default=0)
        added = {r.after for r, _ in acts.get(("add passkey", object), ()) if r.number > gone}
        said = added - {r.after for r, _ in acts.get(("remove passkey", object), ())}
        if {key for owner, key in keys if owner == person.id} != said:
            faults.append(f"the passkeys of {object}: they are not the ones that were recorded.")
        for name, (making, ending) in _WAYS.items():
            begun, ended = (sum(r.number > gone for r, _ in acts.get((act, object), ())) for act in (making, ending))
            if there[name][person.id] != begun - ended:
                faults.append(f"the {name} of {object}: there are not as many as were recorded.")
