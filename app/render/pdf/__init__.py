"""The printed charter: a prepared edition in, the bytes of a PDF out."""

from app.render.pdf.writer import Pdf, render_pdf

__all__ = ["Pdf", "render_pdf"]
