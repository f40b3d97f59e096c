"""Rendered trees for tests: small ones by hand in the compiler's layout, large and wild ones from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from milepost.publish.review.read.tree_source import REGULAR, TreeEntry, blob_id

Files = dict[str, str]
"""Path below the rendered folder to text."""


@dataclass(frozen=True)
class Planted:
    """A side that stands in memory."""

    files: Mapping[str, str]
    label: str = "tree"

    @cached_property
    def entries(self) -> Mapping[str, TreeEntry]:
        return {
            path: TreeEntry.of(REGULAR, blob_id(_bytes(text))) for path, text in sorted(self.files.items())
        }

    def read(self, paths: Iterable[str]) -> Iterator[bytes]:
        for path in paths:
            yield _bytes(self.files[path])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def write(files: Mapping[str, str], root: Path) -> Path:
    """Puts a tree on disk; gives ``root``."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_bytes(text))
    return root


def workload(
    kind: str,
    name: str,
    group: str,
    station: str,
    *,
    image: str = "tolling/lane-backend",
    level: str = "info",
) -> str:
    """A document as emit writes it, placed on the station's servers."""
    return f"""apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  namespace: {group}
  labels:
    app.kubernetes.io/part-of: tolling
spec:
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      nodeSelector:
        node-role.kubernetes.io/edge: ""
        toll.example/role-server: ""
        toll.example/station: {station}
      containers:
      - name: lane-backend
        image: {image}
        env:
        - name: LOG_LEVEL
          value: {level}
        - name: STATION
          value: {station}
"""


def config_map(name: str, group: str, text: str) -> str:
    body = "".join(f"    {line}\n" for line in text.splitlines())
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: {group}\ndata:\n  app.conf: |\n{body}"


def joined(*documents: str) -> str:
    return "---\n".join(documents)


def listing(names: Iterable[str], releases: Iterable[str] = ("tolling-1.4.2",)) -> str:
    head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
    rows = "".join(f"  - {name}.yaml\n" for name in sorted(names))
    return f"{head}{rows}components:\n" + "".join(f"  - ../../releases/{release}\n" for release in releases)


def release(version: str, digests: str) -> str:
    """The pins of ``tolling``: the digest is one character over and over."""
    return (
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n"
        f"  # lane-backend {version}\n  - name: tolling/lane-backend\n    newName: registry.example/lane-backend\n"
        f'    digest: "sha256:{digests * 64}"\n'
    )


def join_list(group: str, nodes: Iterable[tuple[str, str, str]]) -> str:
    """Rows of (node, station, role)."""
    rows = (
        f"{node}\t{station}\tamd64\ttoll.example/role-{role}=,toll.example/station={station},"
        f"toll.example/station-group={group}\n"
        for node, station, role in nodes
    )
    return "node\tstation\tarchitecture\tlabels\n" + "".join(rows)


def province(
    name: str = "hunan",
    groups: Mapping[str, Iterable[str]] | None = None,
    *,
    version: str = "1.4.2",
    engine: str = "flux",
) -> Files:
    """A whole province: each station has a server with a StatefulSet and a Deployment, and a lane node."""
    groups = {"g4": ["a", "b"], "g60": ["c"]} if groups is None else groups
    files = {f"{name}/releases/tolling-{version}/kustomization.yaml": release(version, "a")}
    for group, stations in groups.items():
        folder = f"{name}/groups/{group}"
        for station in stations:
            files[f"{folder}/{station}.yaml"] = joined(
                config_map(f"station-{station}", group, f"code = {station}\nlevel = info"),
                workload("Deployment", f"lane-{station}", group, station),
                workload("StatefulSet", f"redis-{station}", group, station),
            )
        files[f"{folder}/kustomization.yaml"] = listing(stations, [f"tolling-{version}"])
        rows = [(f"{s}-{n}", s, role) for s in stations for n, role in (("s1", "server"), ("l1", "lane"))]
        files[f"{name}/bootstrap/join/{group}.tsv"] = join_list(group, rows)
        files[f"{name}/platform/base/{group}.yaml"] = (
            f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {group}\n"
        )
    files[f"{name}/milepost.json"] = index(name, files, engine)
    return files


def index(name: str, files: Mapping[str, str], engine: str = "flux") -> str:
    """``milepost.json`` of a province's files."""
    import json

    own = sorted(
        [path.removeprefix(f"{name}/") for path in files if path.startswith(f"{name}/")] + ["milepost.json"]
    )
    body = {"province": name, "requires": {engine: ">=2"}, "files": list(dict.fromkeys(own))}
    return json.dumps(body, indent=2) + "\n"


def for_cluster(files: Mapping[str, str], name: str = "hunan") -> Files:
    """What a province's branch or artifact has of its files: all but what machines are set up with."""
    own = {path.removeprefix(f"{name}/"): text for path, text in files.items() if path.startswith(f"{name}/")}
    return {path: text for path, text in own.items() if not path.startswith("bootstrap/")}


def mass(stations: int, seed: int = 0) -> Files:
    """Ten objects at each of many stations, in provinces of 2,000."""
    files: Files = {}
    for i in range(stations):
        name, group, place = f"s{i:06}", f"g{i // 40:04}", f"p{i // 2000:02}"
        documents = [
            config_map(f"config-{n}-{name}", group, f"code = {(i * 7 + seed) % 97}\nn = {n}")
            for n in range(8)
        ]
        files[f"{place}/groups/{group}/{name}.yaml"] = joined(
            *documents,
            workload("Deployment", f"lane-{name}", group, name),
            workload("Deployment", f"web-{name}", group, name),
        )
    return files


_LINES = (
    "  a: 1\n", "  a: 2\n", "  list:\n", "  - name: x\n", "    value: 1\n", "  - name: y\n", "  text: |\n",
    "    free text\n", "\n", "  # remark\n", '  "q": "x"\n', "- \n", "- - a\n", "x: y\r\n", "\x0c: 1\n",
    "é: 收费站\n", "\ue010\ue013\n", "kind: X\n", "    deep: 1\n", "  - ../../releases/a-1.2\n",
)  # fmt: skip
_PATHS = (
    "p/groups/g/s.yaml", "p/groups/g/s2.yaml", "p/groups/h/s.yaml", "p/groups/g/shared.yaml", "p/groups/g/kustomization.yaml",
    "p/bootstrap/join/g.tsv", "p/milepost.json", "p/releases/a-1/kustomization.yaml", "p/platform/base/g.yaml",
    "q/groups/g/s.yaml", "q/x y.yaml", "q/plain.txt", 'q/quo"te.yaml',
)  # fmt: skip


def wild(rng: random.Random) -> Files:
    """Files of anything that could be taken for a tree, or for nothing."""
    return {path: _wild_text(rng, path) for path in _PATHS if rng.random() < 0.7}


def mutated(files: Mapping[str, str], rng: random.Random) -> Files:
    """The same tree after a careless afternoon."""
    changed = {path: text for path, text in files.items() if rng.random() < 0.9}
    for path in sorted(changed):
        if rng.random() < 0.7:
            changed[path] = _mutated_text(changed[path], rng)
    for path in _PATHS:
        if path not in changed and rng.random() < 0.3:
            changed[path] = files.get(rng.choice(_PATHS), _wild_text(rng, path))
    return changed


def _wild_text(rng: random.Random, path: str) -> str:
    if not path.endswith(".yaml"):
        return "".join(
            rng.choice(("a\tb\n", "c\td\n", "x\n", "\n", "c\te\n")) for _ in range(rng.randint(0, 6))
        )
    documents = []
    for _ in range(rng.randint(0, 4)):
        kind, name = (
            rng.choice(("Deployment", "StatefulSet", "Job")),
            rng.choice(("redis", "lane", "job-1a2b3c4d5e", "job-9f")),
        )
        head = f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n"
        documents.append(head + "".join(rng.choice(_LINES) for _ in range(rng.randint(0, 9))))
    text = joined(*documents)
    text = "---\n" + text if rng.random() < 0.2 else text
    return text[:-1] if rng.random() < 0.2 and text and not text.endswith((" \n", "- \n")) else text


def _mutated_text(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(rng.randint(1, 5)):
        if len(lines) > 1 and rng.random() < 0.5:
            lines.pop(rng.randrange(len(lines) - 1))
        else:
            lines.insert(rng.randint(0, len(lines) - 1), rng.choice((*_LINES, "---\n"))[:-1])
    return "\n".join(lines)
