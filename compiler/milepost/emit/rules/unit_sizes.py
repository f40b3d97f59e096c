"""A unit is small enough to be built and applied as one."""

from __future__ import annotations

from collections import Counter

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.thing import Thing
from milepost.model.manifest import unit_of

MP6061 = Code(
    "MP6061",
    "unit of more than 1,000 objects",
    "Kustomize's time grows with the square of the objects in one build, and one refused object holds up all others of "
    "its unit.",
    "# a station group with 400 stations\n",
)
MOST = 1000


def check(rendered: Rendered, findings: Findings) -> None:
    sizes: Counter[str] = Counter()
    for path, objects in rendered.counts.items():
        sizes[unit_of(path)] += objects
    for unit, objects in sorted(sizes.items()):
        if objects > MOST:
            thing = Thing({"kind": "unit"}, unit)
            findings.add(
                MP6061, thing, (), f"holds {objects} objects, more than {MOST}", "split the station group"
            )
