"""Unit sizes: small enough to be built and applied as one."""

from __future__ import annotations

from milepost.diagnostics import Code
from milepost.emit.findings import Findings
from milepost.emit.rendered import Rendered
from milepost.emit.rendered_object import RenderedObject

MP6061 = Code(
    "MP6061",
    "unit has more than 1,000 objects",
    "Kustomize's time grows with the square of the objects in one build, and one refused object holds up all others of "
    "its unit.",
    "# a station group with 400 stations\n",
)
MOST = 1000


def check(rendered: Rendered, findings: Findings) -> None:
    for unit, files in sorted(rendered.folders.items()):
        # Measured with kustomize 5.8: 1,000 objects in 1.5 s, 2,000 in 6 to 8, 5,000 in over
        # 80, however they are split into files.
        if (objects := sum(files.values())) > MOST:
            obj = RenderedObject({"kind": "unit"}, unit)
            findings.add(
                MP6061, obj, (), f"holds {objects} objects, more than {MOST}", "split the station group"
            )
