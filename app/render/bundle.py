"""The bundle of an edition: all its files in one zip, with the list of their hashes and a signature over the list."""

import hashlib
import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.dates import day_in_words
from app.rules.edition_files import KEY_NAME, LIST_NAME, READ_ME_NAME, SIGNATURE_NAME, FileKind, FileNames
from app.signing import KeyPair

# What a zip can be dated.
_FIRST, _LAST = date(1980, 1, 1), date(2107, 12, 31)
_TOLD = {
    FileKind.PAGE: "the text as one HTML file, to be read without a network",
    FileKind.TEXT: "the text in canonical Markdown",
    FileKind.RECORD: "the record: the text by permanent ids, who signed it, who decided which words, when and why",
    FileKind.SCHEDULE: "what changed since the edition before, in words",
    FileKind.REDLINE: "the whole text with what changed since the edition before marked",
    FileKind.DECISIONS: "the decisions on what went in since the edition before, as a table",
}


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the bundle says about itself: whose it is, which edition, and from which day it counts."""

    organisation: str
    title: str
    label: str
    effective: date


@dataclass(frozen=True, slots=True)
class BundledAnnexe:
    """The file of an annexe: its name in the bundle, the title of the annexe, and its bytes."""

    name: str
    title: str
    octets: bytes


def sums(files: Mapping[str, bytes]) -> bytes:
    """The list of SHA-256 hashes as `sha256sum` writes and checks it, in the order of the names."""
    lines = (f"{hashlib.sha256(octets).hexdigest()}  {name}\n" for name, octets in sorted(files.items()))
    return "".join(lines).encode()


def bundle(
    names: FileNames,
    pdf: bytes,
    files: Mapping[FileKind, bytes],
    imprint: Imprint,
    pair: KeyPair,
    annexes: Sequence[BundledAnnexe] = (),
) -> bytes:
    """The zip; the same files and key give the same bytes."""
    inside = {names.pdf: pdf, **{names.of(kind): octets for kind, octets in files.items()}}
    inside.update({annexe.name: annexe.octets for annexe in annexes})
    inside[KEY_NAME] = pair.public.pem.encode()
    inside[READ_ME_NAME] = read_me(names, list(files), imprint, pair.public.id, annexes).encode()
    listed = sums(inside)
    as_they_are = {annexe.name for annexe in annexes}
    return packed({**inside, LIST_NAME: listed, SIGNATURE_NAME: pair.sign(listed)}, imprint.effective, as_they_are)


def packed(files: Mapping[str, bytes], dated: date, as_they_are: Collection[str] = ()) -> bytes:
    """A zip that depends on nothing but these files and that day; those named ``as_they_are`` are packed already."""
    day = min(max(dated, _FIRST), _LAST)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, octets in sorted(files.items()):
            member = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o644 << 16
            packing = zipfile.ZIP_STORED if name in as_they_are else zipfile.ZIP_DEFLATED
            archive.writestr(member, octets, packing, 9)
    return written.getvalue()


def read_me(
    names: FileNames, kinds: list[FileKind], imprint: Imprint, key: str, annexes: Sequence[BundledAnnexe] = ()
) -> str:
    """What is in the bundle, and how anybody checks it."""
    told = [(names.pdf, "the charter as it is printed"), *((names.of(k), _TOLD[k]) for k in _TOLD if k in kinds)]
    told += [(annexe.name, f"the annexe “{' '.join(annexe.title.split())}”") for annexe in annexes]
    told += [
        (LIST_NAME, "the SHA-256 hash of every file but itself and its signature"),
        (SIGNATURE_NAME, f"the Ed25519 signature over {LIST_NAME}, 64 bytes"),
        (KEY_NAME, "the public key it was made with"),
    ]
    width = max(len(name) for name, _ in told)
    return "\n".join(
        [
            f"{imprint.organisation}: {imprint.title}",
            f"Edition: {imprint.label}, in force from {day_in_words(imprint.effective)}",
            "",
            *(f"{name:<{width}}  {words}" for name, words in told),
            "",
            "TO CHECK IT",
            "",
            "1. That no file was changed, in the folder these files are in:",
            "",
            f"   sha256sum -c {LIST_NAME}",
            "",
            "   (on macOS: shasum -a 256 -c " + LIST_NAME + ")",
            "",
            "2. That the list is the one that was published, with OpenSSL 3:",
            "",
            f"   openssl pkeyutl -verify -rawin -pubin -inkey {KEY_NAME} -sigfile {SIGNATURE_NAME} -in {LIST_NAME}",
            "",
            "   It answers: Signature Verified Successfully",
            "",
            f"3. That the key is theirs: it is called {key}. Anybody can put another key into a changed bundle, so",
            f"   compare {KEY_NAME} with one you kept earlier, or with the list that the site of the charter has",
            "   at /.well-known/engross-keys.json: every key they ever signed with, and from when to when.",
            "",
            "Or with Engross, where FILE is the key you trust:",
            "",
            f"   engross verify {names.of(FileKind.BUNDLE)} --key FILE",
            "",
        ]
    )
