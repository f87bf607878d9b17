"""Pages that are the same for all strangers: made once for each state of the charter, and told apart by a tag.

What such a page shows depends on the charter, on what people are called, on the day, and on its address. Every act
writes a record into the chain of the charter or into that of the installation, in its own transaction, and the hash
of a record covers all records before it. So as long as both chains end as they did when a page was made, nothing that
it shows has changed. The chains are read before the page is made: one that is overtaken by an act stands under a
state that nobody asks for again. Whoever is signed in, or asks for anything particular, has their page made for them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from app import clock
from app.deps import CharterAccess
from app.queries.chain_ends import chain_ends
from app.render.kept import Kept

_MOST = 64


@dataclass(frozen=True, slots=True)
class _Page:
    content: bytes
    tag: str


_KEPT: Kept[_Page] = Kept(_MOST)


def for_strangers(request: Request, at: CharterAccess, make: Callable[[], Response]) -> Response:
    """The page that ``make`` gives; for strangers the one that is kept, as long as nothing has happened since.

    ``make`` reads all that the page shows, but for the charter itself and rows that are read anew when it asks them.

    Whether they may see it at all was asked before, and is asked each time.
    """
    if at.visitor.account is not None or request.url.query:
        return make()
    database = request.app.state.database
    of = at.charter
    row = (of.head, of.proposals_made, of.threads_made, of.rule, of.quorum, of.former_members)
    state = (database.url, request.url.path, clock.today(), at.allowed, row, chain_ends(at.session, of.key))
    page = _KEPT.known(state)
    if page is None:
        # What was read before the chains were may be older than they are.
        at.session.expire_all()
        made = make()
        if made.status_code != 200:
            return made
        content = bytes(made.body)
        page = _KEPT.get(state, lambda: _Page(content, f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'))
    headers = {"etag": page.tag}
    if request.headers.get("if-none-match") == page.tag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(page.content, headers=headers)
