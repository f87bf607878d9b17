"""Makes the print HTML of a prepared edition, and decides how its lists and goals are set."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import resources
from app.render.pages import size
from app.render.pdf.glyphs import held
from app.render.pdf.inline import Inline
from app.render.press.assets import LOGO_ADDRESS
from app.rules.file_kinds import form_of
from app.text.blocks import Kind
from app.text.prepared import (
    PreparedBlock,
    PreparedEdition,
    PreparedListing,
    PreparedPart,
    PreparedQuotation,
    PreparedSection,
    plain,
)
from app.text.snapshot import SectionKind

# In characters. A list up to this size is kept on one page.
_SHORT_LIST = 1000
# A list of an appendix of at least this size and this many items is its reasons.
_LONG_LIST, _MANY = 1600, 4
# So many characters fit beside each other in a table.
_TABLE_WIDTH = 70
# Two to four goals stand side by side, if each fits its share of these characters: narrower columns hold less.
_COLUMNS, _SIDE_BY_SIDE = range(2, 5), 1800


def print_html(prepared: PreparedEdition, *, approved: bool, fonts: Path, notes_at_foot: bool = True) -> str:
    """The whole text as HTML for `templates/pdf/charter.css`; everything people wrote is escaped.

    Notes stand at the foot of the page that cites them, or all of them after the text.
    """
    inline = Inline(prepared, held(fonts), notes_at_foot=notes_at_foot)
    environment = Environment(
        loader=FileSystemLoader(resources.templates() / "pdf"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words=inline.words, runs=inline.runs, seen=inline.seen, plain=plain, size=size)
    environment.tests.update(
        listing=lambda part: isinstance(part, PreparedListing),
        quotation=lambda part: isinstance(part, PreparedQuotation),
        short=lambda part: length(part) <= _SHORT_LIST,
        crowded=crowded,
    )
    return environment.get_template("charter.html").render(
        text=prepared,
        front=prepared.front,
        approved=approved,
        inline=inline,
        notes_at_foot=notes_at_foot,
        opening=opening_notice(prepared),
        in_columns=goals_in_columns,
        reasons=is_reasons,
        leads=leads,
        logo=prepared.logo,
        logo_address=LOGO_ADDRESS,
        annexes=prepared.annexes_at_hand,
        form_of=form_of,
        moment=prepared.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def opening_notice(prepared: PreparedEdition) -> PreparedSection | None:
    """The notice that stands below the contents: the first section, if it is one without a heading."""
    first = next(iter(prepared.sections), None)
    return first if first is not None and first.kind is SectionKind.NOTICE and not first.heading else None


def goals_in_columns(section: PreparedSection) -> bool:
    """Whether the goals of the section stand side by side: few, none long, and nothing in them that needs width."""
    return len(section.goals) in _COLUMNS and all(
        sum(map(length, goal.parts)) <= _SIDE_BY_SIDE // len(section.goals) and not any(map(_needs_width, goal.parts))
        for goal in section.goals
    )


def is_reasons(section: PreparedSection, listing: PreparedListing) -> bool:
    """Whether a list is the long reasons of an appendix, which are set a little smaller than the text itself."""
    return section.kind is SectionKind.APPENDIX and len(listing.items) >= _MANY and length(listing) >= _LONG_LIST


def leads(part: PreparedPart, following: PreparedPart | None) -> bool:
    """Whether a paragraph introduces the list after it, so that the two belong on one page."""
    return (
        isinstance(following, PreparedListing)
        and isinstance(part, PreparedBlock)
        and part.block.kind is Kind.PARAGRAPH
        and plain(part.runs).endswith(":")
    )


def crowded(table: PreparedBlock) -> bool:
    """Whether the columns of a table cannot all be as wide as their longest words."""
    longest: dict[int, int] = {}
    for row in table.rows:
        for column, cell in enumerate(row):
            widest = max((len(word) for word in plain(cell).split()), default=0)
            longest[column] = max(longest.get(column, 0), widest)
    return sum(longest.values()) + 2 * len(longest) > _TABLE_WIDTH


def length(part: PreparedPart) -> int:
    """How many characters a part has, with all that stands inside it."""
    match part:
        case PreparedListing(items=members) | PreparedQuotation(quotes=members):
            return sum(map(length, members))
        case PreparedBlock():
            cells = sum(len(run.text) for row in part.rows for cell in row for run in cell)
            own = len(part.block.text) if part.block.kind is Kind.CODE else sum(len(run.text) for run in part.runs)
            return own + cells + sum(map(length, part.inside))


def _needs_width(part: PreparedPart) -> bool:
    match part:
        case PreparedListing(items=members) | PreparedQuotation(quotes=members):
            return any(map(_needs_width, members))
        case PreparedBlock():
            return part.block.kind in {Kind.TABLE, Kind.CODE} or any(map(_needs_width, part.inside))
