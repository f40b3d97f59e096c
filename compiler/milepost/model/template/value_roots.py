"""Roots of template values: the outermost documented names, by what they differ with."""

from __future__ import annotations

STATION_ROOTS = frozenset({"station", "values"})
"""Values that differ from station to station."""
GROUP_ROOTS = frozenset({"group", "application"})
"""Values that differ from group to group: a wave moves an application's version group by group."""
PROVINCE_ROOTS = frozenset({"fleet", "province", "component"})
NODE_ROOTS = frozenset({"node"})
"""Known on the node alone, through Kubernetes' downward API: only in env and args."""
ROOTS = STATION_ROOTS | GROUP_ROOTS | PROVINCE_ROOTS | NODE_ROOTS
