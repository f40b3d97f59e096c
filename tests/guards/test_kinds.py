"""The table of kinds holds every kind that is rendered or known to a schema, and says of each what is so."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import milepost
from kustomize import KUBECTL
from milepost.emit.schemas import FOLDER, definitions, file_name
from milepost.model.kinds import KINDS, AgentRights, find, named
from milepost.model.spec.application import ComponentEntry
from milepost.model.versions.kubernetes import KNOWN

pytestmark = pytest.mark.slow

PACKAGE = Path(milepost.__file__).parent
SAYS_KINDS = ("validate/rules", "plan", "lower", "emit", "publish", "explain", "query", "report")
"""Whoever decides about, makes, checks, compares or shows objects."""


def test_every_schema_has_a_row_and_every_rendered_kind_a_schema() -> None:
    """A kind without a row has no scope, no order and no rights; one without a schema is refused where it is emitted."""
    custom = {path.name for path in FOLDER.glob("crds/*.json")}
    built_in = {f"{name}.json" for name in definitions(KNOWN[-1]) if not name.startswith("io.k8s.")}
    versions = [
        (version, kind.name)
        for kind in KINDS
        for version in (kind.api_version, kind.older_api_version)
        if kind.rendered and version
    ]
    assert custom | built_in == {file_name(*each) for each in versions} and not custom & built_in


def test_rows_are_found_by_group_and_name() -> None:
    """No two rows are about one kind."""
    assert [find(kind.api_version, kind.name) for kind in KINDS] == list(KINDS)


def test_a_component_is_one_of_the_kinds_that_have_a_pod_template() -> None:
    """The words that the spec offers for ``workload`` are the table's, in its order."""
    offered = ComponentEntry.model_json_schema()["properties"]["workload"]["anyOf"][0]["enum"]
    assert offered == [kind.name for kind in KINDS if kind.pod_template]


def test_what_an_agent_may_write_is_rendered() -> None:
    """Rights for a kind that no back end can make would be too many; what a unit is pruned of must be writable."""
    assert all(kind.rendered for kind in KINDS if kind.agent is not AgentRights.NOTHING)
    assert all(kind.agent is not AgentRights.NOTHING for kind in KINDS if kind.prune_protected)


def test_no_stage_quotes_a_kind() -> None:
    """Names and API versions of what is rendered stand in the table alone, so that a misspelt one does not pass mypy."""
    assert list(quoted(*(path for folder in SAYS_KINDS for path in (PACKAGE / folder).rglob("*.py")))) == []


def test_a_quoted_kind_is_found(tmp_path: Path) -> None:
    """The scan sees both what is compared and what is listed."""
    (tmp_path / "a.py").write_text('if kind in ("Deployment", "apps/v1"):\n    pass\n')
    assert [name for _, _, name in quoted(tmp_path / "a.py")] == ["Deployment", "apps/v1"]


def test_a_direction_of_traffic_is_no_kind(tmp_path: Path) -> None:
    """Ingress is left out in ``policyTypes`` alone."""
    (tmp_path / "a.py").write_text('a = {"policyTypes": ["Ingress"], "kind": "Ingress"}\n')
    assert len(list(quoted(tmp_path / "a.py"))) == 1


def quoted(*paths: Path) -> Iterator[tuple[str, int, str]]:
    rendered = [kind for kind in KINDS if kind.rendered]
    words = {word for kind in rendered for word in (kind.name, kind.api_version)} - {"v1"}
    for path in sorted(paths):
        tree = ast.parse(path.read_text())
        directions = set(policy_types(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in words and node not in directions:
                yield str(path.relative_to(path.parents[1])), node.lineno, str(node.value)


def test_scopes_of_built_in_kinds_are_those_of_kustomize(tmp_path: Path) -> None:
    """kubectl knows which of Kubernetes' own kinds stand in a namespace, and puts only those into one."""
    built_in = [kind for kind in KINDS if "." not in kind.group or kind.group.endswith(".k8s.io")]
    built_in = [kind for kind in built_in if kind.plural]
    bodies = [
        {"apiVersion": kind.api_version, "kind": kind.name, "metadata": {"name": "one"}} for kind in built_in
    ]
    (tmp_path / "all.yaml").write_text(yaml.safe_dump_all(bodies))
    (tmp_path / "kustomization.yaml").write_text("namespace: here\nresources: [all.yaml]\n")
    run = subprocess.run([KUBECTL, "kustomize", str(tmp_path)], capture_output=True, check=True)
    placed = {body["kind"] for body in yaml.safe_load_all(run.stdout) if "namespace" in body["metadata"]}
    # A Namespace is named after the namespace, and is in none.
    assert placed == {kind.name for kind in built_in if not kind.cluster_scoped}


def test_of_two_kinds_of_one_name_the_file_is_meant() -> None:
    """Flux and kustomize both have a Kustomization; whoever only knows the name reads files."""
    assert named("Kustomization").group == "kustomize.config.k8s.io"


def policy_types(tree: ast.AST) -> Iterator[ast.AST]:
    """What stands in ``policyTypes``: there, Ingress is a direction of traffic and no kind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "policyTypes":
                    yield from ast.walk(value)
