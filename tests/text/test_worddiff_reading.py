"""How a redline is made to be read: what is one rewriting, what was replaced whole, and where an addition stands."""

import pytest

from app.text.worddiff import Hunk, Op, diff_words, hunks
from app.text.words import tokens


def shown(old: str, new: str) -> str:
    marks = {Op.KEEP: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "[+{}+]"}
    return "".join(marks[piece.op].format(piece.text) for piece in diff_words(old, new).pieces)


@pytest.mark.parametrize(
    ("old", "new", "redline"),
    [
        # One or two words between two rewritings of three words and more are no resting place for the eye …
        (
            "Now the old board shall keep this for all of us. End of it.",
            "Now a new council must keep this by none among them. End of it.",
            "Now [-the old board shall keep this for all of us-][+a new council must keep this by none among them+]."
            " End of it.",
        ),
        # … but three are,
        (
            "Now the old board shall keep all this for all of us. End of it.",
            "Now a new council must keep all this by none among them. End of it.",
            "Now [-the old board shall-][+a new council must+] keep all this [-for all of us-][+by none among them+]."
            " End of it.",
        ),
        # and beside a rewriting of two words one reads on.
        (
            "Members of the board keep this paper safe and dry in winter.",
            "Members of a club keep this paper in the house in winter.",
            "Members of [-the board-][+a club+] keep this paper [-safe and dry-][+in the house+] in winter.",
        ),
        (
            "a b keep this d e f end of it",
            "x y keep this u v w end of it",
            "[-a b-][+x y+] keep this [-d e f-][+u v w+] end of it",
        ),
        (
            "a b c keep this d e end of it",
            "x y z keep this u v end of it",
            "[-a b c-][+x y z+] keep this [-d e-][+u v+] end of it",
        ),
    ],
)
def test_a_short_stretch_between_two_large_rewritings_belongs_to_them(old: str, new: str, redline: str) -> None:
    assert shown(old, new) == redline


@pytest.mark.parametrize(
    ("old", "new", "redline"),
    [
        ("Say a, b to us.", "Say x, y to us.", "Say [-a, b-][+x, y+] to us."),
        ("Say a (b) to us.", "Say x (y) to us.", "Say [-a (b-][+x (y+]) to us."),
        ("Say a, b to us.", "Say x, to us.", "Say [-a, b-][+x,+] to us."),
        ("Say now, to us.", "Say, then to us.", "Say[- now,-][+, then+] to us."),
        ("Say, to us.", "Say now, then to us.", "Say[+ now+], [+then +]to us."),
        ("Say now, then to us.", "Say, to us.", "Say[- now-], [-then -]to us."),
    ],
)
def test_a_lone_sign_between_two_replacements_is_replaced_but_not_between_two_insertions(
    old: str, new: str, redline: str
) -> None:
    assert shown(old, new) == redline


def test_a_line_end_always_parts_two_rewritings() -> None:
    old = "Note one two three\\\nfour five six of it all in the end."
    new = "Note uno due tre\\\nquattro cinque sei of it all in the end."
    assert shown(old, new) == (
        "Note [-one two three-][+uno due tre+]\\\n[-four five six-][+quattro cinque sei+] of it all in the end."
    )


@pytest.mark.parametrize(
    ("old", "new", "redline"),
    [
        ("a b c d e f g h i j", "q r c s t u v h w x", "[-a b-][+q r+] c [-d e f g-][+s t u v+] h [-i j-][+w x+]"),
        ("a b c d e f g h i j", "q r c s t u v y w x", "[-a b c d e f g h i j-][+q r c s t u v y w x+]"),
        ("a b c d e f g h i j k", "q r c s t u v h w x z", "[-a b c d e f g h i j k-][+q r c s t u v h w x z+]"),
        ("a b c d e f g m h i j", "q r c s t u v h w x", "[-a b-][+q r+] c [-d e f g m-][+s t u v+] h [-i j-][+w x+]"),
    ],
)
def test_where_fewer_words_than_one_in_five_are_left_all_between_the_first_edit_and_the_last_is_replaced(
    old: str, new: str, redline: str
) -> None:
    assert shown(old, new) == redline


def test_what_is_left_before_the_first_edit_and_after_the_last_stays() -> None:
    assert shown("k a b c d e f g h", "k z y x w v u t s") == "k [-a b c d e f g h-][+z y x w v u t s+]"


@pytest.mark.parametrize(
    ("old", "new", "redline"),
    [
        ("We meet. We vote.", "We meet. We dine. We vote.", "We meet.[+ We dine.+] We vote."),
        ("We meet. We dine. We vote.", "We meet. We vote.", "We meet.[- We dine.-] We vote."),
        ("Why? Because.", "Why? How? Because.", "Why?[+ How?+] Because."),
        ("It is. Yes", "It is. Well! Yes", "It is.[+ Well!+] Yes"),
        ("| a |\n| b |", "| a |\n| c |\n| b |", "| a |[+\n| c |+]\n| b |"),
        ("| a |\n| b |", "| a |\n| b |\n| c |", "| a |\n| b |[+\n| c |+]"),
        ("| a |\n| c |\n| b |", "| a |\n| b |", "| a |[-\n| c |-]\n| b |"),
        ("会议。投票。", "会议。吃饭。投票。", "会议。[+吃饭。+]投票。"),
        ("吃饭！睡觉！", "吃饭！工作！睡觉！", "吃饭！[+工作！+]睡觉！"),
        ("吃饭？工作？睡觉？", "吃饭？睡觉？", "吃饭？[-工作？-]睡觉？"),
        ("dog", "dog barks", "dog[+ barks+]"),
        ("dog", "the dog", "[+the +]dog"),
        ("the dog", "the big dog", "the [+big +]dog"),
        ("one, two and three", "one and three", "one[-, two-] and three"),
        ("see (x) now", "see (x) (y) now", "see (x) [+(y) +]now"),
    ],
)
def test_an_addition_stands_where_it_reads_as_one_thing(old: str, new: str, redline: str) -> None:
    assert shown(old, new) == redline


@pytest.mark.parametrize(
    ("base", "edited", "hunk"),
    [
        ("We vote. We vote.", "We vote. We vote. We vote.", Hunk(4, 4, (" ", "We", " ", "vote", "."))),
        ("a a a", "a a a a", Hunk(0, 0, ("a", " "))),
        ("x y x y", "x y", Hunk(0, 4, ())),
    ],
)
def test_of_equal_places_the_best_and_then_the_first_is_taken(base: str, edited: str, hunk: Hunk) -> None:
    assert hunks(tokens(base), tokens(edited)) == (hunk,)
