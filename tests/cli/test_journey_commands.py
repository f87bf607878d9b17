"""The way of a change and of an edition by the command line alone."""

import json
from pathlib import Path

import pytest

from app.resources import charter_sources
from tests.cli.conftest import Run

VISION = (charter_sources() / "peps" / "vision.md").read_text()


def begin(engross: Run, folder: Path) -> None:
    engross("import", charter_sources() / "peps")
    for name, role in (("mara", "member"), ("gil", "governor")):
        engross("user", "add", f"{name}@example.org", "--name", name, "--charter", "peps", "--role", role)
    (folder / "vision.md").write_text(VISION.replace("key partners", "equal partners"))


@pytest.mark.long
def test_a_change_goes_in_and_an_edition_comes_out(engross: Run, tmp_path: Path) -> None:
    begin(engross, tmp_path)
    member, governor = ("--as", "mara@example.org"), ("--as", "gil@example.org")
    written = engross(
        "proposal", "create", "peps", f"vision={tmp_path / 'vision.md'}", *member, "--title", "Equal", "--submit"
    )
    assert written.code == 0, written.err
    assert [c["kind"] for c in json.loads(written.out)["changes"]] == ["replace"]
    assert engross("proposal", "review", "peps", "1", "support", *governor).code == 0
    refused = engross("proposal", "decide", "peps", "1.1", "adopted", *member)
    assert refused.code == 1
    assert "cannot decide" in refused.err
    early = engross("proposal", "merge", "peps", "1.1", *governor, "--base", "1")
    assert early.code == 1
    assert "1.1" in early.err
    assert engross("proposal", "decide", "peps", "1.1", "adopted", *governor).code == 0
    assert "“key” replaced by “equal”" in engross("proposal", "preview", "peps", "1.1", *governor).out
    merged = engross("proposal", "merge", "peps", "1.1", *governor, "--base", "1", "--message", "Equal partners")
    assert merged.out == "The text is now revision 2.\n"
    for act in ("draft", "freeze", "signoff"):
        assert engross("edition", act, "peps", "2026-11-21", *governor).code == 0
    assert engross("edition", "signoff", "peps", "2026-11-21", *member).code == 1
    twice = engross("edition", "signoff", "peps", "2026-11-21", *governor)
    assert twice.code == 1
    assert engross("verify").code == 0
