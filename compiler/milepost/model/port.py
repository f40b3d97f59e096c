"""Ports: their numbers, and the names that Kubernetes takes for them."""

from __future__ import annotations

import re

LAST = 65535
"""The largest number of a port."""
NAME = r"^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$"
"""The form of a name, as a regular expression that JSON Schema, pydantic and Python read alike: small letters, digits
and single hyphens between them, at least one letter (RFC 6335, section 5.1, as Kubernetes' ``IsValidPortName``)."""
LONGEST_NAME = 15

_NAME = re.compile(NAME)


def is_number(value: object) -> bool:
    """Whether ``value`` is the number of a port; true and false are none."""
    # In Python `True` is 1 and would pass for a port.
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LAST


def is_name(text: str) -> bool:
    """Whether Kubernetes takes ``text`` as the name of a port."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None
