"""The record of an edition, `edition.json`: its text by permanent ids, who signed it, and who decided its words."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from app.queries.edition_records import EditionMaterial
from app.queries.provenance import Adoption
from app.render.markdown import charter_markdown
from app.rules.edition_files import RECORD_FORMAT, annexe_name
from app.rules.states import Outcome
from app.services.redlines import behind_by_number
from app.text.blocks import Block, block_to_json
from app.text.comparing import Comparison
from app.text.dialect import serialise
from app.text.digest import annexe_to_json, canonical, front_to_json
from app.text.provenance import Source
from app.text.snapshot import Annexe, Section

Json = dict[str, object]


def record_bytes(material: EditionMaterial, made: Comparison | None) -> bytes:
    """The record as canonical JSON: sorted keys, UTF-8, one final newline; the same edition gives the same bytes.

    ``made`` is the edition compared with the one before it, None for the first.
    """
    return (canonical(record_value(material, made)) + "\n").encode()


def record_value(material: EditionMaterial, made: Comparison | None) -> Json:
    """The record as values. It names no hash of the PDF, because it is embedded in it."""
    front = front_to_json(material.text.front)
    annexes = [_annexe(material, annexe) for annexe in material.text.front.annexes]
    logo = material.prepared.logo
    del front["annexes"]
    approval = material.approval
    return {
        "format": RECORD_FORMAT,
        "charter": material.charter,
        "edition": {"key": material.key, "label": material.label, "effective": material.effective.isoformat()}
        if material.key
        else None,
        "approved": None if approval is None else {"at": moment(approval.at), "by": approval.by},
        "signoffs": [{"person": person, "at": moment(at)} for person, at in material.signoffs],
        "front": front,
        "annexes": annexes,
        "logo": None if logo is None else {"media_type": logo.media_type, "sha256": logo.sha256, "alt": logo.alt},
        "revision": {
            "number": material.revision.number,
            "made_at": moment(material.revision.made_at),
            "front_sha256": material.revision.front_hash,
            "outline_sha256": material.revision.outline_hash,
        },
        "text_sha256": hashlib.sha256(charter_markdown(material.text).encode()).hexdigest(),
        "outline": [
            {"level": entry.level, "name": entry.name, "anchor": entry.anchor} for entry in material.prepared.outline
        ],
        "sections": [_section(material, section) for section in material.text.sections],
        "notes": [
            {"number": note.number, "label": note.label, "block": note.body.block.id}
            for note in material.prepared.notes
        ],
        "decisions": [_decision(one, number) for one, number in _decisions(material)],
        "revisions": [
            {"number": n, "made_at": moment(at), "author": author, "message": message}
            for n, (at, author, message) in sorted(
                {s.revision: (s.created_at, s.author, s.message) for s in material.sources}.items()
            )
        ],
        "before": None
        if material.before is None
        else {"key": material.before.key, "label": material.before.label, "revision": material.before.revision},
        "schedule": [] if made is None else schedule(material, made),
    }


def schedule(material: EditionMaterial, made: Comparison) -> list[Json]:
    """The changes since the edition before in words, each with the decisions behind it, in the order of the text.

    Last come the files of annexes and the logo, on which nobody decides change by change.
    """
    behind = behind_by_number(material.behind, made)
    told: list[Json] = [
        {
            "number": number,
            "text": phrase.text,
            "section": phrase.section,
            "block": phrase.block,
            "changes": [origin.ref for origin in behind.get(number, ())],
        }
        for number, phrase in enumerate(made.phrases, 1)
    ]
    for number, words in enumerate(_changed_files(material), len(told) + 1):
        told.append({"number": number, "text": words, "section": None, "block": None, "changes": []})
    return told


def _changed_files(material: EditionMaterial) -> Iterator[str]:
    """In words, which files the edition before did not have, or had otherwise, or had."""
    before = {} if material.before is None else {file.place: file for file in material.before.files}
    now = {file.place: file for file in material.files}
    titles = {annexe.key: annexe.title for annexe in material.text.front.annexes}
    for place in sorted(before.keys() | now.keys()):
        old, new = before.get(place), now.get(place)
        some = new or old
        if some is None or (some.annexe and some.annexe not in titles):
            continue
        name = f"Annexe “{titles[some.annexe]}”" if some.annexe else "Logo on the cover"
        if old is None and new is not None:
            yield f"{name}: the file {new.name} was added."
        elif new is None and old is not None:
            yield f"{name}: the file {old.name} was taken away."
        elif old is not None and new is not None and old.hash != new.hash:
            yield f"{name}: another file, {new.name}, took the place of {old.name}."


def moment(at: datetime) -> str:
    """A moment in ISO 8601, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _annexe(material: EditionMaterial, annexe: Annexe) -> Json:
    """An annexe with the file that goes with the edition, by its name in the bundle."""
    kept = material.prepared.file_of(annexe.key)
    stored = None
    if kept is not None:
        stored = {
            "name": annexe_name(annexe.key, kept.name),
            "called": kept.name,
            "media_type": kept.media_type,
            "size": kept.size,
            "sha256": kept.sha256,
        }
    return {**annexe_to_json(annexe), "stored": stored}


def _section(material: EditionMaterial, section: Section) -> Json:
    return {
        "id": section.id,
        "key": section.key,
        "kind": str(section.kind),
        "heading": section.heading,
        "markdown": serialise(section.blocks),
        "blocks": [_block(material, block) for block in section.blocks],
    }


def _block(material: EditionMaterial, block: Block) -> Json:
    value = block_to_json(block)
    place = material.prepared.places.get(block.id or "")
    value["place"] = "" if place is None else str(place)
    spans = material.spans.get(block.id or "")
    whole = spans is not None and spans.length == len(block.text)
    value["words"] = [
        {"start": start, "end": end, "revision": source.revision, "change": _ref(source)}
        for start, end, source in (spans.ranges() if spans is not None and whole else ())
    ]
    return value


def _ref(source: Source) -> str | None:
    return None if source.decision is None else f"{source.proposal}.{source.change}"


def _decisions(material: EditionMaterial) -> Iterator[tuple[Adoption, int]]:
    """The decisions behind the words and behind what was taken out since, each with the revision it went into."""
    went_into: dict[str, int] = {}
    for source in material.sources:
        if source.adoption is not None:
            went_into[source.adoption.ref] = source.revision
    for some in material.behind.values():
        went_into.update((origin.ref, origin.revision) for origin in some)
    for one in sorted(material.decisions.values(), key=lambda a: (a.proposal, a.change, a.decided_at)):
        if one.ref in went_into:
            yield one, went_into[one.ref]


def _decision(one: Adoption, revision: int) -> Json:
    return {
        "change": one.ref,
        "title": one.title,
        "proposed_by": one.author,
        "signed_by": list(one.cosigners),
        "outcome": str(Outcome.ADOPTED_AMENDED if one.amended else Outcome.ADOPTED),
        "decided_by": one.decided_by,
        "decided_at": moment(one.decided_at),
        "reason": one.reason,
        "against_rule": one.against_rule,
        "revision": revision,
    }
