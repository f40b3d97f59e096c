"""``kubectl kustomize`` over units as they stand in the tree: what the agents in the clusters do at each sync."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.peers.base import Home, MissingError
from bench.sample import Sample
from milepost.emit.yaml.serialize import dump

NAME = "kustomize"
NOTE = "`kubectl kustomize` of finished files, one build a unit, no transformer"
NEEDS: tuple[str, ...] = ()


def version(home: Home) -> str:
    told = subprocess.run(
        [kubectl(home), "version", "--client", "--output", "json"], check=True, capture_output=True
    )
    return str(json.loads(told.stdout)["kustomizeVersion"])


def prepare(sample: Sample, folder: Path) -> None:
    files = sample.by_file()
    for path, bodies in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("---\n".join(map(dump, bodies)), encoding="utf-8")
    for unit in sample.units:
        names = sorted(path.removeprefix(f"{unit}/") for path in files if path.startswith(f"{unit}/"))
        (folder / unit / "kustomization.yaml").write_text(dump({"resources": names}), encoding="utf-8")
    (folder / "units").write_text("\n".join(sample.units) + "\n", encoding="utf-8")


def command(home: Home, folder: Path) -> Sequence[str | Path]:
    script = 'cd "$1" && mkdir -p out && while read -r unit; do "$0" kustomize "$unit" -o "out/${unit#*/}.yaml" || exit 1; done < units'
    return ["sh", "-c", script, kubectl(home), folder]


def kubectl(home: Home) -> str:
    beside = home.folder / "bin" / "kubectl"
    found = str(beside) if beside.exists() else shutil.which("kubectl")
    if found is None:
        raise MissingError("there is no kubectl")
    return found
