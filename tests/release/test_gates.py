"""Gates in the interpreters of their languages: CEL as Flux runs it, Lua 5.1 as Argo CD does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cel
import pytest
import yaml
from lupa.lua51 import LuaRuntime

from compiling import compile_spec, write_files
from objects import Object, parse
from plan.highways import Highway
from plan.test_budget import TWO_SECTIONS
from release.gate_shapes import BY_COUNTS, BY_NODES, BY_PHASE, BY_PODS, BY_STATE, BY_STATES, Shape, daemon_set

HELPER = ("helper", {"image": "helper", "version": "1.0.0"})
OLD = (
    ("kubernetes", "1.30"),
    ("kubeedge", "1.20.0"),
    ("acknowledgedVulnerabilities", ["CVE-2026-62371"]),
)
GATES = {
    "kubeedge": (TWO_SECTIONS, BY_PHASE),
    "kubeedge with two CloudCores": (replace(TWO_SECTIONS, replicas=2), BY_NODES),
    "kubeedge 1.20": (replace(TWO_SECTIONS, cluster=OLD), BY_STATE),
    "kubeedge 1.20 with two CloudCores": (replace(TWO_SECTIONS, cluster=OLD, replicas=2), BY_STATES),
    "kruise": (replace(TWO_SECTIONS, prepull=(("engine", "kruise"),)), BY_COUNTS),
    "daemonset": (replace(TWO_SECTIONS, prepull=(("engine", "daemonset"), HELPER)), BY_PODS),
}
CASES = [
    pytest.param(highway, shape, expected, id=f"{engine}: a job {title}")
    for engine, (highway, shapes) in GATES.items()
    for title, (shape, expected) in shapes.items()
]


def tree(highway: Highway, folder: Path) -> dict[str, bytes]:
    made = compile_spec(write_files(folder, highway.files().items()))
    assert not made.errors, made.said
    return dict(made.trees["north"].items())


def flux_check(highway: Highway, folder: Path) -> Object:
    """The health check of the last stage's unit."""
    (unit,) = parse(tree(highway, folder)["sync/milepost-prepull-app-2-w1.yaml"])
    assert unit["spec"]["wait"] is True
    (check,) = unit["spec"]["healthCheckExprs"]
    found: Object = check
    return found


def flux_says(check: Object, shape: Shape) -> str:
    """As kustomize-controller evaluates it: in progress, failed, current, and an error is asked again."""
    try:
        for field, verdict in (("inProgress", "waits"), ("failed", "fails"), ("current", "passes")):
            if check.get(field) and cel.evaluate(check[field], shape):
                return verdict
    except RuntimeError:
        return "waits"
    return "waits"


def argo_script(highway: Highway, folder: Path) -> str:
    """The script for the kind that pulls, as it stands in the prerequisites."""
    files = tree(replace(highway, engine="argocd"), folder)
    data: dict[str, str] = yaml.safe_load(files["bootstrap/argocd/argocd-cm.yaml"])["data"]
    (script,) = data.values()
    return script


def argo_says(script: str, shape: Shape) -> str:
    """As Argo CD runs it: a chunk that sees ``obj`` and returns a table; string, os and io are not there."""
    lua = LuaRuntime(unpack_returned_tuples=True, register_eval=False)
    lua.execute("string, os, io, debug, package, require = nil, nil, nil, nil, nil, nil")
    lua.globals().obj = _table(lua, shape)
    health = lua.execute(script)
    assert isinstance(health.message, str)
    return {"Healthy": "passes", "Degraded": "fails", "Progressing": "waits"}[health.status]


def _table(lua: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return lua.table_from({key: _table(lua, item) for key, item in value.items()})
    if isinstance(value, list):
        return lua.table_from([_table(lua, item) for item in value])
    return value


@pytest.mark.parametrize(("highway", "shape", "expected"), CASES)
def test_flux(highway: Highway, shape: Shape, expected: str, tmp_path: Path) -> None:
    """It waits for what is under way, lets through what is done, and stops at what failed."""
    assert flux_says(flux_check(highway, tmp_path), shape) == expected


@pytest.mark.parametrize(("highway", "shape", "expected"), CASES)
def test_argo_cd(highway: Highway, shape: Shape, expected: str, tmp_path: Path) -> None:
    """The same judgement over the same job."""
    assert argo_says(argo_script(highway, tmp_path), shape) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberAvailable": 3}, "passes"),
        ({"desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberAvailable": 2}, "waits"),
        ({"desiredNumberScheduled": 3, "updatedNumberScheduled": 1, "numberAvailable": 3}, "waits"),
    ],
)
def test_other_daemon_sets_are_judged_as_before(
    status: dict[str, int], expected: str, tmp_path: Path
) -> None:
    """Argo CD has one script a kind, so the one for pulls carries Argo CD's own rule for all others."""
    script = argo_script(GATES["daemonset"][0], tmp_path)
    assert argo_says(script, daemon_set(None, **status)) == expected
    assert argo_says(script, daemon_set(None, generation=2, **status)) == "waits"


def test_a_gate_of_several_cloudcores_does_not_ask_for_the_phase_of_the_job(tmp_path: Path) -> None:
    """Each instance calls the nodes of the others failed, and the job with them."""
    check = flux_check(replace(TWO_SECTIONS, replicas=3), tmp_path)
    assert "status.phase == 'Completed'" not in str(check)
