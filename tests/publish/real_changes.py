"""Changes as they are made to a fleet, on a generated one of three provinces: what is edited, and what must be said of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compiling import Compilation, compile_spec, write_files
from milepost.driver.compared_spec import compared_spec
from milepost.generate import generate
from milepost.publish.review import Review, review
from publish.forest import Planted

Files = dict[str, str]
Edit = Callable[[Files], None]
TOLLING, GUIDANCE = (f"applications/{name}.yaml" for name in ("tolling", "guidance"))
NODES = 900


@dataclass(frozen=True)
class Change:
    """``codes`` are the guards that must trip, no more and no fewer; ``says`` what the page must hold among its first lines."""

    edit: Edit
    codes: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    trees: Callable[[Files], Files] = lambda files: files
    """What another compiler would make of it."""


def replaced(path: str, old: str, new: str, times: int = 1) -> Edit:
    def edit(files: Files) -> None:
        assert old in files[path], (path, old)
        files[path] = files[path].replace(old, new, times)

    return edit


def every(*edits: Edit) -> Edit:
    def edit(files: Files) -> None:
        for one in edits:
            one(files)

    return edit


def _nodes_added(number: int) -> Edit:
    """Gantries with a pair of nodes each, over all sections of a province."""

    def edit(files: Files) -> None:
        stations, nodes = "provinces/guangdong/stations.csv", "provinces/guangdong/nodes.csv"
        groups = sorted({row.split(",")[1] for row in files[stations].splitlines()[1:]})
        rows = csv.DictReader(files[stations].splitlines())
        tolls = {row["group"]: row for row in rows if row["type"] == "toll-station"}
        for index in range(number // 2):
            group = groups[index % len(groups)]
            name = f"{group}-x{index}"
            row = {"name": name, "group": group, "type": "gantry", "value:gantry_id": f"G9{index:013}"}
            files[stations] += _row(
                files[stations],
                {
                    **row,
                    "value:direction": "up",
                    "parent": tolls[group]["name"],
                    "stake": tolls[group]["stake"],
                    "subnets": f"10.200.{index}.0/24",
                },
            )
            files["provinces/guangdong/addresses.csv"] += f"cameras,{name},10.200.{index}.9\n"
            for half in "ab":
                row = {
                    "name": f"{name}-{half}",
                    "station": name,
                    "profile": "arm-gantry-4g",
                    "roles": "gantry",
                }
                row["address"] = f"10.200.{index}.{ord(half) - 96}"
                files[nodes] += _row(files[nodes], row)

    return edit


def _row(table: str, cells: Mapping[str, str]) -> str:
    return ",".join(cells.get(column, "") for column in table.splitlines()[0].split(",")) + "\n"


def _renamed_group(files: Files) -> None:
    for path in ("provinces/guangdong/sections.yaml", "provinces/guangdong/stations.csv"):
        group = _group(files, "guangdong")
        files[path] = re.sub(rf"\b{group}\b(?!-)", f"{group}-west", files[path])


def _group(files: Files, province: str) -> str:
    return files[f"provinces/{province}/stations.csv"].splitlines()[1].split(",")[1]


def _moved_digest(files: Files) -> None:
    """Of the image that databases run, in the lock alone."""
    lock = files["images.lock.yaml"]
    found = re.search(r"\n  redis:\n(?:    .*\n)*?.*sha256:([0-9a-f]{64})", lock)
    assert found
    files["images.lock.yaml"] = lock.replace(found[1], "0" * 60 + found[1][60:])


def _another_value(files: Files) -> None:
    path = "provinces/qinghai/stations.csv"
    files[path] = re.sub(r"(G0006630209414)\b", "G0006630209415", files[path], count=1)


def _newer_compiler(files: Files) -> Files:
    return {
        path: text.replace('"milepost": "', '"milepost": "9.').replace(
            "revisionHistoryLimit: 2", "revisionHistoryLimit: 3"
        )
        for path, text in files.items()
    }


_LEAVES = replaced(
    TOLLING, "    types: [toll-station]\n", "    types: [toll-station]\n    provinces: [hunan, guangdong]\n"
)
_PATCH = """      patch:
        spec:
          template:
            spec:
              hostPID: true
              containers:
                - {name: lane-video, securityContext: {privileged: true, runAsUser: 0}}
"""

CHANGES: dict[str, Change] = {
    "limit": Change(replaced(TOLLING, "limits: {memory: 160Mi}", "limits: {memory: 176Mi}"), ("MP7008",)),
    "station": Change(_nodes_added(2), (), ("station added",)),
    "many-nodes": Change(_nodes_added(200), (), ("stations added",)),
    "province-value": Change(
        replaced("provinces/qinghai/province.yaml", "https://gateway.qinghai", "https://gate.qinghai"), ()
    ),
    "group-renamed": Change(_renamed_group, ("MP7001",), ("renamed",)),
    "application-leaves-a-province": Change(_LEAVES, ("MP7001",), ("deletes state",)),
    "apart-removed": Change(replaced(TOLLING, "    - apart: [mysql, station-report]\n", ""), ("MP7008",), ("less available",)),
    "mirror-port": Change(
        replaced("registries.yaml", "http://{address}:5000", "http://{address}:5005"), ("MP7008",)
    ),
    "privileged-patch": Change(
        replaced(TOLLING, "    - name: lane-watchdog\n", f"{_PATCH}\n    - name: lane-watchdog\n"),
        ("MP7009", "MP7008"),
        ("privileged", "hostPID", "runAsUser"),
    ),
    "selector-lost": Change(replaced(GUIDANCE, "    groups: [hn-g4-linxiang-yueyang]\n    labels: {guidance: trial}\n", ""), (), ("added",)),
    "digest-moved": Change(_moved_digest, ("MP7012", "MP7008"), ("same tag",)),
    "redis-conf": Change(replaced(TOLLING, "maxmemory 384mb", "maxmemory 320mb"), ("MP7008",)),
    "one-value": Change(_another_value, ()),
    "source-url": Change(
        replaced("provinces/qinghai/province.yaml", "oci://registry.tolling.example/", "oci://elsewhere.example/"),
        ("MP7011",),
        ("spec.url",),
    ),
    "data-path": Change(
        replaced(TOLLING, "hostPath: /var/lib/tolling/mysql}", "hostPath: /var/lib/tolling/mysql8}"),
        ("MP7010", "MP7008"),
        ("other data",),
    ),
    "image-switch": Change(replaced("releases.yaml", "switched: rest-of-hunan", "switched: wave-1"), (), ("tolling",)),
    "owner": Change(replaced("provinces/qinghai/province.yaml", "owners: [qinghai-operations]", "owners: [contractors]"), ("MP7016",), ("no longer among the owners",)),
    "compiler": Change(lambda files: None, ("MP7015",), trees=_newer_compiler),
    "probe-removed": Change(
        replaced(TOLLING, "        liveness: {tcp: 6379, delay: 10}\n", ""), ("MP7008",), ("less available",)
    ),
    "secret-renamed": Change(replaced(TOLLING, "mysql-credentials", "mysql-login", 99), ("MP7008",)),
    "standby-removed": Change(
        replaced(
            "applications/gantry.yaml",
            "    - {standby: [gantry-core], address: cameras, failback: false}\n",
            "    - {spread: [gantry-core]}\n",
        ),
        ("MP7008",),
    ),
    "guard-raised": Change(
        every(_LEAVES, replaced("fleet.yaml", "  acknowledge:\n", "  guards:\n    protect: []\n    removals: {workloads: 9000, objects: 9000}\n  acknowledge:\n")),
        ("MP7016", "MP7001"),
        ("removals.workloads 0 → 9000", "deletes state"),
    ),
    "policy-loosened": Change(
        every(
            replaced("policy.yaml", "registries: [registry.tolling.example]", "registries: [registry.tolling.example, docker.io]"),
            replaced("policy.yaml", "requireRequests: true", "requireRequests: false"),
        ),
        ("MP7016",),
        ("docker.io", "requireRequests true → false"),
    ),
    "template-comment": Change(
        replaced("templates/lane.yaml.j2", "\n", "\n# one letter more\n"), ("MP7008",), ("restarts pods",)
    ),
}  # fmt: skip


@cache
def base(folder: Path) -> tuple[Files, Compilation]:
    """The generated fleet, as files and compiled; one for a run, in ``folder``."""
    generate(folder, provinces=3, nodes=NODES, seed=7, partition="station-group")
    found = {
        p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()
    }
    return found, compile_spec(folder)


def reviewed(change: Change, root: Path, fleet: Path) -> Review:
    """Of the generated fleet in ``fleet``, by the guards of both sides."""
    files, before = base(fleet)
    edited = dict(files)
    change.edit(edited)
    spec = write_files(root, edited.items())
    after = before if edited == files else compile_spec(spec)
    assert not after.errors, after.said
    old, new = (Planted(dict(_texts(made))) for made in (before, after))
    head = Planted(change.trees(dict(new.files)), "head")
    rules = compared_spec(spec, old, head, None, fleet)
    return review(Planted(old.files, "base"), head, rules.rules, (), rules.change, rules.notes)


def _texts(made: Compilation) -> Iterator[tuple[str, str]]:
    return ((path, data.decode()) for path, data in made.files.items())
