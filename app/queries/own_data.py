"""Everything an installation holds of one person, for that person: their words and acts, and nothing of others."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision
from app.db.models.notices import Notice
from app.db.models.people import Departure, Person, Role
from app.db.models.proposals import Proposal, ProposalPartner, ProposalVersion, ProposedChange
from app.db.models.recommendations import Recommendation
from app.db.models.records import Record
from app.db.models.reviews import Review
from app.db.models.sessions import ApiToken, BrowserSession
from app.db.models.signing_in import LinkedAccount, Passkey, Password
from app.db.models.threads import Follow, Thread, ThreadComment
from app.db.models.unsent import Unsent
from app.queries.notices import choices, visible_to
from app.queries.people import Account
from app.rules.notices import sentence_and_quote

Json = dict[str, Any]


def own_data(session: Session, person: Account) -> Mapping[str, object]:
    """What there is, by topic, as values that JSON can hold. Secrets are not in it: only their hashes are kept here."""

    def listed(query: Select[*tuple[Any, ...]]) -> list[Json]:
        return [_values(row) for row in session.execute(query)]

    row = session.get_one(Person, person.id)
    password = session.get(Password, person.id)
    told = choices(session, person)
    roles = select(Charter.key.label("charter"), Role.role, Role.advises).join(Charter, Charter.id == Role.charter_id)
    left = select(Charter.key.label("charter"), Departure.left_at).join(Charter, Charter.id == Departure.charter_id)
    return {
        "profile": {
            "email": row.email,
            "name": row.name,
            "administrator": row.admin,
            "known_since": _value(row.created_at),
            "password_changed_at": None if password is None else _value(password.changed_at),
            "told_by_mail": told.mail,
            "told_on_the_site": told.listing,
            "roles": listed(roles.where(Role.person_id == person.id).order_by(Charter.key)),
            "left": listed(left.where(Departure.person_id == person.id).order_by(Charter.key)),
        },
        "proposals": _proposals(session, person),
        "reviews": listed(_on_proposals(Review, Review.proposal_id, person, "change_number", "position", "text")),
        "recommendations": listed(_on_changes(Recommendation, person, "outcome", "reason", "text")),
        "decisions": listed(_on_changes(Decision, person, "outcome", "reason", "adopted_text", "against_rule")),
        "signed": listed(_on_proposals(ProposalPartner, ProposalPartner.proposal_id, person, "signed_at")),
        "comments": _comments(session, person),
        "following": listed(
            select(Charter.key.label("charter"), Follow.object, Follow.mode, Follow.created_at)
            .join(Charter, Charter.id == Follow.charter_id)
            .where(Follow.person_id == person.id)
            .order_by(Follow.id)
        ),
        "unsent": [
            {**_values(row), "fields": json.loads(row.fields)}
            for row in session.execute(
                select(Charter.key.label("charter"), Unsent.proposal, Unsent.part, Unsent.fields, Unsent.kept_at)
                .join(Charter, Charter.id == Unsent.charter_id)
                .where(Unsent.person_id == person.id)
                .order_by(Unsent.id)
            )
        ],
        # The sentence of each, without what others wrote.
        "notices": [
            {**_values(row), "words": sentence_and_quote(row.words)[0]}
            for row in session.execute(
                select(Charter.key.label("charter"), Notice.kind, Notice.words, Notice.address)
                .add_columns(Notice.created_at, Notice.read_at)
                .join(Charter, Charter.id == Notice.charter_id)
                .where(Notice.person_id == person.id, Notice.listed, visible_to(person))
                .order_by(Notice.id)
            )
        ],
        "sign_in": {
            "browsers": listed(_own(BrowserSession, person, "device", "way", "created_at", "seen_at", "ends_at")),
            "passkeys": listed(_own(Passkey, person, "name", "created_at", "used_at")),
            "accounts": listed(_own(LinkedAccount, person, "issuer", "subject", "linked_at")),
            "tokens": listed(_own(ApiToken, person, "name", "read_only", "created_at", "ends_at", "revoked_at")),
        },
        "acts": listed(
            select(Record.chain, Record.number, Record.at, Record.act, Record.object)
            .where(Record.person_id == person.id)
            .order_by(Record.id)
        ),
    }


def _proposals(session: Session, person: Account) -> Sequence[Json]:
    rows = session.execute(
        select(Charter.key, Proposal)
        .join(Charter, Charter.id == Proposal.charter_id)
        .where(Proposal.author_id == person.id)
        .order_by(Proposal.id)
    ).all()
    found: dict[int, Json] = {}
    for key, proposal in rows:
        found[proposal.id] = {
            "charter": key,
            "number": proposal.number,
            "state": proposal.state,
            "created_at": _value(proposal.created_at),
            "shown_at": _value(proposal.shown_at),
            "versions": [],
            "changes": [],
        }
    mine = select(Proposal.id).where(Proposal.author_id == person.id)
    versions = select(ProposalVersion).where(ProposalVersion.proposal_id.in_(mine)).order_by(ProposalVersion.id)
    for version in session.scalars(versions):
        kept = ("version", "base_revision", "title", "rationale", "created_at")
        found[version.proposal_id]["versions"].append({name: _value(getattr(version, name)) for name in kept})
    changes = select(ProposedChange).where(ProposedChange.proposal_id.in_(mine)).order_by(ProposedChange.id)
    for change in session.scalars(changes):
        told = ("number", "first_version", "last_version", "kind", "section_id", "block_id", "outcome")
        values: Json = {name: getattr(change, name) for name in told}
        found[change.proposal_id]["changes"].append({**values, "what": json.loads(change.operation)})
    return list(found.values())


def _comments(session: Session, person: Account) -> Sequence[Json]:
    """The comments with where each stands: what it hangs on, and not what others said there."""
    rows = session.execute(
        select(
            Charter.key.label("charter"),
            Thread.number.label("thread"),
            ThreadComment.number.label("comment"),
            Thread.audience,
            Thread.section_id.label("section"),
            Proposal.number.label("proposal"),
            ThreadComment.text,
            ThreadComment.created_at,
        )
        .join(Thread, Thread.id == ThreadComment.thread_id)
        .join(Charter, Charter.id == Thread.charter_id)
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(ThreadComment.author_id == person.id)
        .order_by(ThreadComment.id)
    )
    return [_values(row) for row in rows]


def _own(table: Any, person: Account, *columns: str) -> Select[*tuple[Any, ...]]:
    return select(*(getattr(table, name) for name in columns)).where(table.person_id == person.id).order_by(table.id)


def _on_proposals(table: Any, to: Any, person: Account, *columns: str) -> Select[*tuple[Any, ...]]:
    return (
        select(Charter.key.label("charter"), Proposal.number.label("proposal"))
        .add_columns(*(getattr(table, name) for name in columns), table.created_at)
        .select_from(table)
        .join(Proposal, Proposal.id == to)
        .join(Charter, Charter.id == Proposal.charter_id)
        .where(table.person_id == person.id)
        .order_by(table.id)
    )


def _on_changes(table: Any, person: Account, *columns: str) -> Select[*tuple[Any, ...]]:
    return (
        select(Charter.key.label("charter"), Proposal.number.label("proposal"), ProposedChange.number.label("change"))
        .add_columns(*(getattr(table, name) for name in columns), table.created_at)
        .select_from(table)
        .join(ProposedChange, ProposedChange.id == table.change_id)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .join(Charter, Charter.id == Proposal.charter_id)
        .where(table.person_id == person.id)
        .order_by(table.id)
    )


def _values(row: Row[*tuple[Any, ...]]) -> Json:
    return {name: _value(value) for name, value in row._mapping.items()}


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
