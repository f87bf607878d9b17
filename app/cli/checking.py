"""Whether a file is what was published: by its hash, by a signature, and if it is not, what about it differs."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.cli.bundles import LARGEST_FILE
from app.errors import BadInput
from app.rules.edition_files import KEY_NAME, LIST_NAME, RECORD_NAME, SIGNATURE_NAME
from app.signing import SIGNATURE_LENGTH, PublicKey, public_key, public_key_from_pem
from app.text.record_difference import differences_from_text, record_differences

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
_LARGEST_KEY_FILE = 1_000_000


class Result(StrEnum):
    """How a check ended."""

    PUBLISHED = "published"
    SIGNED = "signed"
    DIFFERS = "differs"
    UNCHECKED = "unchecked"


@dataclass(slots=True)
class Checked:
    """How a check ended, and what it found, each in a sentence. ``key`` is the key that a signature was made with."""

    result: Result
    told: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    key: str | None = None

    @property
    def good(self) -> bool:
        """Whether the file is what was published."""
        return self.result in (Result.PUBLISHED, Result.SIGNED)


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key that whoever checks trusts, and what they know of when it signed."""

    public: PublicKey
    when: str = ""


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, however large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def trusted_keys(path: Path) -> Sequence[TrustedKey]:
    """The keys in a file: one in PEM, or a list as every installation publishes it. BadInput for what is neither."""
    if path.stat().st_size > _LARGEST_KEY_FILE:
        raise BadInput(f"{path} is too large to be a key.")
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    if not text.startswith("{"):
        return [TrustedKey(public_key_from_pem(text))]
    try:
        listed = json.loads(text)["keys"]
        return [TrustedKey(public_key(str(one["public"])), _when(one)) for one in listed]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(f"{path} is neither a public key in PEM nor a list of keys as Engross publishes it.") from error


def _when(one: Mapping[str, object]) -> str:
    until = one.get("until")
    return f"it signed from {one.get('from')}" + (f" until {until}" if until else " on")


def check_signature(path: Path, signature: Path, keys: Sequence[TrustedKey]) -> Checked:
    """Whether a signature beside a file is over that file, or over a list of sums beside it that names the file."""
    if path.stat().st_size > LARGEST_FILE:
        raise BadInput(f"{path} is too large to be checked by a signature.")
    over = read_signature(signature)
    octets = path.read_bytes()
    signer = _signer(keys, over, octets)
    if signer is not None:
        return Checked(Result.SIGNED, [f"the signature is over exactly this file.{_by(signer)}"], key=signer.public.id)
    listed = _list_beside(signature, path)
    signer = None if listed is None else _signer(keys, over, listed)
    if listed is not None and signer is not None:
        if hashlib.sha256(octets).hexdigest() in {hash for hash, _ in _lines(listed)}:
            told = f"it stands in the {LIST_NAME} beside that signature, which is signed.{_by(signer)}"
            return Checked(Result.SIGNED, [told], key=signer.public.id)
        return Checked(Result.DIFFERS, differences=[f"it does not stand in the signed {LIST_NAME}."])
    return Checked(
        Result.DIFFERS,
        differences=["the signature is not over these bytes: the file was changed, or another key made the signature."],
    )


def _list_beside(signature: Path, path: Path) -> bytes | None:
    """The list of sums that a signature lies beside, if it does."""
    listed = signature.with_name(signature.name.removesuffix(".sig"))
    if listed in (path, signature) or not listed.is_file() or listed.stat().st_size > _LARGEST_KEY_FILE:
        return None
    return listed.read_bytes()


def read_signature(path: Path) -> bytes:
    """The 64 bytes of a signature; BadInput for a file that is none."""
    octets = path.read_bytes() if path.stat().st_size <= SIGNATURE_LENGTH else b""
    if len(octets) != SIGNATURE_LENGTH:
        raise BadInput(f"{path} is no Ed25519 signature: that has exactly {SIGNATURE_LENGTH} bytes.")
    return octets


def check_bundle(files: Mapping[str, bytes], keys: Sequence[TrustedKey], over: bytes | None = None) -> Checked:
    """Whether every file of a bundle fits its list, and the list was signed with one of the keys.

    ``over`` is a signature over the list that was kept apart from the bundle.
    """
    listed, signature = files.get(LIST_NAME), over or files.get(SIGNATURE_NAME)
    missing = [name for name, octets in ((LIST_NAME, listed), (SIGNATURE_NAME, signature)) if octets is None]
    if listed is None or signature is None:
        return Checked(Result.DIFFERS, differences=[f"{name} is missing." for name in missing])
    signer = _signer(keys, signature, listed)
    differences = list(_unlike(files, listed))
    if keys and signer is None:
        told = "none of the keys that are trusted here made the signature over SHA256SUMS"
        within = _key_within(files)
        if within is not None and within.signed(signature, listed):
            told += f"; the key {within.id} in the bundle itself did, and anybody can put a key of their own there"
        elif within is not None:
            told += f", and the key {within.id} in the bundle did not either: the list or its signature was changed"
        return Checked(Result.DIFFERS, differences=[f"{told}.", *differences])
    if differences:
        return Checked(Result.DIFFERS, differences=differences, key=signer.public.id if signer else None)
    if signer is None:
        return Checked(
            Result.UNCHECKED,
            ["its files fit its list, but nobody here can say who signed the list: name the public key with --key."],
        )
    count = len(list(_lines(listed)))
    return Checked(
        Result.SIGNED, [f"all {count} files fit the list, and the list is signed.{_by(signer)}"], key=signer.public.id
    )


def compare_bundles(found: Mapping[str, bytes], published: Mapping[str, bytes]) -> Iterator[str]:
    """What a bundle says otherwise than the one that was published, file by file."""
    for name in sorted(published.keys() | found.keys()):
        if name not in found:
            yield f"{name} is missing."
        elif name not in published:
            yield f"{name} is no file of the published bundle."
        elif found[name] != published[name]:
            yield f"{name} is not as published."
            if name == RECORD_NAME:
                yield from (f"{name}: {one}." for one in record_differences(found[name], published[name]))


def _unlike(files: Mapping[str, bytes], listed: bytes) -> Iterator[str]:
    """Which files do not fit the list, those that are missing, and those that the list does not know."""
    lines = list(_lines(listed))
    if not lines:
        yield f"{LIST_NAME} is no list of sums."
    names = {name: hash for hash, name in lines}
    good = {name for name, hash in names.items() if name in files and hashlib.sha256(files[name]).hexdigest() == hash}
    for name in sorted(names):
        if name not in files:
            yield f"{name} is missing."
        elif name not in good:
            yield f"{name} was changed: its SHA-256 is not the one in the list."
            if name == RECORD_NAME:
                texts = [files[one].decode("utf-8", "replace") for one in sorted(good) if one.endswith(".md")]
                for text in texts[:1]:
                    yield from (f"{name}: {one}." for one in differences_from_text(files[name], text))
    for name in sorted(files.keys() - names.keys() - {LIST_NAME, SIGNATURE_NAME}):
        yield f"{name} does not stand in the list: it was added."


def _lines(listed: bytes) -> Iterator[tuple[str, str]]:
    for line in listed.decode("utf-8", "replace").splitlines():
        found = _LINE.fullmatch(line)
        if found is not None:
            yield found[1], found[2]


def _signer(keys: Sequence[TrustedKey], signature: bytes, octets: bytes) -> TrustedKey | None:
    return next((key for key in keys if key.public.signed(signature, octets)), None)


def _by(signer: TrustedKey) -> str:
    return f" The key is {signer.public.id}" + (f"; {signer.when}." if signer.when else ".")


def _key_within(files: Mapping[str, bytes]) -> PublicKey | None:
    try:
        return public_key_from_pem(files[KEY_NAME].decode("utf-8", "replace"))
    except (KeyError, BadInput):
        return None
