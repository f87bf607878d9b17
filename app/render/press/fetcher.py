"""What WeasyPrint asks for files: it gets the style sheets of the PDF, and any other wish ends the printing."""

from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from app.render.press.assets import asset_file


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Serves assets from one folder. Nothing of ours asks for anything else, so whoever does is not to be trusted."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols={"asset"}, allow_redirects=False, fail_on_errors=True)
        self._folder = folder

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The style sheet behind the address; other errors WeasyPrint would swallow, this one ends it."""
        file = asset_file(self._folder, url)
        if file is None:
            raise FatalURLFetchingError(f"a PDF may not load {url}")
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": "text/css; charset=utf-8"})
