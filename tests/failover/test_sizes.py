"""Size of the ConfigMap of a section: a warning at 70 % of what one holds, a refusal above."""

from __future__ import annotations

from pathlib import Path

import pytest

from failover.rendered import ADDRESSES, NODES, STATIONS, compiled

STANDBY = {"standby": ["gateway"], "address": "cameras"}


@pytest.mark.slow
@pytest.mark.parametrize(("pairs", "code"), [(600, ""), (900, "MP4114"), (1100, "MP4112")])
def test_a_section_has_as_many_addresses_as_a_configmap_holds(tmp_path: Path, pairs: int, code: str) -> None:
    stations, nodes, addresses = STATIONS.splitlines()[0] + "\n", NODES, ADDRESSES
    for number in range(pairs):
        net = f"10.{number // 250}.{number % 250}"
        stations += f"s{number},g4,toll-station,{net}.0/24\n"
        nodes += "".join(f"s{number}-{i},s{number},box,server,{net}.1{i}\n" for i in (1, 2))
        addresses += f"cameras,s{number},{net}.200\n"
    made = compiled(tmp_path, [STANDBY], stations=stations, nodes_table=nodes, addresses_table=addresses)
    assert [c for c in made.codes if c in ("MP4112", "MP4114")] == ([code] if code else [])
