"""Forms with one file in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.deps import VisitorDep
from app.errors import BadInput, TooLarge
from app.services.attachments import Upload
from app.web.sessions import check_form

_MOST_FIELDS = 20
_LONGEST_FIELD = 20_000


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form with a file holds. ``file`` is None if none was chosen.

    ``problem`` says that it was too large to be read; then there are no fields, and nothing proves whose form it is.
    """

    fields: Mapping[str, str]
    file: Upload | None = None
    problem: TooLarge | None = None


async def our_upload(request: Request, visitor: VisitorDep) -> Sent:
    """The fields and the file of a form of ours; NotAllowed if the form does not prove that it is ours."""
    try:
        async with request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD) as form:
            fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
            check_form(request, visitor, fields.get("csrf", "")[:200])
            return Sent(fields, await _file(form.get("file")))
    except HTTPException as error:
        if error.status_code == 413:
            return Sent({}, problem=TooLarge("This file is larger than a file may be. Nothing was kept."))
        raise BadInput("This form could not be read. Go back, load the page again and send it once more.") from error


async def _file(sent: UploadFile | str | None) -> Upload | None:
    """The file that was chosen. When none was, a browser sends a part without a name and without anything in it."""
    if not isinstance(sent, UploadFile):
        return None
    octets = await sent.read()
    return Upload(sent.filename or "", octets) if sent.filename or octets else None


OurUpload = Annotated[Sent, Depends(our_upload)]
