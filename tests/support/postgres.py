"""A PostgreSQL server of the tests' own: started on loopback in a folder of its own, stopped at the end."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path | None:
    """The folder with initdb and pg_ctl of the newest PostgreSQL from 15 on, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    for folder in found:
        if int(folder.parent.name) >= 15 and (folder / "initdb").exists():
            return folder
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_ordinary_user(command: list[str]) -> list[str]:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres_server(binaries: Path, folder: Path) -> Iterator[str]:
    """A running server; the value is the address of its databases without the database's name."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        for parent in folder.parents:
            if parent != Path("/") and parent.stat().st_uid == 0 and parent.is_relative_to("/tmp"):
                parent.chmod(parent.stat().st_mode | 0o011)
    cluster, port = folder / "cluster", _free_port()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(
        _as_ordinary_user([str(binaries / "initdb"), "-D", str(cluster), "-A", "trust", "-U", "engross", "-N"]), **quiet
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
    control = str(binaries / "pg_ctl")
    log = str(folder / "log")
    subprocess.run(
        _as_ordinary_user([control, "-D", str(cluster), "-w", "-t", "60", "-l", log, "-o", options, "start"]), **quiet
    )
    try:
        yield f"postgresql+psycopg://engross@127.0.0.1:{port}"
    finally:
        subprocess.run(_as_ordinary_user([control, "-D", str(cluster), "-m", "immediate", "stop"]), **quiet)
