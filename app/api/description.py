"""The description of the interface in OpenAPI: what FastAPI finds out by itself, and what every act has in common."""

from typing import cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api import shapes
from app.render.word import MEDIA_TYPE as WORD

Json = dict[str, object]

_PROBLEM: Json = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal (RFC 9457). Each type may have members of its own, which name what it is about.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "/problems/ and a stable word"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do, in whole sentences"},
    },
    "additionalProperties": True,
}
_REFUSALS = {
    401: "Nobody is signed in, or the token is not good",
    403: "This person may see it but may not do it",
    404: "It does not exist, or not for this person",
    409: "Not in the state it is in; the type says why",
    412: "It was changed since it was read",
    413: "More than is permitted",
    422: "It cannot be understood or used as it is",
    428: "If-Match is needed",
    429: "The same too soon or too often; the detail says when again",
    503: "The database is busy, or a part of the machine is missing",
}
_OTHER_FORMS = {
    "/redline": ("text/html", WORD),
    "/compare/{pair}": ("text/html", "application/pdf", WORD),
    "/decisions": ("text/csv",),
}
"""What a reading can also be asked for as, beside JSON."""
_TEXT: Json = {"type": "string"}
_BINARY: Json = {"type": "string", "format": "binary"}


def describe(application: FastAPI) -> None:
    """Let the application answer with this description."""

    def description() -> Json:
        if application.openapi_schema is None:
            application.openapi_schema = _complete(
                get_openapi(
                    title=application.title,
                    version=application.version,
                    summary=application.summary,
                    routes=application.routes,
                )
            )
        return application.openapi_schema

    # FastAPI asks for it under this name.
    application.openapi = description  # type: ignore[method-assign]


def _complete(schema: Json) -> Json:
    components = cast("dict[str, Json]", schema.setdefault("components", {}))
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for name in shapes.__all__:
        # Whoever reads an answer has to let it grow; that it holds nothing else today is for our own tests.
        cast("Json", schemas.get(name, {})).pop("additionalProperties", None)
    schemas["Problem"] = _PROBLEM
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    schema["security"] = [{"token": []}, {}]
    for path, acts in cast("dict[str, dict[str, Json]]", schema["paths"]).items():
        for method, act in acts.items():
            _complete_act(path, method, act)
    return schema


def _complete_act(path: str, method: str, act: Json) -> None:
    answers = cast("dict[str, Json]", act["responses"])
    # Where there is something in a request that can be wrong, FastAPI says so in a form of its own.
    for status in sorted({*_refusals(path, method), *(422 for told in answers if told == "422")}):
        told: Json = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        answers[str(status)] = {"description": _REFUSALS[status], "content": told}
    for answer in answers.values():
        content = cast("dict[str, Json]", answer.get("content", {}))
        if method == "get" and "application/json" in content:
            forms = next((forms for end, forms in _OTHER_FORMS.items() if path.endswith(end)), ())
            content |= {form: {"schema": _TEXT if form.startswith("text/") else _BINARY} for form in forms}
    parameters = cast("list[Json]", act.setdefault("parameters", []))
    if method == "post":
        parameters.append(_header("Idempotency-Key", "The same request under the same key is done once"))
    if method in ("patch", "put", "delete"):
        parameters.append(_header("If-Match", "The ETag that was read"))


def _refusals(path: str, method: str) -> list[int]:
    found = {401, 503}
    if "{" in path:
        found |= {404, 422}
    # Who is invited is for those who invite.
    if "/invitations" in path:
        found |= {403}
    if method != "get":
        found |= {403, 404, 409, 413, 422}
    if method in ("patch", "put", "delete"):
        found |= {412, 428}
    if path.endswith("/invitations/{i}/send"):
        found |= {429}
    return sorted(found)


def _header(name: str, description: str) -> Json:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": _TEXT}
