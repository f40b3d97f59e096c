"""A new rule, back end or command is a new file: nothing else has to be edited for it to count."""

from __future__ import annotations

import json
import pkgutil
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from guards.package_copy import REPOSITORY, PackageCopy
from kustomize import KUBECTL
from milepost import diagnostic_codes, plan
from milepost.model.delivery import argocd, flux, names
from milepost.model.delivery.base import DeliveryEngine, engines
from milepost.plan import passes

pytestmark = pytest.mark.slow

CASE = REPOSITORY / "tests" / "cases" / "base" / "fleet-spec"
RULE = """
from milepost.diagnostics import Code

MP2999 = Code("MP2999", "a new rule", "Found without being named anywhere, by its folder.", "kind: Fleet")


def check(spec, sink):
    sink.report(MP2999, f"the fleet is {spec.fleet.name}", spec.fleet.document.span("kind"))
"""
BACK_END = """
from milepost.lower.backend import PlacedManifest
from milepost.model.objects import kubernetes_object
from milepost.model import kinds
from milepost.model.manifest import Manifest


def lower_province(plan, sink):
    for group in plan.fleet.province.groups:
        body = kubernetes_object(kinds.CONFIG_MAP, "new", namespace=group.name, data={"stations": "1"})
        yield PlacedManifest(f"groups/{group.name}/new.yaml", Manifest(body, group.origin))
"""
ENGINE = '''
"""kubectl: the order in which somebody applies the units, with ``kubectl apply --server-side -k`` on each."""

REQUIRES = ">=1.30"
TAKEN = frozenset()
SCHEMES = ()
ORDERS_UNITS = True
PRUNE_PROTECTION = {}
RECREATION = {}
HELD = {}
PRUNE_OFF = "leave it in the cluster"
AGENTS_OWN = {"kubectl.kubernetes.io/last-applied-configuration": "kubectl writes it"}


def source(delivery):
    return ()


def identity(delivery):
    return ()


def unit(unit, delivery):
    return None


def order(number):
    return None


def setup(delivery, units):
    listed, waiting = [], list(units)
    while waiting:
        done = {unit.name for unit in listed}
        listed += [unit for unit in waiting if done.issuperset(unit.after)]
        waiting = [unit for unit in waiting if unit not in listed]
    yield "bootstrap/kubectl/order.txt", "".join(map(line, listed))


def line(unit):
    without = "".join(f" -l app.kubernetes.io/part-of!={name}" for name in unit.held)
    return f"{unit.path}{without}\\n"
'''
ROW = """POD_DISRUPTION_BUDGET = Kind(
    "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", agent=AgentRights.WRITES
)

"""
KIND = """
from milepost.model import kinds
from milepost.model.manifest import Manifest
from milepost.model.objects import kubernetes_object


def lower_group(group_class, scope):
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": {"app.kubernetes.io/managed-by": "milepost"}}}
    body = kubernetes_object(kinds.POD_DISRUPTION_BUDGET, "one", namespace=scope.namespace, spec=spec)
    return [Manifest(body, group_class.groups[0].origin)]
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


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_a_new_kind_is_a_row_and_a_back_end(copy: PackageCopy, engine: str) -> None:
    """Its schema is cut from Kubernetes' own; agents may write it, owners may read it, and no check knows it not."""
    table = copy.package / "model" / "kinds.py"
    table.write_text(table.read_text().replace("KINDS: tuple", f"{ROW}KINDS: tuple"))
    copy.put("lower/backends/disruption_budgets.py", KIND)
    assert copy.run("python", "-m", "milepost.emit.schemas.update").returncode == 0
    spec = spec_for(engine, CASE, copy)
    run = copy.run("python", "-m", "milepost", "compile", spec, "--output", copy.folder / "rendered")
    assert run.returncode == 0, run.stderr
    files = {path.name: path.read_text() for path in (copy.folder / "rendered").rglob("*.yaml")}
    assert any("kind: PodDisruptionBudget\n" in text for text in files.values())
    assert ("poddisruptionbudgets" in files.get("identity.yaml", "")) == (engine == "flux")


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


def test_a_new_delivery_engine_is_found(copy: PackageCopy) -> None:
    """One file makes it a word of the spec, and gives it the units of any other: what Flux waits for stands first."""
    copy.put("model/delivery/kubectl.py", ENGINE)
    spec = spec_for("kubectl", REPOSITORY / "fleet-spec", copy)
    run = copy.run("python", "-m", "milepost", "compile", spec, "--output", copy.folder / "rendered")
    assert run.returncode == 0, run.stderr
    hunan = copy.folder / "rendered" / "hunan"
    assert not (hunan / "sync").exists(), "nothing in the cluster reads the tree"
    assert json.loads((hunan / "milepost.json").read_text())["requires"]["kubectl"] == ">=1.30"
    order = (hunan / "bootstrap" / "kubectl" / "order.txt").read_text().splitlines()
    waits = flux_waits(REPOSITORY / "rendered" / "hunan")
    assert sorted(order) == sorted(waits)
    assert [(a, b) for a, before in waits.items() for b in before if order.index(b) > order.index(a)] == []
    assert any("prepull/" in b for before in waits.values() for b in before), "a release is under way"
    assert kustomize(hunan / order[-1]).returncode == 0


def test_a_new_delivery_engine_lets_what_moves_alone_wait(copy: PackageCopy) -> None:
    """An engine that knows no mark is told what to leave out of a section, and gets what moves after its pull."""
    copy.put("model/delivery/kubectl.py", ENGINE)
    spec = spec_for("kubectl", REPOSITORY / "fleet-spec", copy)
    release = spec / "releases" / "tolling-1.5.0.yaml"
    release.write_text(release.read_text().replace("  applied: pilot\n", ""))
    run = copy.run("python", "-m", "milepost", "compile", spec, "--output", copy.folder / "rendered")
    assert run.returncode == 0, run.stderr
    hunan = copy.folder / "rendered" / "hunan"
    order = (hunan / "bootstrap" / "kubectl" / "order.txt").read_text().splitlines()
    moves = order.index("switch/hn-g4-changtan.tolling")
    assert moves > order.index("prepull/tolling-1-5-0-pilot")
    section = "groups/hn-g4-changtan"
    assert f"{section} -l app.kubernetes.io/part-of!=tolling" in order
    whole, part = (kustomize(hunan / folder).stdout for folder in (section, order[moves]))
    assert b"fluxcd.io/ssa" not in whole and part.count(b"\nkind: ") < whole.count(b"\nkind: ")


def test_a_new_delivery_engine_is_offered(copy: PackageCopy) -> None:
    """By the schema for editors, and by the message about a misspelt one."""
    copy.put("model/delivery/kubectl.py", ENGINE)
    assert '"kubectl"' in copy.run("python", "-m", "milepost", "schema", "fleet").stdout
    run = copy.run("python", "-m", "milepost", "validate", spec_for("kubectx", CASE, copy))
    assert run.returncode == 1 and "kubectl" in run.stderr


def spec_for(engine: str, spec: Path, copy: PackageCopy) -> Path:
    """A copy of a fleet spec for Flux, with another engine in its place."""
    shutil.copytree(spec, copy.folder / "fleet-spec")
    for file in (copy.folder / "fleet-spec").rglob("*.yaml"):
        file.write_text(file.read_text().replace("engine: flux", f"engine: {engine}"))
    return copy.folder / "fleet-spec"


def flux_waits(tree: Path) -> dict[str, list[str]]:
    """Folder of every unit of a tree for Flux to the folders that it waits for."""
    files = sorted((tree / "sync").glob("*.yaml"))
    bodies = [body for file in files for body in yaml.safe_load_all(file.read_text()) if "spec" in body]
    specs = {body["metadata"]["name"]: body["spec"] for body in bodies if "path" in body["spec"]}
    folders = {name: spec["path"].removeprefix("./") for name, spec in specs.items()}
    return {
        folders[name]: [folders[other["name"]] for other in spec.get("dependsOn", ())]
        for name, spec in specs.items()
    }


def kustomize(folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([KUBECTL, "kustomize", str(folder)], capture_output=True, check=False)


def test_every_engine_offers_what_an_engine_is() -> None:
    """The type checker compares the modules with the protocol; the walk finds just these."""
    known: tuple[DeliveryEngine, ...] = (argocd, flux)
    assert engines() == known and names() == ("argocd", "flux")
