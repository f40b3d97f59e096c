"""What trees cost others: read back from the files of a rendered fleet, and from Git where a change was made.

``python -m bench.tree_cost SPEC --json FILE`` measures with the compiler that is installed; ``--before FILE`` shows an
earlier measurement beside it. Writes ``docs/cluster-cost.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from bench import fleets, tree_counts
from bench.changes import CHANGES

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull} | {
    f"GIT_{who}_{what}": "bench@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}
Numbers = dict[str, Any]


def measure(fleet: fleets.Fleet, scratch: Path) -> Numbers:
    """The largest province, all of them, and what each usual change changes."""
    rendered = scratch / "rendered"
    _compile(fleet.root, rendered)
    sizes = tree_counts.nodes(rendered)
    largest = max(sorted(sizes), key=lambda name: sizes[name])
    found: Numbers = {
        "provinces": len(sizes),
        "nodes": sum(sizes.values()),
        "largest": _province(rendered / largest) | {"name": largest, "nodes": sizes[largest]},
        "all": {"daemonSets": sum(_kinds(rendered / name)["DaemonSet"] for name in sizes)},
        "changes": {},
    }
    _git(rendered, "init", "--quiet")
    _commit(rendered)
    for words, edit in CHANGES.items():
        own = fleets.Fleet(scratch / "changed", fleet.summary)
        shutil.rmtree(own.root, ignore_errors=True)
        shutil.copytree(fleet.root, own.root)
        edit(own)
        _compile(own.root, rendered)
        _git(rendered, "add", "--all")
        rows = [
            line.split("\t") for line in _git(rendered, "diff", "--cached", "--numstat").splitlines() if line
        ]
        found["changes"][words] = {
            "files": len(rows),
            "lines": sum(int(added) + int(removed) for added, removed, _ in rows),
        }
        _git(rendered, "reset", "--quiet", "--hard")
    return found


def _province(tree: Path) -> Numbers:
    kinds = _kinds(tree)
    files = [p for p in tree.rglob("*") if p.is_file()]
    units = {
        p.parent
        for p in files
        if p.name == "kustomization.yaml" and b"kind: Kustomization\n" in p.read_bytes()
    }
    return {
        "daemonSets": kinds["DaemonSet"],
        "objects": kinds.total(),
        "units": len(units - {tree / "sync"}),
        "files": len(files),
        "bytes": sum(p.stat().st_size for p in files),
        "bootstrap": sum(p.stat().st_size for p in files if p.relative_to(tree).parts[0] == "bootstrap"),
    }


def _kinds(tree: Path) -> Counter[str]:
    """Objects of one province by kind."""
    found: Counter[str] = Counter()
    for path in tree.rglob("*.yaml"):
        if path.name != "kustomization.yaml" and path.relative_to(tree).parts[0] != "bootstrap":
            lines = path.read_bytes().splitlines()
            found.update(line[6:].decode() for line in lines if line.startswith(b"kind: "))
    return found


def _compile(spec: Path, rendered: Path) -> None:
    command = [sys.executable, "-m", "milepost", "compile", str(spec), "--output", str(rendered), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, env=os.environ | GIT, capture_output=True, text=True, check=True).stdout


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "rendered")


def page(now: Numbers, before: Numbers | None) -> str:
    """The page as Markdown."""
    one, old = now["largest"], (before or now)["largest"]
    rows = [
        ("DaemonSets of all provinces", (before or now)["all"]["daemonSets"], now["all"]["daemonSets"]),
        (f"DaemonSets of {one['name']}", old["daemonSets"], one["daemonSets"]),
        (
            "the same times its nodes: what its controller manager compares when it starts",
            old["daemonSets"] * old["nodes"],
            one["daemonSets"] * one["nodes"],
        ),
        ("objects of it", old["objects"], one["objects"]),
        ("units of it", old["units"], one["units"]),
        ("files of its branch", old["files"], one["files"]),
        ("bytes of its branch", old["bytes"], one["bytes"] - one["bootstrap"]),
    ]
    text = _HEAD.format(provinces=now["provinces"], nodes=now["nodes"], name=one["name"], size=one["nodes"])
    text += "|  | before | now |\n|---|---:|---:|\n"
    text += "".join(f"| {words} | {was:,} | {is_:,} |\n" for words, was, is_ in rows)
    text += (
        _CHANGES
        + "| change | files before | files now | lines before | lines now |\n|---|---:|---:|---:|---:|\n"
    )
    for words, cost in now["changes"].items():
        was = (before or now)["changes"][words]
        text += f"| {words} | {was['files']:,} | {cost['files']:,} | {was['lines']:,} | {cost['lines']:,} |\n"
    return text


_HEAD = """\
# What trees cost others

<!-- Written by `make costs`; run it again instead of editing. -->

A generated fleet of {provinces} provinces and {nodes:,} nodes, its largest province {name} with {size:,} nodes. Before is
the compiler, and the generated fleet, as of 2026-11-30: pairs and lane pods were `every-node`, and all applications moved
in waves. What a cluster makes of its tree, in pods, bytes of etcd and seconds, say `milepost plan` and the table `costs` of
`milepost query`.

"""
_CHANGES = """
## Usual changes

What a pull request shows of each, in all provinces; renames count as one file.

"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.tree_cost", description=__doc__)
    parser.add_argument("--provinces", type=int, default=fleets.REFERENCE[0])
    parser.add_argument("--nodes", type=int, default=fleets.REFERENCE[1])
    parser.add_argument("--json", type=Path, help="write the numbers there, and no page")
    parser.add_argument("--before", type=Path, default=Path("docs/benchmarks/tree-cost-before.json"))
    parser.add_argument("--output", type=Path, default=Path("docs"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="milepost-costs-") as scratch:
        fleet = fleets.make(Path(scratch, "fleet"), given.provinces, given.nodes)
        now = measure(fleet, Path(scratch))
    if given.json:
        given.json.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
        return 0
    before = json.loads(given.before.read_text(encoding="utf-8")) if given.before.exists() else None
    (given.output / "cluster-cost.md").write_text(page(now, before), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
