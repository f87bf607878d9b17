"""Texts by their hash: canonical JSON of blocks, sections, outlines and fronts, and snapshots packed into them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.text.blocks import Block, block_from_json, block_to_json
from app.text.snapshot import Annexe, Front, Section, SectionKind, Snapshot


@dataclass(frozen=True, slots=True)
class Packed:
    """A snapshot as hashes: those of its front and its outline, and all bodies reached from them."""

    front: str
    outline: str
    bodies: Mapping[str, str]


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def octets_digest(octets: bytes) -> str:
    """SHA-256 of bytes in hex."""
    return hashlib.sha256(octets).hexdigest()


def front_to_json(front: Front) -> dict[str, object]:
    """The front as stored and as the interface shows it."""
    return {
        "title": front.title,
        "organisation": front.organisation,
        "address": front.address,
        "contact": front.contact,
        "logo": front.logo,
        "language": front.language,
        "annexes": [annexe_to_json(a) for a in front.annexes],
    }


def annexe_to_json(annexe: Annexe) -> dict[str, object]:
    """An annexe as stored and as the interface shows it."""
    return {"key": annexe.key, "title": annexe.title, "file": annexe.file, "url": annexe.url}


def pack(snapshot: Snapshot) -> Packed:
    """Take a snapshot apart into bodies; equal pieces of any two snapshots have equal hashes."""
    bodies: dict[str, str] = {}

    def put(value: object) -> str:
        text = canonical(value)
        key = digest(text)
        bodies[key] = text
        return key

    outline = []
    for section in snapshot.sections:
        blocks = [[block.id, put(_body(block))] for block in section.blocks]
        head = {"key": section.key, "kind": str(section.kind), "heading": section.heading, "blocks": blocks}
        outline.append([section.id, put(head)])
    return Packed(front=put(front_to_json(snapshot.front)), outline=put(outline), bodies=bodies)


def unpack(front: str, outline: str, fetch: Callable[[Iterable[str]], Mapping[str, str]]) -> Snapshot:
    """Put a snapshot together again. ``fetch`` gives the bodies of many hashes; a missing one is a KeyError."""
    roots = fetch([front, outline])
    listed = json.loads(roots[outline])
    heads = {key: json.loads(text) for key, text in fetch([key for _, key in listed]).items()}
    bodies = fetch({key for head in heads.values() for _, key in head["blocks"]})
    sections = []
    for id, key in listed:
        head = heads[key]
        blocks = tuple(block_from_json({**json.loads(bodies[body]), "id": block}) for block, body in head["blocks"])
        sections.append(Section(id, head["key"], SectionKind(head["kind"]), head["heading"], blocks))
    return Snapshot(front=_front(json.loads(roots[front])), sections=tuple(sections))


def _body(block: Block) -> dict[str, object]:
    value = block_to_json(block)
    del value["id"]
    return value


def _front(value: dict[str, object]) -> Front:
    annexes = value["annexes"]
    assert isinstance(annexes, list)
    logo = value["logo"]
    return Front(
        title=str(value["title"]),
        organisation=str(value["organisation"]),
        address=str(value["address"]),
        contact=str(value["contact"]),
        logo=None if logo is None else str(logo),
        language=str(value["language"]),
        annexes=tuple(Annexe(a["key"], a["title"], a["file"], a["url"]) for a in annexes),
    )
