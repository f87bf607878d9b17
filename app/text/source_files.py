"""Which files of a source folder belong to which annexe, and which is the logo; and what they are called in one."""

from collections.abc import Iterator, Mapping

from app.text.snapshot import Front
from app.text.source_values import SourceFile

LOGO_NAMES = ("logo.svg", "logo.png")


def files_in(front: Front, files: Mapping[str, bytes]) -> Iterator[SourceFile]:
    """The files of annexes and the logo, as far as they are in the folder.

    The file of an annexe is called like its key (`recipes.pdf`), or as `charter.toml` says; the logo likewise.
    """
    logo = front.logo if front.logo in files else next((name for name in LOGO_NAMES if name in files), None)
    if logo is not None:
        yield SourceFile(None, logo, files[logo])
    for annexe in front.annexes:
        by_key = next((name for name in sorted(files) if _is_for(annexe.key, name)), None)
        name = by_key or (annexe.file if annexe.file in files else None)
        if name is not None:
            yield SourceFile(annexe.key, name, files[name])


def folder_name(front: Front, annexe: str | None, called: str, taken: Mapping[str, bytes]) -> str:
    """What a file is called in a folder that `files_in` reads: as the front says, else by its key and what it is."""
    ending = called.rpartition(".")[2]
    declared = front.logo if annexe is None else next((a.file for a in front.annexes if a.key == annexe), None)
    if declared is not None and declared not in taken and not declared.endswith(".md"):
        return declared
    # Markdown in a folder is the text of a section.
    return f"{'logo' if annexe is None else annexe}.{'txt' if ending == 'md' else ending}"


def _is_for(key: str, name: str) -> bool:
    stem, dot, ending = name.rpartition(".")
    return bool(dot) and stem == key and ending not in ("md", "toml")
