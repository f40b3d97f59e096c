"""Secret names: every Secret that the spec names for a province, and where it must stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from milepost.model.cloud_side import NAMESPACE
from milepost.model.fleet import Component, Fleet
from milepost.model.registry_routing import RegistryRouting
from milepost.model.requirements import Reason


def secrets(
    fleet: Fleet, registry: RegistryRouting, components: Iterable[Component], cloud: Iterable[Component]
) -> Iterator[Reason]:
    """One reason for each: its name, and who uses it; ``cloud`` are the components of the province itself."""
    source = fleet.province.sync.source
    for name, purpose in ((source.secret, "credentials"), (source.proxy_secret, "the address of a proxy")):
        if name:
            words = f"{name}: {purpose} with which {fleet.province.sync.engine} fetches the tree"
            yield Reason(words, fleet.province.origin, name)
    for tier in {hop.tier: None for chains in registry.chains.values() for chain in chains for hop in chain}:
        mirror = tier.settings.mirror
        for name, purpose in (
            (tier.settings.ca, "the CA"),
            (tier.settings.credentials, "the credentials"),
            (mirror.tls if mirror else None, "the certificate"),
        ):
            if name:
                words = f'{name}: {purpose} of registry tier "{tier.name}"'
                yield Reason(words, tier.origin.of("spec"), name)
    yield from _of_components(components, "each station group that runs ")
    yield from _of_components(cloud, f"namespace {NAMESPACE}, for ")


def _of_components(components: Iterable[Component], where: str) -> Iterator[Reason]:
    for component in components:
        for index, secret in enumerate(component.settings.secrets):
            keys = ", ".join(dict.fromkeys(secret.env.values()))
            what = f"with the keys {keys}" if keys else "as files"
            words = f"{secret.name}: in {where}{component.application}/{component.name}, {what}"
            yield Reason(words, component.origin.of("secrets", index), secret.name)
