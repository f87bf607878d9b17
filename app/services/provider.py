"""The provider of sign-in elsewhere (OpenID Connect): where it is, how it is asked, and what it says of somebody.

Only the provider that is configured is ever spoken to, over TLS, and no answer of it leads us anywhere else. Needs the
extra `oidc`; nothing else here imports what that brings.
"""

import base64
import json
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.errors import NotSignedIn, Unavailable
from app.settings import Settings

CALLBACK = "/login/account/back"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key that only the provider has: a secret we share, or none at all, would prove nothing."""

_LONGEST = 500_000
_PATIENCE = 10.0
_LEEWAY = 60
_KEPT = timedelta(hours=1)
_log = logging.getLogger("engross")


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the provider takes questions, as it says itself."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider says somebody is. ``email`` is "" unless the provider says that it is verified."""

    subject: str
    email: str


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))


def question(settings: Settings, *, state: str, nonce: str, verifier: str, now: datetime) -> str:
    """The address at which somebody signs in there. Unavailable if the provider does not answer."""
    asked = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": settings.address + CALLBACK,
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    address = _provider(settings.oidc_issuer, _hour(now)).authorization
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def identity(settings: Settings, code: str, *, nonce: str, verifier: str, now: datetime) -> Identity:
    """Who signed in there, for the code they came back with. NotSignedIn if what it says cannot be believed."""
    provider = _provider(settings.oidc_issuer, _hour(now))
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": settings.address + CALLBACK,
        "code_verifier": verifier,
    }
    headers = {}
    if settings.oidc_client_secret:
        pair = f"{quote(settings.oidc_client_id, safe='')}:{quote(settings.oidc_client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        given["client_id"] = settings.oidc_client_id
    told = _fetch(provider.token, headers, urlencode(given).encode())
    access = told.get("access_token")
    claims = _believed(settings, provider, str(told.get("id_token", "")), nonce, access, now)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise _refusal()
    if "email" not in claims and provider.userinfo and isinstance(access, str):
        more = _fetch(provider.userinfo, {"Authorization": f"Bearer {access}"})
        if more.get("sub") != subject:
            raise _refusal()
        claims = more
    email = claims.get("email")
    # Some providers say "true" in words, and mean less by it.
    verified = claims.get("email_verified") is True and isinstance(email, str)
    return Identity(subject, str(email).strip().lower() if verified else "")


def _believed(
    settings: Settings, provider: Provider, token: str, nonce: str, access: object, now: datetime
) -> dict[str, Any]:
    """The claims of an ID token that is signed by the provider, for us, now, and for this very question."""
    moment = int(now.timestamp())
    try:
        for fresh in (False, True):
            try:
                read = jwt.decode(token, _keys(provider.keys, _hour(now), fresh=fresh), algorithms=ALGORITHMS)
                break
            except (JoseError, ValueError):
                # The provider may have taken another key since we asked.
                if fresh:
                    raise
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
            },
            {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": access},
        )
        claims.validate(moment, _LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        _log.warning("An ID token of %s is not believed: %s", provider.issuer, type(wrong).__name__)
        raise _refusal() from wrong
    return dict(claims)


@lru_cache(maxsize=4)
def _provider(issuer: str, hour: int) -> Provider:  # noqa: ARG001 - asked for once an hour
    told = _fetch(issuer.rstrip("/") + "/.well-known/openid-configuration")
    found = Provider(
        issuer=str(told.get("issuer", "")),
        authorization=str(told.get("authorization_endpoint", "")),
        token=str(told.get("token_endpoint", "")),
        keys=str(told.get("jwks_uri", "")),
        userinfo=str(told.get("userinfo_endpoint", "")),
    )
    secure = urlsplit(issuer).scheme == "https"
    places = [found.authorization, found.token, found.keys, *([found.userinfo] if found.userinfo else [])]
    safe = all(urlsplit(place).scheme == "https" or (not secure and _loopback(place)) for place in places)
    if found.issuer != issuer or not safe:
        _log.error("The provider at %s says that it is %s, or leads to addresses without TLS", issuer, found.issuer)
        raise _unreachable()
    return found


def _keys(address: str, hour: int, *, fresh: bool) -> KeySet:
    if fresh:
        _key_set.cache_clear()
    return _key_set(address, hour)


@lru_cache(maxsize=4)
def _key_set(address: str, hour: int) -> KeySet:  # noqa: ARG001 - asked for once an hour
    try:
        return KeySet.import_key_set(_fetch(address))  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise _unreachable() from wrong


def forget() -> None:
    """Ask the provider for everything anew the next time."""
    _provider.cache_clear()
    _key_set.cache_clear()


def _fetch(address: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> dict[str, Any]:
    """The JSON object at an address of the provider. Nothing is followed, and nothing without end is read."""
    request = urllib.request.Request(address, body, {"Accept": "application/json", **(headers or {})})
    try:
        with _opener.open(request, timeout=_PATIENCE) as answer:
            octets = answer.read(_LONGEST + 1)
    except urllib.error.HTTPError as wrong:
        with wrong:
            _log.warning("The provider answers %d at %s", wrong.code, urlsplit(address)._replace(query="").geturl())
            if wrong.code in (400, 401, 403) and body is not None:
                raise _refusal() from wrong
        raise _unreachable() from wrong
    except (OSError, HTTPException, ValueError) as wrong:
        _log.warning("The provider does not answer: %s", type(wrong).__name__)
        raise _unreachable() from wrong
    try:
        told = json.loads(octets) if len(octets) <= _LONGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise _unreachable()
    return told


def _hour(now: datetime) -> int:
    return int(now.timestamp() // _KEPT.total_seconds())


def _loopback(address: str) -> bool:
    return urlsplit(address).scheme == "http" and urlsplit(address).hostname in ("localhost", "127.0.0.1")


def _refusal() -> NotSignedIn:
    words = "What came back from there cannot be believed. Begin once more, or use a link by mail."
    return NotSignedIn(words, kind="account-refused")


def _unreachable() -> Unavailable:
    return Unavailable(
        "Where your account is, nothing answers as it should. Try again later, or sign in with a link by mail.",
        kind="provider",
    )
