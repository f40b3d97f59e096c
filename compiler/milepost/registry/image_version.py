"""Image versions: one of one repository to its entry of the lock, with digest, layers and size per platform."""

from __future__ import annotations

from milepost.model.spec.base import Architecture
from milepost.model.spec.image_lock import LARGEST, LockedPlatform, LockedVersion
from milepost.registry import manifests
from milepost.registry.address import Address
from milepost.registry.client import RegistryClient, RegistryContent
from milepost.registry.errors import UnusableImageError


def read_version(client: RegistryClient, repository: str, tag: str) -> LockedVersion:
    """What stands behind ``repository:tag`` now. Raises RegistryError."""
    address = Address.of(repository)
    top = client.manifest(address, tag)
    try:
        found = _platforms(client, address, top)
        return LockedVersion(
            repository=repository,
            digest=top.digest,
            platforms=found,  # type: ignore[arg-type]  # architectures are checked by the model
        )
    except UnusableImageError as fault:
        raise UnusableImageError(f"{repository}:{tag} cannot be locked: {fault}") from None
    except ValueError:
        raise UnusableImageError(
            f"{repository}:{tag} cannot be locked: a digest is not of the form sha256:..."
        ) from None


def _platforms(
    client: RegistryClient, address: Address, top: RegistryContent
) -> dict[Architecture | str, LockedPlatform]:
    if not manifests.is_index(top):
        return {_built_for(client, address, top): _platform(top)}
    return {entry.architecture: _listed(client, address, entry) for entry in manifests.platforms(top)}


def _listed(client: RegistryClient, address: Address, entry: manifests.IndexEntry) -> LockedPlatform:
    """One platform of an index, if it is what the index says. Raises UnusableImageError."""
    content = client.manifest(address, entry.digest)
    found = _built_for(client, address, content)
    # An index is a list that anybody may write; pulled by a node, the wrong program would fail
    # with "exec format error".
    if found != entry.architecture:
        raise UnusableImageError(f"what its index lists for {entry.architecture} was built for {found}")
    return _platform(content)


def _built_for(client: RegistryClient, address: Address, content: RegistryContent) -> str:
    """The platform by the image's own configuration, since an index can be wrong about it."""
    return manifests.architecture(client.blob(address, manifests.manifest(content).config))


def _platform(content: RegistryContent) -> LockedPlatform:
    layers = manifests.manifest(content).layers
    size = sum(layer.size for layer in layers)
    # Sizes are added up in proofs about disks and lines; an absurd one would make nonsense of
    # them.
    if size > LARGEST:
        raise UnusableImageError(f"an image of {size} bytes runs on no node")
    return LockedPlatform(digest=content.digest, size=size, layers=list(layers))
