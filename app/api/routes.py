"""All of the interface together, under /api/v1."""

from fastapi import APIRouter, FastAPI

from app.api import charters, comparisons, editions, merging, proposals
from app.api.description import describe


def install(application: FastAPI) -> None:
    """Add the interface to the application."""
    router = APIRouter(prefix="/api/v1", tags=["engross"])
    for part in (charters, comparisons, proposals, merging, editions):
        router.include_router(part.router)
    application.include_router(router)
    describe(application)
