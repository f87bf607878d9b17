"""What the page on deployment shows is taken by systemd and nginx, and it names nothing that is not there."""

import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from app.cli.root import engross
from app.settings import Settings, load_settings
from tests.support import requirements

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deployment.md").read_text()


def blocks(language: str) -> list[str]:
    """The blocks of one language, in the order of the page."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_setting_and_command_it_names_is_there() -> None:
    told = set(re.findall(r"ENGROSS_[A-Z_]+", PAGE))
    compose = {"ENGROSS_DB_PASSWORD", "ENGROSS_SUBNET"}
    assert told - compose <= {f"ENGROSS_{field.name.upper()}" for field in fields(Settings)}
    commands = set(re.findall(r"\bengross ([a-z]+) ?(?:[/<A-Z-]|`|you@|\n|user|add|link|&&)", PAGE))
    assert {"doctor", "migrate", "backup", "verify", "restore", "import"} <= commands
    assert commands - {"compose", "doctor", "engross"} <= set(engross.commands)


def test_its_file_of_settings_can_be_read() -> None:
    given = dict(line.split("=", 1) for line in blocks("ini")[0].splitlines())
    assert load_settings(given).secure


def test_compose_hands_in_only_settings_there_are() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    handed = set(re.findall(r"^      (ENGROSS_[A-Z_]+):", compose, re.M))
    assert handed <= {f"ENGROSS_{field.name.upper()}" for field in fields(Settings)}
    proxies = re.search(r"ENGROSS_TRUSTED_PROXIES:-([^}]+)}", compose)
    assert proxies is not None
    assert load_settings({"ENGROSS_TRUSTED_PROXIES": proxies[1]}).trusted_proxies == ("127.0.0.1", "172.30.57.1")


@pytest.mark.systemd
def test_its_units_are_taken_by_systemd(tmp_path: Path) -> None:
    service, backup, timer = (block for block in blocks("ini") if block.startswith("[Unit]"))
    for name, unit in (
        ("engross.service", service),
        ("engross-backup.service", backup),
        ("engross-backup.timer", timer),
    ):
        # The program and its user are on the server only.
        unit = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.M)
        (tmp_path / name).write_text(re.sub(r"^(User|Group)=.*\n", "", unit, flags=re.M))
    found = subprocess.run(
        ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in found.stderr.splitlines() if "engross" in line]
    assert ours == []
    assert found.returncode == 0, found.stderr


@pytest.mark.nginx
def test_its_proxy_is_taken_by_nginx(tmp_path: Path) -> None:
    server, upstream = blocks("nginx")
    server = re.sub(r"\n    ssl_certificate.*", "", server).replace(" ssl;", ";")
    server = server.replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\nhttp {{ {upstream} {server} }}\n"
    )
    found = subprocess.run(
        [str(requirements.NGINX), "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
