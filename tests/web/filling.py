"""Forms filled in as a browser does: every field as the page has it, and what somebody types over it."""

from xml.etree.ElementTree import Element

from fastapi.testclient import TestClient

from tests.web.markup import Page


def fields_of(form: Element) -> dict[str, str]:
    """What a browser would send for a form nobody has touched, without its buttons."""
    found: dict[str, str] = {}
    for element in form.iter():
        name = element.attrib.get("name") if isinstance(element.tag, str) else None
        if name is None:
            continue
        if element.tag == "textarea":
            # html5lib drops the first newline of a text area, as browsers do.
            found[name] = (element.text or "").replace("\n", "\r\n")
        elif element.tag == "select":
            chosen = [o for o in element.iter("option") if "selected" in o.attrib] or list(element.iter("option"))[:1]
            found.update((name, o.attrib.get("value", o.text or "")) for o in chosen)
        elif element.tag == "input" and (
            element.attrib.get("type") not in ("checkbox", "radio") or "checked" in element.attrib
        ):
            found[name] = element.attrib.get("value", "")
    return found


def form_to(page: Page, action: str) -> Element:
    """The form of a page that sends to this address."""
    return next(form for form in page.all("form") if form.attrib.get("action", "").split("#")[0] == action)


def send(browser: TestClient, address: str, fields: dict[str, str], **typed: str) -> object:
    """Send fields of ours, with what was typed over them."""
    return browser.post(address, data={**fields, **typed}, headers={"Sec-Fetch-Site": "same-origin"})
