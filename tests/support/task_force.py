"""A task force of twelve and what they want of the PEPs charter: forty proposals that get into each other's way."""

from dataclasses import dataclass, field

from tests.support.acts import Json

PEOPLE = ("anna", "ben", "carla", "dan", "ella", "finn", "greta", "hugo", "ines", "jan", "kira", "leo")


@dataclass(frozen=True)
class Wish:
    """What one of them writes: acts on blocks, each named by words it holds. ``kin``: what it is to an earlier wish."""

    title: str
    acts: tuple[tuple[str, ...], ...]
    kin: tuple[str, str] | None = None
    front: dict[str, str] = field(default_factory=dict)


def swap(key: str, old: str, new: str) -> tuple[str, ...]:
    """Other words in the block that holds the old ones."""
    return ("swap", key, old, new)


WISHES = (
    Wish("Equal partners", (swap("vision", "key partners", "equal partners"),)),
    Wish("Leading partners", (swap("vision", "key partners", "leading partners"),)),
    Wish("Affordable care", (swap("vision", "sustainable care", "sustainable and affordable care"),)),
    Wish("Lasting capability", (swap("mission", "must develop strong", "must build lasting"),)),
    Wish(
        "Lasting and measured",
        (swap("mission", "must develop strong", "must build lasting and measured"),),
        ("amendment", "Lasting capability"),
    ),
    Wish("Worldwide", (swap("mission", "first global community", "first worldwide community"),)),
    Wish("Without who we are", (("delete", "mission", "first global community"),)),
    Wish("The voice first", (("move", "mission", "unified voice", "shape the future"),)),
    Wish("Who governs", (("note", "definition", "governance body", "body", "The two chairs and the task force."),)),
    Wish("Plain guidance", (swap("goals", "Shape PE Professional Guidances", "Shape plain professional guidance"),)),
    Wish("Full partners", (swap("vision", "key partners", "full partners"),), ("alternative", "Equal partners")),
    Wish("They shape it", (swap("vision", "are integral to", "shape all"),)),
    Wish("Together", (swap("mission", "patients WITH patients", "patients together WITH patients"),)),
    Wish("With and for", (swap("mission", "patients WITH patients", "patients WITH and FOR patients"),)),
    Wish("Independent", (swap("mission", "a unified voice", "an independent voice"),)),
    Wish("Measure it", (("insert", "mission", "unified voice", "Measuring what patient engagement achieves"),)),
    Wish("Open to all", (swap("mission", "Being a global", "Being an open global"),)),
    Wish("Mentors", (swap("mission", "train the next generation", "mentor the next generation"),)),
    Wish("Shorter frameworks", (swap("goals", "career development frameworks", "career paths"),)),
    Wish("Shared principles", (swap("goals", "core principles", "shared principles"),)),
    Wish("Say it plainly", (swap("goals", "Demonstrate PE's value and function", "Show what PE is worth"),)),
    Wish("Whom we tell", (swap("goals", "educating internal stakeholders", "informing colleagues and leaders"),)),
    Wish("Guests", (("insert", "goals", "Creating a structured", "Each member may bring one guest a year."),)),
    Wish("No annexe here", (("delete", "goals", "Annexe with membership"),)),
    Wish("Expertise shared", (swap("goals", "collective expertise", "shared expertise"),)),
    Wish("Where the annexe is", (swap("goals", "Annexe with membership", "A separate annexe with membership"),)),
    Wish(
        "A fourth goal", (("goal", "goals", "Creating a structured", "Listen first", "Ask patients before we speak."),)
    ),
    Wish("Who works", (swap("definition", "working or having worked in", "who works or has worked in"),)),
    Wish("Throughout", (swap("definition", "along the medicine", "throughout the medicine"),)),
    Wish("By written decision", (swap("definition", "at the discretion of", "by written decision of"),)),
    Wish("No exceptions", (("delete", "definition", "Exceptions may be made"),)),
    Wish("Who we are", (("rename", "definition", "Who is a Patient Engagement Professional?"),)),
    Wish("Only propose", (swap("notice", "and/or introduce changes to", "or propose changes in"),)),
    Wish("We grow", (swap("notice", "as our group continues to evolve", "as our group grows"),)),
    Wish("From everybody", (swap("notice", "input and feedback", "views and feedback"),)),
    Wish("A central aspect", (swap("appendix", "A critical aspect", "A central aspect"),)),
    Wish("Reaching from", (swap("appendix", "ranging from strategic", "reaching from strategic"),)),
    Wish("Decisions before relations", (("move", "appendix", "Incorporating Patient", "Leadership and Practitioner"),)),
    Wish("Personal membership", (swap("footnotes", "individual and nominative", "personal"),)),
    Wish("A new address", (), front={"contact": "hello@example.org"}),
)
TEN = 10
"""So many of the first are a meeting of their own."""


def written(wish: Wish, text: dict) -> list[Json]:
    """The sections as somebody sends them who wants this of a text."""
    sections: dict[str, list[dict]] = {s["key"]: [*s["blocks"]] for s in text["sections"]}
    made: dict[str, Json] = {}
    for act, key, *words in wish.acts:
        blocks = sections[key]
        if act == "rename":
            made[key] = {"key": key, "heading": words[0]}
            continue
        place = next(i for i, b in enumerate(blocks) if words[0] in b["text"])
        block = blocks[place]
        if act == "swap":
            blocks[place] = {**block, "text": block["text"].replace(words[0], words[1], 1)}
        elif act == "delete":
            del blocks[place]
        elif act == "insert":
            blocks.insert(place + 1, {**{k: v for k, v in block.items() if k != "id"}, "text": words[1]})
        elif act == "goal":
            more = [{"kind": "heading", "level": 3, "text": words[1]}, {"kind": "paragraph", "text": words[2]}]
            blocks[place + 1 : place + 1] = more
        elif act == "move":
            del blocks[place]
            blocks.insert(next(i for i, b in enumerate(blocks) if words[1] in b["text"]) + 1, block)
        elif act == "note":
            blocks[place] = {**block, "text": block["text"].replace(words[0], f"{words[0]}[^{words[1]}]", 1)}
            notes = sections["footnotes"]
            notes.append({"kind": "note", "label": words[1], "text": words[2]})
            made["footnotes"] = {"key": "footnotes", "blocks": notes}
        made[key] = {"key": key, "blocks": blocks}
    return list(made.values())
