"""Entity tags: which version of a thing somebody has seen, and whether it is still that one."""

from starlette.requests import Request

from app.errors import PreconditionNeeded, Stale


def tag(*parts: object) -> str:
    """A strong tag made of numbers and keys."""
    return '"' + "-".join(str(part) for part in parts) + '"'


def check_match(request: Request, current: str) -> None:
    """PreconditionNeeded without If-Match, Stale when it names another version than the current one."""
    given = request.headers.get("if-match")
    if given is None:
        raise PreconditionNeeded("Send the ETag you read in If-Match, so that nobody's work is overwritten unseen.")
    if given.strip() != "*" and current not in [part.strip() for part in given.split(",")]:
        raise Stale("This was changed since you read it. Read it again, and make your change on what it is now.")
