"""Lock verification: does every version still have the content that was reviewed? Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from milepost.diagnostics import Code, Related, Sink
from milepost.model.document import LOCK
from milepost.model.origin import DocumentOrigin
from milepost.model.parsed import ParsedSpec
from milepost.model.spec.image_lock import LockedVersion
from milepost.registry.client import RegistryClient
from milepost.registry.lock import entry_of
from milepost.registry.sweep import FoundVersion, sweep, wanted

MP8006 = Code(
    "MP8006",
    "lock file differs from the registry",
    "The registry has another content behind a version than the lock file says, or the lock file was changed by hand so "
    "that it no longer says what its own digest stands for.",
    "# images.lock.yaml says sha256:11... for redis 7.2.5, and the registry says sha256:22...\n",
)
MP8007 = Code(
    "MP8007",
    "image version missing from the lock file",
    "An Image names a version that `images.lock.yaml` has no entry for. Compile refuses to use it.",
    "kind: Image\nspec: {repository: registry.example/redis, versions: [7.2.5, 7.2.6]}\n# and the lock has 7.2.5 alone\n",
)


def verify(spec: ParsedSpec, client: RegistryClient, images: Sequence[str], sink: Sink) -> int:
    """Compare every version of the named images, or of all; give the number that agree. Every fault is in ``sink``."""
    return sum(_agrees(one, spec, sink) for one in sweep(client, wanted(spec, images), sink))


def _agrees(one: FoundVersion, spec: ParsedSpec, sink: Sink) -> bool:
    wanted_ = one.wanted
    locked = spec.lock.images if spec.lock else {}
    entry = entry_of(locked, wanted_.image, wanted_.tag, wanted_.repository)
    what = f'image "{wanted_.image}" version {wanted_.tag} of {wanted_.repository}'
    if entry is None:
        sink.report(MP8007, f"{what} is not locked", wanted_.at.span, hint="run `milepost images lock`")
        return False
    # All of it and not the digest alone: sizes and layers of the lock are what proofs count
    # with, and a person could have edited them.
    if entry == one.entry:
        return True
    at = _place(spec, one, entry)
    sink.report(
        MP8006,
        f"{what} {_difference(entry, one.entry)}",
        at.span,
        related=[Related("the version is named here", wanted_.at.span)],
        hint="find out why; `milepost images lock` writes what the registry has now",
    )
    return False


def _difference(locked: LockedVersion, there: LockedVersion) -> str:
    if locked.digest != there.digest:
        return f"is locked as {locked.digest}, and the registry has {there.digest}"
    if locked.platforms.keys() != there.platforms.keys():
        return f"is locked for {_names(locked)}, and the registry has {_names(there)} behind the same digest"
    return (
        "has the locked digest, but its platforms, layers or sizes in the lock are not what stands behind it"
    )


def _names(entry: LockedVersion) -> str:
    return " and ".join(sorted(map(str, entry.platforms)))


def _place(spec: ParsedSpec, one: FoundVersion, entry: LockedVersion) -> DocumentOrigin:
    (document, *_) = spec.source.manifests[LOCK]
    entries = spec.lock.images[one.wanted.image][one.wanted.tag] if spec.lock else []
    return DocumentOrigin(document).of(
        "images", one.wanted.image, one.wanted.tag, entries.index(entry), "digest"
    )
