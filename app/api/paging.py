"""Pages of a long list: by the key of the last entry shown, so that nothing is shown twice or missed."""

from collections.abc import Sequence

from starlette.requests import Request

from app.api.views import Json


def next_page(request: Request, page: Sequence[Json], *, more: bool, limit: int, key: str = "number") -> dict[str, str]:
    """The Link header that leads to the next page; empty on the last one."""
    if not more or not page:
        return {}
    url = request.url.include_query_params(after=page[-1][key], limit=limit)
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}
