"""Past one machine."""

from __future__ import annotations

from bench.results import Results

_TEXT = """
## Past one machine

Provinces are independent: a province's tree follows from the shared documents and its own inventory. There are two ways to
spread them, and both give the same bytes.

- **A CI matrix.** `milepost compile --province NAME` compiles one province and leaves all others alone. Each job of the
  matrix takes some provinces; no scheduler, no shared disk. Only a run over the whole fleet removes provinces that are gone.
- **A Dask cluster.** `milepost compile --executor dask://scheduler:8786` (`pip install milepost[dask]`) hands provinces to
  workers, which get the files that a province sees and send its tree back compressed; this machine alone writes, all
  provinces or none. Workers need Milepost of the same version and nothing of the spec.

By the lines above, a machine with {cores} cores compiles the reference fleet in {here}; the longest province, {largest:,} nodes, alone
takes about {longest}, which no number of machines can go below.
"""


def section(results: Results) -> str:
    from bench.report.growth import line
    from bench.report.tables import seconds

    if not results.by_nodes:
        return ""
    found = results.reference
    longest = line(results.by_nodes, "nodes").at(found.largest_province)
    return _TEXT.format(
        cores=found.processes,
        here=seconds(found.cold.wall),
        largest=found.largest_province,
        longest=seconds(longest),
    )
