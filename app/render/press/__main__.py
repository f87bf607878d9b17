"""The press itself: an order in JSON on stdin, the PDF on stdout, a report in JSON as the last line of stderr.

It is a program of its own, so that a text that is too much for the machine, or a fault in a library written in C, ends
this process and not the server.
"""

import base64
import gc
import json
import logging
import sys
import time
from pathlib import Path

# Address space in bytes and processor time in seconds; the parent keeps the clock on the wall.
MEMORY = 2 * 1024**3
SECONDS = 240

_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork", "urllib.", "ftplib.")


class _Complaints(logging.Handler):
    """Keeps what WeasyPrint complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _limit() -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system; the parent's clock is left
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):  # macOS knows no limit on address space
            continue


def _limits() -> dict[str, int]:
    try:
        import resource
    except ImportError:
        return {}
    return {"memory": resource.getrlimit(resource.RLIMIT_AS)[0], "seconds": resource.getrlimit(resource.RLIMIT_CPU)[0]}


def _stay_inside(event: str, _arguments: tuple[object, ...]) -> None:
    """Python asks this before each act that could leave the process; there is no way to take it off again."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"the press may not do this: {event}")


def _report(**facts: object) -> None:
    sys.stderr.write("\n" + json.dumps(facts) + "\n")
    sys.stderr.flush()


def _print(order: dict[str, str]) -> int:
    from weasyprint import HTML
    from weasyprint.text.ffi import harfbuzz_subset

    from app.render.press.archive import VARIANT, enclose_source, name_source_once, say_both_standards
    from app.render.press.fetcher import AssetFetcher, Picture
    from app.render.press.marks import MARKUP, Marks, draw_bars, remember_words
    from app.render.press.proof import lost_words
    from app.render.press.spelling import spell_once
    from app.render.press.tagging import pages_of, say_what_is_meant, straighten

    sys.addaudithook(_stay_inside)
    complaints = _Complaints()
    log = logging.getLogger("weasyprint")
    log.handlers[:] = [complaints]
    log.propagate = False
    logo = Picture(order["logo_type"], base64.b64decode(order["logo"])) if "logo" in order else None
    fetcher = AssetFetcher(Path(order["assets"]), logo)
    source = HTML(string=order["html"], base_url="asset:", url_fetcher=fetcher)
    say_what_is_meant()
    body = source.etree_element.find("body")
    # Only a redline has marks.
    marks = Marks(body) if any(sign in order["html"] for sign in MARKUP) else None
    if marks is not None:
        remember_words()
    text = source.render(pdf_variant=VARIANT)
    lost = lost_words([page._page_box for page in text.pages], body)
    if lost:
        _report(failed="lost", reason="; ".join(lost[:5]))
        return 1
    say_both_standards(text.metadata)
    if order.get("source"):
        enclose_source(text.metadata, order["source"].encode())
    leading = [link.get("href", "").removeprefix("#") for link in source.etree_element.iterfind(".//entry/a")]
    contents = pages_of(leading, text.pages)

    def finish(_document: object, pdf: object) -> None:
        name_source_once(pdf)
        straighten(pdf, contents, marks)
        if marks is not None:
            draw_bars(pdf, text.pages, marks)
        spell_once(pdf)

    written = text.write_pdf(
        pdf_variant=VARIANT,
        pdf_identifier=bytes.fromhex(order["identifier"]),
        finisher=finish,
    )
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    _report(pages=len(text.pages), complaints=complaints.lines, subsets=harfbuzz_subset is not None)
    return 0


def _look() -> int:
    """Say what the libraries are, without printing anything."""
    from weasyprint import __version__
    from weasyprint.text.ffi import harfbuzz_subset, pango

    pango_version = pango.pango_version()
    numbers = f"{pango_version // 10000}.{pango_version // 100 % 100}.{pango_version % 100}"
    _report(weasyprint=__version__, pango=numbers, subsets=harfbuzz_subset is not None, limits=_limits())
    return 0


def main() -> int:
    """Do one order; 0 if all of it is done."""
    _limit()
    # Of what one order leaves behind little goes in circles, and the process ends with it: looking for that less often
    # saves a twentieth of the time.
    gc.set_threshold(200_000, 50, 1_000)
    time.tzset()
    order = json.loads(sys.stdin.buffer.read())
    try:
        return _print(order) if "html" in order else _look()
    except MemoryError:
        _report(failed="limits", reason="memory")
    except OSError as fault:
        missing = "dlopen" in str(fault) or "load library" in str(fault)
        _report(failed="libraries" if missing else "rendering", reason=str(fault).splitlines()[0])
    except BaseException as fault:  # FatalURLFetchingError is not an Exception
        _report(failed="rendering", reason=f"{type(fault).__name__}: {fault}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
