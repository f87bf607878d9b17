"""What WeasyPrint asks for files: style sheets of the PDF and the logo; any other wish ends the printing."""

from pathlib import Path
from typing import NamedTuple

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app.render.press.assets import LOGO_ADDRESS, asset_file


class Picture(NamedTuple):
    """The logo that came with the order: its media type and its bytes."""

    media_type: str
    octets: bytes


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Serves assets from one folder, and the logo that came with the order.

    Nothing of ours asks for anything else, so whoever does is not to be trusted.
    """

    def __init__(self, folder: Path, logo: Picture | None = None) -> None:
        super().__init__(allowed_protocols={"asset"}, allow_redirects=False, fail_on_errors=True)
        self._folder = folder
        self._logo = logo

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The style sheet behind the address; other errors WeasyPrint would swallow, this one ends it."""
        if url == LOGO_ADDRESS and self._logo is not None:
            return URLFetcherResponse(url, self._logo.octets, {"Content-Type": self._logo.media_type})
        file = asset_file(self._folder, url)
        if file is None:
            raise FatalURLFetchingError(f"a PDF may not load {url}")
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": "text/css; charset=utf-8"})
