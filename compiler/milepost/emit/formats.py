"""Forms of text that Kubernetes asks for and its schemas do not: names, labels, quantities, image references."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
DNS_SUBDOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
SERVICE_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
LABEL_KEY = re.compile(
    r"((?=[^/]{1,253}/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
    r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
)
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
PORT_NAME = re.compile(r"(?=.{0,14}[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
HASHED_NAME = re.compile(r".+-(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}")
"""A name that ends in a content hash; a word of hexadecimal letters alone is none."""

_QUANTITY = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?")
_FACTOR = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}


def quantity(text: object) -> Decimal | None:
    """A Kubernetes quantity as a number (``250m`` is 0.25), or None if it is none."""
    match = _QUANTITY.fullmatch(str(text))
    if match is None:
        return None
    try:
        return Decimal(match[1]) * _factor(match[2] or "")
    except InvalidOperation:
        return None


def _factor(suffix: str) -> Decimal:
    if suffix in _BINARY:
        return Decimal(1024) ** _BINARY[suffix]
    if suffix in _FACTOR:
        return Decimal(10) ** _FACTOR[suffix]
    return Decimal(10) ** int(suffix[1:]) if suffix else Decimal(1)


@lru_cache(maxsize=4096)
def is_label_key(text: str) -> bool:
    """Remembered: a few keys stand in every object."""
    return LABEL_KEY.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_label_value(text: str) -> bool:
    """Remembered as keys are."""
    return LABEL_VALUE.fullmatch(text) is not None


class ImageReference(NamedTuple):
    """``repository[:tag][@digest]``; what is not there is empty."""

    repository: str
    tag: str
    digest: str

    @classmethod
    def of(cls, text: str) -> ImageReference:
        name, _, digest = text.partition("@")
        head, slash, last = name.rpartition("/")
        last, _, tag = last.partition(":")
        return cls(head + slash + last, tag, digest)

    @property
    def pinned(self) -> bool:
        """Given by a digest alone."""
        return not self.tag and DIGEST.fullmatch(self.digest) is not None
