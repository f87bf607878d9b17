"""Word documents of ours that LibreOffice opened and saved: nothing is made of what it writes in its own way."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.render.word import Said, Saying
from app.text.snapshot import Snapshot
from tests.render.test_word_redline import NOW, clean, read, redlined
from tests.support.word_edits import much_changed, random_pairs
from tests.support.word_texts import rich_snapshot
from tests.text.test_wordfile_ours import (
    applied,
    as_seen,
    assert_nothing,
    assert_reads_alike,
    brought,
    by_vera,
    written,
)

pytestmark = [pytest.mark.office, pytest.mark.long]


def saved_again(folder: Path, files: Sequence[bytes]) -> list[bytes]:
    """The files as LibreOffice saves them."""
    for n, octets in enumerate(files):
        (folder / f"{n}.docx").write_bytes(octets)
    home = f"-env:UserInstallation=file://{folder.parent / 'office-home'}"
    call = ["soffice", "--headless", "--norestore", home, "--convert-to", "docx", "--outdir", str(folder / "again")]
    told = [str(folder / f"{n}.docx") for n in range(len(files))]
    done = subprocess.run([*call, *told], capture_output=True, text=True, timeout=300, check=False)
    made = [folder / "again" / f"{n}.docx" for n in range(len(files))]
    assert all(one.is_file() for one in made), done.stderr
    return [one.read_bytes() for one in made]


def pairs() -> list[tuple[Snapshot, Snapshot]]:
    return [(old, as_seen(old, new)) for old, new in [much_changed(), *random_pairs(3, 25)]]


def test_what_nobody_changed_brings_nothing(tmp_path_factory: pytest.TempPathFactory):
    texts = [rich_snapshot(), *(old for old, _ in pairs())]
    for made, base in zip(
        saved_again(tmp_path_factory.mktemp("same"), [written(one) for one in texts]), texts, strict=True
    ):
        assert_nothing(brought(made, base))


def test_what_was_proposed_when_it_left_is_known_and_so_is_what_was_said(tmp_path_factory: pytest.TempPathFactory):
    files = []
    for old, new in pairs():
        on = [block.id for _, _, block in new.placed_blocks()][:3]
        files.append(
            redlined(old, new, [Said(id, (Saying("Vera", NOW, "Why?"), Saying("Omar", NOW, "So."))) for id in on])
        )
    for made, (old, _) in zip(saved_again(tmp_path_factory.mktemp("known"), files), pairs(), strict=True):
        assert_nothing(brought(made, old))


def test_what_somebody_changed_is_what_they_changed(tmp_path_factory: pytest.TempPathFactory):
    files = [by_vera(redlined(old, new)) for old, new in pairs()]
    for made, (old, new) in zip(saved_again(tmp_path_factory.mktemp("changed"), files), pairs(), strict=True):
        found = brought(made, old)
        if read(clean(old)) == read(clean(new)):
            assert found.suggestions == ()
        else:
            assert [one.author for one in found.suggestions] == ["Vera"]
            assert_reads_alike(applied(old, found), new)
