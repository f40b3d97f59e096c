"""Forges: where a pull request is discussed, one a module, recognised by what its CI puts into the environment.

A module offers ``conversation``, which gives the conversation that the running job belongs to, or None on another forge.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from milepost.registry.errors import RegistryUnreachableError
from milepost.registry.http import HttpPool

_WITHIN = 180.0
"""Seconds for everything that one comment takes."""
MOST_PAGES = 100
"""Of comments that are read; a forge that never comes to an end is given up."""


class ForgeError(RuntimeError):
    """The forge does not do what it was asked; one sentence, without credentials."""


class Comment(NamedTuple):
    """A comment of our own: what the forge calls it, and its text."""

    id: str
    text: str


class Conversation(Protocol):
    """The comments of one pull or merge request."""

    def own(self) -> Iterator[Comment]:
        """Comments of whoever the credentials belong to, the oldest first. Raises ForgeError."""
        ...

    def add(self, text: str) -> None: ...

    def edit(self, comment: Comment, text: str) -> None: ...


def conversation(environment: Mapping[str, str], number: int | None) -> Conversation | None:
    """What the running job belongs to; None where no forge says so. Raises ForgeError for missing credentials.

    ``number`` is the request's, where the environment does not have it.
    """
    for name in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        found: Conversation | None = importlib.import_module(f"{__name__}.{name}").conversation(
            environment, number
        )
        if found is not None:
            return found
    return None


class ForgeApi:
    """The API of a forge. JSON in, JSON out, with one way to say who asks."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        # A limit for everything together: a CI job must not hang because a forge answers
        # slowly, page by page.
        self._http = HttpPool(within=_WITHIN)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", **headers}

    def call(self, method: str, url: str, body: Any = None) -> Any:
        """Raises ForgeError for every answer but success."""
        data = None if body is None else json.dumps(body).encode()
        try:
            answer = self._http.request(method, url, self._headers, data)
        except RegistryUnreachableError as error:
            raise ForgeError(str(error)) from None
        # Without the query, which may hold what belongs into no log.
        place = url.partition("?")[0]
        if answer.status >= 300:
            raise ForgeError(f"{place} answers {answer.status}{_meaning(answer.status)}")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise ForgeError(f"{place} answers something that is not JSON") from None


def _meaning(status: int) -> str:
    return {
        401: ": the token is not accepted",
        403: ": the token may not write comments, as is usual for pull requests from forks",
        404: ": there is no such request, or the token may not see it",
    }.get(status, "")
