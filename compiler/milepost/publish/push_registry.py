"""Push registry: the requests of the OCI distribution API that put an artifact under a tag, and read what stands there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from milepost.publish.artifact import MANIFEST, Artifact, Blob
from milepost.registry.address import Address
from milepost.registry.credentials import Credentials
from milepost.registry.door import named
from milepost.registry.errors import plain
from milepost.registry.http import HttpPool, HttpResponse
from milepost.registry.tokens import Tokens


class PushError(RuntimeError):
    """A registry did not take an artifact."""


class PushRegistry:
    """Asks and answers for authorization, as far as pushing needs it."""

    def __init__(self, http: HttpPool, credentials: Credentials) -> None:
        self._http, self._tokens = http, Tokens(http, credentials)

    def manifest(self, address: Address, tag: str) -> Blob | None:
        """What stands under a tag or a digest, or None."""
        answer = self._ask("GET", address, address.manifest(tag), {"Accept": MANIFEST})
        if answer.status == 404:
            return None
        _expect(answer, (200,), f"{address.repository}:{tag} cannot be read from {address.host}")
        return Blob(answer.headers.get("content-type", MANIFEST), answer.body)

    def push_files(self, address: Address, made: Artifact) -> None:
        """Uploads blobs without the manifest, so that nothing changes yet for those who pull."""
        for blob in (made.content, made.config):
            self._push_blob(address, blob)

    def push_manifest(self, address: Address, tag: str, manifest: Blob) -> None:
        """Push a manifest under ``tag``, which is what moves the tag."""
        headers = {"Content-Type": manifest.media_type}
        answer = self._ask("PUT", address, address.manifest(tag), headers, manifest.data)
        _expect(answer, (201,), f"{address.host} does not take {address.repository}:{tag}")

    def _push_blob(self, address: Address, blob: Blob) -> None:
        if self._ask("HEAD", address, address.blob(blob.digest), {}).status == 200:
            return
        refused = f"{address.host} does not take a file for {address.repository}"
        opened = self._ask(
            "POST", address, f"{address.origin}/v2/{address.repository}/blobs/uploads/", {}, b""
        )
        _expect(opened, (202,), refused)
        base = f"{address.origin}/v2/{address.repository}/blobs/uploads/"
        # The registry says where to send bytes. `named` refuses what is no address of its kind,
        # and credentials go to the registry's own origin alone.
        location = named(base, opened.headers.get("location", ""), "place to send a file to")
        # Registries put a state of their own into the query, which must be sent back as it is.
        target = f"{location}{'&' if urlsplit(location).query else '?'}digest={blob.digest}"
        headers = {"Content-Type": "application/octet-stream"}
        _expect(self._ask("PUT", address, target, headers, blob.data), (201,), refused)

    def _ask(
        self, method: str, address: Address, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpResponse:
        """One request, again with what the registry wants to know. Who asks is told to the registry itself alone."""
        known = self._tokens.known(address) if url.startswith(address.origin + "/") else None
        sent = {**headers, **_authorization(known)}
        answer = self._http.request(method, url, sent, body, named_by=address.origin)
        if answer.status == 401 and url.startswith(address.origin + "/"):
            found = self._tokens.answer(address, answer.headers.get("www-authenticate", ""))
            sent = {**headers, **_authorization(found)}
            answer = self._http.request(method, url, sent, body, named_by=address.origin)
        return answer


def _authorization(value: str | None) -> dict[str, str]:
    return {"Authorization": value} if value else {}


def _expect(answer: HttpResponse, statuses: tuple[int, ...], problem: str) -> None:
    """Raises PushError with the registry's own words."""
    if answer.status in statuses:
        return
    try:
        said = "; ".join(str(error.get("message", "")) for error in json.loads(answer.body)["errors"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        said = ""
    raise PushError(f"{problem}: it answers {answer.status}" + (f" ({plain(said)})" if said else ""))
