"""All pages together: routers, static files and error pages."""

from fastapi import FastAPI


def install(application: FastAPI) -> None:
    """Add the pages to the application."""
