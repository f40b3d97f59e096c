"""Who may do what in a station group's namespace."""

from __future__ import annotations

from pathlib import Path

from compiling import compile_spec, write_files
from objects import Object, objects, one
from small import application, base, compile_components, component, files, group, image


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
    changing = [
        rule for rule in operator(tmp_path / "operator") if set(rule["verbs"]) - {"get", "list", "watch"}
    ]
    assert changing == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}]


def test_rights_add_up_on_the_way_down(tmp_path: Path) -> None:
    """The national team keeps its rights where a section has owners of its own; who owns is not bound as a reader too."""
    section = group(owners=["crew"], readers=["national"], approvers=["security"])
    documents = [
        *base(owners=["national"], readers=["noc"])[:-1],
        section,
        image("web"),
        application("app", [component()]),
    ]
    compiled = compile_spec(write_files(tmp_path, files(documents).items()))
    bound = {name: one(compiled, "RoleBinding", name) for name in ("owners", "readers")}
    teams = {name: [s["name"] for s in binding["subjects"]] for name, binding in bound.items()}
    assert teams == {"owners": ["national", "crew"], "readers": ["noc"]}
    assert bound["readers"]["roleRef"]["name"] == "milepost-station-reader"
    (province,) = (compiled.plan.fleet.province for compiled in compiled.provinces.values())
    assert province.groups[0].rights.asked == ("national", "crew", "security")


def test_readers_look_and_change_nothing(tmp_path: Path) -> None:
    """They read what an operator reads."""
    compiled = compile_components(tmp_path, component(), fleet_fields={"readers": ["noc"]})
    rules = one(compiled, "ClusterRole", "milepost-station-reader")["rules"]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert rules == [rule for rule in operator(tmp_path / "operator") if "delete" not in rule["verbs"]]
    bound = [
        o["kind"]
        for _, o in objects(compiled.files)
        if any(s["name"] == "noc" for s in o.get("subjects", ()))
    ]
    assert bound == ["RoleBinding"]
