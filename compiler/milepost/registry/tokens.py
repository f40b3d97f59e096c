"""Registry tokens: answers a challenge with a token or with name and password, and remembers what it was given.

Tokens live as long as this object. Name and password go over HTTPS (or on this machine) to the registry itself, or to a
token server of the same owner that it names: one below the domain that the registry's host stands in. To a token server
elsewhere only a login goes that the Docker configuration has for that server itself.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode, urlsplit

from milepost.registry.address import Address
from milepost.registry.challenge import Challenge, challenges
from milepost.registry.credentials import Credentials, Login
from milepost.registry.door import named
from milepost.registry.errors import RegistryDeniedError, RegistryUnreachableError
from milepost.registry.http import HttpPool, HttpResponse
from milepost.registry.owner import same_owner

_TOKEN = re.compile(r"[ -~]{1,65536}")
"""What fits into a header; tokens are Base64 of one kind or another."""


class Tokens:
    """Authorizations by registry and repository."""

    def __init__(self, http: HttpPool, credentials: Credentials) -> None:
        self._http, self._credentials = http, credentials
        self._known: dict[tuple[str, str], str] = {}

    def known(self, address: Address) -> str | None:
        """What was given for this repository before."""
        return self._known.get((address.origin, address.repository))

    def answer(self, address: Address, header: str) -> str:
        """The value of ``Authorization`` that meets a challenge. Raises RegistryDeniedError, RegistryUnreachableError."""
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
        parameters = challenge.parameters
        realm = named(f"{address.origin}/v2/", parameters.get("realm", ""), "token server")
        # The registry names the token server. Without a check any registry could have the login
        # sent to a host of its choice.
        login = self._for_realm(address, realm, login)
        # A challenge without a scope would be answered with a token that opens nothing.
        scope = parameters.get("scope") or f"repository:{address.repository}:pull"
        asked = {"service": parameters.get("service", ""), "scope": scope}
        if login is not None and login.identity_token:
            answer = self._refreshed(address, realm, asked, login)
        else:
            headers = {"Authorization": login.basic} if login is not None else {}
            query = urlencode({k: v for k, v in asked.items() if v})
            url = f"{realm.partition('#')[0]}{'&' if '?' in realm else '?'}{query}"
            answer = self._http.request("GET", url, headers, named_by=address.origin)
        if answer.status in (400, 401, 403):
            raise RegistryDeniedError(
                self._missing(address) if login is None else f"{address.host} refuses the credentials"
            )
        return _read(answer, address)

    def _for_realm(self, address: Address, realm: str, login: Login | None) -> Login | None:
        """The login that a token server may see. Raises RegistryDeniedError where there is one, and it may not."""
        server = urlsplit(realm).netloc
        if login is None or same_owner(urlsplit(address.origin).netloc, server):
            return login
        own = self._credentials.login(server, "")
        if own is None:
            raise RegistryDeniedError(
                f"{address.host} names {server} as its token server, which is another's: its login is not sent there; "
                f"where that is right, give the Docker configuration a login for {server}"
            )
        return own

    def _refreshed(self, address: Address, realm: str, asked: dict[str, str], login: Login) -> HttpResponse:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": login.identity_token,
            # Required by the token specification of Distribution for a refresh.
            "client_id": "milepost",
            **asked,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode()
        return self._http.request("POST", realm, headers, body, named_by=address.origin)

    def _missing(self, address: Address) -> str:
        if self._credentials.left_to_a_helper(address.host):
            return f"{address.host} asks for credentials, which the Docker configuration leaves to a credential helper"
        return f"{address.host} asks for credentials for {address.repository}, and there are none for it"


def _read(answer: HttpResponse, address: Address) -> str:
    try:
        body = json.loads(answer.body)
        token = body.get("token") or body.get("access_token")
    except (ValueError, AttributeError, RecursionError):
        token = None
    if answer.status != 200 or not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise RegistryUnreachableError(
            f"the token server of {address.host} answers {answer.status} without a token"
        )
    return token
