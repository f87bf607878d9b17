"""What was last imported into a charter, as far as an export has to say it again."""

import json
from datetime import date
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.db.models.records import Record
from app.queries.editions import edition_of_revision
from app.queries.revisions import packed_snapshot, revision_row
from app.rules.dates import edition_date
from app.text.snapshot import Snapshot
from app.text.source_values import SourceEdition

_MOST_BASES = 30


def edition_to_json(edition: SourceEdition) -> str:
    """A declared edition as it is stored."""
    effective = None if edition.effective is None else edition.effective.isoformat()
    return json.dumps({"date": edition.date, "label": edition.label, "effective": effective}, ensure_ascii=False)


def import_bases(session: Session, charter: Charter) -> list[Snapshot]:
    """What a folder of source may have been written from, the newest first.

    That is the last import that changed the text, and those since which said only what stood there already.
    """
    said = session.execute(
        select(Record.act, Record.after, Record.detail)
        .where(Record.chain == charter.key, Record.act.in_(("import", "keep imported source")))
        .order_by(Record.number.desc())
        .limit(_MOST_BASES)
    )
    kept = takewhile(lambda row: row.act != "import", said)
    return [packed_snapshot(session, json.loads(row.detail)["front"], row.after) for row in kept]


def edition_of_text(session: Session, charter: Charter, number: int) -> SourceEdition | None:
    """The edition a folder with the text of that revision stands for.

    That is the edition published of it; or, where nothing was changed since the last import, the one that source
    declared, published or not.
    """
    published = edition_of_revision(session, charter, number)
    if published is not None:
        return declared(published)
    row = revision_row(session, charter, number)
    same = (row.front_hash, row.outline_hash) == (charter.imported_front, charter.imported_outline)
    if not same or charter.imported_edition is None:
        return None
    said = json.loads(charter.imported_edition)
    effective = None if said["effective"] is None else date.fromisoformat(said["effective"])
    return SourceEdition(said["date"], said["label"], effective)


def declared(edition: Edition) -> SourceEdition:
    """An edition as a folder declares it: a label and an effective day only where the date does not say them."""
    when = edition_date(edition.key)
    label = None if edition.label == when.label else edition.label
    return SourceEdition(edition.key, label, None if edition.effective == when.first_day else edition.effective)
