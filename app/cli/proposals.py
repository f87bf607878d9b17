"""Commands on proposals: write, submit, review, decide, try a merge out, and merge."""

import json
from pathlib import Path

import click

from app import clock
from app.api.redlines import redline_json
from app.api.views import proposal_json, section_keys
from app.cli.acting import Acting, acting, acting_as
from app.cli.files import read_text
from app.cli.numbers import NUMBER
from app.db.models.proposals import Proposal
from app.errors import BadInput
from app.queries.proposals import proposal_view
from app.queries.revisions import head_snapshot
from app.rules.majorities import Position
from app.rules.permissions import Action
from app.rules.states import Outcome
from app.services import decisions, merging, proposals, reviews
from app.text.derive import Submission, SubmittedSection
from app.text.dialect import check_limits, clean, normalise_reported
from app.text.weave import Choice, Resolution

_OUTCOMES = [str(outcome) for outcome in Outcome if outcome is not Outcome.PENDING]


@click.group("proposal")
def proposal() -> None:
    """Proposals of a charter; what each prints is the proposal as JSON."""


def _tell(at: Acting, row: Proposal, reports: tuple[str, ...] = ()) -> None:
    at.session.flush()
    view = proposal_view(at.session, at.charter, row, at.by)
    value = proposal_json(view, section_keys(head_snapshot(at.session, at.charter)), reports)
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


@proposal.command("create")
@click.argument("key", metavar="CHARTER")
@click.argument("files", metavar="SECTION=FILE.md", nargs=-1, required=True)
@acting_as
@click.option("--title", required=True, help="A few words that say what it wants.")
@click.option("--rationale", default="", help="Why.")
@click.option("--base", type=NUMBER, help="The revision it is written on; without it, the newest.")
@click.option("--submit", is_flag=True, help="Put it before everybody at once.")
def create(
    key: str, files: tuple[str, ...], email: str, title: str, rationale: str, base: int | None, submit: bool
) -> None:
    """Propose other wording: each section's whole new text in a Markdown file."""
    told: list[str] = []
    sections = [_section(word, told) for word in files]
    with acting(key, email, Action.PROPOSE) as at:
        written = proposals.propose(
            at.session,
            at.charter,
            by=at.by,
            now=clock.now(),
            title=title,
            rationale=rationale,
            base_revision=at.charter.head if base is None else base,
            submission=Submission(tuple(sections)),
            submit=submit,
        )
        _tell(at, written.proposal, (*told, *written.reports))


def _section(word: str, told: list[str]) -> SubmittedSection:
    name, equals, path = word.partition("=")
    if not equals or not Path(path).is_file():
        raise click.UsageError(f"Name a section and a file, like vision=vision.md; {word} does not.")
    blocks, reports = normalise_reported(clean(read_text(Path(path))))
    check_limits(blocks, name=name)
    told.extend(reports)
    return SubmittedSection(key=name, blocks=blocks)


@proposal.command("show")
@click.argument("key", metavar="CHARTER")
@click.argument("number", type=NUMBER)
@acting_as
def show(key: str, number: int, email: str) -> None:
    """Show a proposal with its changes and how each fits the working text."""
    with acting(key, email, Action.READ_WORKING_TEXT) as at:
        _tell(at, at.proposal(number))


@proposal.command("submit")
@click.argument("key", metavar="CHARTER")
@click.argument("number", type=NUMBER)
@acting_as
def submit_proposal(key: str, number: int, email: str) -> None:
    """Put one's own draft before everybody."""
    with acting(key, email, Action.PROPOSE) as at:
        row = at.proposal(number)
        proposals.submit(at.session, at.charter, row, by=at.by, now=clock.now())
        _tell(at, row)


@proposal.command("withdraw")
@click.argument("key", metavar="CHARTER")
@click.argument("number", type=NUMBER)
@acting_as
def withdraw_proposal(key: str, number: int, email: str) -> None:
    """Take one's own proposal back."""
    with acting(key, email, Action.PROPOSE) as at:
        row = at.proposal(number)
        proposals.withdraw(at.session, at.charter, row, by=at.by, now=clock.now())
        _tell(at, row)


@proposal.command("return")
@click.argument("key", metavar="CHARTER")
@click.argument("number", type=NUMBER)
@acting_as
@click.option("--reason", required=True, help="Its author reads it.")
def return_proposal(key: str, number: int, email: str, reason: str) -> None:
    """Give a proposal back to its author."""
    with acting(key, email, Action.DECIDE) as at:
        row = at.proposal(number)
        proposals.return_to_author(at.session, at.charter, row, by=at.by, now=clock.now(), reason=reason)
        _tell(at, row)


@proposal.command("review")
@click.argument("key", metavar="CHARTER")
@click.argument("number", type=NUMBER)
@click.argument("position", type=click.Choice([str(position) for position in Position]))
@acting_as
@click.option("--text", default="", help="In words.")
@click.option("--change", type=NUMBER, help="One change of it; without it, the whole proposal.")
def review_proposal(key: str, number: int, position: str, email: str, text: str, change: int | None) -> None:
    """Take a position on a proposal."""
    with acting(key, email, Action.REVIEW) as at:
        row = at.proposal(number)
        reviews.review(
            at.session, at.charter, row, by=at.by, now=clock.now(), position=position, text=text, change=change
        )
        _tell(at, row)


@proposal.command("decide")
@click.argument("key", metavar="CHARTER")
@click.argument("change", metavar="CHANGE")
@click.argument("outcome", type=click.Choice(_OUTCOMES))
@acting_as
@click.option("--reason", default="", help="Everybody can read it.")
@click.option("--text", help="The adopted wording, for adopted_amended.")
@click.option("--supersede", is_flag=True, help="In the place of an earlier decision.")
def decide_change(
    key: str, change: str, outcome: str, email: str, reason: str, text: str | None, supersede: bool
) -> None:
    """Decide on one change, named like 12.1."""
    left, _, right = change.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in (left, right)):
        raise BadInput("A change is named by proposal and number, like 12.1.")
    with acting(key, email, Action.DECIDE) as at:
        row = at.proposal(int(left))
        verdict = decisions.Verdict(int(right), outcome, reason, text, supersede)
        decisions.decide(at.session, at.charter, row, by=at.by, now=clock.now(), verdicts=[verdict])
        _tell(at, row)


@proposal.command("preview")
@click.argument("key", metavar="CHARTER")
@click.argument("changes", metavar="CHANGE", nargs=-1, required=True)
@acting_as
def preview_merge(key: str, changes: tuple[str, ...], email: str) -> None:
    """Say what the text becomes with these changes; nothing is written."""
    with acting(key, email, Action.PROPOSE) as at:
        made = merging.preview(at.session, at.charter, changes, {})
    click.echo(f"On revision {made.base_revision}:")
    for ref, fit in made.woven.classes.items():
        click.echo(f"  {ref}: {fit.cls}" + (", part of a sentence to be read and confirmed" if fit.confirm else ""))
    for conflict in made.woven.conflicts:
        click.echo(f"conflict {conflict.id} of {', '.join(conflict.refs)}: {conflict.why}")
        click.echo(f"  as it stands: {conflict.standing}\n  as proposed:  {conflict.proposed}")
    for combined in made.woven.combined:
        click.echo(f"read and confirm: {combined.sentence}")
    changed = redline_json(made.before, made.woven.snapshot)["changes"]
    assert isinstance(changed, list)
    for line in changed:
        click.echo(f"- {line['text']}")


@proposal.command("merge")
@click.argument("key", metavar="CHARTER")
@click.argument("changes", metavar="CHANGE", nargs=-1, required=True)
@acting_as
@click.option("--base", type=NUMBER, required=True, help="The revision you looked at.")
@click.option("--message", default="", help="The line people see in the history.")
@click.option("--resolve", multiple=True, metavar="ID=CHOICE", help="standing, proposed or both for a conflict.")
@click.option("--confirm", is_flag=True, help="All combined sentences were read, and are meant so.")
def merge_changes(
    key: str,
    changes: tuple[str, ...],
    email: str,
    base: int,
    message: str,
    resolve: tuple[str, ...],
    confirm: bool,
) -> None:
    """Put adopted changes into the text, as one revision."""
    with acting(key, email, Action.MERGE) as at:
        number = merging.merge(
            at.session,
            at.charter,
            by=at.by,
            now=clock.now(),
            references=changes,
            base_revision=base,
            message=message,
            resolutions=dict(_resolution(word) for word in resolve),
            confirmed=confirm,
        )
    click.echo(f"The text is now revision {number}.")


def _resolution(word: str) -> tuple[str, Resolution]:
    id, _, choice = word.partition("=")
    offered = (Choice.STANDING, Choice.PROPOSED, Choice.BOTH)
    if choice not in offered:
        raise click.UsageError(f"{word} is no choice: write the conflict's id, =, and one of {', '.join(offered)}.")
    return id, Resolution(choice)


COMMANDS = (proposal,)
