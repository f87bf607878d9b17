"""Logos made safe: a PNG is measured before it is unpacked, an SVG is written anew from its shapes."""

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.errors import BadInput
from app.rules.png import safe_png
from app.rules.svg import safe_svg
from tests.support.files import SVG, chunk, png

S = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"'


def drawing(inside: str, more: str = "") -> bytes:
    return f"<svg {S} {more}>{inside}</svg>".encode()


def test_a_png_keeps_its_pixels_and_nothing_else() -> None:
    told = chunk(b"tEXt", b"Author\0me") + chunk(b"eXIf", b"GPS") + chunk(b"iCCP", b"x\0\0" + zlib.compress(b"p"))
    made = safe_png(png(more=told) + b"<script>behind the end</script>")
    assert made == png()
    assert safe_png(made) == made


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_sort_of_png_comes_through_with_the_same_pixels(mode: str) -> None:
    image = Image.linear_gradient("L").resize((37, 23)).convert("RGBA" if mode == "P" else "L")
    image = image.convert(mode) if mode != "P" else image.quantize(16)
    written = io.BytesIO()
    image.save(written, "PNG")
    made = Image.open(io.BytesIO(safe_png(written.getvalue())))
    assert (made.size, made.convert("RGBA").tobytes()) == (image.size, image.convert("RGBA").tobytes())


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (png(40_000, 40_000, data=zlib.compress(b"\0" * 1000)), "picture-too-large"),
        (png(5_000, 10), "picture-too-large"),
        (png(30, 10, data=zlib.compress(b"\0" * 5_000_000, 9)), "broken-file"),
        (png(30, 10, data=zlib.compress(b"\0" * 100)), "broken-file"),
        (png(30, 10, data=zlib.compress((b"\x09" + b"\0" * 90) * 10)), "broken-file"),
        (png(30, 10, data=b"no zlib"), "broken-file"),
        (png(0, 10), "broken-file"),
        (png()[:-1], "broken-file"),
        (png()[:40] + b"\xff" + png()[41:], "broken-file"),
        (b"\x89PNG\r\n\x1a\n", "broken-file"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "broken-file"),
    ],
)
def test_a_png_that_is_broken_or_would_unpack_to_a_bomb_is_refused(octets: bytes, kind: str) -> None:
    with pytest.raises(BadInput) as told:
        safe_png(octets)
    assert told.value.kind == kind


@given(st.binary(max_size=60), st.integers(0, 100))
def test_no_bytes_whatever_make_the_readers_fail_otherwise(noise: bytes, place: int) -> None:
    for read, whole in ((safe_png, png()), (safe_svg, SVG)):
        try:
            read(whole[:place] + noise + whole[place:])
        except BadInput:
            continue


def test_an_svg_is_written_anew_from_its_shapes() -> None:
    made = safe_svg(SVG).decode()
    assert made.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100" width="1000" height="333.3"')
    assert '<rect fill="#0b5563" height="100" width="100"/>' in made
    assert '<path d="M120 30h160v10h-160z" fill="#083f4a" fill-opacity=".8"/>' in made
    assert "<style" not in made
    assert "class" not in made
    assert safe_svg(made.encode()) == made.encode()


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0" onclick="alert(1)" onload="x()"/>',
        "<metadata><script>x</script></metadata><path/>",
        '<x:evil xmlns:x="urn:x"><script>x</script></x:evil><path/>',
        "<title>alert(1)</title><!-- alert(1) --><path/>",
        '<a href="javascript:alert(1)"><path/></a>',
        '<path style="behavior: alert(1); -x-y: url(javascript:alert(1))"/>',
        '<path data-x="alert(1)" id="no good &quot;id&quot;"/>',
        "<?xml-stylesheet href='javascript:alert(1)'?><path/>",
    ],
)
def test_what_shows_nothing_is_left_out_of_an_svg(inside: str) -> None:
    made = safe_svg(drawing(inside)).decode()
    assert "<path" in made
    for word in ("alert", "script", "evil", "href=", "onl", "onc", "quot", "url(", "behavior", "<!", "<?", "data-"):
        assert word not in made.replace("xmlns:xlink", ""), (word, made)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (drawing("<script>1</script>"), "program"),
        (drawing("<foreignObject><p/></foreignObject>"), "web page"),
        (drawing("<text>Words</text>"), "into paths"),
        (drawing('<image href="http://127.0.0.1/a.png"/>'), "picture inside"),
        (drawing('<image href="data:image/png;base64,AAAA"/>'), "picture inside"),
        (drawing('<use href="http://127.0.0.1/a.svg#b"/>'), "outside"),
        (drawing('<use xlink:href="file:///etc/passwd#b" xmlns:xlink="http://www.w3.org/1999/xlink"/>'), "outside"),
        (drawing('<path fill="url(http://127.0.0.1/a#b)"/>'), "is not kept"),
        (drawing('<path style="fill:url(http://127.0.0.1/a#b)"/>'), "is not kept"),
        (drawing("<style>@import url(http://127.0.0.1/a.css);</style>"), "style sheet"),
        (drawing("<style>@font-face{src:url(http://127.0.0.1/a)}</style>"), "style sheet"),
        (drawing("<style>path:hover{fill:red}</style>"), "style sheet"),
        (drawing('<path filter="url(#f)"/>'), "filter"),
        (drawing('<path style="marker-end:url(#m)"/>'), "markers"),
        (drawing('<set attributeName="href" to="javascript:1"/>'), "moves"),
        (drawing("<animateTransform/>"), "moves"),
        (drawing("<pattern/>"), "pattern"),
        (drawing('<rect width="1e99"/>'), "no measure"),
        (drawing('<path d="url(x)&lt;"/>'), "no measure"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "entities"),
        (f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg {S}>&a;</svg>'.encode(), "entities"),
        (f'<!DOCTYPE svg SYSTEM "http://127.0.0.1/a.dtd"><svg {S}>&a;</svg>'.encode(), "entities"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>', "how large"),
        (drawing("", 'width="1" height="1"').replace(b"0 0 10 10", b"0 0 1000 1"), "twenty times"),
        (b"<html><svg/></html>", "not an SVG"),
        (drawing("<path"), "damaged"),
        (b'<?xml version="1.0" encoding="x-none"?><svg/>', "encoding"),
    ],
)
def test_what_cannot_be_kept_of_an_svg_is_named_with_what_to_do(octets: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        safe_svg(octets)


@pytest.mark.parametrize(
    "inside",
    [
        "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 12)) + '<g id="a0"/>',
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        '<clipPath id="a"><path clip-path="url(#a)"/></clipPath>',
        '<linearGradient id="a" href="#a"/>',
        "<g>" * 60 + "</g>" * 60,
        "<path/>" * 6_000,
    ],
)
def test_a_drawing_that_unfolds_without_end_is_refused_before_it_is_drawn(inside: str) -> None:
    with pytest.raises(BadInput) as told:
        safe_svg(drawing(inside))
    assert told.value.kind in ("drawing-too-large", "unsafe-drawing")


def test_a_doctype_without_contents_and_another_encoding_are_taken() -> None:
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    made = safe_svg((doctype + drawing("<path/>").decode()).encode("utf-16"))
    assert made == safe_svg(drawing("<path/>"))
    sized = b'<svg xmlns="http://www.w3.org/2000/svg" width="30mm" height="10mm"><path/></svg>'
    assert b'viewBox="0 0 113.386 37.7953"' in safe_svg(sized)
