"""Files as answers: bytes from memory under a strong ETag, so that whoever has them need not fetch them again."""

import hashlib

from fastapi import Request
from fastapi.responses import Response

# A published edition never changes, so its address may be kept for good.
_FOR_GOOD = "public, max-age=31536000, immutable"


def file_response(
    request: Request, octets: bytes, sha256: str | None, media_type: str, name: str, *, public: bool
) -> Response:
    """These bytes, or 304 for whoever has them already. ``name`` is what a browser calls the file when it keeps it."""
    tag = f'"{sha256 or hashlib.sha256(octets).hexdigest()}"'
    headers = {
        "etag": tag,
        "cache-control": _FOR_GOOD if public else "private, no-cache",
        "content-disposition": f'inline; filename="{name}"',
    }
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(octets, media_type=media_type, headers=headers)


def _has(condition: str, tag: str) -> bool:
    """Whether an If-None-Match names that tag; weak ones count, as RFC 9110 has it."""
    return condition.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in condition.split(",")}
