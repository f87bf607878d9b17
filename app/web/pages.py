"""All pages together; fixed addresses come before those of charters, which take every first word that is left."""

from fastapi import FastAPI

from app.web import assets, awaiting, charters, comparisons, editions, notices, proposals, propose, revisions, sessions


def install(application: FastAPI) -> None:
    """Add the pages to the application."""
    for part in (assets, sessions, notices, awaiting, editions, comparisons, propose, proposals, revisions, charters):
        application.include_router(part.router)
