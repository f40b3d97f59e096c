"""Docker Hub's two names: images carry one, and another host serves them."""

from __future__ import annotations

from pathlib import Path

import pytest

from objects import objects
from registry.tiers import compile_tiers, three


@pytest.mark.parametrize("name", ["docker.io", "index.docker.io"])
def test_a_mirror_of_docker_hub_asks_the_host_that_serves_it(name: str, tmp_path: Path) -> None:
    """References and the folder of hosts.toml keep the name; whoever is asked over the network is the other one."""
    compiled = compile_tiers(tmp_path / "spec", three({"endpoint": f"https://{name}"}), host=name)
    texts = [str(body) for _, body in objects(compiled.files)]
    assert any("remoteurl: https://registry-1.docker.io" in text for text in texts)
    assert any('server = "https://registry-1.docker.io"' in text for text in texts)
    assert not any(f"https://{name}" in text for text in texts)
