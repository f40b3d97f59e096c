"""One version of one repository -> its entry of the lock: the digest, and per platform digest, layers and size."""

from __future__ import annotations

from milepost.model.spec.base import Architecture
from milepost.model.spec.image_lock import LockedPlatform, LockedVersion
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
        own = manifests.manifest(top)
        return {manifests.architecture(client.blob(address, own.config)): _platform(top)}
    return {
        entry.architecture: _platform(client.manifest(address, entry.digest))
        for entry in manifests.platforms(top)
    }


def _platform(content: RegistryContent) -> LockedPlatform:
    layers = manifests.manifest(content).layers
    return LockedPlatform(
        digest=content.digest, size=sum(layer.size for layer in layers), layers=list(layers)
    )
