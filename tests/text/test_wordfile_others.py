"""Word documents from elsewhere: clean ones, copies, and what Word and Google Docs write in their own ways."""

from itertools import count

import pytest

from app.text.blocks import Block
from app.text.derive import derive
from app.text.dialect import clean, parse, plain
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.wordfile import Brought, bring, open_word
from tests.support.word_files import field, gone, ins, mark, p, packed, r, word_file
from tests.support.word_rules import parts
from tests.support.word_texts import with_ids

IDS = [f"k{n}" for n in range(100)]
VISION = "We want *better* care.\n\nEverybody is heard."
MISSION = "We do this:\n\n- we meet\n- we write\n\nThe board[^a] decides."


def charter(vision: str = VISION, mission: str = MISSION) -> Snapshot:
    """A small charter of two sections and a note."""
    ids = iter(IDS)

    def blocks(told: str) -> tuple[Block, ...]:
        return with_ids(parse(clean(told)), ids)

    return Snapshot(
        Front("Charter", "The Society"),
        (
            Section("s1", "vision", SectionKind.VISION, "Vision", blocks(vision)),
            Section("s2", "mission", SectionKind.MISSION, "Our mission", blocks(mission)),
            Section("s3", "footnotes", SectionKind.FOOTNOTES, "", blocks("[^a]: Elected every year.")),
        ),
    )


def body(
    *,
    title: str = "Vision",
    first: str = p("We want ", r("better", "<w:i/>"), " care."),
    second: str = p("Everybody is heard."),
    third: str = p("The board", '<w:r><w:footnoteReference w:id="2"/></w:r>', " decides."),
    after: str = "",
) -> str:
    """The charter as somebody typed it into Word."""
    return (
        p(title, style="berschrift1")
        + first
        + second
        + p("Our mission", style="MeineKapitel")
        + p("We do this:")
        + p("we meet", list="4")
        + p("we write", list="4")
        + third
        + after
    )


CITED = '<w:r><w:footnoteReference w:id="2"/></w:r>'
NOTE = {
    "footnotes": '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>'
    "<w:r><w:t>Elected every year.</w:t></w:r></w:p></w:footnote>"
}


def brought(told: str, base: Snapshot | None = None, more: dict[str, str] | None = None, **links: str) -> Brought:
    return bring(open_word(word_file(told, {**NOTE, **(more or {})}, links)), base or charter())


def changed(found: Brought, author: str, base: Snapshot | None = None) -> dict[str, str]:
    """The words of every block that the suggestion of somebody changes, by its id; "" for those it takes out."""
    [one] = [one for one in found.suggestions if one.author == author]
    base = base or charter()
    ids = (f"x{n}" for n in count())
    wanted = derive(base, one.submission, lambda: next(ids)).wanted
    was, now = ({b.id or "": b for _, _, b in text.placed_blocks()} for text in (base, wanted))
    return {id: now[id].text if id in now else "" for id in {**was, **now} if was.get(id) != now.get(id)}


def test_a_clean_copy_brings_nothing():
    found = brought(body())
    assert found.suggestions == ()
    assert found.left == ()
    assert found.known == 0


def test_what_was_typed_without_tracking_is_nobodys_suggestion():
    found = brought(body(second=p("Everybody is heard, always.")))
    assert changed(found, "") == {"k1": "Everybody is heard, always."}


def test_each_person_suggests_exactly_their_own():
    told = body(
        first=p("We want ", ins("much "), r("better", "<w:i/>"), gone(" care", "Omar"), ins(" treatment", "Omar"), "."),
        second=p("Everybody is heard", ins(" and seen", "Omar"), "."),
    )
    found = brought(told)
    assert [one.author for one in found.suggestions] == ["Vera", "Omar"]
    assert changed(found, "Vera") == {"k0": "We want much *better* care."}
    assert changed(found, "Omar") == {"k0": "We want *better* treatment.", "k1": "Everybody is heard and seen."}
    assert found.left == ()


def test_beside_untracked_changes_a_person_still_suggests_only_their_own():
    told = body(
        first=p("We want much ", r("better", "<w:i/>"), " care."), second=p("Everybody is ", ins("truly "), "heard.")
    )
    found = brought(told)
    assert changed(found, "") == {"k0": "We want much *better* care."}
    assert changed(found, "Vera") == {"k1": "Everybody is truly heard."}


def test_words_within_words_of_others_are_named_and_in_nobodys_reading():
    told = body(
        second=p(
            "Everybody is heard",
            ins(" by the board", "Omar"),
            ins(" of directors", "Vera"),
            ins(" and by us", "Omar"),
            f'<w:ins w:id="3" w:author="Omar" w:date="2027-01-01T10:00:00Z">{gone(" at once")}</w:ins>',
            ".",
        )
    )
    found = brought(told)
    assert changed(found, "Omar") == {"k1": "Everybody is heard by the board and by us at once."}
    assert [one.author for one in found.suggestions] == ["Omar"]
    assert sorted(one.what for one in found.left) == [
        "Vera took out “at once” within words that Omar suggests to put in.",
        "Vera wrote “of directors” within words that Omar suggests to put in.",
    ]


def test_a_paragraph_that_is_split_is_two_and_one_that_is_joined_is_one():
    split = body(second=p("Everybody is", mark=mark("ins")) + p(gone(" "), "heard."))
    assert sorted(changed(brought(split), "Vera").values()) == ["Everybody is", "heard."]
    joined = body(
        first=p("We want ", r("better", "<w:i/>"), " care.", mark=mark("del")),
        second=p(ins(" "), "Everybody is heard."),
    )
    words = "We want *better* care. Everybody is heard."
    assert sorted(changed(brought(joined), "Vera").values()) == ["", words]


def test_a_new_paragraph_a_new_item_and_a_paragraph_that_went():
    told = body(second=p(gone("Everybody is heard."), mark=mark("del")) + p(ins("Nobody waits."), mark=mark("ins")))
    assert set(changed(brought(told), "Vera").values()) == {"Nobody waits."}
    item = body().replace(
        p("we write", list="4"), p("we write", list="4") + p(ins("we vote"), list="4", mark=mark("ins"))
    )
    [(id, words)] = changed(brought(item), "Vera").items()
    assert (id.startswith("x"), words) == (True, "we vote")


def test_a_new_section_and_a_renamed_one():
    told = body(
        after=p(ins("Money"), style="berschrift1", mark=mark("ins")) + p(ins("Fees are low."), mark=mark("ins"))
    )
    told = told.replace(
        p("Our mission", style="MeineKapitel"), p("Our ", ins("great "), "mission", style="MeineKapitel")
    )
    [one] = brought(told).suggestions
    ids = (f"x{n}" for n in count())
    wanted = derive(charter(), one.submission, lambda: next(ids)).wanted
    assert [section.heading for section in wanted.sections] == ["Vision", "Our great mission", "Money", ""]
    assert [block.text for block in wanted.sections[2].blocks] == ["Fees are low."]


def test_a_footnote_is_changed_added_and_taken_out():
    edited = {"footnotes": NOTE["footnotes"].replace("</w:p>", f"{ins(' By all.')}</w:p>")}
    assert changed(brought(body(), more=edited), "Vera") == {"k6": "Elected every year. By all."}
    new = '<w:footnote w:id="3"><w:p><w:r><w:t>All of us.</w:t></w:r></w:p></w:footnote>'
    told = body(second=p("Everybody", ins('<w:r><w:footnoteReference w:id="3"/></w:r>'), " is heard."))
    found = changed(brought(told, more={"footnotes": NOTE["footnotes"] + new}), "Vera")
    assert found.pop("k1") == "Everybody[^note-1] is heard."
    assert list(found.values()) == ["All of us."]
    out = f'<w:del w:id="1" w:author="Vera" w:date="2027-01-01T10:00:00Z">{CITED}</w:del>'
    assert changed(brought(body(third=p("The board", out, " decides."))), "Vera") == {
        "k5": "The board decides.",
        "k6": "",
    }


def test_an_excerpt_takes_no_section_out():
    found = brought(
        p("Vision", style="berschrift1") + p("We want ", r("better", "<w:i/>"), " care.") + p("Everybody is heard.")
    )
    assert found.suggestions == ()
    assert [one.what for one in found.left] == ["The section “Our mission” is not in this file; it stays as it is."]


def test_sections_may_stand_a_level_deeper_below_a_title():
    told = p("The Society: Charter", style="berschrift1") + body().replace("berschrift1", "berschrift2").replace(
        "MeineKapitel", "berschrift2"
    )
    found = brought(told)
    assert found.suggestions == ()


def test_pieces_that_word_cuts_words_into_mean_nothing():
    told = body(
        second=p(
            '<w:proofErr w:type="spellStart"/>',
            r("Every"),
            '<w:bookmarkStart w:id="9" w:name="_GoBack"/><w:bookmarkEnd w:id="9"/>',
            "<w:r><w:lastRenderedPageBreak/><w:t>body</w:t></w:r>",
            '<w:smartTag w:element="x"><w:r><w:t xml:space="preserve"> is</w:t></w:r></w:smartTag>',
            f"<w:sdt><w:sdtContent>{r(' heard')}</w:sdtContent></w:sdt>",
            r(".", '<w:color w:val="000000"/>'),
        )
    )
    found = brought(told)
    assert (found.suggestions, found.left) == ((), ())


def test_links_in_fields_and_elements_are_links():
    base = charter(vision="See [us](https://example.org/a) and [them](https://example.org/b).\n\nEverybody is heard.")
    simple = f'<w:fldSimple w:instr=" HYPERLINK &quot;https://example.org/b&quot; ">{r("them")}</w:fldSimple>'
    told = body(first=p("See ", f'<w:hyperlink r:id="l1">{r("us")}</w:hyperlink>', " and ", simple, "."))
    assert brought(told, base, l1="https://example.org/a").suggestions == ()
    complexly = field('HYPERLINK "https://example.org/c"', r("them"))
    told = body(first=p("See ", f'<w:hyperlink r:id="l1">{r("us")}</w:hyperlink>', " and ", complexly, "."))
    assert changed(brought(told, base, l1="https://example.org/a"), "", base) == {
        "k0": "See [us](https://example.org/a) and [them](https://example.org/c)."
    }
    told = body(first=p(f'<w:hyperlink r:id="l1">{r("See")}</w:hyperlink>', " us and them."))
    found = brought(told, base, l1="file:///c:/secret")
    assert "See us and them." in changed(found, "", base).values()
    assert any("file:///c:/secret" in one.what for one in found.left)


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<w:r><w:drawing><x/></w:drawing></w:r>", "A picture"),
        (
            "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>boxed words</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
            "boxed words",
        ),
        ("<m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath>", "E=mc"),
        (r("", "<w:strike/>").replace("></w:t>", "> </w:t>"), "struck"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F021"/></w:r>', "Wingdings"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden words</w:t></w:r>", "hidden words"),
        (
            '<mc:AlternateContent><mc:Choice Requires="wps"><w:r><w:drawing><w:txbxContent><w:p><w:r><w:t>once</w:t>'
            "</w:r></w:p></w:txbxContent></w:drawing></w:r></mc:Choice><mc:Fallback><w:r><w:pict/></w:r></mc:Fallback>"
            "</mc:AlternateContent>",
            "once",
        ),
    ],
)
def test_what_the_dialect_cannot_hold_is_named_where_it_stands(inside: str, what: str):
    found = brought(body(second=p("Everybody is heard.", inside)))
    assert found.suggestions == ()
    [left] = found.left
    assert what in left.what
    assert left.where.startswith("Everybody is heard.")


def test_a_wording_that_is_bold_or_code_or_a_quotation_now():
    told = body(
        first=p("We want ", r("better", '<w:rStyle w:val="Fett"/><w:i/>'), " care."),
        second=p("Everybody is heard.", style="Zitat"),
    )
    found = brought(told)
    assert changed(found, "")["k0"] == "We want ***better*** care."
    ids = (f"x{n}" for n in count())
    wanted = derive(charter(), found.suggestions[0].submission, lambda: next(ids)).wanted
    assert [str(block.kind) for block in wanted.sections[0].blocks] == ["paragraph", "quote"]


def test_signs_of_the_dialect_that_somebody_types_are_words():
    told = body(second=p("Everybody ", ins("*is* [^x] # _so_ &amp;amp; | "), "is heard."))
    [words] = changed(brought(told), "Vera").values()
    assert plain(words) == "Everybody *is* [^x] # _so_ &amp; | is heard."


COMMENTS = (
    '<w:comment w:id="0" w:author="Vera" w:date="2027-01-01T10:00:00Z"><w:p w14:paraId="00000001"><w:r><w:t>Why?</w:t>'
    '</w:r></w:p><w:p w14:paraId="00000002"><w:r><w:t>Really.</w:t></w:r></w:p></w:comment>'
    '<w:comment w:id="1" w:author="Omar" w:date="2027-01-02T10:00:00Z"><w:p w14:paraId="00000003"><w:r>'
    "<w:t>Because.</w:t></w:r></w:p></w:comment>"
    '<w:comment w:id="2" w:author="Zoe"><w:p w14:paraId="00000004"><w:r><w:t>Good.</w:t></w:r></w:p></w:comment>'
)
EXTENDED = (
    '<w15:commentEx w15:paraId="00000002" w15:done="1"/>'
    '<w15:commentEx w15:paraId="00000003" w15:paraIdParent="00000002" w15:done="0"/>'
)


def test_comments_come_with_their_answers_on_their_words():
    told = body(
        second=p(
            "Everybody ",
            '<w:commentRangeStart w:id="0"/>',
            "is ",
            ins("truly "),
            "heard",
            '<w:commentRangeEnd w:id="0"/>',
            ".",
        ),
        third=p(
            '<w:commentRangeStart w:id="2"/>',
            ins("Now "),
            '<w:commentRangeEnd w:id="2"/>',
            "The board",
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            " decides.",
        ),
    )
    found = brought(told, more={"comments": COMMENTS, "commentsExtended": EXTENDED})
    first, second = found.remarks
    assert [(one.author, one.text) for one in first.sayings] == [("Vera", "Why?\n\nReally."), ("Omar", "Because.")]
    assert (first.section, first.block, first.resolved) == ("s1", "k1", True)
    assert (first.prefix, first.quote, first.suffix) == ("Everybody ", "is heard", ".")
    assert (second.section, second.block, second.quote) == ("s2", "k5", "")
    assert second.sayings[0].at is None


def test_a_comment_on_a_heading_or_on_a_new_paragraph_is_on_the_section():
    told = body(
        title='<w:commentRangeStart w:id="0"/><w:r><w:t>Vision</w:t></w:r><w:commentRangeEnd w:id="0"/>',
        second=p("Everybody is heard.")
        + p('<w:commentRangeStart w:id="2"/>', ins("New."), '<w:commentRangeEnd w:id="2"/>', mark=mark("ins")),
    )
    found = brought(told, more={"comments": COMMENTS, "commentsExtended": EXTENDED})
    assert [(one.section, one.block, one.quote) for one in found.remarks] == [("s1", None, ""), ("s1", None, "")]


def test_a_table_with_a_new_row_and_a_changed_cell():
    base = charter(vision="| Role | Term |\n|---|---:|\n| Chair | two years |\n\nEverybody is heard.")

    def tr(*cells: str, look: str = "") -> str:
        return f"<w:tr><w:trPr>{look}</w:trPr>{''.join(f'<w:tc>{p(cell)}</w:tc>' for cell in cells)}</w:tr>"

    rows = (
        tr("Role", "Term")
        + tr("Chair", r("two ") + gone("years") + ins("terms"))
        + tr("Clerk", "one", look=mark("ins"))
    )
    found = changed(brought(body(first=f"<w:tbl>{rows}</w:tbl>"), base), "Vera", base)
    assert found == {"k0": "| Role | Term |\n| Chair | two terms |\n| Clerk | one |"}


def test_what_nobody_touched_stays_as_it_is_written_to_the_byte():
    base = charter(
        vision='We *want*\\\nbetter [care](https://example.org/(x) "title") &amp; more\\.\n\nEverybody is heard.'
    )
    first = p(
        "We ", r("want", "<w:i/>"), "<w:r><w:br/></w:r>", "better ", f'<w:hyperlink r:id="l1">{r("care")}</w:hyperlink>'
    )
    found = brought(
        body(first=first, second=p("Everybody is ", ins("truly "), "heard.")), base, l1="https://example.org/(x)"
    )
    assert "k0" not in changed(found, "Vera", base)


def test_words_that_take_the_place_of_words_of_others_are_named():
    omar = '<w:ins w:id="3" w:author="Omar" w:date="2027-01-01T10:00:00Z">'
    told = body(second=p("Everybody is ", gone("heard", "Omar"), f"{omar}{gone('seen')}</w:ins>", ins("known"), "."))
    found = brought(told)
    assert [one.author for one in found.suggestions] == ["Omar"]
    assert changed(found, "Omar") == {"k1": "Everybody is seen."}
    assert any("Vera wrote “known”" in one.what for one in found.left)


def test_a_copy_that_lost_what_told_it_for_ours_brings_nothing_of_its_cover():
    cover = p("The Society") + p("Charter") + p("Working text, revision 7") + p("Table of Contents")
    tail = p("Notes that the text does not cite", style="berschrift1") + p("Never cited.")
    assert brought(cover + body(after=tail)).suggestions == ()


def test_headings_that_others_set_in_bold_are_headings():
    told = body(title=r("Vision", "<w:b/>"), second=p("Everybody is heard."))
    assert brought(told).suggestions == ()


def test_a_change_in_the_running_head_is_named():
    found = brought(body(), more={"header": p("Society", ins(" of Friends"))})
    assert [(one.what.partition(" in ")[0], one.where) for one in found.left] == [("A change", "of Friends")]


def test_a_comment_that_only_has_a_sign_and_one_in_a_note_have_their_places():
    sign = '<w:r><w:commentReference w:id="2"/></w:r>'
    found = brought(body(second=p("Everybody", sign, " is heard.")), more={"comments": COMMENTS})
    assert [(one.section, one.block) for one in found.remarks] == [(None, None), (None, None), ("s1", "k1")]
    noted = {"comments": COMMENTS, "footnotes": NOTE["footnotes"].replace("</w:p>", f"{sign}</w:p>")}
    assert (brought(body(), more=noted).remarks[-1].section, brought(body(), more=noted).remarks[-1].block) == (
        "s3",
        "k6",
    )


def test_a_file_in_the_strict_form_is_the_same():
    strict = {
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
    }
    files = parts(word_file(body(second=p("Everybody is ", ins("truly "), "heard.")), NOTE))
    for name in files:
        for usual, other in strict.items():
            files[name] = files[name].replace(usual, other)
    found = bring(open_word(packed(files)), charter())
    assert changed(found, "Vera") == {"k1": "Everybody is truly heard."}


def test_headings_that_are_only_bold_words_are_known_by_what_they_say():
    told = body(title=r("Vision", "<w:b/>"), second=p("Everybody is truly heard."))
    plainly = told.replace('<w:pStyle w:val="berschrift1"/>', "").replace('<w:pStyle w:val="MeineKapitel"/>', "")
    found = brought(plainly)
    assert changed(found, "") == {"k1": "Everybody is truly heard."}
    assert [one.heading for one in found.suggestions[0].submission.sections] == [None]
    assert found.left == ()
