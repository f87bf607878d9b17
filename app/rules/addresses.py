"""Which words may be the address of a charter or a section, and which ones are addresses of our own."""

import re

from app.errors import BadInput

KEY_LENGTH = 64

# A charter lives at /{key}, beside our own pages: these are taken, today's and those that are planned.
RESERVED_KEYS = frozenset(
    {
        "admin",
        "administration",
        "api",
        "assets",
        "backup",
        "browserconfig",
        "charters",
        "compare",
        "consultations",
        "css",
        "docs",
        "doctor",
        "editions",
        "errors",
        "events",
        "favicon",
        "feed",
        "fonts",
        "health",
        "healthz",
        "help",
        "history",
        "images",
        "img",
        "index",
        "invitations",
        "js",
        "live",
        "livez",
        "login",
        "logout",
        "me",
        "members",
        "metrics",
        "new",
        "notices",
        "on",
        "openapi",
        "passkeys",
        "password",
        "people",
        "problems",
        "proposals",
        "readyz",
        "records",
        "redoc",
        "robots",
        "root",
        "search",
        "security",
        "sessions",
        "settings",
        "setup",
        "sign-in",
        "sign-out",
        "sign-up",
        "sitemap",
        "static",
        "status",
        "tokens",
        "unsubscribe",
        "users",
        "verify",
        "well-known",
        "working",
    }
)

_KEY = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{KEY_LENGTH - 2}}}[a-z0-9])?")


def is_key(text: str) -> bool:
    """Whether the text can be an address: lower-case letters a-z, digits, and hyphens between them, 64 at most."""
    return _KEY.fullmatch(text) is not None


def check_charter_key(key: str) -> str:
    """The key itself if a charter may have it; otherwise BadInput that says why not."""
    if not is_key(key):
        raise BadInput(
            "A charter key is made of lower-case letters, digits and hyphens between them, at most 64.", kind="bad-key"
        )
    if key in RESERVED_KEYS:
        raise BadInput(f'"{key}" is an address of the product itself; choose another charter key.', kind="reserved-key")
    return key


def check_section_key(key: str) -> str:
    """The key itself if a section or an annexe may have it; otherwise BadInput that says why not."""
    if not is_key(key):
        raise BadInput(
            "A section key is made of lower-case letters, digits and hyphens between them, at most 64.", kind="bad-key"
        )
    return key


_LONGEST_PATH = 500
_NOWHERE = ("/login", "/sign-in", "/sign-out", "/unsubscribe", "/invitations", "/static", "/api")


def own_path(address: str) -> str:
    """The address itself if it is a page of ours to go on to, "" for anything else: nobody is led to another site."""
    path = address.partition("?")[0].partition("#")[0]
    ours = address.startswith("/") and not address.startswith("//") and "\\" not in address and "://" not in path
    plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= _LONGEST_PATH
    if not ours or not plain or any(path == no or path.startswith(no + "/") for no in _NOWHERE):
        return ""
    return address
