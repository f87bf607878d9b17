"""Fields for own words: what they show has no signs, and what comes back of them is the text that the service takes."""

import json
from collections.abc import Mapping

import pytest

from app.text.blocks import Align, Block, Kind
from app.text.dialect import canonical_inline, parse, plain
from app.text.manuscript import read_wording
from app.web.deciding import words_digest
from app.web.own_words import Form, WordsField, canonical, field_of
from tests.web.desk_acts import adopt, filled, programmed, propose, send, text_of
from tests.web.markup import Page, words
from tests.web.visits import Visits

TABLE = Block(Kind.TABLE, "| Role | Term |\n| Chair[^why] | *two* years |", id="t", align=(Align.NONE, Align.NONE))
NOTES = {"why": 2, "membership": 3}
NAMES = {
    Form.LINE: "A *key* partner[^why], so says [the notice](#notice).",
    Form.ROWS: "| Chair[^why] | *two* \\| three years |",
    Form.BLOCKS: "### Listen\n\nA. Ask first[^why].\nB. Then speak.\n\n> They said so.",
}


def field(form: Form, offered: str) -> WordsField:
    return WordsField("7.1", form, offered, "", TABLE, NOTES)


def sent_back(given: WordsField) -> Mapping[str, str]:
    """What a browser without scripts sends of a field in which nobody has typed."""
    shown = given.shown({})
    cells = {cell.name: cell.text for row in shown.rows for cell in row}
    typed = cells or {shown.called("text"): shown.text.replace("\n", "\r\n")}
    return typed | ({} if shown.notes is None else {shown.called("notes"): shown.notes}) | {shown.called("sheet"): ""}


@pytest.mark.parametrize("form", [Form.LINE, Form.ROWS, Form.BLOCKS])
def test_words_that_nobody_touched_come_back_as_they_were_with_scripts_and_without(form: Form) -> None:
    given = field(form, NAMES[form])
    unchanged = canonical(sent_back(given))
    assert unchanged.problem is None
    assert words_digest(unchanged.fields["text.7.1"]) == words_digest(NAMES[form])
    page = json.loads(given.shown({}).editor)
    assert read_wording({"form": form, "blocks": page["blocks"]}) == NAMES[form]
    written = canonical({"sheet.7.1": json.dumps({"form": form, "blocks": page["blocks"]}), "text.7.1": "before"})
    assert dict(written.fields) == {"text.7.1": NAMES[form]}


def test_footnotes_are_numbers_and_a_table_is_its_cells() -> None:
    line = field(Form.LINE, NAMES[Form.LINE]).shown({})
    assert "partner[note 2]" in line.text
    assert "^" not in line.text
    [[role, term]] = field(Form.ROWS, NAMES[Form.ROWS]).shown({}).rows
    assert (role.column, role.text, term.column, term.text) == ("Role", "Chair[note 2]", "Term", "*two* | three years")
    typed = canonical({"cell.7.1.0.0": "Chair |\r\nhead", "cell.7.1.0.1": "[note 2]", "notes.7.1": "2=why"})
    assert dict(typed.fields) == {"text.7.1": "| Chair \\| head | [^why] |", "notes.7.1": "2=why"}
    assert canonical({"cell.0.0": " ", "cell.0.1": ""}).fields["text"] == ""


def test_a_number_means_the_footnote_that_the_page_showed_under_it() -> None:
    refused = canonical({"text.7.1": "Partners[note 5].", "notes.7.1": "2=why"})
    assert refused.problem is not None
    assert refused.problem.message.startswith("Change 7.1: [note 5] is not among the footnotes")
    assert refused.fields["text.7.1"] == "Partners[note 5]."
    literal = field(Form.LINE, "It says [note 5] here[^why].").shown({})
    assert literal.notes is None
    assert canonical({"text.7.1": literal.text}).fields["text.7.1"] == "It says [note 5] here[^why]."


def test_what_reads_like_a_sign_is_the_words_that_were_typed() -> None:
    typed = [{"kind": "paragraph", "depth": 0, "inline": [{"text": "1. Say *all* of it"}]}]
    written = read_wording({"form": "line", "blocks": typed})
    assert [(block.kind, plain(block.text)) for block in parse(written)] == [(Kind.PARAGRAPH, "1. Say *all* of it")]
    assert plain(canonical_inline(written)) == "1. Say *all* of it"
    empty = [{"kind": "paragraph", "depth": 0, "inline": [{"text": "  "}]}]
    assert read_wording({"form": "line", "blocks": empty}) == ""


@pytest.mark.parametrize(
    "sheet", ["{", "[]", '{"form": "line", "blocks": []}', '{"form": "rows", "blocks": [{}]}', "1e999"]
)
def test_what_an_editor_cannot_have_sent_is_refused_and_kept(sheet: str) -> None:
    refused = canonical({"sheet.7.1": sheet, "text.7.1": "Before"})
    assert refused.problem is not None
    assert refused.fields["sheet.7.1"] == sheet


def test_code_and_headings_stay_as_they_are_typed() -> None:
    code = field_of("7.1", Block(Kind.CODE, "a[^why] | b"), "a[^why] | b", "", NOTES).shown({})
    heading = field_of("7.1", None, "Vision *2030*", "", NOTES).shown({})
    assert (code.editor, code.text, code.notes) == ("", "a[^why] | b", None)
    assert (heading.editor, heading.text, heading.has_signs) == ("", "Vision *2030*", False)


def test_a_conflict_in_a_table_is_settled_cell_by_cell_without_scripts(visits: Visits) -> None:
    nora, omar, gilda = programmed(visits, "nora"), programmed(visits, "omar"), visits.signed_in("gilda")
    table = "| Role | Term |\n| --- | --- |\n| Chair | two years |\n"
    first = propose(nora, "vision", f"{text_of(visits, 'vision')}\n{table}", "Terms")
    adopt(visits, gilda, first)
    merge = filled(visits.page("/peps/desk/merge?all=ready", gilda), "/peps/desk/merge")
    assert send(gilda, "/peps/desk/merge", {**merge, "act": "merge", "message": "Terms"}).status_code == 303
    text = text_of(visits, "vision")
    one = propose(nora, "vision", text.replace("two", "three"), "Three")
    two = propose(omar, "vision", text.replace("two", "four"), "Four")
    card = visits.page("/peps/desk", gilda)
    assert "Chair · two years" in card.text
    assert "| Chair" not in card.text
    adopt(visits, gilda, one, two)
    page = visits.page(f"/peps/desk/merge?take={one}.1&take={two}.1", gilda)
    fields = filled(page, "/peps/desk/merge")
    cells = sorted(name for name in fields if name.startswith("cell."))
    assert [fields[name] for name in cells] == ["Chair", "four years"]
    conflict = cells[0].split(".")[1]
    own = {f"choice.{conflict}": "text", cells[1]: "five years | at most", "message": "Five"}
    tried = send(gilda, "/peps/desk/merge", {**fields, **own, "act": "preview"})
    shown = Page(tried.text)
    assert "at most" in words(shown.one("section", **{"aria-labelledby": "page.after"}))
    again = filled(shown, "/peps/desk/merge")
    assert again[cells[1]] == "five years | at most"
    assert send(gilda, "/peps/desk/merge", {**again, "act": "merge"}).status_code == 303
    assert "| Chair | five years \\| at most |" in text_of(visits, "vision")


def test_other_words_are_adopted_and_recommended_with_footnotes_as_numbers(visits: Visits) -> None:
    nora, gilda = programmed(visits, "nora"), visits.signed_in("gilda")
    text = text_of(visits, "mission")
    number = propose(nora, "mission", text.replace("better-performing", "*well*-performing"), "Well")
    ref, address = f"{number}.1", f"/peps/proposals/{number}"
    shown = filled(visits.page(address, gilda), f"{address}/recommendations")
    assert "[note " in shown["text"]
    assert "[^" not in shown["text"]
    shown |= {"outcome": "adopted_amended", "reason": "Plainer.", "text": shown["text"].replace("*well*", "good")}
    assert send(gilda, f"{address}/recommendations", shown).status_code == 303
    desk = filled(visits.page("/peps/desk?show=all", gilda), "/peps/desk")
    assert "good-performing[note 7] life sciences" in desk[f"text.{ref}"]
    wrong = {**desk, f"text.{ref}": "Ours[note 99].", "decide": f"{ref} adopted_amended"}
    refused = send(gilda, "/peps/desk", wrong)
    assert refused.status_code == 422
    assert filled(Page(refused.text), "/peps/desk")[f"text.{ref}"] == "Ours[note 99]."
    right = {**desk, f"text.{ref}": desk[f"text.{ref}"].replace("good", "fine"), "decide": f"{ref} adopted_amended"}
    assert send(gilda, "/peps/desk", right).status_code == 303
    merge = filled(visits.page(f"/peps/desk/merge?take={ref}", gilda), "/peps/desk/merge")
    assert send(gilda, "/peps/desk/merge", {**merge, "act": "merge", "message": "Fine"}).status_code == 303
    assert text_of(visits, "mission") == text.replace("better-performing", "fine-performing")


def test_a_new_item_on_the_desk_has_the_letter_that_it_will_have_in_its_list(visits: Visits) -> None:
    nora, gilda = programmed(visits, "nora"), visits.signed_in("gilda")
    propose(nora, "mission", text_of(visits, "mission").rstrip("\n") + "\nE. Listening first\n", "One more")
    card = next(one for one in visits.page("/peps/desk", gilda).all("article") if "One more" in words(one))
    item = next(card.iter("ol"))
    assert (item.attrib.get("start"), item.attrib.get("type")) == ("5", "A")
