"""Word documents: prepared texts and redlines in, bytes out. Nothing here knows where a text comes from."""

from app.render.word.file import MEDIA_TYPE
from app.render.word.writer import render_word

__all__ = ["MEDIA_TYPE", "render_word"]
