"""The layers hold; and each contract would notice if they did not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from guards.package_copy import REPOSITORY, PackageCopy

pytestmark = pytest.mark.slow

CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
]
BREAKS = [
    ("layers", "lower/order.py", "milepost.emit"),
    ("layers", "model/parsed.py", "milepost.load"),
    ("layers", "diagnostics/span.py", "milepost.model.tree"),
    ("layers", "pipeline.py", "milepost.cli.main"),
    ("compile asks no registry", "load/spec_reader.py", "milepost.registry.lock"),
    ("resolve is the border", "plan/passes/quota.py", "milepost.model.spec.application"),
    ("resolve is the border", "model/matchers.py", "milepost.model.parsed"),
    ("back ends", "lower/backends/services.py", "milepost.lower.backends.workloads"),
    ("delivery engines", "model/delivery/argocd/health.py", "milepost.model.delivery.flux.health"),
    ("passes", "plan/passes/name_lengths.py", "milepost.plan.passes.image_architectures"),
    ("rules", "validate/rules/moving_tags.py", "milepost.validate.rules.policies"),
    ("only publish/git.py", "load/spec_reader.py", "git"),
    ("only model/values_schema.py", "model/schema_faults.py", "jsonschema"),
    ("only load/yaml/parse.py", "model/tree.py", "yaml"),
    ("only load/yaml/parse.py", "emit/yaml/serialize.py", "ruamel.yaml"),
]


def lint(copy: PackageCopy) -> tuple[int, str]:
    run = copy.run("lint-imports", "--no-cache")
    return run.returncode, run.stdout + run.stderr


def test_contracts_hold(tmp_path: Path) -> None:
    """Stages are blind to each other; so are back ends, passes and rules; libraries have one door each."""
    code, said = lint(PackageCopy(tmp_path))
    assert code == 0, said


@pytest.mark.parametrize(("contract", "file", "imported"), BREAKS, ids=lambda value: value)
def test_a_broken_contract_is_noticed(tmp_path: Path, contract: str, file: str, imported: str) -> None:
    """By its name, so that whoever broke it knows which rule it was."""
    copy = PackageCopy(tmp_path)
    copy.append(file, f"\n\nimport {imported}  # broken on purpose\n")
    code, said = lint(copy)
    assert code == 1, said
    broken = [line for line in said.splitlines() if " BROKEN" in line]
    assert len(broken) == 1 and broken[0].startswith(contract), said


def test_every_contract_is_broken_once() -> None:
    """A contract that cannot fail guards nothing."""
    starts = {contract for contract, _, _ in BREAKS}
    assert [name for name in CONTRACTS if not name.startswith(tuple(starts))] == []
