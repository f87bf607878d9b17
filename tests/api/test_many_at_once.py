"""More people write at once than there are threads and connections: they wait for their turn, not for each other."""

import asyncio
from pathlib import Path

import httpx2

from app.main import create_app
from app.settings import Settings
from app.turns import ON_POSTGRESQL
from tests.support.acts import propose, section
from tests.support.site import API, Site

MANY = 60


def test_sixty_people_who_comment_at_once_under_a_key_are_all_answered(site: Site, tmp_path: Path) -> None:
    blocks = section(site.member, "vision")["blocks"]
    blocks[0]["text"] += " Yes."
    number = propose(site.member, sections=[{"key": "vision", "blocks": blocks}])["number"]
    token = str(site.member.headers["authorization"])

    async def all_at_once() -> list[int]:
        # A service of its own: turns belong to the loop in which somebody first waits for one.
        service = create_app(Settings(data_dir=tmp_path, public_url="http://testserver"), site.database)
        way = httpx2.ASGITransport(app=service)
        async with httpx2.AsyncClient(transport=way, base_url="http://testserver", timeout=None) as client:

            async def comment(n: int) -> int:
                body = {"proposal": number, "audience": "public", "text": f"Comment {n}."}
                headers = {"Authorization": token, "Idempotency-Key": f"comment {n}"}
                return (await client.post(f"{API}/threads", json=body, headers=headers)).status_code

            return await asyncio.gather(*(comment(n) for n in range(MANY)))

    # Without turns the thirty connections are all held by requests that need a second one, and nobody is answered.
    assert asyncio.run(all_at_once()) == [201] * MANY
    assert MANY > 2 * ON_POSTGRESQL
