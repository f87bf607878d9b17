"""Texts that are written to keep a computer busy: each operation ends, within the processor time a request may cost.

Each runs in a process of its own that the system ends after so many seconds of processor time. The bounds are far
above what is needed (see docs/performance.md for that): what they find is work that grows with the square of a text.
"""

import resource
import subprocess
import sys

import pytest

SECONDS = 60

TEXTS = {
    "stars": '"*" * 200_000',
    "stars and letters": '"*a " * 60_000',
    "open brackets": '"[" * 200_000',
    "open links": '"[a](" * 50_000',
    "brackets within brackets": '"[" * 50_000 + "a" + "]" * 50_000',
    "citations that never close": '"[^a" * 60_000',
    "ticks": '"".join("`" * n + " " for n in range(600))',
    "one long word": '"a" * 200_000',
    "one long line of words": '"word " * 40_000',
    "quotes of quotes": '">" * 3_000 + " a"',
    "lists in lists": '"\\n".join("  " * n + "- a" for n in range(400))',
    "table of pipes": '"|" * 100_000 + "\\n" + "|-" * 50_000',
    "entities": '"&amp" * 50_000',
    "blanks": '" " * 200_000 + "a"',
    "empty lines": '"\\n" * 200_000',
    "combining marks": '"e" + "\\u0301" * 100_000',
    "addresses": '"https://a." * 20_000',
    "tags": '"<a " * 60_000',
    "backslashes": '"\\\\" * 200_000',
}

READ = "from app.text.dialect import canonical_inline, clean, parse; list(map(len, [parse(clean(TEXT))]))"
COMPARE = """
from app.text.worddiff import diff_words
old, new = TEXT[:200_000], TEXT[100_000:] + " another " + TEXT[:100_000]
diff = diff_words(old, new)
assert "".join(p.text for p in diff.pieces if p.op != "insert") == old or diff.coarse
"""
FOLD = "from app.text.folding import excerpt, folded, sought; excerpt(TEXT, sought(TEXT[:200])); folded(TEXT)"


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.mark.long
@pytest.mark.parametrize("work", [READ, COMPARE, FOLD], ids=["read", "compared", "searched"])
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_keeps_the_computer_busy(name: str, work: str) -> None:
    program = (
        f"from app.errors import EngrossError\nTEXT = {TEXTS[name]}\ntry:\n    "
        + work.strip().replace("\n", "\n    ")
        + "\nexcept EngrossError as refused:\n    assert str(refused)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, preexec_fn=limited, check=False
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-1500:])
