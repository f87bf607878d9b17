"""An authenticator in software: makes passkeys and signs with them, and can be told to do each thing wrongly."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def told(octets: bytes) -> str:
    """Octets in the letters of the web."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def read(words: str) -> bytes:
    """And back."""
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


@dataclass
class Authenticator:
    """One passkey on one device. ``origin`` is what the browser around it says of the page."""

    origin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(32))
    handle: str = ""
    uses: int = 0

    def make(
        self, options: dict[str, Any], *, origin: str = "", site: str = "", flags: int = PRESENT | VERIFIED
    ) -> str:
        """Answer the options to add a passkey."""
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(site or options["rp"]["id"], flags | ATTESTED) + attested
        said = self._client("webauthn.create", options, origin)
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": told(said), "attestationObject": told(statement)})

    def use(
        self,
        options: dict[str, Any],
        *,
        origin: str = "",
        site: str = "",
        flags: int = PRESENT | VERIFIED,
        kind: str = "webauthn.get",
    ) -> str:
        """Answer the options to sign in."""
        self.uses += 1
        data = self._data(site or options["rpId"], flags)
        said = self._client(kind, options, origin)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": told(said),
                "authenticatorData": told(data),
                "signature": told(signature),
                "userHandle": self.handle,
            }
        )

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any], origin: str) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": origin or self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        id = told(self.id)
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": response})
