"""`anyRole` and `allRoles`: which nodes they fit, in the solver's eyes and in those of a scheduler."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from compiling import compile_spec, write_files
from milepost.model.plan import node_labels
from milepost.plan.placement.selector_matching import node_fits
from objects import one, pod_spec
from small import application, base, component, files, image

ROLES = ("lane", "server", "data")
EVERY = [roles for size in range(len(ROLES) + 1) for roles in combinations(ROLES, size)]
NODES = "name,station,profile,roles\n" + "".join(f"n{i},a,box,{' '.join(r)}\n" for i, r in enumerate(EVERY))
SELECTORS: list[dict[str, Any]] = [
    {"anyRole": ["lane", "data"]},
    {"allRoles": ["lane", "data"]},
    {"roles": ["server"], "anyRole": ["lane", "data"]},
    {"allRoles": ["server", "lane"], "anyRole": ["lane", "data"]},
    {"anyRole": ["lane"]},
]


def scheduled(spec: dict[str, Any], labels: dict[str, str]) -> bool:
    """As kube-scheduler reads it: the node selector and one of the terms of the required node affinity."""
    terms = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]
    selected = all(labels.get(key) == value for key, value in spec["nodeSelector"].items())
    return selected and any(all(_meets(e, labels) for e in term["matchExpressions"]) for term in terms)


def _meets(expression: dict[str, Any], labels: dict[str, str]) -> bool:
    if expression["operator"] == "Exists":
        return expression["key"] in labels
    assert expression["operator"] == "In"
    return labels.get(expression["key"]) in expression["values"]


@pytest.mark.parametrize("selector", SELECTORS, ids=str)
def test_the_scheduler_reads_what_was_meant(tmp_path: Path, selector: dict[str, Any]) -> None:
    """A node fits by its roles, for the solver, for what explains it, and for the labels that it carries."""
    web = component(replicas="every-node", nodes=selector)
    documents = [*base(roles=list(ROLES)), image("web"), application("app", [web])]
    compiled = compile_spec(write_files(tmp_path, files(documents, nodes=NODES).items()))
    spec = pod_spec(one(compiled, "DaemonSet"))
    plan = compiled.provinces["north"].plan
    (found,) = (c for a in plan.fleet.catalog.applications for c in a.components)
    (workload,) = plan.placement.workloads()
    (station,) = plan.fleet.province.groups[0].stations
    given = {"node-role.kubernetes.io/edge": "", "kubernetes.io/arch": "amd64"}
    for node, roles in zip(station.nodes, EVERY, strict=True):
        wanted = _by_hand(selector, set(roles))
        labels = node_labels(node, station, plan.fleet.catalog.label_domain)
        assert node_fits(found.selector, node, station) == wanted
        assert workload.terms.fits(labels) == wanted
        assert any(terms.fits(labels) for terms in workload.terms.apart()) == wanted
        assert scheduled(spec, labels | given) == wanted


def _by_hand(selector: dict[str, Any], roles: set[str]) -> bool:
    needed = {*selector.get("roles", ()), *selector.get("allRoles", ())}
    any_role = set(selector.get("anyRole", ()))
    return needed <= roles and (not any_role or bool(any_role & roles))
