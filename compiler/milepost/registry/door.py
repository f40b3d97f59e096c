"""Address checks: the one way in for addresses that are asked, those that a person wrote and those that a server names.

A server names addresses in redirects, as token server, and for uploads. It may name any host over HTTPS. It may name
nothing of the machine that asks unless it runs there itself: what listens on loopback trusts whoever reaches it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urljoin, urlsplit

from milepost.registry.address import is_loopback
from milepost.registry.errors import RegistryUnreachableError, plain

_ADDRESS = re.compile(
    r"(?i:https?)://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:[/?#][!-~]*)?", re.IGNORECASE
)
"""Scheme, host, port and the rest, in characters that mean the same to every reader; no user and no password."""
_LONGEST = 8192


def checked(url: str) -> SplitResult:
    """The parts of an address. Raises RegistryUnreachableError for what is none, and for plain HTTP to another machine."""
    # A backslash is a slash to some parsers and not to others: the host that is checked must be
    # the host that is asked.
    if len(url) > _LONGEST or "\\" in url or not _ADDRESS.fullmatch(url):
        raise RegistryUnreachableError(f"{shown(url)} is no address of the form https://HOST/PATH")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RegistryUnreachableError(f"{shown(url)} is no address of the form https://HOST/PATH") from None
    if port == 0:
        raise RegistryUnreachableError(f"{shown(url)} has no port that anybody can listen on")
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise RegistryUnreachableError(
            f"{shown(url)} is not https://, and plain HTTP is for this machine itself alone"
        )
    return parts


def named(base: str, address: str, what: str) -> str:
    """The address that the server at ``base`` names, whole. Raises RegistryUnreachableError where it must not be followed.

    ``what`` says what it is, such as ``redirect``.
    """
    host = checked(base).hostname or ""
    try:
        url = urljoin(base, address)
        parts = checked(url)
    except (ValueError, RegistryUnreachableError) as fault:
        why = str(fault) if isinstance(fault, RegistryUnreachableError) else f"{shown(address)} is no address"
        raise RegistryUnreachableError(f"{host} names a {what} that cannot be followed: {why}") from None
    if is_of_this_machine(parts.hostname or "") and not is_loopback(host):
        raise RegistryUnreachableError(
            f"{host} names a {what} on this machine itself, {shown(url)}: it is not followed"
        )
    return url


def is_of_this_machine(host: str) -> bool:
    """Whether a name or a number, in any spelling that a resolver takes, means this machine or its own link."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost") or is_loopback(name):
        return True
    try:
        found = ipaddress.ip_address(name)
    except ValueError:
        try:
            # `inet_aton` takes what resolvers take: `127.1`, `0x7f.1` and `2130706433` are all
            # this machine.
            found = ipaddress.ip_address(socket.inet_aton(name))
        except (OSError, ValueError):
            return False
    # `::ffff:127.0.0.1` is loopback although no IPv6 test says so.
    inner = getattr(found, "ipv4_mapped", None) or found
    return bool(inner.is_loopback or inner.is_unspecified or inner.is_link_local)


def origin(url: str) -> tuple[str, str]:
    """Scheme, and host with port: who is asked."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def shown(url: str) -> str:
    """As a message may hold it: without user, query and fragment, where tokens travel."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return plain(url.partition("?")[0].partition("#")[0])
    host, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return plain(f"{scheme}://{host.rpartition('@')[2]}{slash}{path}")
