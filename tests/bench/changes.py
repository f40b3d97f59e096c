"""Usual changes of a fleet, as edits of a generated fleet spec: what each of them changes in the rendered trees is counted."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from bench.fleets import Fleet, bump_an_image, retitle_a_station

Rows = list[list[str]]


def _tables(fleet: Fleet, name: str) -> list[Path]:
    return sorted(fleet.root.glob(f"provinces/*/{name}.csv"))


def _edit(path: Path, edit: Callable[[list[str], Rows], None]) -> None:
    head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    edit(head, rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([head, *rows])


def add_a_gantry(fleet: Fleet) -> None:
    """Beside the first gantry of the first province, with two nodes of its own."""
    made: list[tuple[str, str]] = []

    def station(head: list[str], rows: Rows) -> None:
        at = next(i for i, row in enumerate(rows) if row[head.index("type")] == "gantry")
        new = list(rows[at])
        made.append((new[0], f"{new[0]}x"))
        new[0] = made[0][1]
        stake = head.index("stake")
        new[stake] = new[stake].partition("+")[0] + "+999"
        rows.insert(at + 1, new)

    def nodes(head: list[str], rows: Rows) -> None:
        old, new = made[0]
        own = [row for row in rows if row[head.index("station")] == old]
        for number, row in enumerate(own):
            other = [cell.replace(old, new) if i < 2 else cell for i, cell in enumerate(row)]
            address = head.index("address")
            other[address] = f"{row[address].rpartition('.')[0]}.{249 + number}"
            rows.insert(rows.index(own[-1]) + 1, other)

    _edit(_tables(fleet, "stations")[0], station)
    _edit(_tables(fleet, "nodes")[0], nodes)


def remove_a_gantry(fleet: Fleet) -> None:
    """The first gantry of the first province, and its nodes."""
    gone: list[str] = []

    def station(head: list[str], rows: Rows) -> None:
        at = next(i for i, row in enumerate(rows) if row[head.index("type")] == "gantry")
        gone.append(rows.pop(at)[0])

    def nodes(head: list[str], rows: Rows) -> None:
        rows[:] = [row for row in rows if row[head.index("station")] != gone[0]]

    _edit(_tables(fleet, "stations")[0], station)
    _edit(_tables(fleet, "nodes")[0], nodes)


def replace_a_node(fleet: Fleet) -> None:
    """A machine with another name in the place of the first one."""

    def nodes(_: list[str], rows: Rows) -> None:
        rows[0][0] += "-new"

    _edit(_tables(fleet, "nodes")[0], nodes)


def retitle(fleet: Fleet) -> None:
    retitle_a_station(fleet, "Another Title")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise RuntimeError(f"{path} does not say {old!r}")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def raise_a_limit(fleet: Fleet) -> None:
    """More memory for a driver that runs at every lane."""
    path = fleet.root / "applications" / "tolling.yaml"
    _replace(path, "limits: {memory: 64Mi}", "limits: {memory: 80Mi}")


def retag_an_image(fleet: Fleet) -> None:
    """Another tag of one image in the version that runs."""
    path = fleet.root / "applications" / "gantry.yaml"
    _replace(path, "gantry-antenna: 2.4.0", "gantry-antenna: 2.4.1")


def change_a_section(fleet: Fleet) -> None:
    """The speed limit of the first section, which config files of its gantries name."""
    path = min(fleet.root.glob("provinces/*/sections.yaml"))
    _replace(path, "speed_limit: 1", "speed_limit: 9")


CHANGES: dict[str, Callable[[Fleet], None]] = {
    "a gantry is added": add_a_gantry,
    "a gantry is removed": remove_a_gantry,
    "a machine is replaced by one of another name": replace_a_node,
    "a toll station gets another title": retitle,
    "a value of a section changes": change_a_section,
    "a driver gets more memory, fleet-wide": raise_a_limit,
    "an image gets another tag in the version that runs": retag_an_image,
    "an application moves to another version, fleet-wide": bump_an_image,
}
"""What is said of it, to the edit."""
