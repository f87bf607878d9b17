"""Word documents that come back: what somebody changed and said in one, brought to the text of a charter."""

from app.text.wordfile.bringing import bring
from app.text.wordfile.opening import open_word
from app.text.wordfile.shapes import Brought, Left, Remark, Saying, Suggestion
from app.text.wordfile.story import WordFile

__all__ = ["Brought", "Left", "Remark", "Saying", "Suggestion", "WordFile", "bring", "open_word"]
