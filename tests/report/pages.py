"""Pages to look at: the example fleet as it is, and as a review of a change to it."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from compiling import Compilation, compile_spec
from fleets import EXAMPLE, compiled
from milepost.model.tree import Tree
from milepost.publish.review import GuardRules, Review, review
from milepost.publish.review.read.tree_source import FolderTree
from milepost.report import PageSubject, province_facts, render


def page(compilation: Compilation, found: Review | None = None) -> str:
    """The page of every province that compiled."""
    provinces = list(compilation.provinces.values())
    return render(
        PageSubject(
            catalog=provinces[0].plan.fleet.catalog,
            frozen=(),
            facts=[province_facts(province) for province in provinces],
            diagnostics=compilation.diagnostics,
            review=found,
        )
    )


@cache
def example() -> str:
    return page(compiled("example"))


def changed(root: Path) -> tuple[str, Review]:
    """A wave switches, every gantry gets more memory, and one gantry goes: the page, and what it was made from."""
    spec = root / "fleet-spec"
    shutil.copytree(EXAMPLE, spec)
    _replace(spec / "releases/tolling-1.5.0.yaml", "switched: pilot", "switched: south")
    _replace(spec / "applications/gantry.yaml", "limits: {memory: 768Mi}", "limits: {memory: 896Mi}")
    for table in ("stations.csv", "nodes.csv", "addresses.csv"):
        file = spec / "provinces/guangdong" / table
        kept = [line for line in file.read_text().splitlines(True) if "gd-g15-k3150" not in line]
        file.write_text("".join(kept))
    after = compile_spec(spec)
    assert not after.errors, after.said
    before = _written(root / "base", compiled("example").trees)
    found = review(
        FolderTree(before, "before"), FolderTree(_written(root / "head", after.trees), "after"), GuardRules()
    )
    return page(after, found), found


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def _written(folder: Path, trees: dict[str, Tree]) -> Path:
    for name, tree in trees.items():
        for path, data in tree.items():
            file = folder / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    return folder


def data(text: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The JSON inside a page: the fleet's, and each province's."""
    found = re.findall(r'<script type="application/json"([^>]*)>(.*?)</script>', text, re.S)
    provinces = {
        re.sub(r'.*data-province="([^"]*)".*', r"\1", attributes): json.loads(body)
        for attributes, body in found
        if "data-province" in attributes
    }
    (fleet,) = [json.loads(body) for attributes, body in found if "data-province" not in attributes]
    return fleet, provinces


class Elements(HTMLParser):
    """Every element of a page with its attributes, and all text outside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.text += data
