"""The HTML front: pages and form posts, one module per noun."""

from app.web.pages import install

__all__ = ["install"]
