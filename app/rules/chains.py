"""How records are chained: each holds the hash of the one before it."""

import hashlib
import json
from collections.abc import Mapping

FIRST_LINK = "0" * 64
"""What the first record of a chain names as the hash before it."""


def link_hash(values: Mapping[str, object], previous: str) -> str:
    """SHA-256 in hex over the hash before and the canonical JSON of the record's values."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
