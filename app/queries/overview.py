"""What a charter says of itself, as far as somebody may see it."""

from datetime import date

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.queries.charters import CharterView, SectionHead, charter_rows
from app.queries.editions import edition_in_force, shown_edition
from app.queries.people import Account, standing
from app.queries.revisions import head_snapshot, snapshot
from app.rules.permissions import Action, permitted


def charter_view(session: Session, charter: Charter, allowed: frozenset[Action], today: date) -> CharterView:
    """A charter by its working text for those who may see that, else by the edition that is shown to everybody."""
    edition = edition_in_force(session, charter, today)
    working = Action.READ_WORKING_TEXT in allowed
    shown = None if working else edition or shown_edition(session, charter, today)
    assert working or shown is not None, "what somebody may not see at all does not get here"
    text = head_snapshot(session, charter) if shown is None else snapshot(session, charter, shown.revision)
    return CharterView(
        key=charter.key,
        title=text.front.title,
        organisation=text.front.organisation,
        language=text.front.language,
        open=charter.open,
        rule=charter.rule,
        quorum=charter.quorum,
        signoffs_required=charter.signoffs_required,
        former_members=charter.former_members,
        head=charter.head if working else None,
        edition=edition.key if edition is not None else None,
        sections=[SectionHead(s.id, s.key, str(s.kind), s.heading) for s in text.sections],
    )


def charter_views(
    session: Session, person: Account | None, today: date, *, only: str | None = None
) -> list[CharterView]:
    """All charters that exist for this person, or for nobody in particular.

    ``only``: the one in which they count as that person, by its key; everywhere else they are nobody in particular.
    """
    views = []
    for charter in charter_rows(session):
        who = person if only in (None, charter.key) else None
        allowed = permitted(standing(session, who, charter), open_charter=charter.open)
        if Action.READ_WORKING_TEXT in allowed or shown_edition(session, charter, today) is not None:
            views.append(charter_view(session, charter, allowed, today))
    return views
