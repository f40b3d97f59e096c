"""A compiled province on a control plane of its own: its nodes registered, its units applied, its pods run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from objects import Object
from plane import apply, binaries
from plane.cluster import Cluster
from plane.kubelet import Kubelet
from plane.nodes import documents, nodes

MILEPOST = Path(sys.executable).with_name("milepost")


@dataclass
class Spec:
    """A fleet spec in a folder with the trees beside it, as a repository has them."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / "fleet-spec"

    def tree(self, province: str) -> Path:
        return self.root / "rendered" / province

    def milepost(self, *arguments: str) -> str:
        """Run the command in the repository. Raises AssertionError with what it says where it fails."""
        done = subprocess.run(
            [str(MILEPOST), *arguments], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"milepost {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def query(self, sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(
            self.milepost("query", "fleet-spec", sql, "--format", "json")
        )
        return found

    def applications(self) -> list[Object]:
        return [d for d in documents(self.folder) if d.get("kind") == "Application"]

    def commit(self) -> None:
        """Put everything into a Git repository, so that ``milepost diff HEAD`` has something to compare with."""
        if not (self.root / ".git").exists():
            git(self.root, "init", "--quiet")
        git(self.root, "add", "--all")
        git(self.root, "commit", "--quiet", "--allow-empty", "--message", "what runs")

    def copy(self, root: Path) -> Spec:
        """The same in another folder, to be changed there."""
        for part in ("fleet-spec", "rendered"):
            shutil.copytree(self.root / part, root / part)
        return Spec(root)


@dataclass
class Province:
    """What a test holds: the plane, its nodes, and the spec that its tree comes from."""

    name: str
    spec: Spec
    cluster: Cluster
    kubelet: Kubelet
    applied: list[apply.Applied] = field(default_factory=list)

    @property
    def tree(self) -> Path:
        return self.spec.tree(self.name)

    def apply(self, tree: Path | None = None, units: Sequence[str] | None = None) -> list[apply.Applied]:
        """Every unit of the tree (or of another one), in the order of its sync objects."""
        tree = tree or self.tree
        who = apply.identity(tree)
        found = [apply.apply(self.cluster, tree, unit, who) for unit in units or apply.units(tree)]
        self.applied += found
        return found


def git(folder: Path, *arguments: str) -> str:
    """Run Git as nobody in particular. Raises AssertionError with what it says where it fails."""
    who = ["-c", "user.name=Reader", "-c", "user.email=reader@highway.example", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def running(
    name: str,
    spec: Spec,
    folder: Path,
    address: str,
    program: binaries.Program = binaries.KUBE,
    **kubelet: Any,
) -> Iterator[Province]:
    """A plane with the province's nodes, and what must be there before its tree; nothing of the tree is applied yet."""
    cluster = Cluster(folder, address, program.path, grace=12)
    try:
        cluster.start()
        own = Kubelet(cluster.client("kubelet"), **({"lease": 4} | kubelet))
        province = Province(name, spec, cluster, own)
        own.register(nodes(province.tree, spec.folder))
        own.start()
        province.applied += apply.prepare(cluster, province.tree)
        yield province
        own.stop()
    finally:
        cluster.stop()
