"""What is kept for all requests: by everything it was made of, and only so much of it."""

from app.render.kept import Kept


def test_a_value_is_made_once_for_the_same_makings_and_anew_for_others() -> None:
    made: list[str] = []
    kept: Kept[str] = Kept(2)

    def value(key: str) -> str:
        def make() -> str:
            made.append(key)
            return key.upper()

        return kept.get(key, make)

    assert [value(key) for key in ("a", "b", "a")] == ["A", "B", "A"]
    assert made == ["a", "b"]
    # The one that nobody asked for longest makes room.
    value("c")
    assert (kept.known("a"), kept.known("b")) == ("A", None)
    value("b")
    assert made == ["a", "b", "c", "b"]
    # Whoever only looked whether it is there asked for it, too.
    assert (kept.known("a"), kept.known("c")) == ("A", None)
