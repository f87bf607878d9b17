"""What a Word file of ours holds otherwise than our text: its writer and its reader have to do it alike."""

import re
from urllib.parse import quote

from app.text.blocks import Align, ListStyle

LONGEST_LINK = 2_000
"""Characters of an address; the words of a longer one are no link in Word."""

# After Z comes AA in both, but then AB here and BB in Word.
FURTHEST = {
    ListStyle.DECIMAL: 32_767,
    ListStyle.UPPER_ALPHA: 26,
    ListStyle.LOWER_ALPHA: 26,
    ListStyle.UPPER_ROMAN: 3_999,
    ListStyle.LOWER_ROMAN: 3_999,
}
"""The last number of a list that Word writes as we do."""

SIDES = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right"}
"""How Word calls the sides of a column."""

_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")


def as_uri(url: str) -> str:
    """An address as a file may name it: Word refuses a file with one that is not a URI."""
    return _STRAY.sub("%25", quote(url, safe="%/:=&?~#+!$,;'@()*-._"))
