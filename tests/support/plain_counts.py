"""What awaits somebody, counted row by row in plain Python: no condition of the product is used."""

import sqlalchemy
from sqlalchemy.orm import Session

from app.db.base import Base

T = Base.metadata.tables


def plain_counts(session: Session, charter: int, person: int, role: str | None) -> dict[str, int]:
    """How many things of each sort wait for a person with that role in a charter (both by row id)."""

    def rows(table: str) -> list[sqlalchemy.RowMapping]:
        return list(session.execute(sqlalchemy.select(T[table])).mappings())

    proposals = {p["id"]: p for p in rows("proposals") if p["charter_id"] == charter}
    changes = [c for c in rows("changes") if c["proposal_id"] in proposals and c["last_version"] is None]
    reviews = {(r["proposal_id"], r["version"]) for r in rows("reviews") if r["person_id"] == person}
    mine = {p["proposal_id"]: p for p in rows("proposal_partners") if p["person_id"] == person}
    out_again = {m["change_id"] for m in rows("merged_changes") if m["reverted_in"] is not None}
    signed = {id for id, row in mine.items() if row["signed_at"] is not None}
    found = dict.fromkeys(("to_review", "returned", "unfit", "mentions", "lost_threads", "shared"), 0)
    found |= dict.fromkeys(("to_decide", "to_merge", "to_sign"), 0)
    for id, proposal in proposals.items():
        own, state = proposal["author_id"] == person, proposal["state"]
        found["returned"] += own and state == "returned"
        if role is None:
            continue
        asked = (id, proposal["version"]) not in reviews and id not in signed
        found["to_review"] += state == "open" and not own and asked
        if id in signed:
            found["shared"] += (
                state in ("draft", "open", "returned") and mine[id]["signed_version"] != proposal["version"]
            )
        elif id in mine:
            found["shared"] += state == "draft"
        found["to_decide"] += role == "governor" and state == "open"
    for change in changes:
        proposal = proposals[change["proposal_id"]]
        left = change["outcome"] in ("pending", "deferred")
        unfit = change["fit"] in ("conflict", "orphaned") and left
        found["unfit"] += role is not None and proposal["author_id"] == person and proposal["state"] == "open" and unfit
        adopted = change["outcome"] in ("adopted", "adopted_amended") and change["merged_revision"] is None
        waits = adopted and proposal["state"] in ("open", "decided") and change["id"] not in out_again
        found["to_merge"] += role == "governor" and waits
    if role is not None:
        for thread in rows("threads"):
            lost = thread["anchor_state"] == "orphaned" and thread["state"] == "open"
            found["lost_threads"] += thread["charter_id"] == charter and thread["author_id"] == person and lost
        for notice in rows("notices"):
            called = notice["kind"] == "mentioned" and notice["read_at"] is None and notice["listed"]
            found["mentions"] += notice["charter_id"] == charter and notice["person_id"] == person and called
    return {name: int(count) for name, count in found.items()}
