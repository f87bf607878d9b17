"""HEAD where only GET is written: what programs ask answers it as it answers GET, without the body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALIKE = ("/api/", "/healthz", "/readyz")


class Heads:
    """Puts a HEAD to what programs ask as a GET, and keeps the body of its answer back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or not scope["path"].startswith(_ALIKE):
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)
