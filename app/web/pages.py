"""All pages together; fixed addresses come before those of charters, which take every first word that is left."""

from fastapi import FastAPI

from app.web import (
    advice,
    assets,
    awaiting,
    charters,
    commenting,
    comparisons,
    decisions,
    desk,
    discussion,
    editions,
    help,
    invitations,
    me,
    merging,
    notices,
    partners,
    people,
    progress,
    proposals,
    propose,
    provenance,
    publishing,
    reverting,
    revisions,
    search,
    sessions,
    settings,
    threads,
)


def install(application: FastAPI) -> None:
    """Add the pages to the application."""
    for part in (
        assets,
        sessions,
        notices,
        me,
        invitations,
        people,
        awaiting,
        publishing,
        editions,
        comparisons,
        propose,
        commenting,
        threads,
        discussion,
        proposals,
        progress,
        partners,
        advice,
        provenance,
        decisions,
        desk,
        merging,
        reverting,
        settings,
        search,
        help,
        revisions,
        charters,
    ):
        application.include_router(part.router)
