"""The public keys by which anybody checks what was published here, at addresses that are the same everywhere."""

import json

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import SessionDep
from app.errors import NotFound
from app.files import file_response
from app.queries.keys import signing_keys
from app.services.edition_record import moment

router = APIRouter(include_in_schema=False)

_GET = ["GET", "HEAD"]


@router.api_route("/.well-known/engross-key.pem", methods=_GET)
def read_key(request: Request, session: SessionDep) -> Response:
    """The key that signs now, as openssl reads it."""
    current = next((key for key in signing_keys(session) if key.until is None), None)
    if current is None:
        raise NotFound("There is no signing key yet. It is made when the server is first started.")
    octets = current.public.pem.encode()
    return file_response(request, octets, None, "application/x-pem-file", "engross-key.pem", public=False)


@router.api_route("/.well-known/engross-keys.json", methods=_GET)
def read_keys(request: Request, session: SessionDep) -> Response:
    """Every key that ever signed here, and from when to when."""
    told = {
        "format": "engross-keys/1",
        "keys": [
            {
                "id": key.public.id,
                "algorithm": "Ed25519",
                "public": key.public.base64,
                "pem": key.public.pem,
                "from": moment(key.since),
                "until": None if key.until is None else moment(key.until),
            }
            for key in signing_keys(session)
        ],
    }
    octets = (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()
    return file_response(request, octets, None, "application/json", "engross-keys.json", public=False)
