"""A strict check of ``hosts.toml``: containerd has none, and fails open.

Keys and words are those that containerd 1.6, 1.7 and 2 all know. What only some know (`dial_timeout`) others ignore in
silence, so it is refused as well.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

KEYS: Mapping[str, type] = {
    "capabilities": list,
    "ca": str,
    "skip_verify": bool,
    "override_path": bool,
    "header": dict,
}
CAPABILITIES = frozenset({"pull", "resolve"})
"""A mirror that may not be pushed to."""
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_ADDRESS = re.compile(rf"https?://{_LABEL}(\.{_LABEL})*(:(?P<port>[0-9]{{1,5}}))?")


def hosts_faults(text: str) -> list[str]:
    """Every fault of a file, one sentence each; empty for a file that containerd reads as it is meant."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [f"it is not TOML: {error}"]
    return list(_top(body))


def _top(body: Mapping[str, Any]) -> Iterator[str]:
    hosts = body.get("host")
    yield from _table("", {key: value for key, value in body.items() if key not in ("server", "host")})
    # By containerd's documentation the image's own host is asked last where `server` is
    # missing, which is the public internet for an air-gapped fleet.
    if not is_address(body.get("server")):
        yield "server is not the address of the last tier, so the image's public host would be asked"
    # Observed with containerd 1.6 and 1.7: `invalid host tree` in the log, and the file counts
    # as absent.
    if not isinstance(hosts, Mapping) or not hosts:
        yield "there is no [host] table, so containerd ignores the file"
        return
    for address, table in hosts.items():
        if not is_address(address):
            yield f'"{address}" is not the address of a registry'
        if not isinstance(table, Mapping):
            yield f'host "{address}" is not a table'
            continue
        # One unknown word makes containerd drop the whole file. Without `resolve` a mirror is
        # not asked for tags.
        if set(table.get("capabilities") or ()) != CAPABILITIES:
            yield f'host "{address}" needs exactly the capabilities pull and resolve'
        yield from _table(f'host "{address}": ', table)


def _table(where: str, table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if key not in KEYS:
            yield f"{where}unknown key {key}"
        # By exact type: to Python `True` is a number, and containerd refuses a whole file for
        # `skip_verify = "true"`.
        elif type(value) is not KEYS[key]:
            yield f"{where}{key} is not of type {KEYS[key].__name__}"
    header = table.get("header")
    for key, value in header.items() if isinstance(header, Mapping) else ():
        if not isinstance(value, str):
            yield f"{where}header {key} is not text"


def is_address(value: Any) -> bool:
    """A scheme, a host and perhaps a port: nothing that TOML or containerd would read as something else."""
    match = _ADDRESS.fullmatch(value) if isinstance(value, str) else None
    return match is not None and 0 < int(match["port"] or 1) < 65536
