"""Instance count of the generated applications: a container of a component counts as one.

The numbers stand beside the documents in ``documents/applications``; a test counts the documents and compares.
"""

from __future__ import annotations

from collections.abc import Iterable

from milepost.generate.section_inventory import ARM, NODE_COLUMNS, Row

EVERY_NODE = 1
"""collector"""
GANTRY_NODE = 4
"""gantry-core, plate-recognition, gantry-antenna, gantry-uplink"""
LANE = 4
"""lane-frontend, lane-backend, lane-antenna, lane-video"""
ARM_LANE = 1
"""lane-watchdog"""
TOLL_STATION = 7
"""redis, mysql, db-init, db-backup, station-report, and station-service twice"""
GUIDED_TOLL_STATION = 2
"""sign-store, sign-planner"""
GUIDED_ENTRY = 1
"""sign-driver"""

_PROFILE, _ROLES = NODE_COLUMNS.index("profile"), NODE_COLUMNS.index("roles")
_DIRECTION = NODE_COLUMNS.index("label:direction")


def instances(nodes: Iterable[Row], guided: bool) -> int:
    """Instances on the nodes of one station group; ``guided`` is the group that has the guidance application."""
    total = 0
    for node in nodes:
        total += EVERY_NODE
        role = node[_ROLES]
        if role == "gantry":
            total += GANTRY_NODE
        elif role == "lane":
            total += LANE + ARM_LANE * (node[_PROFILE] == ARM)
            total += GUIDED_ENTRY * (guided and node[_DIRECTION] == "entry")
        elif role == "server data":
            total += TOLL_STATION + GUIDED_TOLL_STATION * guided
    return total
