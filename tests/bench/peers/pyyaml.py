"""PyYAML's emitter in C: objects that are made already, dumped into the same files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from bench.peers.base import Home
from bench.sample import Sample

NAME = "PyYAML"
NOTE = "CSafeDumper over finished dicts, into the same files"
NEEDS: tuple[str, ...] = ()

_RUN = """
import json, pathlib, sys, yaml
folder = pathlib.Path(sys.argv[1])
for path, bodies in json.loads((folder / "objects.json").read_text()).items():
    file = folder / "out" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.dump_all(bodies, Dumper=yaml.CSafeDumper, sort_keys=False))
"""


def version(home: Home) -> str:
    return home.version("PyYAML")


def prepare(sample: Sample, folder: Path) -> None:
    (folder / "run.py").write_text(_RUN, encoding="utf-8")
    (folder / "objects.json").write_text(json.dumps(sample.by_file()), encoding="utf-8")


def command(home: Home, folder: Path) -> Sequence[str | Path]:
    return [home.python, folder / "run.py", folder]
