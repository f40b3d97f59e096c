"""What is told apart by a name has a name of its own; otherwise one would silently stand for both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiling import Compilation
from small import compile_components, component, document, group

SCRATCH = {"name": "files", "path": "/scratch", "scratch": "1Mi"}


def said(compiled: Compilation) -> list[str]:
    """The messages, all of the one code that this is about."""
    assert set(compiled.codes) <= {"MP2020"}, compiled.said
    return [d.message for d in compiled.diagnostics]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"env": {"A": "1"}, "secrets": [{"name": "s", "env": {"A": "k"}}]},
            'there are two environment variables "A"',
        ),
        (
            {"files": [{"path": "/a/b", "content": ""}, {"path": "/a_b", "content": ""}]},
            'there are two config file keys "a_b"',
        ),
        (
            {"files": [{"path": "/a", "content": ""}, {"path": "/a", "content": "b"}]},
            'there are two mounted paths "/a"',
        ),
        (
            {"files": [{"path": "/a", "content": ""}], "volumes": [SCRATCH]},
            'there are two volumes "files"',
        ),
        (
            {"secrets": [{"name": "files", "path": "/s"}], "volumes": [SCRATCH]},
            'there are two volumes "files"',
        ),
        (
            {"ports": [{"name": "http-a", "port": 80}, {"name": "http-b", "port": 80}]},
            'there are two ports "80/TCP"',
        ),
    ],
)
def test_parts_of_a_component(tmp_path: Path, parts: dict[str, Any], message: str) -> None:
    """Kubernetes would refuse the pod, or drop one of the two without a word."""
    assert said(compile_components(tmp_path, component(**parts))) == [message]


def test_one_port_may_be_open_to_both_protocols(tmp_path: Path) -> None:
    """DNS is the usual case."""
    ports = [{"name": "tcp-dns", "port": 53}, {"name": "udp-dns", "port": 53, "protocol": "UDP"}]
    assert said(compile_components(tmp_path, component(ports=ports))) == []


def test_waves_of_a_release(tmp_path: Path) -> None:
    """Which one ``switched`` means would be anybody's guess."""
    versions = {"1.0.0": {"web": "1.0.0"}, "1.1.0": {"web": "1.0.0"}}
    waves = [{"name": "pilot", "groups": ["g4"]}, {"name": "pilot", "groups": ["g5"]}]
    release = document("Release", "r", {"application": "app", "from": "1.0.0", "to": "1.1.0", "waves": waves})
    compiled = compile_components(
        tmp_path, component(), also=[release, group("g5")], application_fields={"versions": versions}
    )
    assert said(compiled) == ['there are two waves "pilot"']


def test_levels_and_roles_of_the_fleet(tmp_path: Path) -> None:
    """Six levels are six names."""
    levels = ["centre", "province", "section", "station", "gantry", "gantry"]
    compiled = compile_components(
        tmp_path, component(), fleet_fields={"levels": levels, "roles": ["lane", "lane", "server"]}
    )
    assert sorted(said(compiled)) == ['there are two levels "gantry"', 'there are two roles "lane"']


def test_a_config_file_has_a_name(tmp_path: Path) -> None:
    """A path that ends in a slash is a directory."""
    compiled = compile_components(tmp_path, component(files=[{"path": "/etc/", "content": ""}]))
    assert "should be the absolute path of a file" in compiled.said
