"""Counts of rendered trees, read back from their files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path


def objects_by_folder(rendered: Path) -> Counter[str]:
    """Folder below ``rendered`` to the objects in its files; what kustomize alone reads is none."""
    found: Counter[str] = Counter()
    for path in rendered.rglob("*.yaml"):
        folder = path.parent.relative_to(rendered)
        if path.name != "kustomization.yaml" and "bootstrap" not in folder.parts:
            found[str(folder)] += (b"\n" + path.read_bytes()).count(b"\nkind: ")
    return found


def nodes(rendered: Path) -> Counter[str]:
    """Province to the nodes of its join lists, whose first line names the columns."""
    found: Counter[str] = Counter()
    for path in rendered.glob("*/bootstrap/join/*.tsv"):
        found[path.parents[2].name] += len(path.read_bytes().splitlines()) - 1
    return found
