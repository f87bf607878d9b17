"""A form that is sent twice does once what it asks for: a second press leads where the first one led."""

import hashlib
import json
import re
from collections.abc import Mapping

from fastapi.responses import RedirectResponse

from app import clock
from app.deps import CharterAccess
from app.queries.answers import KeptReply, kept_answer
from app.services.answers import keep_answer

_ONCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def led_already(at: CharterAccess, fields: Mapping[str, str]) -> RedirectResponse | None:
    """Where the same form led when it was sent before, None if it was not.

    The same is a form with the same name in ``once`` and the same words in every field: whoever goes back and changes
    a word sends another one.
    """
    key = _key(fields)
    kept = kept_answer(at.session, at.by, key) if key else None
    return RedirectResponse(kept.body, 303) if kept is not None else None


def lead(at: CharterAccess, fields: Mapping[str, str], address: str) -> RedirectResponse:
    """Lead to an address after the act, and remember that for the same form."""
    key = _key(fields)
    if key:
        keep_answer(at.session, at.by, key, KeptReply("form", 303, address, ""), clock.now())
    return RedirectResponse(address, 303)


def _key(fields: Mapping[str, str]) -> str | None:
    if not _ONCE.fullmatch(fields.get("once", "")):
        return None
    said = json.dumps(sorted((name, value) for name, value in fields.items() if name != "csrf"))
    return f"form {hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()}"
