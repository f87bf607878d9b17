"""All of the interface together, under /api/v1."""

from fastapi import APIRouter, FastAPI

from app.api import (
    advice,
    annexes,
    awaiting,
    charters,
    comparisons,
    deciding,
    decisions,
    editions,
    following,
    from_word,
    invitations,
    merging,
    notices,
    packets,
    partners,
    people,
    proposals,
    provenance,
    reverting,
    search,
    threads,
    tokens,
)
from app.api.description import describe


def install(application: FastAPI) -> None:
    """Add the interface to the application."""
    router = APIRouter(prefix="/api/v1", tags=["engross"])
    for part in (
        awaiting,
        notices,
        charters,
        comparisons,
        provenance,
        decisions,
        people,
        invitations,
        packets,
        proposals,
        from_word,
        partners,
        advice,
        deciding,
        merging,
        reverting,
        annexes,
        editions,
        threads,
        following,
        search,
        tokens,
    ):
        router.include_router(part.router)
    application.include_router(router)
    describe(application)
