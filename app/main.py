"""The application: the database, both fronts, protection, and how errors are told."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from app import __version__, api, faults, web
from app.compression import Compression
from app.db.engine import Database
from app.db.schema import current_step, newest_step
from app.heads import Heads
from app.immutable import Immutable, Keeping
from app.metrics import Metrics
from app.security import BodyLimit, Protection
from app.services.attachments import LARGEST_FILE
from app.services.sending import Sender
from app.services.tidying import Housekeeper
from app.settings import Settings
from app.throttle import Throttle, Throttling
from app.turns import Turns
from app.watching import Watching

LONGEST_BODY = 2_000_000
"""Bytes a request may carry; the largest section has 200 kB."""

UPLOADS = re.compile(
    r"/[^/]+/(?:annexes/[^/]+/put|settings/logo|from-word/look)"
    r"|/api/v1/charters/[^/]+/(?:annexes/[^/]+/file|logo|from-word)",
    re.DOTALL,
)
PATIENCE = 30.0
"""Seconds that the first bytes of a body may take."""

LONGEST_UPLOAD = LARGEST_FILE + 100_000
"""Where a whole file may be sent, and how many bytes the request may carry then."""


def create_app(settings: Settings, database: Database | None = None, *, patience: float = PATIENCE) -> FastAPI:
    """The whole service for these settings; it opens its database unless it is given one."""
    database = database or Database(settings.database)
    metrics = Metrics(database) if settings.metrics else None
    # Where each request is to be counted or logged, each has to come in.
    kept = None if settings.metrics or settings.log_level in ("info", "debug") else Immutable()
    application = FastAPI(
        title="Engross",
        version=__version__,
        summary="Propose wording, decide, merge, and publish dated editions of a charter.",
        openapi_url="/api/v1/openapi.json",
        # What a generated client calls its functions.
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
        lifespan=_working,
        middleware=[
            Middleware(Watching, metrics=metrics),
            *([Middleware(Keeping, kept=kept)] if kept is not None else []),
            Middleware(Compression),
            Middleware(Protection, address=settings.address, refuse=faults.refuse_cross_site),
            Middleware(
                BodyLimit,
                longest=LONGEST_BODY,
                uploads=UPLOADS,
                longest_upload=LONGEST_UPLOAD,
                patience=patience,
            ),
            # Within the limit of bodies, since a form that came too soon is handed back with what was typed into it.
            *(
                [Middleware(Throttling, throttle=Throttle(), refuse=faults.refuse_haste)]
                if settings.rate_limits
                else []
            ),
            Middleware(Heads),
        ],
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    application.state.settings = settings
    application.state.database = database
    application.state.metrics = metrics
    application.state.kept = kept
    application.state.turns = Turns()
    application.add_api_route("/healthz", healthz, methods=["GET"], include_in_schema=False)
    application.add_api_route("/readyz", readyz, methods=["GET"], include_in_schema=False)
    api.install(application)
    web.install(application)
    faults.install(application)
    return application


@asynccontextmanager
async def _working(application: FastAPI) -> AsyncIterator[None]:
    """While the server runs, what is in the outbox is sent, and what has had its time is tidied away."""
    database, settings = application.state.database, application.state.settings
    sender, housekeeper = Sender(database, settings), Housekeeper(database, settings.mail_folder)
    application.state.sender = sender
    sender.start()
    housekeeper.start()
    try:
        yield
    finally:
        await run_in_threadpool(housekeeper.stop)
        await run_in_threadpool(sender.stop)


def healthz() -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


def readyz(request: Request) -> Response:
    """The service can do its work: the database answers and is at the step this program needs, and mails leave."""
    database: Database = request.app.state.database
    sender: Sender | None = getattr(request.app.state, "sender", None)
    try:
        at, needed = current_step(database), newest_step()
    except SQLAlchemyError:
        return JSONResponse({"ready": False, "why": "The database does not answer."}, 503)
    if at != needed:
        why = f"The database is at step {at}, and this program needs {needed}."
        return JSONResponse({"ready": False, "why": why, "database_at": at, "needed": needed}, 503)
    if sender is not None and not sender.alive:
        return JSONResponse({"ready": False, "why": "Mails are not sent any more; start the service again."}, 503)
    return JSONResponse({"ready": True})
