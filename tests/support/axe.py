"""What axe says of a page, and what it does not look at: scrolling, the focus, and redlines for ears."""

from functools import cache

from playwright.sync_api import Page

from tests.support.requirements import AXE

_RUN = """async () => {
  const told = await axe.run(document, {rules: {'target-size': {enabled: true}}, resultTypes: ['violations']});
  return told.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`));
}"""

_FOUND = frozenset({200, 401})

# The first press of a key makes the browser show where the focus is, as it does for whoever uses the keyboard.
_UNSEEN_FOCUS = """() => {
  for (const closed of document.querySelectorAll('details')) closed.open = true;
  const able = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .concat([...document.querySelectorAll('[contenteditable="true"]')])
    .filter(e => !e.disabled && e.type !== 'hidden' && e.getClientRects().length && !e.closest('[hidden], [inert]'));
  const look = e => { const s = getComputedStyle(e);
    return [s.outlineStyle === 'none' ? '' : s.outlineWidth + s.outlineColor, s.boxShadow, s.borderColor].join('|'); };
  const lost = [];
  for (const e of able) {
    if (document.activeElement) document.activeElement.blur();
    const around = [e, e.parentElement, e.closest('label, .opt, .tick, .editor, form > div')].filter(Boolean);
    const before = around.map(look);
    e.focus();
    if (document.activeElement !== e) { lost.push('takes no focus: ' + e.outerHTML.slice(0, 120)); continue; }
    if (around.every((one, n) => look(one) === before[n])) lost.push('no focus seen: ' + e.outerHTML.slice(0, 120));
  }
  return lost;
}"""

_SILENT_REDLINES = """() => [...document.querySelectorAll('ins, del')]
  .filter(e => e.closest('[contenteditable], .ProseMirror') === null && e.getClientRects().length)
  .filter(e => { const word = e.tagName === 'INS' ? 'insertion' : 'deletion', said = e.textContent.trim();
    return !(said.startsWith(word + ':') && said.endsWith('end of ' + word)); })
  .map(e => e.outerHTML.slice(0, 160))"""


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now, one line for each element."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_source())
    found: list[str] = page.evaluate(_RUN)
    return found


def unseen_focus(page: Page) -> list[str]:
    """Elements one can come to with the keyboard without seeing it; opens everything that can be opened."""
    page.keyboard.press("Tab")
    found: list[str] = page.evaluate(_UNSEEN_FOCUS)
    return found


def silent_redlines(page: Page) -> list[str]:
    """Insertions and deletions that do not say in words where they begin and end."""
    found: list[str] = page.evaluate(_SILENT_REDLINES)
    return found


def dead_links(page: Page, address: str, known: dict[str, int]) -> list[str]:
    """Links of ours that lead nowhere: to an address that answers with a refusal, or to a place the page has not.

    Being asked to sign in is an answer. ``known`` are the answers that somebody got already.
    """
    known[page.url.partition("#")[0]] = 200
    links: list[str] = page.evaluate("[...document.links].map(link => link.href)")
    lost: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href'))
          .filter(place => !document.getElementById(decodeURIComponent(place.slice(1))))"""
    )
    for link in links:
        to = link.partition("#")[0]
        if to.startswith(address) and to not in known:
            known[to] = page.request.head(to).status
    return lost + [link for link in dict.fromkeys(links) if known.get(link.partition("#")[0], 200) not in _FOUND]


def sideways(page: Page) -> list[str]:
    """What reaches beyond the right edge of the window, if the page can be scrolled sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
          .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.getClientRects().length)
          .slice(0, 5).map(e => 'sideways: ' + e.outerHTML.slice(0, 120))"""
    )
    return found
