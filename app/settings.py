"""The settings of an installation; the only module that reads the environment."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.errors import BadInput
from app.logs import FORMATS, LEVELS

_ADDRESS = re.compile(r"https?://[^\s/?#@<>\"]+(?:/[^\s?#<>\"]*)?")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in. ``sealed``: over TLS from the first byte; else TLS is begun where it is offered."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sealed: bool

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine, so that nobody else can listen or answer in its place."""
        return self.host == "localhost" or self.host == "::1" or self.host.startswith("127.")


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, each by the variable ENGROSS_ + the name in capitals.

    ``data_dir`` holds the database and everything else that must be kept. ``public_url`` is the address people reach
    the service at; only it appears in links that are sent out. ``smtp_url`` is where mails are handed in (none: they
    become files in the data folder), ``mail_from`` whom they are from, ``mail_reply_to`` where answers to
    them go (none: back to the sender, where nobody need read them), ``digest_hour`` when the daily ones leave (UTC).
    ``passwords``: people may choose to have one. ``rate_limits``: one visitor may not write or have things worked out
    without end; every installation has them unless it says off.
    ``oidc_issuer`` is a provider of sign-in elsewhere, known to people as
    ``oidc_name``, at which this installation is ``oidc_client_id`` with ``oidc_client_secret``. ``trusted_proxies`` are
    the network addresses of proxies that are believed when they say who asks. ``log_level`` and ``log_format`` say what
    is logged and how, ``metrics`` where figures are shown ("": nowhere).
    """

    data_dir: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    mail_reply_to: str = ""
    digest_hour: int = 6
    passwords: bool = False
    rate_limits: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_name: str = "your organisation"
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    log_level: str = "warning"
    log_format: str = "plain"
    metrics: str = ""

    @property
    def mail_server(self) -> MailServer | None:
        """Where mails are handed in, None if they become files."""
        return _mail_server(self.smtp_url) if self.smtp_url else None

    @property
    def mail_folder(self) -> Path:
        """Where mails become files."""
        return self.data_dir / "mail"

    @property
    def metrics_door(self) -> tuple[str, int] | None:
        """Where figures are shown, None for nowhere."""
        host, _, port = self.metrics.rpartition(":")
        return (host.strip("[]"), int(port)) if self.metrics else None

    @property
    def sender(self) -> str:
        """Whom mails are from: what was set, or the product at the machine of the public address."""
        host = urlsplit(self.address).hostname or ""
        named = "." in host and not host.replace(".", "").isdigit() and ":" not in host
        return self.mail_from or f"Engross <engross@{host if named else 'localhost'}>"

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
    smtp, sender = given.get("smtp_url", ""), given.get("mail_from", "")
    if smtp:
        _mail_server(smtp)
    if sender and not _is_sender(sender):
        raise BadInput("ENGROSS_MAIL_FROM has to be an address, alone or like Our charter <charter@example.org>.")
    answers = given.get("mail_reply_to", "")
    if answers and not _is_sender(answers):
        raise BadInput("ENGROSS_MAIL_REPLY_TO has to be an address, alone or like Our office <office@example.org>.")
    provider = _provider(given)
    return Settings(
        data_dir=Path(given.get("data_dir") or default.data_dir),
        database_url=url,
        host=given.get("host") or default.host,
        port=_whole(given, "port", default.port, 1, 65535),
        public_url=public,
        smtp_url=smtp,
        mail_from=sender,
        mail_reply_to=answers,
        digest_hour=_whole(given, "digest_hour", default.digest_hour, 0, 23),
        passwords=_switch(given, "passwords"),
        rate_limits=_switch(given, "rate_limits", "on"),
        oidc_issuer=provider,
        oidc_client_id=given.get("oidc_client_id", ""),
        oidc_client_secret=given.get("oidc_client_secret", ""),
        oidc_name=given.get("oidc_name") or default.oidc_name,
        trusted_proxies=_proxies(given.get("trusted_proxies", "")) or default.trusted_proxies,
        log_level=_one_of(given, "log_level", default.log_level, LEVELS),
        log_format=_one_of(given, "log_format", default.log_format, FORMATS),
        metrics=_door(given.get("metrics", "")),
    )


def _mail_server(url: str) -> MailServer:
    # What stands in the address is never repeated: it can hold a password.
    wrong = BadInput(
        "ENGROSS_SMTP_URL has to be an address like smtp://user:password@mail.example.org:587 or "
        "smtps://user:password@mail.example.org. Characters like @ : / # ? % in a password are written like %40."
    )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
        raise wrong
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    plain = all(one.isprintable() for one in (url, user, password))
    if not plain or parts.query or parts.fragment or bool(user) != bool(password) or " " in parts.hostname:
        raise wrong
    sealed = parts.scheme == "smtps"
    return MailServer(parts.hostname, port or (465 if sealed else 587), user, password, sealed)


def _proxies(text: str) -> tuple[str, ...]:
    """The proxies that are named, with commas between them; nobody has to be trusted, but not everybody can be."""
    if text == "none":
        # An address that no request comes from.
        return ("0.0.0.0/32",)
    named = tuple(one.strip() for one in text.split(",") if one.strip())
    try:
        networks = [ip_network(one, strict=False) for one in named]
    except ValueError:
        networks = []
    if len(networks) != len(named) or any(one.prefixlen == 0 for one in networks):
        raise BadInput(
            "ENGROSS_TRUSTED_PROXIES has to name network addresses of proxies with commas between them, like "
            "127.0.0.1, 10.0.3.0/24, or be “none”. Names and “*” are not taken: whoever is trusted can say who asks."
        )
    return named


def _one_of(given: Mapping[str, str], name: str, default: str, known: Iterable[str]) -> str:
    value = given.get(name, "").lower() or default
    if value not in known:
        raise BadInput(f"ENGROSS_{name.upper()} has to be one of: {', '.join(known)}.")
    return value


def _door(text: str) -> str:
    host, _, port = text.rpartition(":")
    if text and not (host and port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise BadInput("ENGROSS_METRICS has to name an address and a port of this machine, like 127.0.0.1:9108.")
    return text


def _is_sender(text: str) -> bool:
    name, address = parseaddr(text)
    local, at, host = address.rpartition("@")
    return (
        bool(at and local and host)
        and text.isprintable()
        and address.isascii()
        and " " not in address
        and (text == address or text.endswith(f"<{address}>"))
        and "@" not in name
    )


def _provider(given: Mapping[str, str]) -> str:
    """The provider of sign-in elsewhere, "" for none. What speaks with it has to be installed."""
    issuer = given.get("oidc_issuer", "")
    if not issuer:
        return ""
    parts = urlsplit(issuer) if _ADDRESS.fullmatch(issuer) else None
    if parts is None or (parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1")):
        raise BadInput("ENGROSS_OIDC_ISSUER has to be an address like https://accounts.example.org.")
    if not given.get("oidc_client_id"):
        raise BadInput("ENGROSS_OIDC_ISSUER needs ENGROSS_OIDC_CLIENT_ID, the name your provider gave this service.")
    if find_spec("authlib") is None or find_spec("joserfc") is None:
        raise BadInput("ENGROSS_OIDC_ISSUER needs an extra that is not installed: pip install 'engross[oidc]'.")
    return issuer


def _switch(given: Mapping[str, str], name: str, default: str = "off") -> bool:
    text = given.get(name, "").lower() or default
    if text not in ("on", "off"):
        raise BadInput(f"ENGROSS_{name.upper()} has to be on or off.")
    return text == "on"


def _whole(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadInput(f"ENGROSS_{name.upper()} has to be a whole number from {least} to {most}.")
    return int(text)
