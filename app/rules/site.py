"""What of the public address passkeys are bound to: the name of the site, and where its pages are from."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """``name`` is the host passkeys belong to, ``origin`` what browsers say of the pages they are used on."""

    name: str
    origin: str


def site_of(address: str) -> Site | None:
    """The site at a public address; None where browsers know no passkeys: under a bare number, and without TLS.

    This machine itself, as "localhost", needs no TLS.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return None
    if not host or (parts.scheme != "https" and host != "localhost" and not host.endswith(".localhost")):
        return None
    return Site(host, f"{parts.scheme}://{parts.netloc.lower()}")
