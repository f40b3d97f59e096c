"""The registry client: the OCI distribution API as far as a lock needs it, each answer checked against its digest."""

from __future__ import annotations

import hashlib
import re

from milepost.model.record import by_value
from milepost.registry.address import Address
from milepost.registry.credentials import Credentials
from milepost.registry.errors import (
    RegistryDeniedError,
    RegistryUnreachableError,
    UnusableImageError,
    VersionAbsentError,
    plain,
)
from milepost.registry.http import HttpPool, HttpResponse
from milepost.registry.tokens import Tokens

INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""The only form that is asked for and believed: what is in no digest of this form cannot be checked."""
_ACCEPT = {"Accept": ", ".join((*INDEXES, *MANIFESTS))}


@by_value
class RegistryContent:
    """Bytes, their digest, and what the registry says they are."""

    digest: str
    media_type: str
    body: bytes


class RegistryClient:
    """A client of registries; all content that it returns has been checked against its digest."""

    def __init__(self, http: HttpPool, credentials: Credentials) -> None:
        self._http, self._tokens = http, Tokens(http, credentials)

    def manifest(self, address: Address, reference: str) -> RegistryContent:
        """The manifest or index of a tag or a digest. Raises RegistryError."""
        if ":" in reference:
            _check_form(reference)
        what = f"{address.host}/{address.repository}{'@' if ':' in reference else ':'}{reference}"
        answer = self._get(address, address.manifest(reference), _ACCEPT, what)
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip()
        # A captive portal answers 200 to everything. Without this its page would be an
        # "unusable image".
        if media_type == "text/html":
            raise RegistryUnreachableError(
                f"{address.host} answers with a web page, as a portal before the network does"
            )
        return _checked(answer, reference, media_type, what)

    def blob(self, address: Address, digest: str) -> RegistryContent:
        """A small blob: a configuration. Raises RegistryError."""
        _check_form(digest)
        what = f"{address.host}/{address.repository}@{digest}"
        return _checked(self._get(address, address.blob(digest), {}, what), digest, "", what)

    def piece(self, address: Address, digest: str, first: int, last: int) -> bytes:
        """Bytes ``first`` to ``last`` of a blob, which whoever puts them together must check. Raises RegistryError."""
        _check_form(digest)
        what = f"{address.host}/{address.repository}@{digest}"
        answer = self._get(address, address.blob(digest), {"Range": f"bytes={first}-{last}"}, what)
        # A server may ignore the range and send all of it: then the piece is cut out here.
        body = answer.body if answer.status == 206 else answer.body[first : last + 1]
        if len(body) != last - first + 1:
            raise RegistryUnreachableError(
                f"{address.host} gives {len(body)} bytes of {last - first + 1} of {what}"
            )
        return body

    def _get(self, address: Address, url: str, headers: dict[str, str], what: str) -> HttpResponse:
        known = self._tokens.known(address)
        answer = self._http.get(url, headers, authorization=known)
        # Asked without credentials first: the challenge says for which scope a token is wanted.
        if answer.status == 401:
            found = self._tokens.answer(address, answer.headers.get("www-authenticate", ""))
            answer = self._http.get(url, headers, authorization=found)
        if answer.status in (401, 403):
            raise RegistryDeniedError(f"{address.host} refuses to show {what}")
        if answer.status == 404:
            raise VersionAbsentError(f"{address.host} has no {what}")
        if answer.status != 200 and not (answer.status == 206 and "Range" in headers):
            raise RegistryUnreachableError(f"{address.host} answers {answer.status} for {what}")
        return answer


def _checked(answer: HttpResponse, reference: str, media_type: str, what: str) -> RegistryContent:
    """The content, where its digest is the one that was asked for and the one that the registry says."""
    digest = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
    said = answer.headers.get("docker-content-digest", "")
    # A digest by another hash cannot be compared with ours, and nodes are told sha256 alone.
    if said and not DIGEST.fullmatch(said):
        raise RegistryUnreachableError(
            f"the registry says {plain(said, 80)} of {what}, which is no digest by SHA-256"
        )
    if any(claim != digest for claim in (reference if ":" in reference else "", said) if claim):
        raise RegistryUnreachableError(f"what came for {what} is not what its digest says")
    return RegistryContent(digest, media_type, answer.body)


def _check_form(digest: str) -> None:
    """Checked before it becomes part of a URL: a registry can send any text as a digest."""
    if not DIGEST.fullmatch(digest):
        raise UnusableImageError(f"{plain(digest, 80)} is no digest of the form sha256:...")
