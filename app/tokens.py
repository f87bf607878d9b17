"""Secrets: made, hashed and compared. Only hashes are ever stored."""

import hashlib
import hmac
import secrets

# No vowels and no look-alikes: ids are read aloud in meetings and must not spell words.
_ID_LETTERS = "23456789bcdfghjkmnpqrstvwxz"


def new_secret() -> str:
    """A secret of 256 bits, safe in an address or a header."""
    return secrets.token_urlsafe(32)


def new_id() -> str:
    """A permanent id for a block or section: 12 letters and digits, 57 bits, beginning with a letter."""
    first = secrets.choice(_ID_LETTERS[8:])
    return first + "".join(secrets.choice(_ID_LETTERS) for _ in range(11))


def sealed(words: str) -> dict[str, str]:
    """What a record keeps of words that must not stand in it: nobody can guess them, and ``is_sealed`` knows them."""
    salt = new_secret()
    return {"salt": salt, "hash": fingerprint(salt + words)}


def is_sealed(seal: object, words: str) -> bool:
    """Whether these are the words that were sealed."""
    return isinstance(seal, dict) and seal.get("hash") == fingerprint(str(seal.get("salt")) + words)


def device_secret(session_secret: str) -> str:
    """The secret by which the browser is known again in which a session was begun, also when the session is over."""
    return hmac.new(session_secret.encode(), b"engross device", hashlib.sha256).hexdigest()


def fingerprint(secret: str) -> str:
    """What is stored of a secret: its SHA-256 in hex. Enough, since our secrets are random and long."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two strings are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
