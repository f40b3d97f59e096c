"""A new rule, back end or command is a new file: nothing else has to be edited for it to count."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

from guards.package_copy import REPOSITORY, PackageCopy
from milepost import diagnostic_codes, plan
from milepost.plan import passes

CASE = REPOSITORY / "tests" / "cases" / "base" / "fleet-spec"
RULE = """
from milepost.diagnostics import Code

MP2999 = Code("MP2999", "a new rule", "Found without being named anywhere, by its folder.", "kind: Fleet")


def check(spec, sink):
    sink.report(MP2999, f"the fleet is {spec.fleet.name}", spec.fleet.document.span("kind"))
"""
BACK_END = """
from milepost.lower.backend import PlacedManifest
from milepost.lower.kubernetes_object import kubernetes_object
from milepost.model import kinds
from milepost.model.manifest import Manifest


def lower_province(plan, sink):
    for group in plan.fleet.province.groups:
        body = kubernetes_object(kinds.CONFIG_MAP, "new", namespace=group.name, data={"stations": "1"})
        yield PlacedManifest(f"groups/{group.name}/new.yaml", Manifest(body, group.origin))
"""
COMMAND = """
import click


@click.command()
def command() -> int:
    '''Say hello.'''
    click.echo("hello from a new file")
    return 0
"""
CONFORM = """
from milepost.diagnostics import Code

MP6999 = Code("MP6999", "a new check", "Found without being named anywhere, by its folder.", "kind: Fleet")


def check(rendered, findings):
    for deployment in rendered.of("Deployment"):
        findings.add(MP6999, deployment, ("spec",), "was seen")
"""


@pytest.fixture
def copy(tmp_path: Path) -> PackageCopy:
    return PackageCopy(tmp_path)


def test_a_new_rule_is_found(copy: PackageCopy) -> None:
    """And its code has a name."""
    copy.put("validate/rules/new_rule.py", RULE)
    run = copy.run("python", "-m", "milepost", "validate", CASE)
    assert run.returncode == 1 and "MP2999" in run.stderr and "the fleet is small" in run.stderr


def test_a_new_back_end_is_found(copy: PackageCopy) -> None:
    """And its objects are listed by the unit."""
    copy.put("lower/backends/new_back_end.py", BACK_END)
    run = copy.run("python", "-m", "milepost", "compile", CASE, "--output", copy.folder / "rendered")
    assert run.returncode == 0, run.stderr
    unit = copy.folder / "rendered" / "north" / "groups" / "g4"
    assert "name: new" in (unit / "new.yaml").read_text()
    assert "- new.yaml" in (unit / "kustomization.yaml").read_text()


def test_a_new_check_of_objects_is_found(copy: PackageCopy) -> None:
    """Whatever the stages before made."""
    copy.put("emit/rules/new_check.py", CONFORM)
    run = copy.run("python", "-m", "milepost", "validate", CASE)
    assert run.returncode == 1 and "MP6999" in run.stderr


def test_a_new_command_is_found(copy: PackageCopy) -> None:
    """In the help, and by its name."""
    copy.put("cli/commands/new_command.py", COMMAND)
    assert "new-command" in copy.run("python", "-m", "milepost", "--help").stdout
    assert copy.run("python", "-m", "milepost", "new-command").stdout == "hello from a new file\n"


def test_every_pass_has_its_place_in_the_order() -> None:
    """Passes build on each other, so their order is written down; a file that is not in it would do nothing."""
    names = {m.name for m in pkgutil.iter_modules(passes.__path__)}
    assert {f"{passes.__name__}.{name}" for name in names} == {p.run.__module__ for p in plan.PASSES}


def test_no_two_files_declare_one_code() -> None:
    """Codes are found by walking the package, and one is refused."""
    assert len(diagnostic_codes.codes()) == len(diagnostic_codes.homes())
