"""Word documents: prepared texts and redlines in, bytes out. Nothing here knows where a text comes from."""

from app.render.word.comments import Said, Saying
from app.render.word.file import MEDIA_TYPE
from app.render.word.redline import Told, Tracked, render_word_redline
from app.render.word.shapes import Who
from app.render.word.writer import render_word

__all__ = ["MEDIA_TYPE", "Said", "Saying", "Told", "Tracked", "Who", "render_word", "render_word_redline"]
