"""A province's tree put into a cluster unit by unit, as the agents would: in the order of its sync objects, by server-side
apply with strict validation, as the identity that the tree itself makes for delivery.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from objects import Object, objects, parse
from plane.binaries import definitions
from plane.cluster import Cluster
from plane.observe import until

FLUX, ARGO = "flux-system", "argocd"
MANAGER = "kustomize-controller"


@dataclass(frozen=True)
class Applied:
    """What one unit gave: identities that the API server answered with, and whatever else kubectl said."""

    unit: str
    objects: int
    applied: int
    said: str


def units(tree: Path) -> list[str]:
    """Folders of the units of a tree, each after those that it depends on. Raises AssertionError where they wait in a ring."""
    found = list(_sync_objects(tree))
    if any(body["kind"] == "Application" for body in found):
        waves = sorted((_wave(b), b["spec"]["source"]["path"]) for b in found if b["kind"] == "Application")
        return [path for _, path in waves]
    kustomizations = {b["metadata"]["name"]: b["spec"] for b in found if b["kind"] == "Kustomization"}
    after = {n: [d["name"] for d in spec.get("dependsOn", ())] for n, spec in kustomizations.items()}
    return [kustomizations[name]["path"].removeprefix("./") for name in _in_order(after)]


def _in_order(after: Mapping[str, Sequence[str]]) -> list[str]:
    order: list[str] = []
    while len(order) < len(after):
        ready = [name for name in sorted(after) if name not in order and set(after[name]) <= set(order)]
        assert ready, f"wait for each other: {sorted(set(after) - set(order))}"
        order += ready
    return order


def _sync_objects(tree: Path) -> Iterator[Object]:
    for file in sorted((tree / "sync").glob("*.yaml")):
        yield from (b for b in parse(file.read_bytes()) if "kustomize.config.k8s.io" not in b["apiVersion"])


def _wave(application: Object) -> int:
    return int(application["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", 0))


def prepare(cluster: Cluster, tree: Path) -> list[Applied]:
    """What must be there before a tree: the definitions of its kinds, the agent's namespace, and its sync objects."""
    done = cluster.kubectl("apply", "--server-side", "--recursive", "-f", str(definitions()))
    assert done.returncode == 0, done.stderr
    # A definition that the server has not looked at yet has no conditions, which kubectl takes for a fault.
    wait = ("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
    until("definitions are established", lambda: cluster.kubectl(*wait).returncode == 0, 60)
    argo = any(body["kind"] == "Application" for body in _sync_objects(tree))
    for namespace in (FLUX, ARGO) if argo else (FLUX,):
        cluster.kubectl("create", "namespace", namespace)
    return [apply(cluster, tree, "sync")]


def apply(cluster: Cluster, tree: Path, unit: str, who: str = "") -> Applied:
    """One unit, built by the real kustomize and applied whole."""
    built = cluster.kubectl("kustomize", str(tree / unit))
    assert built.returncode == 0, f"{unit}: {built.stderr}"
    bodies = [b for b in yaml.load_all(built.stdout, yaml.CSafeLoader) if b and not left_alone(b)]
    # As JSON: written by PyYAML, a digest such as 85148e0297 would stand without quotes, and kubectl reads a number.
    wanted, text = len(bodies), "---\n".join(f"{json.dumps(body)}\n" for body in bodies)
    as_who = ["--as", who] if who else []
    flags = ["--server-side", "--validate=strict", "--field-manager", MANAGER]
    done = cluster.kubectl("apply", *as_who, *flags, "-f", "-", given=text)
    return Applied(unit, wanted, done.stdout.count("serverside-applied"), done.stderr.strip())


def left_alone(body: Object) -> bool:
    """Whether an agent passes over an object of a unit, since another unit has it."""
    marks = body["metadata"].get("annotations") or {}
    return (
        marks.get("kustomize.toolkit.fluxcd.io/ssa") == "Ignore"
        or marks.get("argocd.argoproj.io/hook") == "Skip"
    )


def differs(cluster: Cluster, tree: Path, unit: str) -> str:
    """What a second apply of a unit would change, as ``kubectl diff`` shows it."""
    built = cluster.kubectl("kustomize", str(tree / unit)).stdout
    done = cluster.kubectl("diff", "--server-side", "--field-manager", MANAGER, "-f", "-", given=built)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def identity(tree: Path) -> str:
    """Who delivers: the service account that a Flux tree names, or the administrator where Argo CD itself does."""
    accounts = {
        b["spec"].get("serviceAccountName") for b in _sync_objects(tree) if b["kind"] == "Kustomization"
    }
    return f"system:serviceaccount:{FLUX}:{accounts.pop()}" if accounts else ""


def stated(tree: Path) -> int:
    """The objects of a tree's files, those of its sync folder among them."""
    files = {str(path): path.read_bytes() for path in tree.rglob("*.yaml") if path.is_file()}
    return sum(1 for _ in objects(files))
