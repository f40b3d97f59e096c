"""What it comes to, what the floor is, and what was measured on."""

from __future__ import annotations

from bench.report.tables import bytes_, cost, table
from bench.results import Reference, Results


def section(results: Results) -> str:
    found = results.reference
    return f"""
**A cold compile costs {found.ratio:.1f} times the floor**{_counted(found)}: {found.cold.wall:.1f} s on the clock and {found.cold.cpu:.1f} processor
seconds for {found.nodes:,} nodes at {found.stations:,} stations in {found.provinces} provinces, {found.instances:,} application instances,
which become {found.objects:,} objects in {found.files:,} files ({bytes_(found.bytes)}). Measured with the Python that `make` picks
({results.machine.get("Python", "unknown")}) on {results.machine.get("processor", "an unknown processor")}.

The **floor** is the least that anything could need to leave these files behind: the same bytes, joined from pieces that
are ready in memory and written to the same paths, by a process that does nothing else and whose start does not count. The compile counts from
the shell's call to the exit code: it starts Python, reads and checks the spec, places every workload, checks every object
against its schema, and puts the trees in place in one step. A Python that was built without profile-guided
optimisation, as version managers build it, takes about a fifth longer for all of it. Seconds and ratios move with the
machine and its load; instructions of one process do not, and a test holds them (`tests/bench/test_instructions.py`).

{table(["", "on the clock", "processor", "compile / floor, clock", "compile / floor, processor"], _rows(results))}
{_where(results)}

{table(["measured on", ""], results.machine.items())}
The machine had {results.load[0]:.1f} processes waiting for a processor when it began and {results.load[1]:.1f} when it ended.
"""


def _counted(found: Reference) -> str:
    return (
        ""
        if found.instructions is None
        else f", {found.instructions / 1e9:.1f} thousand million instructions"
    )


def _rows(results: Results) -> list[list[str]]:
    found = results.reference

    def against(floor_wall: float, floor_cpu: float, wall: float, cpu: float) -> list[str]:
        return [f"{wall / floor_wall:.1f}", f"{cpu / floor_cpu:.1f}"]

    many, one = found.floor, found.floor_one
    return [
        [f"floor, {found.processes} processes", *cost(many), "", ""],
        [
            f"compile, {found.processes} processes",
            *cost(found.cold),
            *against(many.wall, many.cpu, found.cold.wall, found.cold.cpu),
        ],
        ["floor, one process", *cost(one), "", ""],
        [
            "compile, one process",
            *cost(found.cold_one),
            *against(one.wall, one.cpu, found.cold_one.wall, found.cold_one.cpu),
        ],
        [f"compile on disk, {found.processes} processes", *cost(found.disk), "", ""],
    ]


def _where(results: Results) -> str:
    if results.memory_file_system:
        return "All but the last line are on a file system in memory, so that no disk is measured."
    return "This machine has no file system in memory, so all lines are on its disk."
