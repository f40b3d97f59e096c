"""Configurations of EdgeCore, CloudCore and EdgeMesh: our verdict beside that of the programs' own loaders.

``component_samples`` are files that KubeEdge 1.23.1 and EdgeMesh 1.17.0 were given; the first line of each says what they
made of it. What they refuse is refused here. Of what they accept by mistake, more is refused here than there.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from milepost.emit.component_faults import (
    ConfigError,
    component_faults,
    read_config,
    seconds_of,
    self_adjusted,
)

SAMPLES = Path(__file__).parent / "component_samples"
TAKEN_LENIENTLY = {
    "cloudcore-https-port-zero-hub-off": "a module that is off is not looked at",
    "edgecore-heartbeat-float": "15.0 is the number 15",
    "edgecore-heartbeat-zero": "the program takes it; what is rendered is at least the least of the spread",
    "edgecore-metaserver-bad-server": "addresses of servers are checked where they are made",
    "edgemesh-agent-relay-without-address": "relays are found by other ways as well",
    "edgemesh-agent-transport-bad-but-off": "a module that is off is not looked at",
}
"""Lenient samples that pass here too, and why."""


KINDS = {
    "edgecore": "EdgeCore",
    "cloudcore": "CloudCore",
    "edgemesh-agent": "EdgeMeshAgent",
    "edgemesh-gateway": "EdgeMeshGateway",
}
"""How the names of samples begin; EdgeMesh's own files do not say their kind."""


def verdict(path: Path) -> list[str]:
    kind = next(kind for start, kind in KINDS.items() if path.name.startswith(start))
    try:
        return list(component_faults(kind, read_config(path.read_text(encoding="utf-8"))))
    except ConfigError as error:
        return [str(error)]


def samples(folder: str) -> list[Path]:
    found = sorted((SAMPLES / folder).glob("*.yaml"))
    assert found
    return found


@pytest.mark.parametrize("path", samples("invalid"), ids=lambda path: path.stem)
def test_what_a_program_refuses_is_refused(path: Path) -> None:
    """Whichever stage of the program it is: loader, validator, feature gates, the kubelet in it, or a crash."""
    assert verdict(path), path.read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize("path", samples("lenient"), ids=lambda path: path.stem)
def test_what_a_program_lets_pass_is_refused_unless_it_is_harmless(path: Path) -> None:
    """A misspelt key, a duplicate one, a host name where an address belongs."""
    assert bool(verdict(path)) is (path.stem not in TAKEN_LENIENTLY)


@pytest.mark.parametrize("path", samples("accepted"), ids=lambda path: path.stem)
def test_what_the_programs_print_themselves_is_accepted(path: Path) -> None:
    """Default and minimal configurations; the minimal CloudCore is one that it rewrites at its start, and is told so."""
    rewritten = 8 * (path.stem == "cloudcore-minimal")
    found = verdict(path)
    assert [fault for fault in found if "rewrites" not in fault] == []
    assert len(found) == rewritten


def test_self_adjustment_is_that_of_a_cloudcore_that_was_watched() -> None:
    """CloudCore 1.23.1 left a configuration for 4,010 nodes with these numbers alone."""
    numbers = (20050, 40100, 4010, 180, 4010, 3029, 5034, 5034)
    assert tuple(self_adjusted(4010).values()) == numbers


@pytest.mark.parametrize(
    ("text", "seconds"), [("1m0s", 60), ("0", 0), ("0s", 0), ("1.5h", 5400), ("300ms", Fraction(3, 10))]
)
def test_durations_are_read_as_go_writes_them(text: str, seconds: Fraction) -> None:
    """Exactly, so that a second is a second."""
    assert seconds_of(text) == seconds
