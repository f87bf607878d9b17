"""The pages: the Jinja environment, with what templates may use to write dates, numbers and words."""

from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import resources
from app.errors import Unavailable
from app.render.inline import paragraphs, runs, words
from app.render.leaf import markers
from app.rules.dates import day_in_words, edition_date
from app.rules.file_kinds import form_of
from app.text.prepared import PreparedListing, PreparedQuotation, plain

# How a badge looks by how its words begin, the first that fits; what is not here has a plain edge.
_LOOKS = (
    ("In force later", "wait"),
    ("In force", "solid"),
    ("Adopted", "solid"),
    ("Partly adopted", "good"),
    ("In the text since", "good"),
    ("Partly in the text", "good"),
    ("Taken over", "good"),
    ("Draft", "wait"),
    ("Open", "wait"),
    ("Not decided yet", "wait"),
    ("Deferred", "wait"),
    ("Candidate", "wait"),
    ("Approved, not published", "wait"),
    ("Working text", "wait"),
    ("Combined", "warn"),
    ("Conflicts", "warn"),
    ("Needs its author", "warn"),
    ("Not approved", "bad"),
    ("Withdrawn", "bad"),
)


def render(template: str, values: dict[str, object]) -> str:
    """The page that a template makes of these values; a value the template asks for and does not get is an error."""
    return _environment(resources.templates()).get_template(template).render(values)


@lru_cache(maxsize=2)
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        words=words,
        runs=runs,
        plain=plain,
        paragraphs=paragraphs,
        day=day,
        moment=moment,
        size=size,
        number=number,
        counted=counted,
        look=look,
        edition_name=edition_name,
        form_name=form_name,
    )
    environment.tests.update(
        listing=lambda part: isinstance(part, PreparedListing),
        quotation=lambda part: isinstance(part, PreparedQuotation),
    )
    environment.globals.update(asset=asset, markers=markers)
    return environment


def asset(name: str) -> str:
    """The address of a built asset; empty where the front end is not built, so that errors can still be told."""
    try:
        return f"/static/{resources.asset(name)}"
    except Unavailable:
        return ""


def day(value: date) -> Markup:
    """A day for people and machines: 21 November 2026."""
    of = value.astimezone(UTC).date() if isinstance(value, datetime) else value
    return Markup('<time datetime="{}">{}</time>').format(of.isoformat(), day_in_words(of))


def moment(value: datetime) -> Markup:
    """A moment for people and machines: 21 November 2026, 10:42 UTC."""
    at = value.astimezone(UTC)
    return Markup('<time datetime="{}">{}, {:%H:%M} UTC</time>').format(
        at.isoformat(timespec="seconds"), day_in_words(at.date()), at
    )


def edition_name(key: str) -> Markup:
    """The date of an edition in words, from its key."""
    return Markup('<time datetime="{}">{}</time>').format(key, edition_date(key).label)


def size(octets: int) -> str:
    """A size in decimal units, as file managers say it: 98 kB."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} kB"
    return f"{octets / 1_000_000:.1f} MB"


def form_name(media_type: str) -> str:
    """What people call a kind of file: PDF, Word document."""
    return form_of(media_type).words


def number(value: int) -> str:
    """A whole number with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 proposal, 3 proposals, no proposals."""
    noun = one if count == 1 else (many or f"{one}s")
    return f"{number(count) if count else 'no'} {noun}"


def look(said: str) -> str:
    """The class of a badge that says this."""
    return next((f"badge badge-{name}" for begins, name in _LOOKS if said.startswith(begins)), "badge")
