"""Forms with many fields, read whole: a page of paragraphs has more of them than a framework expects by itself."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from app.deps import VisitorDep
from app.errors import BadInput, TooLarge
from app.web.fields import LONGEST_FIELD, MOST_FIELDS
from app.web.sessions import check_form


async def our_fields(request: Request, visitor: VisitorDep) -> Mapping[str, str]:
    """The fields of a form of ours, by name; of a name that stands twice the last value. Files are refused.

    NotAllowed if the form does not prove that it is ours, BadInput for what is no form.
    """
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
    except HTTPException as error:
        if error.status_code == 413:
            raise TooLarge("This form holds more than 2 MB. Send it section by section.") from error
        raise BadInput("This form could not be read. Go back, load the page again and send it once more.") from error
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    check_form(request, visitor, fields.get("csrf", "")[:200])
    return fields


OurFields = Annotated[Mapping[str, str], Depends(our_fields)]
