"""Who may do what in a station group's namespace."""

from __future__ import annotations

from pathlib import Path

from objects import Object, one
from small import compile_components, component


def operator(tmp_path: Path) -> list[Object]:
    """The rules of the role that a group's owners have."""
    compiled = compile_components(tmp_path, component(), fleet_fields={"owners": ["crew"]})
    rules: list[Object] = one(compiled, "ClusterRole", "milepost-station-operator")["rules"]
    return rules


def test_owners_read_no_secrets_and_open_no_shells(tmp_path: Path) -> None:
    """To get ``pods/exec`` is to have a shell; with ``*`` both would be included."""
    resources = {resource for rule in operator(tmp_path) for resource in rule["resources"]}
    assert not resources & {"*", "secrets", "pods/exec", "pods/attach", "pods/portforward", "pods/*"}


def test_owners_change_nothing_but_restart_pods(tmp_path: Path) -> None:
    """Everything else goes through Git."""
    changing = [rule for rule in operator(tmp_path) if set(rule["verbs"]) - {"get", "list", "watch"}]
    assert changing == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}]
