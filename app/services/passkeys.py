"""Passkeys: added with a name, used to sign in, removed. Only the public half of each is ever here."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, generate_user_handle, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.db.models.people import Person
from app.db.models.records import Record
from app.db.models.signing_in import Passkey
from app.errors import BadInput, NotFound, NotSignedIn, Refused
from app.queries.people import Account
from app.rules.mailboxes import short_name
from app.rules.site import Site
from app.services import alerts, challenges, records, sessions
from app.services.sessions import Way

ADDING, USING = "add passkey", "use passkey"
MOST_PASSKEYS = 20
NOT_TAKEN = "This passkey could not be checked. Try once more, or sign in with a link by mail."


def options_to_add(session: Session, person: Account, site: Site, *, place: str, now: datetime) -> str:
    """What the browser has to know to make a passkey for somebody, as JSON."""
    mine = session.execute(select(Passkey.handle, Passkey.credential).where(Passkey.person_id == person.id)).all()
    if len(mine) >= MOST_PASSKEYS:
        raise Refused(f"You have {MOST_PASSKEYS} passkeys. Remove one you no longer use first.", kind="too-many")
    handle = base64url_to_bytes(mine[0].handle) if mine else generate_user_handle()
    secret = challenges.ask(session, ADDING, now=now, person=person.id, place=place, kept=bytes_to_base64url(handle))
    options = generate_registration_options(
        rp_id=site.name,
        rp_name="Engross",
        user_id=handle,
        user_name=person.email,
        user_display_name=person.name,
        challenge=base64url_to_bytes(secret),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential)) for row in mine],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json(options)


def add(session: Session, person: Account, site: Site, name: str, answer: str, *, now: datetime) -> None:
    """Keep a passkey that the browser has made. BadInput for a name that is none and an answer that does not fit."""
    called = short_name(name)
    given = _read(answer)
    secret = _challenge_in(given)
    handle = challenges.answered(session, secret, ADDING, now=now, person=person.id)
    if handle is None:
        raise BadInput("Making this passkey took too long, or it was sent before. Begin once more.")
    try:
        made = verify_registration_response(
            credential=dict(given),
            expected_challenge=base64url_to_bytes(secret),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise BadInput("This passkey could not be checked. Nothing was added; try once more.") from wrong
    credential = bytes_to_base64url(made.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential == credential)) is not None:
        raise Refused("This passkey is here already.", kind="known-already")
    row = Passkey(
        person_id=person.id,
        name=called,
        handle=handle,
        credential=credential,
        public_key=made.credential_public_key,
        uses=made.sign_count,
        created_at=now,
        used_at=None,
    )
    session.add(row)
    session.flush()
    alerts.tell(session, person.id, _record(session, person, row.id, "add passkey", now), now=now)


def remove(session: Session, person: Account, id: int, *, now: datetime) -> None:
    """Remove one's own passkey: nobody gets in with it any more. NotFound for one that is not theirs."""
    own = delete(Passkey).where(Passkey.id == id, Passkey.person_id == person.id)
    if session.execute(own.returning(Passkey.id)).first() is None:
        raise NotFound("There is no such passkey of yours; it may have been removed already.")
    _record(session, person, id, "remove passkey", now)


def options_to_use(session: Session, site: Site, *, place: str, now: datetime) -> str:
    """What the browser has to know to ask for any passkey of this site, as JSON. It says nothing of anybody."""
    secret = challenges.ask(session, USING, now=now, place=place)
    options = generate_authentication_options(
        rp_id=site.name,
        challenge=base64url_to_bytes(secret),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def sign_in(session: Session, site: Site, answer: str, *, now: datetime, device: str = "") -> str:
    """Begin a session of whoever's passkey has answered; the secret of the session.

    NotSignedIn, in the same words, for an answer that was sent before or too late, is for another site or from another
    one, is signed by another passkey than it says, names another person, or counts backwards as a copy would.
    """
    refusal = NotSignedIn(NOT_TAKEN, kind="passkey-refused")
    try:
        given = _read(answer)
        secret = _challenge_in(given)
    except BadInput as wrong:
        raise refusal from wrong
    asked = challenges.answered(session, secret, USING, now=now)
    found = session.execute(
        select(Passkey, Person)
        .join(Person, Person.id == Passkey.person_id)
        .where(Passkey.credential == str(given.get("id", "")), Person.removed_at.is_(None))
    ).first()
    if asked is None or found is None:
        raise refusal
    passkey, person = found
    response = given.get("response")
    if not isinstance(response, dict) or response.get("userHandle") != passkey.handle:
        raise refusal
    try:
        used = verify_authentication_response(
            credential=dict(given),
            expected_challenge=base64url_to_bytes(secret),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise refusal from wrong
    counted = update(Passkey).where(Passkey.id == passkey.id).values(uses=used.new_sign_count, used_at=now)
    session.execute(counted)
    return sessions.begin(session, person, now=now, device=device, way=Way.PASSKEY)


def _read(answer: str) -> Mapping[str, object]:
    try:
        given = json.loads(answer)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise BadInput("The browser sent no passkey. Try once more.")
    return given


def _challenge_in(given: Mapping[str, object]) -> str:
    """Which question an answer is to, as its browser says; it is looked up and checked against the signature later."""
    response = given.get("response")
    told = response.get("clientDataJSON") if isinstance(response, dict) else None
    try:
        return bytes_to_base64url(parse_client_data_json(base64url_to_bytes(str(told))).challenge)
    except (WebAuthnException, ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise BadInput("The browser sent no passkey. Try once more.") from wrong


def _record(session: Session, person: Account, id: int, act: str, now: datetime) -> Record:
    who = f"person {person.id}"
    return records.append(
        session, records.INSTALLATION, by=person.id, now=now, act=act, object=who, after=f"passkey {id}"
    )
