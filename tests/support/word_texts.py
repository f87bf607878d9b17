"""A charter that holds everything the dialect knows, for those who write texts in other forms."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from app.text.blocks import Block
from app.text.dialect import clean, parse
from app.text.prepared import Logo, PreparedEdition, RevisionFacts
from app.text.preparing import prepare
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot
from tests.support.files import png

MADE = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

RICH = r"""An opening paragraph with *emphasis*, **strong**, `code`, ***both***, a [link](https://example.org/?a=1&b=ü),
an inner [reference](#second) and a note.[^a] Again the note[^a] and another.[^b]

The following hold:

1. First
2. Second with a longer text that goes over the end of the line, so that the hanging indent is seen in practice
   - nested bullet
   - another
     1. deep
        a. deeper
        b. deeper still
           i. roman
           ii. roman two
              A. six deep
              B. last
3. Third

   A further paragraph of the third item.

   > A quotation in the item
4. Fourth

C. Starts at C
D. then D

iv. starts at four
v. five

> A quotation of some length that is set in italics and with a bar beside it, so that everybody sees it is one.
>
> Its second paragraph.

| Name | Amount | Remark |
|:---|---:|:---:|
| Fees | 1,200 | yearly[^c] |
| Gifts | 300 | rare *and* welcome |

### A heading of level three

```
code  with   spaces
    and <tags> & more
```

---

Text after the rule. عربي نص هنا inside. A hard\
break. Zero{zwsp}width and {rlo}turned{pdf}. Soft{shy}hyphen, a family 👩‍👧, 10{nbsp}%, {{ PAGE }} and &copy;.

هذا نص عربي كامل مع *تأكيد* و English inside.

[^a]: The first note with *emphasis*.
[^b]: The second note.

    With a further paragraph, citing another.[^d]

    - and an item
[^c]: In a table.
[^d]: Only cited in a note, with a [link](https://example.org/d).
[^e]: Never cited.
"""
GOALS = "Intro.\n\n### Shape\n\nWords of one. See [money](annexe:money).\n\n### Grow\n\n- a\n- b\n\n---\n\nClosing."


def with_ids(blocks: Sequence[Block], ids: Iterator[str]) -> tuple[Block, ...]:
    """The blocks with an id each."""
    return tuple(replace(block, id=next(ids)) for block in blocks)


def rich_snapshot() -> Snapshot:
    """The charter as a text."""
    ids = (f"k{n}" for n in count(1))
    told = RICH
    for name, sign in {"zwsp": "\u200b", "rlo": "\u202e", "pdf": "\u202c", "shy": "\u00ad", "nbsp": "\u00a0"}.items():
        told = told.replace("{" + name + "}", sign)
    front = Front(
        "Charter",
        "The Society of Careful Drafters",
        "1 High Street\nLondon",
        "mail@example.org",
        language="en-GB",
        annexes=(Annexe("money", "Membership & funding", url="https://example.org/money"),),
    )
    first = Section("s1", "first", SectionKind.TEXT, "First *section*", with_ids(parse(clean(told)), ids))
    second = Section("s2", "second", SectionKind.GOALS, "Goals", with_ids(parse(clean(GOALS)), ids))
    return Snapshot(front, (first, second))


def rich() -> PreparedEdition:
    """The charter made ready."""
    logo = Logo("image/png", "ab" * 32, "A <kettle>", png())
    return prepare(rich_snapshot(), charter="rich", revision=RevisionFacts(3, MADE), logo=logo)
