"""Whether each answer of the interface has exactly the shape that its description promises."""

import importlib
import pkgutil
import re
from functools import cache
from typing import Any

import httpx2
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.routing import compile_path

from app import api

_PREFIX = "/api/v1"


@cache
def _promised() -> list[tuple[str, re.Pattern[str], TypeAdapter[Any]]]:
    found = []
    for module in pkgutil.iter_modules(api.__path__, "app.api."):
        router = getattr(importlib.import_module(module.name), "router", None)
        for route in getattr(router, "routes", ()):
            if isinstance(route, APIRoute) and route.response_model is not None:
                pattern = compile_path(_PREFIX + route.path)[0]
                found += [(method, pattern, TypeAdapter(route.response_model)) for method in route.methods]
    return found


def look_at(response: httpx2.Response) -> None:
    """Fail if an answer in JSON has a field its description does not name, lacks one, or has one of another kind."""
    path = response.url.path
    if not response.is_success or not path.startswith(_PREFIX) or path.endswith("/openapi.json"):
        return
    if not response.headers.get("content-type", "").startswith("application/json"):
        return
    response.read()
    shape = next((s for method, p, s in _promised() if method == response.request.method and p.match(path)), None)
    if shape is not None:
        shape.validate_json(response.content, strict=True)
