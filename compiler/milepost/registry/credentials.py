"""Credentials from a Docker ``config.json``: read when asked for, kept in memory, never written and never shown.

Credential helpers (``credsStore``, ``credHelpers``) are not run: a compiler starts no program that a file names.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from milepost.model.record import by_value

_DOCKER_HUB = ("https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io")


class CredentialsError(Exception):
    """The file cannot be used; the message says why, and nothing of what is in it."""


@by_value
class Login:
    """A login to a registry: a name and a password, or a refresh token that is exchanged for access tokens."""

    username: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    @property
    def basic(self) -> str:
        """The value of ``Authorization``."""
        return "Basic " + base64.b64encode(f"{self.username}:{self.password}".encode()).decode()


class Credentials:
    """Logins by registry; ``Credentials()`` knows none, so that everybody is anonymous."""

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        auths = (config or {}).get("auths")
        self._auths: Mapping[str, Any] = auths if isinstance(auths, Mapping) else {}
        helpers = (config or {}).get("credHelpers")
        self._helpers = set(helpers) if isinstance(helpers, Mapping) else set()
        self._store = bool((config or {}).get("credsStore"))

    @classmethod
    def read(cls, named: Path | None, environment: Mapping[str, str] = os.environ) -> Credentials:
        """From the file or folder ``named``, or the folder ``DOCKER_CONFIG``, or none. Raises CredentialsError."""
        if named is None:
            folder = environment.get("DOCKER_CONFIG")
            file = Path(folder) / "config.json" if folder else None
            if file is None or not file.exists():
                return cls()
        else:
            file = named / "config.json" if named.is_dir() else named
        try:
            config = json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CredentialsError(f"{file} cannot be read: {error.strerror}") from None
        except ValueError:
            raise CredentialsError(f"{file} is not JSON") from None
        if not isinstance(config, Mapping):
            raise CredentialsError(f"{file} is not a Docker configuration")
        return cls(config)

    def login(self, host: str, repository: str) -> Login | None:
        """What to say to ``host`` for ``repository``: an entry for a part of the registry goes before one for all of it."""
        for key in _keys(host, repository):
            entry = self._auths.get(key)
            if isinstance(entry, Mapping) and (login := _login(entry)) is not None:
                return login
        return None

    def left_to_a_helper(self, host: str) -> bool:
        """Whether the file says that a program of the machine knows the credentials."""
        return self._store or host in self._helpers


def _keys(host: str, repository: str) -> list[str]:
    steps = repository.split("/")
    # The longest path first: Docker configurations may hold a login for one repository of a
    # registry.
    keys = [f"{host}/{'/'.join(steps[:n])}" for n in range(len(steps), 0, -1)]
    names = (
        _DOCKER_HUB
        if host in _DOCKER_HUB
        else (host, f"https://{host}", f"https://{host}/v1/", f"https://{host}/v2/")
    )
    return [*keys, *names]


def _login(entry: Mapping[str, Any]) -> Login | None:
    token = entry.get("identitytoken")
    if isinstance(token, str) and token:
        return Login(identity_token=token)
    name, password = entry.get("username"), entry.get("password")
    if isinstance(name, str) and isinstance(password, str) and name:
        return Login(name, password)
    try:
        decoded = base64.b64decode(str(entry.get("auth") or ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, colon, password = decoded.partition(":")
    # Docker pads old entries with zeros.
    return Login(name, password.rstrip("\x00")) if colon and name else None
