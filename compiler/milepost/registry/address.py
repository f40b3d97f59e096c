"""Registry addresses: where a repository is asked for, and its name there.

HTTPS always; plain HTTP on the machine's own loopback, where nobody can listen in, and nowhere else.
"""

from __future__ import annotations

import ipaddress

from milepost.model.record import by_value
from milepost.model.registry_routing import DOCKER_HUB

_DOCKER_HUB = dict.fromkeys(("docker.io", "index.docker.io"), DOCKER_HUB)
"""The names that images carry and the host that serves them."""


@by_value
class Address:
    """A registry address. ``origin`` is scheme, host and port; ``repository`` is the name that the registry knows."""

    host: str
    """The registry as images name it; credentials are looked up by it."""
    origin: str
    repository: str

    @classmethod
    def of(cls, image: str) -> Address:
        """The address of ``registry.example/toll/lane-backend``."""
        host, _, repository = image.partition("/")
        name = _DOCKER_HUB.get(host, host)
        # Docker Hub keeps official images below `library/`, which nobody writes.
        if host in _DOCKER_HUB and "/" not in repository:
            repository = f"library/{repository}"
        return cls(host, f"{'http' if is_loopback(name) else 'https'}://{name}", repository)

    def manifest(self, reference: str) -> str:
        """The URL of a manifest by tag or digest."""
        return f"{self.origin}/v2/{self.repository}/manifests/{reference}"

    def blob(self, digest: str) -> str:
        return f"{self.origin}/v2/{self.repository}/blobs/{digest}"


def is_loopback(host: str) -> bool:
    """Whether ``host``, with or without a port, is this machine itself."""
    bare = host.count(":") != 1  # an IPv6 address in brackets keeps its port behind them
    name = host.partition("]")[0].lstrip("[") if bare else host.partition(":")[0]
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
