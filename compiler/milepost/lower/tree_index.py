"""``milepost.json``, the index of a tree: what it is and needs, and which files Milepost owns in it.

No time, no commit, nothing that changes without cause; a line per file below its section's folder and no count of the
province, so that it changes as little as the tree does and changes of two sections merge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from milepost import __version__
from milepost.lower.backend import OutputIndex
from milepost.model import layout
from milepost.model.delivery.base import engine
from milepost.model.fleet import Release
from milepost.model.manifest import StaticFile
from milepost.model.owned_files import grouped
from milepost.model.plan import Plan
from milepost.model.tree import INDEX


def tree_index(plan: Plan, index: OutputIndex) -> StaticFile:
    """The index, itself among the files."""
    province = plan.fleet.province
    name = province.sync.engine
    body: dict[str, Any] = {
        "province": province.name,
        "fleet": plan.fleet.catalog.name,
        # Which compiler wrote the tree is a cause: another one may write all of it otherwise.
        "milepost": __version__,
        "requires": {
            name: engine(name).REQUIRES,
            "kubernetes": province.cluster.kubernetes,
            "kubeedge": province.cluster.kubeedge,
            **{need.requirement.name: need.wanted for need in plan.requirements.needs},
        },
        "releases": {
            release.application: _progress(release, plan)
            for release in plan.fleet.catalog.releases
            # A release that concerns other provinces must not change this one's tree: the
            # commit would be a new revision for its agent.
            if not all(wave.groups.isdisjoint(plan.fleet.groups) for wave in release.waves)
        },
        "layout": layout.record(),
    }
    return StaticFile(INDEX, _text(body, grouped([*index.files, INDEX])))


def _text(body: dict[str, Any], files: Mapping[str, list[str]]) -> str:
    """``files`` as the last entry of ``body``. Python indents slowly, and a province has thousands."""
    # Spliced by hand, see below; `indent=2` over thousands of paths took longer than everything
    # else here.
    head = json.dumps(body, indent=2, ensure_ascii=False).removesuffix("\n}")
    folders = ",\n    ".join(
        f"{json.dumps(folder, ensure_ascii=False)}: [\n      {_lines(names)}\n    ]"
        for folder, names in files.items()
    )
    return f'{head},\n  "files": {{\n    {folders}\n  }}\n}}\n'


def _lines(names: list[str]) -> str:
    return json.dumps(names, ensure_ascii=False, separators=(",\n      ", ":"))[1:-1]


def _progress(release: Release, plan: Plan) -> dict[str, Any]:
    """The waves that concern this province alone: a step elsewhere must not show here."""
    here = [n for n, wave in enumerate(release.waves) if not wave.groups.isdisjoint(plan.fleet.groups)]
    names = [wave.name for wave in release.waves]
    return {
        "name": release.name,
        "from": release.start,
        "to": release.to,
        "waves": [names[n] for n in here],
        "prepulled": [names[n] for n in here if n < release.prepulled],
        "switched": [names[n] for n in here if n < release.switched],
        "applied": [names[n] for n in here if n < release.applied],
    }
