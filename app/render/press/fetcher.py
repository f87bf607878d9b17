"""What WeasyPrint may load while it sets a charter: the style sheets of the PDF, and nothing else in the world."""

from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

_TYPES = {".css": "text/css"}


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Serves ``asset:NAME`` from one folder; any other address ends the rendering: nothing of ours asks for one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols={"asset"}, allow_redirects=False, fail_on_errors=True)
        self._folder = folder

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The file behind an ``asset:`` address."""
        name = url.removeprefix("asset:")
        file = self._folder / name
        if name == url or "/" in name or file.suffix not in _TYPES or not file.is_file():
            raise FatalURLFetchingError(f"the PDF may not load {url}")
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": f"{_TYPES[file.suffix]}; charset=utf-8"})
