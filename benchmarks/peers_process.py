"""Peers in other languages: one long-lived process each, so that its start is not counted."""

import json
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
NODE_FOLDER = HERE.parent / ".venv-bench" / "node"


class Missing(Exception):
    """A peer that this machine does not have, with what would bring it."""


class Worker:
    """A process that answers one line of JSON with one line of JSON, and says what each answer cost it."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def ask(self, form: str, old: str, new: str) -> dict:
        """The answer to one pair of texts: ``made``, and its ``wall`` and ``cpu`` seconds as measured over there."""
        self._process.stdin.write(json.dumps({"form": form, "old": old, "new": new}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self._process.args[0]} ended without an answer")
        return json.loads(answer)

    def end(self) -> None:
        """Let the process go."""
        self._process.stdin.close()
        self._process.wait(timeout=30)


def wikidiff2() -> tuple[Worker, str]:
    """MediaWiki's own differ, and its version."""
    php = shutil.which("php")
    if php is None:
        raise Missing("php is not installed: on Debian, apt-get install php-cli php-wikidiff2")
    asked = [php, "-r", 'echo phpversion("wikidiff2"), " in PHP ", PHP_VERSION;']
    version = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    if version.startswith(" "):
        raise Missing("PHP lacks wikidiff2: on Debian, apt-get install php-wikidiff2")
    return Worker([php, "-d", "memory_limit=-1", str(HERE / "peers_worker.php")]), version


def node_diff() -> tuple[Worker, str]:
    """The npm package ``diff``, and its version."""
    node = os.environ.get("NODE") or shutil.which("node")
    package = NODE_FOLDER / "node_modules" / "diff" / "package.json"
    if node is None:
        raise Missing("node is not installed")
    if not package.is_file():
        raise Missing("the npm package diff is not in .venv-bench/node: make .venv-bench/.ready fetches it")
    version = json.loads(package.read_text("utf-8"))["version"]
    on = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return Worker([node, str(HERE / "peers_worker.cjs"), str(NODE_FOLDER)]), f"{version} in Node {on}"
