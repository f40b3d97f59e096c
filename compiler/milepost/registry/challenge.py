"""Reads ``WWW-Authenticate``: which way a registry wants to know who asks (RFC 9110, 11.6.1; distribution's token spec)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SCHEME = re.compile(r"\s*([A-Za-z][-A-Za-z0-9]*)(?:\s+|$)")
_PARAMETER = re.compile(
    r"\s*([A-Za-z_][-A-Za-z0-9_]*)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s,\"]+))\s*(?:,|$)"
)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A scheme, in small letters, and its parameters."""

    scheme: str
    parameters: dict[str, str] = field(default_factory=dict)


def challenges(header: str) -> list[Challenge]:
    """Every challenge of a header; what cannot be read ends the list."""
    found: list[Challenge] = []
    position = 0
    while position < len(header):
        scheme = _SCHEME.match(header, position)
        if scheme is None:
            break
        position, parameters = scheme.end(), {}
        while (parameter := _PARAMETER.match(header, position)) is not None:
            quoted, plain = parameter[2], parameter[3]
            parameters[parameter[1].lower()] = plain if quoted is None else _ESCAPED.sub(r"\1", quoted)
            position = parameter.end()
        found.append(Challenge(scheme[1].lower(), parameters))
    return found
