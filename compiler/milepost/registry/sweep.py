"""Registry sweep: asks for every version of many images at once; faults become diagnostics in the order of the spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from milepost.diagnostics import Code, Related, Sink
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.record import record
from milepost.model.spec import ImageDocument
from milepost.model.spec.image_lock import LockedVersion
from milepost.registry.client import RegistryClient
from milepost.registry.errors import (
    RegistryDeniedError,
    RegistryError,
    RegistryUnreachableError,
    UnusableImageError,
    VersionAbsentError,
)
from milepost.registry.image_version import read_version

MP8001 = Code(
    "MP8001",
    "registry unreachable",
    "A registry gave no answer, or none that a registry gives. Nothing is known about the image, so nothing is written.",
    "kind: Image\nspec: {repository: registry.exmaple/redis, versions: [7.2.5]}\n# the host does not exist\n",
)
MP8002 = Code(
    "MP8002",
    "registry denied access",
    "A registry asks for credentials. They are read from a Docker configuration (`--docker-config`, or the folder that "
    "DOCKER_CONFIG names) and are neither stored nor shown.",
    "kind: Image\nspec: {repository: registry.example/private/redis, versions: [7.2.5]}\n# and no login for it\n",
)
MP8003 = Code(
    "MP8003",
    "image version not found",
    "The registry answers, and has no such repository or no such tag.",
    "kind: Image\nspec: {repository: registry.example/redis, versions: [7.2.55]}\n",
)
MP8004 = Code(
    "MP8004",
    "image cannot be locked",
    "What stands behind the tag is no image for Linux on amd64, arm64 or arm, or in a form that has no digest to pull by.",
    "kind: Image\nspec: {repository: registry.example/redis, versions: [windows]}\n",
)
_CODES = {
    RegistryUnreachableError: MP8001,
    RegistryDeniedError: MP8002,
    VersionAbsentError: MP8003,
    UnusableImageError: MP8004,
}
_HINTS = {
    MP8001.id: "check the address and the network, then run it again",
    MP8002.id: "log in to it, and name the Docker configuration with --docker-config",
    MP8003.id: "push it, or correct the Image document",
    MP8004.id: "push an image for Linux, or correct the Image document",
}
UNKNOWN = frozenset({MP8001.id, MP8002.id})
"""Codes after which nothing can be said about an image: the command could not run."""
_NAMED = 3
"""Places that a message names."""
_AT_ONCE = 8
"""Requests in flight; a registry behind a slow line is not asked for more."""


@record
class WantedVersion:
    """A version to look up in a registry: a tag of one repository, and where the spec names it."""

    image: str
    tag: str
    repository: str
    at: DocumentOrigin


@record
class FoundVersion:
    """A version found in a registry: what was wanted, and what the registry has."""

    wanted: WantedVersion
    entry: LockedVersion


def wanted(spec: ParsedSpec, images: Sequence[str]) -> list[WantedVersion]:
    """Every version of the named images, or of all; sorted by image, then as the spec lists them."""
    return [
        one
        for name, parsed in spec.images.items()
        if not images or name in images
        for one in _of(name, parsed)
    ]


def _of(name: str, parsed: ParsedDocument[ImageDocument]) -> Iterator[WantedVersion]:
    body = parsed.model.spec
    repositories = [body.repository] if body.repository else sorted(set((body.repositories or {}).values()))
    for index, tag in enumerate(body.versions):
        for repository in repositories:
            yield WantedVersion(name, tag, repository, parsed.at.of("spec", "versions", index))


def sweep(client: RegistryClient, asked: Sequence[WantedVersion], sink: Sink) -> list[FoundVersion]:
    """What registries have of ``asked``; every fault is in ``sink``, those of one cause as one."""
    found: list[FoundVersion] = []
    faults: dict[tuple[str, str], list[DocumentOrigin]] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # `map` gives results in the order of questions, so messages do not depend on which
        # registry was faster.
        for one, result in zip(asked, pool.map(lambda w: _read(client, w), asked), strict=True):
            if isinstance(result, RegistryError):
                # One message for a dead registry, with the first images that wait for it.
                faults.setdefault((_CODES[type(result)].id, str(result)), []).append(one.at)
            else:
                found.append(FoundVersion(one, result))
    for (code, message), places in faults.items():
        _report(code, message, places, sink)
    return found


def _report(code: str, message: str, places: Sequence[DocumentOrigin], sink: Sink) -> None:
    raised = next(c for c in _CODES.values() if c.id == code)
    related = [Related("this one is there, too", at.span) for at in places[1:_NAMED]]
    sink.report(raised, message, places[0].span, hint=_HINTS[code], related=related)


def _read(client: RegistryClient, one: WantedVersion) -> LockedVersion | RegistryError:
    try:
        return read_version(client, one.repository, one.tag)
    except RegistryError as fault:
        return fault
