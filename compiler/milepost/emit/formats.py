"""Formats of text that Kubernetes requires and its schemas do not: names, labels, quantities, image references."""

from __future__ import annotations

import re
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
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
HASHED_NAME = re.compile(r".+-(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}")
"""A name that ends in a content hash; a word of hexadecimal letters alone is none."""


@lru_cache(maxsize=4096)
def is_label_key(text: str) -> bool:
    """Cached, since the same few keys are in every object."""
    return LABEL_KEY.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def is_label_value(text: str) -> bool:
    """Remembered as keys are."""
    return LABEL_VALUE.fullmatch(text) is not None


class ImageReference(NamedTuple):
    """An image reference, ``repository[:tag][@digest]``; a part that is missing is empty."""

    repository: str
    tag: str
    digest: str

    @classmethod
    def of(cls, text: str) -> ImageReference:
        name, _, digest = text.partition("@")
        # The tag is looked for after the last slash only: the colon before it belongs to the
        # registry's port.
        head, slash, last = name.rpartition("/")
        last, _, tag = last.partition(":")
        return cls(head + slash + last, tag, digest)

    @property
    def pinned(self) -> bool:
        """Given by a digest alone."""
        return not self.tag and DIGEST.fullmatch(self.digest) is not None
