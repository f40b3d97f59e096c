"""``WWW-Authenticate`` challenges: which way a registry wants to know who asks (RFC 9110, 11.6.1; distribution's token
spec).
"""

from __future__ import annotations

import re
from dataclasses import field

from milepost.model.record import by_value

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_SCHEME = re.compile(rf"({_TOKEN})(?=[\s,]|$)")
_PARAMETER = re.compile(rf"({_TOKEN})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s,\"]+))(?=\s*(?:,|$))")
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))")
"""What ``Negotiate`` and its like have in place of parameters."""
_BETWEEN = re.compile(r"[\s,]*")
_LONGEST = 8192
_ESCAPED = re.compile(r"\\(.)")


@by_value
class Challenge:
    """An authentication challenge: a scheme, in small letters, and its parameters."""

    scheme: str
    parameters: dict[str, str] = field(default_factory=dict)


def challenges(header: str) -> list[Challenge]:
    """Every challenge of a header, or of several joined by commas; what cannot be read ends the list."""
    found: list[Challenge] = []
    # Patterns over a header of megabytes would be work that a server orders from us.
    header = header[:_LONGEST]
    position = _past(header, 0)
    while position < len(header):
        # A comma separates parameters and challenges alike (RFC 9110), so what follows one is a
        # parameter only if it looks like one.
        if found and (parameter := _PARAMETER.match(header, position)) is not None:
            quoted, plain = parameter[2], parameter[3]
            value = plain if quoted is None else _ESCAPED.sub(r"\1", quoted)
            found[-1].parameters.setdefault(parameter[1].lower(), value)
            position = _past(header, parameter.end())
            continue
        scheme = _SCHEME.match(header, position)
        if scheme is None:
            break
        found.append(Challenge(scheme[1].lower()))
        position = _past(header, _past_token68(header, scheme.end()))
    return found


def _past_token68(header: str, position: int) -> int:
    """Behind the credentials that stand right behind a scheme; a parameter is none, and nor is the next scheme."""
    start = position
    while start < len(header) and header[start].isspace():
        start += 1
    if start == position or _PARAMETER.match(header, start):
        return position
    found = _TOKEN68.match(header, start)
    return position if found is None else found.end()


def _past(header: str, position: int) -> int:
    found = _BETWEEN.match(header, position)
    return position if found is None else found.end()
