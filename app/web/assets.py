"""Style sheets, typefaces and pictures: files named by their hash, so that a browser may keep them for good."""

import mimetypes
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import Response

from app import resources
from app.errors import NotFound

router = APIRouter(include_in_schema=False)

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
def built_file(name: Annotated[str, InPath(max_length=200)]) -> Response:
    """One built file."""
    folder = resources.built_assets()
    file = folder / name
    # Only what lies in the folder itself: a name with a path in it names nothing.
    if Path(name).name != name or name.endswith(".json") or not file.is_file():
        raise NotFound("There is no such file.")
    media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    keep = "public, max-age=3600" if file.suffix == ".txt" else "public, max-age=31536000, immutable"
    return Response(file.read_bytes(), media_type=media_type, headers={"cache-control": keep})
