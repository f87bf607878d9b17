"""The settings of an installation; the only module that reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import BadInput

_ADDRESS = re.compile(r"https?://[^\s/?#@<>\"]+(?:/[^\s?#<>\"]*)?")


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, each by the variable ENGROSS_ + the name in capitals.

    ``data_dir`` holds the database and everything else that must be kept. ``public_url`` is the address people reach
    the service at; only it appears in links that are sent out.
    """

    data_dir: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""

    @property
    def database(self) -> str:
        """The address of the database: what was set, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'engross.sqlite3').resolve()}"

    @property
    def address(self) -> str:
        """Where people reach the service, without a final slash."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "127.0.0.1" if self.host in ("", "0.0.0.0", "::") else self.host
        return f"http://{host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people reach the service over TLS, so that cookies may insist on it."""
        return self.address.startswith("https://")


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. A value that cannot be used is a BadInput that names its variable."""
    env = os.environ if environment is None else environment
    given = {name.removeprefix("ENGROSS_").lower(): v.strip() for name, v in env.items() if name.startswith("ENGROSS_")}
    default = Settings()
    url = given.get("database_url", "")
    if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadInput(
            "ENGROSS_DATABASE_URL has to begin with sqlite:/// or postgresql+psycopg:// "
            "(for example postgresql+psycopg://engross@localhost/engross)."
        )
    if url.startswith("sqlite:///") and url.partition("?")[0].removeprefix("sqlite:///") in ("", ":memory:"):
        raise BadInput("ENGROSS_DATABASE_URL has to name a file, like sqlite:////srv/engross/engross.sqlite3.")
    public = given.get("public_url", "")
    if public and not _ADDRESS.fullmatch(public):
        raise BadInput("ENGROSS_PUBLIC_URL has to be an address like https://charter.example.org.")
    return Settings(
        data_dir=Path(given.get("data_dir") or default.data_dir),
        database_url=url,
        host=given.get("host") or default.host,
        port=_whole(given, "port", default.port, 1, 65535),
        public_url=public,
    )


def _whole(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadInput(f"ENGROSS_{name.upper()} has to be a whole number from {least} to {most}.")
    return int(text)
