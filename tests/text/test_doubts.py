"""A comment is put nowhere if equal words elsewhere may as well be the ones it was on."""

import pytest

from app.text.blocks import Block, Kind
from app.text.doubts import Surroundings, is_doubtful, is_loose
from app.text.keeping import Kept
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.survival import Survival

OLD = "Each spring the whole board elects a chair from among its members for a year."
QUOTE = "elects a chair"


def charter(blocks: dict[str, str]) -> Snapshot:
    made = tuple(Block(Kind.PARAGRAPH, text, id=id) for id, text in blocks.items())
    return Snapshot(Front("Charter", "Group"), (Section("s", "k", SectionKind.TEXT, "H", made),))


def place(text: str, words: str) -> tuple[int, int]:
    at = text.index(words)
    return at, at + len(words)


def doubtful(now: str, *, found: str = QUOTE, quote: str = QUOTE, others: dict[str, tuple[str, str]] | None = None):
    """Whether the quote, found in what became of its block, is in doubt; others are blocks as they were and are."""
    before = {id: was for id, (was, _) in (others or {}).items() if was}
    after = {id: text for id, (_, text) in (others or {}).items()}
    survival = Survival(charter({"b": OLD, **before}), charter({"b": now, **after}))
    return is_doubtful(survival, OLD, place(OLD, quote), "b", place(now, found))


def new(text: str) -> dict[str, tuple[str, str]]:
    """A paragraph that was not there."""
    return {"n": ("", text)}


# --- what stands around a place ----------------------------------------------------------------------------------


def test_around_a_place_stand_words_and_signs_nearest_first_and_the_ends_of_the_block() -> None:
    text = "The board meets every month."
    assert Surroundings.of(text, *place(text, "meets")) == Surroundings(
        ["board", "The", ""], ["every", "month", ".", ""]
    )
    assert Surroundings.of(text, 0, len(text)) == Surroundings([""], [""])


def test_what_is_far_from_a_place_is_not_looked_at() -> None:
    far = "abc " * 100
    assert Surroundings.of(f"{far}Here{far}", 400, 404).before[-1] == ""
    around = Surroundings.of(f"x{far}Here{far}x", 401, 405)
    assert (around.before, around.after) == (["abc"] * 100, ["abc"] * 100)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("So all the members HERE may vote.", "Now all the members HERE may speak.", (3, 1)),
        ("the members HERE, if (all) may", "our members HERE, if (all) must", (1, 2)),
        ("members HERE may", "members HERE may", (5, 5)),
        ("HERE may", "and HERE may", (0, 5)),
        ("a b c d e f g h i j k l m n HERE", "a b c d e f g h i j k l m n HERE!", (12, 0)),
        ("HERE a b c d e f g h i j k", "HERE a b c d e f g h i j k l", (4, 11)),
    ],
)
def test_words_are_counted_outwards_until_they_differ_and_the_end_of_a_block_as_four(
    one: str, other: str, same: tuple[int, int]
) -> None:
    around = [Surroundings.of(text, *place(text, "HERE")) for text in (one, other)]
    assert around[0].shared(around[1]) == same == around[1].shared(around[0])


# --- rivals ------------------------------------------------------------------------------------------------------


def test_four_old_words_on_either_side_leave_no_doubt() -> None:
    rival = new("the whole board elects a chair from among its members")
    assert not doubtful("In spring the whole board elects a chair from among its members twice.", others=rival)
    assert doubtful("In autumn the whole board elects a chair from among its members twice.", others=rival)
    assert doubtful("In spring the whole board elects a chair from among its pupils twice.", others=rival)


def test_new_words_are_rivals_unless_three_fewer_words_around_them_are_the_old_ones() -> None:
    now = "In autumn the whole board elects a chair from among its members twice."
    assert doubtful(now, others=new("My whole board elects a chair from among its pupils."))
    assert not doubtful(now, others=new("A board elects a chair from among its pupils."))


def test_a_quote_of_three_words_that_was_rewritten_and_stands_elsewhere_has_gone_there() -> None:
    now = OLD.replace("elects", "picks")
    assert doubtful(now, found="picks a chair", others=new("Our club elects a chair."))
    assert not doubtful(now, found="picks a chair", others=new("Our club has a chair."))


def test_two_words_that_were_rewritten_are_not_known_again() -> None:
    now = OLD.replace("a chair", "one chair")
    assert not doubtful(now, found="one chair", quote="a chair", others=new("Our club has a chair."))


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("elects a chair", True),
        ("elects a chair twice", True),
        ("Who elects a chair", True),
        ("xelects a chair", False),
        ("It reelects a chair now", False),
        ("It elects a chairman now", False),
    ],
)
def test_only_words_of_their_own_are_rivals(text: str, doubt: bool) -> None:
    assert doubtful("A crew elects a chair today.", others=new(text)) is doubt


@pytest.mark.parametrize(
    ("was", "text", "doubt"),
    [
        ("Our club elects a chair. It is small.", "Our club elects a chair. It is big.", False),
        ("Our club elects a chair", "Our club elects a chair, too", False),
        ("elects a chair", "Club elects a chair", False),
        ("Our club is small.", "Our club elects a chair.", True),
        ("Our club elects.", "Our club elects a chair.", True),
        ("Our club has a chair.", "Our club elects a chair.", True),
        ("Our club elects a chair.", "Our club elects a chair. Our crew elects a chair.", True),
        ("Our club elects a chair.", "Our crew elects a chair. Our club elects a chair.", True),
        (
            "Our club elects a chair. The end: who elects a chair?",
            "Our club elects a chair. Our crew elects a chair. The end: who elects a chair?",
            True,
        ),
    ],
)
def test_only_words_that_were_written_now_are_rivals(was: str, text: str, doubt: bool) -> None:
    assert doubtful("A crew elects a chair today.", others={"o": (was, text)}) is doubt


def test_words_are_no_rivals_of_themselves_but_others_after_them_are() -> None:
    old = "Elects a chair. The members of the whole club vote on it by hand in spring."
    now = "The members of the whole club vote on it by hand in spring. Elects a chair."
    was, there = place(old, "Elects a chair"), place(now, "Elects a chair")

    def doubt(**others: str) -> bool:
        return is_doubtful(Survival(charter({"b": old}), charter({"b": now, **others})), old, was, "b", there)

    assert not doubt()
    assert doubt(n="Elects a chair.")
    assert doubt(n="Elects a chair as well.", m="Elects a chair.")


def test_a_block_that_is_gone_has_no_place_to_be_sure_of() -> None:
    survival = Survival(charter({"b": OLD}), charter({"n": OLD}))
    assert is_doubtful(survival, OLD, place(OLD, QUOTE), "b", (0, 0))


# --- so much rewritten that equal words prove nothing --------------------------------------------------------------

WORDS = [f"w{n:02}" for n in range(30)]
TEXT = " ".join(WORDS)


def kept(*numbers: int) -> list[Kept]:
    """These words of the text are left, each with the space behind it."""
    return [Kept("b", 4 * n, "b", 4 * n, 4) for n in numbers]


def words(first: int, last: int) -> tuple[int, int]:
    return 4 * first, 4 * last + 3


@pytest.mark.parametrize(
    ("was", "left", "loose"),
    [
        # Two words and five on either side are twelve: six must be left.
        (words(10, 11), [5, 6, 7, 8, 9, 10], False),
        (words(10, 11), [11, 12, 13, 14, 15, 16], False),
        (words(10, 11), [10, 11, 12, 13, 14], True),
        (words(10, 11), [0, 1, 2, 3, 4, 17, 18, 19, 20], True),
        (words(10, 11), [5, 7, 9, 11, 13], True),
        # Four and five on either side are fourteen: seven.
        (words(10, 13), [5, 6, 7, 8, 9, 10, 11], False),
        (words(10, 13), [12, 13, 14, 15, 16, 17, 18], False),
        # At the edge of the block there are fewer: eight, so four.
        (words(2, 2), [0, 1, 2, 3], False),
        (words(2, 2), [1, 2, 3], True),
        (words(27, 27), [26, 27, 28, 29], False),
        (words(27, 27), [26, 27, 28], True),
    ],
)
def test_at_least_half_of_the_words_around_a_quote_must_be_left(
    was: tuple[int, int], left: list[int], loose: bool
) -> None:
    assert is_loose(TEXT, was, kept(*left)) is loose
