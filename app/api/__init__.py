"""The JSON front, /api/v1: endpoints and schemas, one module per noun."""

from app.api.routes import install

__all__ = ["install"]
