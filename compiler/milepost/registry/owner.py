"""Host ownership: whether two hosts are one owner's, as far as their names tell."""

from __future__ import annotations

import ipaddress

_PUBLIC = frozenset(
    ["ac", "co", "com", "edu", "ecs", "go", "gob", "gov", "mil", "ne", "net", "nom", "or", "org", "sch"]
)
"""Second labels under which a country's registrar sells names, such as ``com.cn``."""


def same_owner(registry: str, other: str) -> bool:
    """Whether ``other`` is ``registry``, with whatever port, or stands in the domain that ``registry`` stands in.

    ``registry-1.docker.io`` and ``auth.docker.io`` do; two numbers, or two names that a registrar sells apart, do not.
    """
    one, two = _name(registry), _name(other)
    if one == two:
        return True
    if _is_number(one) or _is_number(two):
        return False
    domain = one.partition(".")[2]
    return _can_be_owned(domain) and (two == domain or two.endswith(f".{domain}"))


def _can_be_owned(domain: str) -> bool:
    labels = domain.split(".")
    # `example.com` belongs to one owner, `com.cn` to a registrar. Anybody could have a host
    # beside ours there.
    if len(labels) == 2:
        return not (len(labels[1]) == 2 and labels[0] in _PUBLIC)
    return len(labels) > 2


def _name(host: str) -> str:
    """Without port and the last dot."""
    bare = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
    return bare.strip("[]").rstrip(".").lower()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
