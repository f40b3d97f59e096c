"""Who asks: answers a registry's challenge with a token or with name and password, and remembers what it was given.

Tokens live as long as this object. Name and password go to the registry itself or to the token server that it names,
over HTTPS (or on this machine), and nowhere else.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

from milepost.registry.address import Address
from milepost.registry.challenge import Challenge, challenges
from milepost.registry.credentials import Credentials, Login
from milepost.registry.errors import RegistryDeniedError, RegistryUnreachableError
from milepost.registry.http import HttpPool, HttpResponse


class Tokens:
    """Authorizations by registry and repository."""

    def __init__(self, http: HttpPool, credentials: Credentials) -> None:
        self._http, self._credentials = http, credentials
        self._known: dict[tuple[str, str], str] = {}

    def known(self, address: Address) -> str | None:
        """What was given for this repository before."""
        return self._known.get((address.origin, address.repository))

    def answer(self, address: Address, header: str) -> str:
        """The value of ``Authorization`` that meets a challenge. Raises DeniedError, UnreachableError."""
        login = self._credentials.login(address.host, address.repository)
        offered = {c.scheme: c for c in challenges(header)}
        if (bearer := offered.get("bearer")) is not None:
            found = f"Bearer {self._token(address, bearer, login)}"
        elif "basic" in offered and login is not None and login.username:
            found = login.basic
        else:
            raise RegistryDeniedError(self._missing(address))
        self._known[address.origin, address.repository] = found
        return found

    def _token(self, address: Address, challenge: Challenge, login: Login | None) -> str:
        realm = challenge.parameters.get("realm", "")
        scope = challenge.parameters.get("scope") or f"repository:{address.repository}:pull"
        asked = {"service": challenge.parameters.get("service", ""), "scope": scope}
        if login is not None and login.identity_token:
            answer = self._refreshed(realm, asked, login)
        else:
            headers = {"Authorization": login.basic} if login is not None else {}
            query = urlencode({k: v for k, v in asked.items() if v})
            answer = self._http.request("GET", f"{realm}{'&' if '?' in realm else '?'}{query}", headers)
        if answer.status in (400, 401, 403):
            raise RegistryDeniedError(
                self._missing(address) if login is None else f"{address.host} refuses the credentials"
            )
        return _read(answer, address)

    def _refreshed(self, realm: str, asked: dict[str, str], login: Login) -> HttpResponse:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": login.identity_token,
            "client_id": "milepost",
            **asked,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._http.request("POST", realm, headers, urlencode(form).encode())

    def _missing(self, address: Address) -> str:
        if self._credentials.left_to_a_helper(address.host):
            return f"{address.host} asks for credentials, which the Docker configuration leaves to a credential helper"
        return f"{address.host} asks for credentials for {address.repository}, and there are none for it"


def _read(answer: HttpResponse, address: Address) -> str:
    try:
        body = json.loads(answer.body)
        token = body.get("token") or body.get("access_token")
    except (ValueError, AttributeError):
        token = None
    if answer.status != 200 or not isinstance(token, str) or not token:
        raise RegistryUnreachableError(
            f"the token server of {address.host} answers {answer.status} without a token"
        )
    return token
