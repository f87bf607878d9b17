"""Which passwords are strong enough: long ones that are not what everybody tries first."""

import unicodedata
from itertools import pairwise

from app.errors import BadInput

SHORTEST, LONGEST = 15, 200

# What the lists of leaked passwords are made of, in the languages of those who use this; digits and signs around them,
# and figures that look like letters, make them no better.
_TRIED_FIRST = """
abc abcd abcde abcdef abril access admin administrator alpha amor and andrea angel apple april august azerty baby
bailey banana baseball basketball batman battery beautiful bonjour buster butterfly changeme charlie charter cheese
chelsea chocolate clave computer contrasena cookie correct daniel december default diamond donald doudou dragon
engross family february flower football for forever freedom friend friends geheim george ginger good governor guest
hallo hannah harley hello hola horse hottie hunter iloveu iloveyou internet is january jasmine jennifer jessica jesus
jordan joshua july june killer kitty letme letmein liverpool login lol love lovely maggie march marseille master
matrix matthew may mdp member merlin michael michelle minecraft monkey monster morning mother motdepasse mustang my
naruto nicole ninja nothing november october office parola pass passphrase passw passwd password passwort pepper photo
please pokemon prince princess purple qazwsx qwer qwert qwerty qwertyuiop qwertz ranger robert root samsung sample
secret senha service shadow sicher simple soccer soleil solo sommer spring staple star starwars summer sunday sunshine
superman supersecret system teamo tennis test testing tequiero the this thomas thunder tigger trustno user welcome
whatever william willkommen winter word yankees yellow you your zaq zxcvbn zxcvbnm
"""
_COMMON = frozenset(_TRIED_FIRST.split())
_LOOKS = str.maketrans("0134578@$!|", "oleastbasil")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")
_RUNS = (*_ROWS, "01234567890123456789", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p")


def prepared(password: str) -> str:
    """A password as it is hashed: the same letters, however a keyboard puts them together."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, email: str, name: str) -> str:
    """The password as it is hashed; BadInput, in words that never repeat it, for one that is too weak."""
    plain = prepared(password)
    if len(plain) < SHORTEST:
        raise BadInput(f"Make it at least {SHORTEST} characters long: some words that do not belong together are good.")
    if len(plain) > LONGEST:
        raise BadInput(f"At most {LONGEST} characters can be taken.")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Co") for letter in plain):
        raise BadInput("This holds a character that cannot be typed again.")
    own = {word for word in (*email.lower().replace("@", ".").split("."), *name.lower().split()) if len(word) > 2}
    if _guessed_first(plain.lower(), own):
        raise BadInput("This is one of those that are tried first. Take some words that do not belong together.")
    return plain


def _guessed_first(text: str, own: set[str]) -> bool:
    if len(set(text)) < 5 or _repeats(text) or _runs(text):
        return True
    known = _COMMON | own
    return any(_made_of(_letters(read), known) for read in (text, text.translate(_LOOKS)))


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _repeats(text: str) -> bool:
    """Whether it is one short piece again and again."""
    return any(text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in range(1, len(text) // 2 + 1))


def _runs(text: str) -> bool:
    """Whether all of it is walked along the alphabet, a row of keys or the figures, forwards or backwards."""
    steps = {pair for run in _RUNS for one in (run, run[::-1]) for pair in pairwise(one)}
    strange = sum(pair not in steps for pair in pairwise(text))
    return strange <= len(text) // 6


def _made_of(text: str, words: set[str] | frozenset[str]) -> bool:
    """Whether at most four of these words, one behind the other, are all the letters there are."""
    reached = {0: 0}
    for start in range(len(text)):
        if start not in reached or reached[start] == 4:
            continue
        for word in words:
            end = start + len(word)
            if text.startswith(word, start):
                reached[end] = min(reached.get(end, 9), reached[start] + 1)
    return len(text) in reached
