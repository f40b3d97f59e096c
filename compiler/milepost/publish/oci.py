"""Every province's tree to a registry, by the OCI distribution API: blobs first, then the manifest under the tag.

Until the manifest is there, the tag stands for the old artifact, so a push that is cut short leaves nothing half. What is
there already is not sent again, and a tree that is there under its tag is not pushed at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from milepost.publish.artifact import MANIFEST, TREE, Artifact, Blob, artifact
from milepost.publish.trees import ProvinceTree
from milepost.registry.address import Address
from milepost.registry.credentials import Credentials
from milepost.registry.door import named
from milepost.registry.errors import plain
from milepost.registry.http import HttpPool, HttpResponse
from milepost.registry.tokens import Tokens


class PushError(RuntimeError):
    """A registry did not take an artifact."""


@dataclass(frozen=True, slots=True)
class PushedArtifact:
    """``digest`` is the manifest's; ``new`` says whether the tag moved (or would, in a dry run)."""

    province: str
    reference: str
    digest: str
    new: bool


def push(
    trees: Sequence[ProvinceTree],
    url: str,
    tag: str,
    http: HttpPool,
    credentials: Credentials,
    *,
    dry_run: bool = False,
) -> list[PushedArtifact]:
    """In order of province; ``{province}`` in ``url`` and ``tag`` stands for its name.

    Raises PushError, and RegistryError when a registry cannot be asked.
    """
    if not url.startswith("oci://"):
        raise PushError(f"{url} is not an address of the form oci://HOST/REPOSITORY")
    registry = PushRegistry(http, credentials)
    pushed = []
    for tree in trees:
        where, name = (text.replace("{province}", tree.province) for text in (url, tag))
        made = artifact(tree)
        address = Address.of(where.removeprefix("oci://"))
        standing = registry.manifest(address, name)
        new = not _is_same(standing, tree, made)
        if new and not dry_run:
            registry.push(address, name, made)
        digest = made.manifest.digest if new or standing is None else standing.digest
        pushed.append(PushedArtifact(tree.province, f"{where}:{name}", digest, new))
    return pushed


def _is_same(standing: Blob | None, tree: ProvinceTree, made: Artifact) -> bool:
    """The same bytes, or the same tree in bytes that another zlib made."""
    if standing is None:
        return False
    try:
        annotations = json.loads(standing.data).get("annotations") or {}
        return standing.digest == made.manifest.digest or annotations.get(TREE) == tree.digest
    except (ValueError, AttributeError, RecursionError):
        return False


class PushRegistry:
    """Asks and answers for authorization, as far as pushing needs it."""

    def __init__(self, http: HttpPool, credentials: Credentials) -> None:
        self._http, self._tokens = http, Tokens(http, credentials)

    def manifest(self, address: Address, tag: str) -> Blob | None:
        """What stands under a tag, or None."""
        answer = self._ask("GET", address, address.manifest(tag), {"Accept": MANIFEST})
        if answer.status == 404:
            return None
        _expect(answer, (200,), f"{address.repository}:{tag} cannot be read from {address.host}")
        return Blob(answer.headers.get("content-type", MANIFEST), answer.body)

    def push(self, address: Address, tag: str, made: Artifact) -> None:
        for blob in (made.content, made.config):
            self._push_blob(address, blob)
        headers = {"Content-Type": made.manifest.media_type}
        answer = self._ask("PUT", address, address.manifest(tag), headers, made.manifest.data)
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
        location = named(base, opened.headers.get("location", ""), "place to send a file to")
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
