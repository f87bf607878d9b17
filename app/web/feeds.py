"""The feed of a charter: what happened to its editions, for programs that tell people of it."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock
from app.deps import CharterDep, SettingsDep
from app.files import file_response
from app.queries.editions import shown_edition
from app.queries.feed import feed
from app.queries.revisions import snapshot
from app.render.pages import render

router = APIRouter(include_in_schema=False)

# XML has no way to write these, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@router.api_route("/{c}/feed.atom", methods=["GET", "HEAD"])
def read_feed(request: Request, at: CharterDep, settings: SettingsDep) -> Response:
    """Editions that were published and withdrawn, the newest first, as Atom (RFC 4287); the same for everybody."""
    current = shown_edition(at.session, at.charter, clock.today())
    front = snapshot(at.session, at.charter, at.charter.head if current is None else current.revision).front
    found = feed(at.session, at.charter)
    values: dict[str, object] = {
        "feed": found,
        "front": front,
        "address": settings.address,
        "charter": at.charter.key,
    }
    octets = _NOT_IN_XML.sub("\ufffd", render("editions/feed.xml", values)).strip().encode() + b"\n"
    name = f"{at.charter.key}-editions.atom"
    return file_response(request, octets, None, "application/atom+xml; charset=utf-8", name, public=False)
