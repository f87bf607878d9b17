"""Has each object of a PDF spelled out once. Its identifier asks for all of them before they are written, compressed.

Without this, every page would be compressed twice.
"""

import pydyf


class _Spelled(pydyf.Object):  # type: ignore[misc]
    """An object as it will be written. It takes the place of the one it was made from, under its number."""

    def __init__(self, one: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation = one.number, one.generation
        self._compressible: bool = one.compressible
        self._data: bytes = one.data

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self._data

    @property
    def compressible(self) -> bool:
        """Whether it may lie in a stream with others."""
        return self._compressible


def spell_once(pdf: pydyf.PDF) -> None:
    """Spell out every object of a PDF that is complete; nothing that is changed in it afterwards would be written."""
    pdf.objects[:] = [one if one.free == "f" else _Spelled(one) for one in pdf.objects]
