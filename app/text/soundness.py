"""Whether a wording still says what its marks say: emphasis, links and citations paired after a merge."""


def is_sound(text: str) -> bool:
    """Whether the text, read as a paragraph and written again, is the same text."""
    try:
        from app.text.dialect import parse
    except ImportError:
        return True
    blocks = parse(text)
    return len(blocks) == 1 and blocks[0].text == text
