"""Registry configuration: CNCF Distribution's (format `version: 0.1`, as 2.8 and 3 read it) for one mirror.

Three of them over one storage: the pull-through mirror, a plain registry that needs no upstream, and a probe that asks
whether the upstream answers; ``scripts/registry.sh`` says when which runs. Unknown keys are ignored without a word by
the registry, so nothing is written here that was not seen to work.

No blob descriptor cache: together with a proxy it remembers what has expired. No ``proxy.ttl``: 2.8 keeps what it
fetched for seven days, whatever a file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

STORAGE = "/var/lib/registry"
TLS = "/etc/milepost/tls"
DRAIN = 30
"""Seconds in which a registry that is told to end finishes what it has begun."""

_HEAD = "version: 0.1\nlog:\n  level: info\n  accesslog:\n    disabled: true\n"
_FILES = f"storage:\n  filesystem:\n    rootdirectory: {STORAGE}\n"
_READ_ONLY = "  maintenance:\n    uploadpurging:\n      enabled: false\n    readonly:\n      enabled: true\n"
"""A plain registry takes whatever is pushed; a mirror that is plain for an hour must not."""
_MEMORY = "storage:\n  inmemory: {}\n"


def configurations(upstream: str, port: int, *, tls: bool) -> Mapping[str, str]:
    """The files of a mirror that listens on ``port`` and pulls from ``upstream``, by name."""
    proxy = f"proxy:\n  remoteurl: {upstream}\n"
    http = f'http:\n  addr: ":{port}"\n  draintimeout: {DRAIN}s\n'
    if tls:
        http += f"  tls:\n    certificate: {TLS}/tls.crt\n    key: {TLS}/tls.key\n"
    return {
        "plain.yml": _HEAD + _FILES + _READ_ONLY + http,
        # Port 0 and memory: it must not meet the registry that is serving, on the port or on
        # the storage.
        "probe.yml": _HEAD + _MEMORY + 'http:\n  addr: "127.0.0.1:0"\n' + proxy,
        "proxy.yml": _HEAD + _FILES + http + proxy,
        "registry.sh": script("registry.sh"),
    }


@cache
def script(name: str) -> str:
    """A shell script of ``lower/scripts``."""
    return (files("milepost.lower") / "scripts" / name).read_text(encoding="utf-8")
