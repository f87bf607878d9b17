"""What somebody is told while they write: their changes in words, whom they meet, and that it is kept."""

from collections.abc import Mapping, Sequence

from fastapi.responses import JSONResponse

from app import clock
from app.errors import BadInput, Refused, TooLarge
from app.queries.people import Account
from app.queries.rivals import Meeting
from app.text.dialect import plain
from app.text.effort import BLOCK_STEPS, Effort
from app.text.readings import Fate, compared, verbatim
from app.web.keeping import forget, keep, kept
from app.web.writing import Outlook, Wanted, Writing, outlook, submission

# So many characters stand around what differs.
_AROUND = 50


def told(of: Writing, what: str, wanted: Wanted | BadInput, fields: Mapping[str, str]) -> JSONResponse:
    """Keep what is typed, and say what it would do: ``{kept_at, moved_on, count, changes, meetings, same, problem}``,
    and ``elsewhere`` if it was not kept since another window has kept something there.

    ``wanted`` is what the form asks for, or why that cannot be taken: it is kept all the same. A form that only asks
    ("ask" among its fields) is not kept, and neither is one in which nothing was changed.
    """
    said = _nothing(of)
    is_anything = True
    try:
        if isinstance(wanted, BadInput):
            raise wanted
        said |= _seen(of, what, outlook(of, submission(of, wanted)))
    except (BadInput, Refused, TooLarge) as error:
        is_anything = error.kind != "nothing-changed" or any(
            fields.get(name, "").strip() for name in ("title", "reason")
        )
        said["problem"] = "" if error.kind == "nothing-changed" else error.message
    if "ask" not in fields:
        said |= _kept(of, what, fields, is_anything=is_anything)
    return JSONResponse(said)


def _kept(of: Writing, what: str, fields: Mapping[str, str], *, is_anything: bool) -> dict[str, object]:
    """Keep the form, unless another window of the same person has kept something else since this one last did.

    ``kept`` among the fields is the moment this window knows of; ``instead`` says that it shall be kept all the same.
    """
    before = kept(of, what)
    if before is not None and fields.get("kept", "") != before.kept_at.isoformat() and "instead" not in fields:
        return {"elsewhere": before.kept_at.isoformat()}
    if not is_anything:
        forget(of, what)
        return {}
    now = clock.now()
    keep(of, what, fields, now)
    return {"kept_at": now.isoformat()}


def _nothing(of: Writing) -> dict[str, object]:
    moved = of.at.charter.head - of.revision
    return {
        "kept_at": None,
        "moved_on": moved,
        "count": 0,
        "changes": [],
        "meetings": [],
        "same": [],
        "reports": [],
        "problem": "",
    }


def _seen(of: Writing, what: str, seen: Outlook) -> dict[str, object]:
    section = seen.wanted.section(what)
    before = of.base.section(what)
    places = {block.id: n for n, block in enumerate(section.blocks)} if section is not None else {}
    known = {block.id for _, _, block in of.base.placed_blocks()}
    return {
        "count": seen.changes,
        "changes": [
            {
                "text": phrase.text,
                "block": phrase.block if phrase.block in known else None,
                "at": places.get(phrase.block),
                "here": section is not None and phrase.section in (section.key, before.key if before else None),
            }
            for phrase in seen.phrases
        ],
        "meetings": [_met(one, of.at.by) for one in seen.meetings],
        "same": [{"number": head.number, "title": head.title, "author": head.author} for head in seen.same],
        "reports": list(seen.reports),
    }


def _met(one: Meeting, by: Account) -> dict[str, object]:
    pieces = [] if one.after is None else _pieces(plain(one.before or ""), plain(one.after))
    return {
        "ref": one.ref,
        "proposal": one.proposal,
        "title": one.title,
        "author": one.author,
        "yours": one.author_id == by.id,
        "sentence": one.sentence,
        "block": one.block,
        "pieces": pieces,
    }


def _pieces(before: str, after: str) -> Sequence[tuple[str, str]]:
    """Their wording as pieces that were kept, deleted or inserted, long kept ones cut in the middle."""
    found = compared(verbatim(before), verbatim(after), Effort(BLOCK_STEPS))
    last = len(found) - 1
    return [
        (str(piece.fate), _short(piece.text, n == 0, n == last) if piece.fate is Fate.KEPT else piece.text)
        for n, piece in enumerate(found)
    ]


def _short(words: str, is_first: bool, is_last: bool) -> str:
    if len(words) <= 2 * _AROUND:
        return words
    head = "" if is_first else words[:_AROUND].rsplit(" ", 1)[0]
    tail = "" if is_last else words[-_AROUND:].split(" ", 1)[-1]
    return f"{head} … {tail}"
