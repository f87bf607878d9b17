"""How Alembic runs the steps in `versions/`: on the engine it is given, or on the one the settings name."""

from alembic import context
from sqlalchemy import Connection

import app.db.models
from app.db.base import Base
from app.db.engine import Database
from app.settings import load_settings

assert app.db.models  # imported so that every table is known


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    # Somebody else's transaction, which they commit with what else is in it.
    run(given)
else:
    engine = context.config.attributes.get("engine") or Database(load_settings().database).engine
    with engine.execution_options(engross_writes=True).connect() as own:
        run(own)
        own.commit()
