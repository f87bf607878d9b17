"""Characters that act without being seen: wherever a text is shown they are spelled out."""

import unicodedata
from functools import lru_cache

# What shapes its neighbours or allows a break: joiners, the soft hyphen, the line end.
_SHAPING = frozenset("\u00ad\u034f\u200c\u200d\n")
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Co", "Cn", "Cs"})


@lru_cache(maxsize=4096)
def is_unseen(character: str) -> bool:
    """Whether a character acts without being seen; what shapes its neighbours or allows a break does not count."""
    return unicodedata.category(character) in _UNSEEN and character not in _SHAPING
