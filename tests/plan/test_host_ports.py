"""Ports of a node are had once: who clashes over one is told, and who never meets is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small import Document, compile_components, component, document

EVERYWHERE: dict[str, Any] = {"replicas": "every-node"}


def listening(name: str, port: int, protocol: str = "TCP", **more: Any) -> Document:
    ports = [{"name": "p", "port": port, "protocol": protocol}]
    return component(name, image="web", hostNetwork=True, ports=ports, **more)


def test_two_on_every_node_clash(tmp_path: Path) -> None:
    """Once, at both places."""
    made = compile_components(tmp_path, listening("a", 80, **EVERYWHERE), listening("b", 80, **EVERYWHERE))
    (error,) = made.errors
    assert error.code.id == "MP4051"
    assert error.message == '"a" of "app" and "b" of "app" both take port 80/TCP of a node at station a'
    assert error.span is not None and error.related[0].message == '"a" of "app"'
    assert error.related[0].span != error.span


def test_other_ports_and_protocols_do_not(tmp_path: Path) -> None:
    """Nor what has a network of its own."""
    made = compile_components(
        tmp_path,
        listening("a", 80, **EVERYWHERE),
        listening("b", 81, **EVERYWHERE),
        listening("c", 80, "UDP", **EVERYWHERE),
        component("d", image="web", ports=[{"name": "p", "port": 80}], **EVERYWHERE),
    )
    assert made.codes == []


def test_nodes_of_their_own_do_not(tmp_path: Path) -> None:
    """They never meet."""
    rows = "name,station,profile,roles\na1,a,box,server\na2,a,box,lane\n"
    made = compile_components(
        tmp_path,
        listening("a", 80, nodes={"roles": ["server"]}, **EVERYWHERE),
        listening("b", 80, nodes={"roles": ["lane"]}, **EVERYWHERE),
        nodes=rows,
    )
    assert made.codes == []


def test_a_node_for_each_is_enough(tmp_path: Path) -> None:
    """The scheduler keeps them off each other; a third finds none."""
    two = [listening("a", 80), listening("b", 80)]
    assert compile_components(tmp_path / "two", *two).codes == []
    three = compile_components(tmp_path / "three", *two, listening("c", 80))
    assert set(three.codes) == {"MP4051"}


def test_a_port_of_a_patch_counts(tmp_path: Path) -> None:
    """Pods with a network of their own may take a port of the node as well."""
    container = {"name": "b", "ports": [{"name": "p", "containerPort": 8080, "hostPort": 80}]}
    patch = {"spec": {"template": {"spec": {"containers": [container]}}}}
    made = compile_components(
        tmp_path, listening("a", 80, **EVERYWHERE), component("b", image="web", patch=patch, **EVERYWHERE)
    )
    assert made.codes == ["MP4051"]


def test_a_port_of_a_manifest_counts(tmp_path: Path) -> None:
    """Where the component says nothing of ports, those of what it starts from are there."""
    old = """
      apiVersion: v1
      kind: Pod
      metadata: {name: old}
      spec: {containers: [{name: main, image: x, ports: [{containerPort: 8080, hostPort: 80}]}]}
    """
    starts = component("b", image="web", **{"from": "old.yaml"}, **EVERYWHERE)
    made = compile_components(tmp_path, listening("a", 80, **EVERYWHERE), starts, more={"old.yaml": old})
    assert [error.code.id for error in made.errors] == ["MP4051"]


MIRROR = {
    "image": "web",
    "version": "1.0.0",
    "nodes": {"roles": ["server"]},
    "storage": {"size": "1Gi", "path": "/var/lib/registry"},
}
CENTRE = document("RegistryTier", "centre", {"level": "center", "endpoint": "https://registry.example"})
WITH_SERVER = "name,station,profile,roles,address\na1,a,box,,10.0.0.1\na2,a,box,server,10.0.0.2\n"


def tier(name: str, level: str, parent: str) -> Document:
    body = {"level": level, "parent": parent, "endpoint": "http://{address}:5000", "mirror": MIRROR}
    return document("RegistryTier", name, body)


def test_the_mirror_of_a_tier_has_its_port(tmp_path: Path) -> None:
    """On the node that runs it."""
    also = [CENTRE, tier("section", "station-group", "centre")]
    made = compile_components(tmp_path, listening("web", 5000, **EVERYWHERE), also=also, nodes=WITH_SERVER)
    (error,) = made.errors
    assert error.message == (
        '"web" of "app" and the mirror of registry tier "section" both take port 5000/TCP of a node at station a'
    )


def test_two_mirrors_on_one_node_need_two_ports(tmp_path: Path) -> None:
    """Both listen on the node's own network."""
    also = [CENTRE, tier("section", "station-group", "centre"), tier("station", "station", "section")]
    made = compile_components(tmp_path, component(), also=also, nodes=WITH_SERVER)
    assert made.codes == ["MP4051"]
