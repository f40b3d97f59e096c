"""Where a repository is asked for."""

from __future__ import annotations

import pytest

from milepost.registry.address import Address, is_loopback


@pytest.mark.parametrize(
    ("image", "url"),
    [
        ("registry.example/toll/lane", "https://registry.example/v2/toll/lane/manifests/1.0"),
        ("registry.example:5000/lane", "https://registry.example:5000/v2/lane/manifests/1.0"),
        ("127.0.0.11:5000/apps/lane", "http://127.0.0.11:5000/v2/apps/lane/manifests/1.0"),
        ("localhost:5000/lane", "http://localhost:5000/v2/lane/manifests/1.0"),
        ("docker.io/redis", "https://registry-1.docker.io/v2/library/redis/manifests/1.0"),
        ("docker.io/grafana/loki", "https://registry-1.docker.io/v2/grafana/loki/manifests/1.0"),
    ],
)
def test_a_repository_has_one_address(image: str, url: str) -> None:
    """HTTPS, but for this machine itself; Docker Hub under the host that serves it."""
    assert Address.of(image).manifest("1.0") == url


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "10.0.0.1:5000", "localhost.example", "registry.example", "128.0.0.1"]
)
def test_other_machines_are_not_loopback(host: str) -> None:
    """A private address is still somebody else's machine."""
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9:5000", "localhost", "[::1]:5000", "[::1]", "::1"])
def test_loopback_has_many_names(host: str) -> None:
    """All of 127.0.0.0/8, ::1 and localhost, with or without a port."""
    assert is_loopback(host)
