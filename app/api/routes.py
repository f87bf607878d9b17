"""All of the interface together, under /api/v1."""

from fastapi import APIRouter, FastAPI

from app.api import (
    awaiting,
    charters,
    comparisons,
    deciding,
    editions,
    following,
    merging,
    proposals,
    reverting,
    threads,
)
from app.api.description import describe


def install(application: FastAPI) -> None:
    """Add the interface to the application."""
    router = APIRouter(prefix="/api/v1", tags=["engross"])
    for part in (
        awaiting,
        charters,
        comparisons,
        proposals,
        deciding,
        merging,
        reverting,
        editions,
        threads,
        following,
    ):
        router.include_router(part.router)
    application.include_router(router)
    describe(application)
