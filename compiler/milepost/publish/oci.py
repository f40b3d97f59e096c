"""OCI push: every province's tree to a registry, blobs first, then the manifest under the tag.

Until the manifest is there, the tag stands for the old artifact, so a push that is cut short leaves nothing half. What is
there already is not sent again, and a tree that is there under its tag is not pushed at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from milepost.publish.artifact import MANIFEST, SOURCE, SOURCE_DATE, TREE, Artifact, Blob, artifact
from milepost.publish.source_commit import SourceCommit
from milepost.publish.standing import Conditions, PushState
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
    """A pushed artifact. ``digest`` is the manifest's that stands under the tag, or would."""

    province: str
    reference: str
    digest: str
    state: PushState

    @property
    def new(self) -> bool:
        """Whether the tag moved, or would."""
        return self.state.goes


def push(
    trees: Sequence[ProvinceTree],
    url: str,
    tag: str,
    http: HttpPool,
    credentials: Credentials,
    rules: Conditions,
    tell: Callable[[str], None] = lambda line: None,
) -> list[PushedArtifact]:
    """In order of province; ``{province}`` in ``url`` and ``tag`` stands for its name; ``tell`` hears what is begun.

    What stands there is looked at again just before the tag moves: between the two another publisher may win, as there
    is no way to ask a registry to move a tag only from a certain place.

    Raises PushError, and RegistryError when a registry cannot be asked.
    """
    if not url.startswith("oci://"):
        raise PushError(f"{url} is not an address of the form oci://HOST/REPOSITORY")
    registry = PushRegistry(http, credentials)
    pushed = []
    for number, tree in enumerate(trees, 1):
        where, name = (text.replace("{province}", tree.province) for text in (url, tag))
        tell(f"{tree.province}: {number} of {len(trees)}")
        made = artifact(tree, rules.source)
        address = Address.of(where.removeprefix("oci://"))
        standing = registry.manifest(address, name)
        state = _state(standing, tree, made, rules)
        if state is PushState.PUBLISHED:
            # Files before the second look: uploading takes minutes over a slow line, and what
            # matters is what stands there when the tag moves.
            registry.push_files(address, made)
            standing = registry.manifest(address, name)
            state = _state(standing, tree, made, rules)
        if state is PushState.PUBLISHED:
            registry.push_manifest(address, name, made)
        digest = made.manifest.digest if state.goes or standing is None else standing.digest
        pushed.append(PushedArtifact(tree.province, f"{where}:{name}", digest, state))
    return pushed


def _state(standing: Blob | None, tree: ProvinceTree, made: Artifact, rules: Conditions) -> PushState:
    """The same tree may stand there in bytes that another zlib made, or from another commit."""
    if standing is None:
        return rules.state(same=False, foreign=False, theirs=None)
    told = _annotations(standing)
    # Another version of zlib makes other bytes of the same tree. To push them would have every
    # cluster fetch what it has.
    same = standing.digest == made.manifest.digest or told.get(TREE) == tree.digest
    theirs = SourceCommit(told[SOURCE], told.get(SOURCE_DATE, ""), "", "") if told.get(SOURCE) else None
    return rules.state(same=same, foreign=TREE not in told, theirs=theirs)


def _annotations(manifest: Blob) -> Mapping[str, str]:
    """Those of text; none where it is no manifest."""
    try:
        found = json.loads(manifest.data).get("annotations") or {}
        return {str(key): value for key, value in found.items() if isinstance(value, str)}
    except (ValueError, AttributeError, RecursionError):
        return {}


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

    def push_files(self, address: Address, made: Artifact) -> None:
        """Uploads blobs without the manifest, so that nothing changes yet for those who pull."""
        for blob in (made.content, made.config):
            self._push_blob(address, blob)

    def push_manifest(self, address: Address, tag: str, made: Artifact) -> None:
        """Push the manifest under ``tag``, which is what moves the tag."""
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
