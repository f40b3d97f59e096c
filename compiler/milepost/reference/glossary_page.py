"""The glossary, ``docs/glossary.md``: the words of the field and of the code, each folder, and every public class."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import milepost
from milepost.reference import markdown_text

_HEAD = f"""{markdown_text.GENERATED}
# Glossary

One word, one meaning. A class name is used once in the whole compiler, so that a search leads to one place; a test holds
that, and that this page lists them all. Words of the fleet spec are explained in [the reference](reference/spec.md).
"""

WORDS = {
    "availability contract": "`survives`, `interruption` and `offline` of a component: shown to hold, or refused.",
    "back end": "A module of `lower/backends` that makes one kind of object or file.",
    "blast radius": "The stations, nodes and units that a change reaches (`publish/review/judge`).",
    "class": "Stations (or station groups) that differ in nothing but names and values: lowered once.",
    "delivery engine": "What brings a tree to its cluster: Flux or Argo CD, one module each in `model/delivery`.",
    "gate": "What keeps a station group from switching before its pre-pull is done.",
    "guard": "What a change must not do before somebody has acknowledged it.",
    "host port": "A port of the node itself, by `hostPort` or the node's network.",
    "inventory": "The tables of stations and nodes that a province names.",
    "join list": "The labels that each node must be given when it joins; for machines, not for the cluster.",
    "level": "One of the six management levels that labels, values, owners and budgets are inherited through.",
    "lock file": "`images.lock.yaml`: the digest, platforms and sizes of every image version. Compile asks no registry.",
    "manifest template": "The objects of one file, with placeholders where stations of one shape differ.",
    "mirror": "A pull-through registry of a registry tier, in the province's cluster or on a node.",
    "mirror chain": "The registries that nodes of a place ask, nearest first.",
    "origin": "The place in the fleet spec that a value came from; a line and column when somebody asks.",
    "overcommit": "A node that may have no room for one of the pods that the scheduler could put there.",
    "overhead pods": "Pods that Milepost itself runs on nodes: mirrors, pre-pulls, what writes `hosts.toml`.",
    "parsed document": "A document that has the right shape, as a typed model; resolve makes things of its names.",
    "pass": "A module of `plan/passes` that makes one kind of decision, or checks one.",
    "placeholder": "A place in a manifest template that each instance fills: the station's name, a node, a value.",
    "pre-pull": "Images fetched by the nodes of a wave before its version switches.",
    "pull group": "Nodes of one station that fetch the same images over the same line.",
    "pull stage": "Pulls of a wave that run at once: first those that fill a mirror, then those behind it.",
    "registry tier": "One tier of mirrors: centre, province, station group, station.",
    "release": "The move of an application from one version to the next, in waves.",
    "rendered object": "One Kubernetes object as the output rules see it.",
    "signature": "What placement depends on: stations of one signature are solved once.",
    "source map": "The way from a data path (or a cell) back to a line and column of the fleet spec.",
    "station group": "The stations of a road section: unit of rollout, ownership, namespace and blast radius.",
    "template instance": "One file that a manifest template is written to, with the values of its placeholders.",
    "tree source": "One of the two trees of a review: a Git revision, a folder, or nothing.",
    "unit": "What one Flux Kustomization or Argo CD Application syncs: a folder of a province's tree.",
    "wave": "Station groups that move together; two cursors say how far waves have pulled and switched.",
}
"""Nouns of the house that no class or document of the spec explains by its name alone."""

SAME_WORD = """
The same module name stands in several folders only where it is the same thing:

- a command (`cli/commands`), a table (`query/tables`), an output format (`diagnostics/formats`, `publish/forms`,
  `query/forms`) and a kind of document (`model/spec`) are files named as a user names them;
- `kustomizations`, `namespaces`, `node_groups` and `join_lists` are made by a back end (`lower/backends`), held by the
  rule or read by the module of that name (`emit/rules`, `publish/review/read`, `inventory`);
- the delivery engines (`model/delivery`) are folders with the same files;
- `base` is what the modules of its folder have in common.
"""


def page() -> str:
    """The whole page; the same code gives the same page."""
    root = Path(milepost.__file__).parent
    words = [(f"**{word}**", meaning) for word, meaning in sorted(WORDS.items())]
    folders = [(markdown_text.code(name + "/"), text) for name, text in _folders(root)]
    found = [
        (markdown_text.code(n), markdown_text.code(where), text) for n, where, text in sorted(classes(root))
    ]
    return "".join(
        (
            _HEAD,
            f"\n## Words\n\n{markdown_text.table(('word', 'meaning'), words)}",
            f"\n## Folders\n\n{markdown_text.table(('in `compiler/milepost`', 'what it is'), folders)}{SAME_WORD}",
            f"\n## Classes\n\n{markdown_text.table(('class', 'in', 'what it is'), found)}",
        )
    )


def classes(root: Path) -> Iterator[tuple[str, str, str]]:
    """Every public class below ``root``: name, file, first paragraph of its docstring."""
    for file in sorted(root.rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, file.relative_to(root).as_posix(), _paragraph(node)


def _folders(root: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(root.rglob("__init__.py")):
        if file.parent != root:
            name = file.parent.relative_to(root).as_posix()
            yield name, _paragraph(ast.parse(file.read_text(encoding="utf-8")))


def _paragraph(node: ast.Module | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").split("\n\n")[0].replace("``", "`")
