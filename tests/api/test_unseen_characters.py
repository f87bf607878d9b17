"""Characters that turn the direction of words are named wherever a redline is given out as HTML."""

from tests.support.acts import adopt, merge, propose, words
from tests.support.site import API, Site

NAMED = "pay [U+202E]<bdi>\u202e</bdi>001[U+202C]<bdi>\u202c</bdi> euros"


def test_a_redline_names_what_turns_its_words(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", words(site.member, "vision") + "\n\nWe pay \u202e001\u202c euros.")
    shown = site.member.get(f"{API}/proposals/1/redline?format=html").text
    assert NAMED in shown
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    assert NAMED in site.reader.get(f"{API}/compare/1...2?format=html").text
    # As a value it is what it is.
    assert (
        "\u202e001"
        in site.reader.get(f"{API}/compare/1...2?format=json").json()["sections"][2]["blocks"][1]["after"]["text"]
    )
