"""What people do with threads through the interface, in one line each."""

from fastapi.testclient import TestClient

from tests.support.acts import section
from tests.support.site import API


def comment(client: TestClient, text: str = "What about this?", audience: str = "members", **about: object) -> dict:
    """A new thread about what is named: section, block and quote, proposal, or change."""
    answer = client.post(f"{API}/threads", json={"text": text, "audience": audience, **about})
    assert answer.status_code == 201, answer.text
    return answer.json()


def comment_on_words(client: TestClient, quote: str = "key partners", key: str = "vision", **more: object) -> dict:
    """A new thread on words of a section; the first block that holds them is meant."""
    block = next(b["id"] for b in section(client, key)["blocks"] if quote in b["text"])
    return comment(client, block=block, quote=quote, **more)


def thread(client: TestClient, number: int) -> dict:
    """A thread as somebody sees it."""
    answer = client.get(f"{API}/threads/{number}")
    assert answer.status_code == 200, answer.text
    return answer.json()
