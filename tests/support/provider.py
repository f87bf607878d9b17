"""A provider of sign-in (OpenID Connect) on this machine, which can be told to lie in each way."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

CLIENT, SECRET = "engross", "a secret: with / signs"


class Provider:
    """What it knows: its key, the codes it gave out, and how it lies. ``claims`` go over those it would make."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
        self.signer: Any = self.key
        self.header: dict[str, str] = {"alg": "ES256", "kid": "one"}
        self.claims: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.answer: tuple[int, bytes] | None = None

    def lets_in(self, address: str, **who: Any) -> dict[str, str]:
        """Somebody signs in at the address they were led to; with what they come back. ``who`` are their claims."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        code = secrets.token_urlsafe(8)
        self.codes[code] = {**asked, "who": json.dumps(who)}
        return {"code": code, "state": asked["state"]}

    def token(self, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer to a code: once, to the client it is for, who knows the verifier."""
        self.asked.append(given)
        user, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        code = self.codes.pop(given["code"], None)
        if code is None or (unquote(user), unquote(password)) != (CLIENT, SECRET):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        assert code["code_challenge_method"] == "S256"
        assert given["redirect_uri"] == code["redirect_uri"]
        now = int(time.time())
        made = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": code["nonce"]}
        claims = {**made, **json.loads(code["who"]), **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (self.header, claims))
            signed = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        else:
            signed = jwt.encode(self.header, claims, self.signer, algorithms=[self.header["alg"]])
        return 200, {"access_token": "an access token", "token_type": "Bearer", "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        it, path = self.provider, urlsplit(self.path).path
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            told = {name: f"{it.issuer}/{place}" for name, place in places.items()}
            told |= {"issuer": it.issuer, "userinfo_endpoint": f"{it.issuer}/me"}
            self._tell(200, {**told, **it.metadata})
        elif path == "/keys":
            self._tell(200, KeySet([it.key]).as_dict(private=False))
        elif path == "/me" and self.headers["Authorization"] == "Bearer an access token":
            self._tell(200, it.more)
        else:
            self._tell(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        if self.provider.answer is not None:
            self._send(*self.provider.answer)
        else:
            self._tell(*self.provider.token(given, self.headers.get("Authorization", "")))

    def _tell(self, status: int, value: object) -> None:
        self._send(status, json.dumps(value).encode())

    def _send(self, status: int, octets: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        if status in (301, 302, 307):
            self.send_header("Location", f"{self.provider.issuer}/keys")
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def providing() -> Iterator[Provider]:
    """The provider, at a free port of this machine, until the block ends."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def other_key() -> ECKey:
    """A key of somebody else, under the same name."""
    return ECKey.generate_key("P-256", {"kid": "one"})


def shared_key() -> OctKey:
    """A key that is no secret of the provider: the secret it shares with us."""
    return OctKey.import_key(SECRET.encode() * 3)
