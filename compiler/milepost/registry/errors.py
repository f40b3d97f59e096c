"""Registry errors as exceptions; each message is one sentence for people.

    RegistryError
    ├── RegistryUnreachableError  no answer, or one that is none of a registry's: nothing is known about the image
    ├── RegistryDeniedError       credentials are missing, wrong or not enough
    ├── VersionAbsentError        the registry does not have it
    └── UnusableImageError        it has it, in a form that cannot be locked

No message holds credentials or the query of an address: tokens travel there.
"""

from __future__ import annotations


class RegistryError(Exception):
    """What went wrong, in one sentence."""


class RegistryUnreachableError(RegistryError):
    """The registry gives no usable answer."""


class RegistryDeniedError(RegistryError):
    """The registry refuses."""


class VersionAbsentError(RegistryError):
    """The registry does not know the repository or the version."""


class UnusableImageError(RegistryError):
    """What the registry has cannot be locked."""


def plain(text: str, most: int = 200) -> str:
    """A server's words as a message may show them: on one line, without control characters, cut where they are long."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= most else words[: most - 1] + "…"
