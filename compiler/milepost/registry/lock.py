"""Locking: every version that was asked for as it is now, everything else as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.parsed import ParsedSpec
from milepost.model.spec import ImageLock
from milepost.model.spec.image_lock import LockedVersion
from milepost.registry.client import RegistryClient
from milepost.registry.sweep import FoundVersion, sweep, wanted

MP8005 = Code(
    "MP8005",
    "locked tag has moved",
    "A version is one content for ever. The registry now has another one behind a tag that was locked: somebody pushed "
    "it again. Nodes that pulled the old one keep it until its digest in the tree changes.",
    "# images.lock.yaml says sha256:11... for redis 7.2.5, and the registry says sha256:22...\n",
    Severity.WARNING,
)
Images = Mapping[str, Mapping[str, Sequence[LockedVersion]]]


def lock(spec: ParsedSpec, client: RegistryClient, images: Sequence[str], sink: Sink) -> ImageLock | None:
    """The new lock, or None where anything that was asked for could not be read; ``images`` empty means all.

    Entries of images that were not asked for stay; those of versions that the spec no longer names go.
    """
    found = sweep(client, wanted(spec, images), sink)
    # Nothing is written where anything is missing: half a lock would look like a whole one.
    if sink.failed:
        return None
    old: Images = spec.lock.images if spec.lock else {}
    _report_moved(found, old, sink)
    kept = {name: versions for name, versions in old.items() if images and name not in images}
    return _lock({**kept, **_by_image(found)})


def _by_image(found: Iterable[FoundVersion]) -> dict[str, dict[str, list[LockedVersion]]]:
    made: dict[str, dict[str, list[LockedVersion]]] = {}
    for one in found:
        made.setdefault(one.wanted.image, {}).setdefault(one.wanted.tag, []).append(one.entry)
    return made


def _lock(images: Images) -> ImageLock:
    copied = {name: {tag: list(e) for tag, e in versions.items()} for name, versions in images.items()}
    return ImageLock(apiVersion="milepost.dev/v1alpha1", kind="ImageLock", images=copied)


def _report_moved(found: Iterable[FoundVersion], old: Images, sink: Sink) -> None:
    for one in found:
        before = entry_of(old, one.wanted.image, one.wanted.tag, one.wanted.repository)
        if before is not None and before.digest != one.entry.digest:
            sink.report(
                MP8005,
                f'image "{one.wanted.image}" version {one.wanted.tag} was {before.digest} and is now {one.entry.digest}',
                one.wanted.at.span,
                hint="find out who pushed it again; a changed image needs a new version",
            )


def entry_of(images: Images, name: str, tag: str, repository: str) -> LockedVersion | None:
    """The locked entry of one version in one repository."""
    entries = images.get(name, {}).get(tag, ())
    return next((entry for entry in entries if entry.repository == repository), None)
