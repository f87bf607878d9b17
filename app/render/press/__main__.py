"""The process that sets one PDF: HTML on stdin, the PDF on stdout, a report in JSON on stderr, and no way out of it.

It is run as a program of its own, so that a text that is too much for the machine, or a fault in a library written in
C, ends this process and not the server.
"""

import json
import logging
import sys
import time
from pathlib import Path

# Address space and processor time; the parent keeps the clock on the wall.
MEMORY = 2 * 1024**3
SECONDS = 240


class _Warnings(logging.Handler):
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


def _no_network(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith("socket.") or event in {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"}:
        raise PermissionError(f"the PDF process may not do this: {event}")


def _report(**facts: object) -> None:
    sys.stderr.write("\n" + json.dumps(facts))
    sys.stderr.flush()


def main() -> int:
    """Read the order, set the PDF, write it; 0 if it is whole."""
    _limit()
    time.tzset()
    order = json.loads(sys.stdin.buffer.read())
    try:
        from weasyprint import HTML

        from app.render.press.fetcher import AssetFetcher
    except OSError as missing:
        _report(failed="libraries", reason=str(missing).splitlines()[0])
        return 1
    sys.addaudithook(_no_network)
    warnings = _Warnings()
    log = logging.getLogger("weasyprint")
    log.handlers[:] = [warnings]
    log.propagate = False
    fetcher = AssetFetcher(Path(order["assets"]))
    try:
        pages = HTML(string=order["html"], base_url="asset:", url_fetcher=fetcher).render()
        written = pages.write_pdf(pdf_identifier=bytes.fromhex(order["identifier"]))
    except MemoryError:
        _report(failed="limits", reason="memory")
        return 1
    except BaseException as fault:  # FatalURLFetchingError is not an Exception
        _report(failed="rendering", reason=f"{type(fault).__name__}: {fault}")
        return 1
    _report(pages=len(pages.pages), warnings=warnings.lines)
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
