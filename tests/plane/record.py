"""What a run held against real parts, as the page ``docs/verified.md`` shows it; no clock is in it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from plane import binaries

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Record:
    """A claim of Milepost's, the real part it was held against, how much of it, and where the two disagree."""

    claim: str
    against: str
    count: str
    disagreements: str = "none"


def write(target: Path, records: Sequence[Record], failed: int) -> None:
    """Put the page in its place."""
    rows = [f"| {r.claim} | {r.against} | {r.count} | {r.disagreements} |" for r in records]
    versions = [f"| {name} | {version} |" for name, version in sorted(_versions().items())]
    verdict = "No test failed." if not failed else f"{failed} tests failed; see the run."
    target.write_text(
        _PAGE.format(spec=_spec_date(), verdict=verdict, rows="\n".join(rows), versions="\n".join(versions))
    )


def _versions() -> dict[str, str]:
    found = {program.name: program.version for program in binaries.PROGRAMS if program.path.exists()}
    for modfile, module, _ in binaries.DEFINITIONS:
        found[f"definitions of {module.removeprefix('github.com/')}"] = binaries.version(modfile, module)
    program = binaries.etcd()
    if program is not None:
        told = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
        found["etcd"] = "v" + told.splitlines()[0].rpartition(" ")[2]
    return found


def _spec_date() -> str:
    """The day of the last commit that touched the example's spec."""
    command = ["git", "log", "-1", "--format=%cs", "--", "fleet-spec"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


_PAGE = """\
# What was held against real parts

Written by `make test-plane`, which runs a real control plane and the real agents on loopback: what Milepost says of a
tree, and what they did with it. The example's spec is of {spec}. {verdict}

| what Milepost says | held against | how much | disagreements |
|---|---|---|---|
{rows}

| part | version |
|---|---|
{versions}

Nodes are objects that a fake kubelet keeps: it registers them from `bootstrap/join`, renews their leases, and says of pods
that they run. Containers, networks, EdgeMesh and KubeEdge's controllers were not part of it.
What DaemonSets, lists and dry-runs cost such a plane stands in [plane-costs.json](plane-costs.json), by
`PYTHONPATH=tests python -m plane.costs docs/plane-costs.json`. Neither were generated provinces, sampled shapes of stations, nor Argo CD's engine, whose Applications the API server took.
"""
