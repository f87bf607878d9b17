"""Ed25519 keys by which editions are signed: made, written down, told apart, and what was signed with them checked."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from app.errors import BadInput

SIGNATURE_LENGTH = 64
_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a signing key: its 32 bytes."""

    raw: bytes

    @property
    def id(self) -> str:
        """What the key is called: the first 16 digits of the SHA-256 of its bytes."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def base64(self) -> str:
        """The 32 bytes in base64."""
        return base64.b64encode(self.raw).decode()

    @property
    def pem(self) -> str:
        """The key as openssl reads it."""
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def signed(self, signature: bytes, octets: bytes) -> bool:
        """Whether that signature was made over exactly these bytes with the secret half of this key."""
        if len(signature) != SIGNATURE_LENGTH:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, octets)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A signing key with its secret half, which never appears in any output."""

    secret: bytes
    public: PublicKey

    def __repr__(self) -> str:
        return f"KeyPair({self.public.id})"

    def sign(self, octets: bytes) -> bytes:
        """The signature over these bytes, 64 bytes long; the same key and bytes give the same signature."""
        return Ed25519PrivateKey.from_private_bytes(self.secret).sign(octets)


def new_pair() -> KeyPair:
    """A fresh key."""
    secret = Ed25519PrivateKey.generate().private_bytes_raw()
    return pair_of(secret)


def pair_of(secret: bytes) -> KeyPair:
    """The key with that secret half."""
    return KeyPair(secret, PublicKey(Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()))


def public_key(base64_text: str) -> PublicKey:
    """The public key written in base64; BadInput for what is none."""
    try:
        raw = base64.b64decode(base64_text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != _KEY_LENGTH:
        raise BadInput("This is not an Ed25519 public key: its 32 bytes in base64 are needed.")
    return PublicKey(raw)


def public_key_from_pem(text: str) -> PublicKey:
    """The public key in a PEM file; BadInput for what is none, or one of another kind."""
    try:
        key = load_pem_public_key(text.encode("utf-8", "replace"))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput("This is not the public half of an Ed25519 key in PEM.")
    return PublicKey(key.public_bytes_raw())
