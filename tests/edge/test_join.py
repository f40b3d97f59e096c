"""Joining: what a technician runs, run: each node's command, batch files, and the steps on a node in a folder of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from compiling import Compilation, compile_spec, write_files
from edge.fleets import edge_fleet
from edge.keadm import check_batch, parse_join
from fleets import root
from milepost.emit.component_faults import component_faults
from milepost.model.edge_nodes import edge_class, edge_nodes
from milepost.model.plan import node_labels

pytestmark = pytest.mark.slow
FLEETS = ("example", "generated-station")


def write_tree(made: Compilation, folder: Path) -> Path:
    """The bootstrap files of every province on disk."""
    found = {path: data.decode() for path, data in made.files.items() if "/bootstrap/" in path}
    return write_files(folder, found.items())


def run(tree: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(tree / "bootstrap/join/join.sh"), *words]
    clean = {"PATH": os.environ["PATH"]} | env
    return subprocess.run(command, env=clean, capture_output=True, text=True, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module", params=FLEETS)
def provinces(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Compilation, Path]:
    made = compile_spec(root(request.param))
    return made, write_tree(made, tmp_path_factory.mktemp("trees"))


def test_every_section_has_a_batch_file_that_keadm_takes(
    provinces: tuple[Compilation, Path], tmp_path: Path
) -> None:
    """Every node once, with its own labels; its configuration is one that EdgeCore starts with."""
    made, trees = provinces
    for name, compiled in made.provinces.items():
        plan = compiled.plan
        domain = plan.fleet.catalog.label_domain
        for group in plan.fleet.province.groups:
            out = tmp_path / name
            done = run(
                trees / name,
                "batch",
                group.name,
                str(out),
                KEADM_TOKEN="abc.def",
                SSH_USER="root",
                SSH_KEY="/root/key",
            )
            assert done.returncode == 0, done.stderr
            found = check_batch(yaml.safe_load((out / f"{group.name}.yaml").read_bytes()))
            nodes = [(node, station) for station in group.stations for node in station.nodes]
            assert [flags["--edgenode-name"] for flags in found] == [node.name for node, _ in nodes]
            for flags, (node, station) in zip(found, nodes, strict=True):
                labels = dict(pair.split("=") for pair in flags["--labels"].split(","))
                assert labels == node_labels(node, station, domain)
                route = plan.routes.by_access[node.access.name]  # type: ignore[union-attr]
                assert flags["--cloudcore-ipport"] == route.server
                body = yaml.safe_load((out / node.name / "edgecore.yaml").read_bytes())
                assert not list(component_faults("EdgeCore", body))
                assert body["modules"]["edged"]["hostnameOverride"] == node.name
                assert body["modules"]["edged"].get("nodeIP") == node.row.address
                least, most = plan.fleet.province.cloudcore.reconnect[1:3]  # type: ignore[union-attr]
                assert least <= body["modules"]["edgeHub"]["heartbeat"] <= most


def test_nothing_secret_is_asked_for_twice_or_written_where_others_read(tmp_path: Path) -> None:
    """Without a terminal what is missing is an error; what is written is for its owner alone."""
    made = edge_fleet(
        tmp_path / "spec", nodes="name,station,profile,roles,address\na1,a,box,server,10.0.0.1\n"
    )
    tree = write_tree(made, tmp_path / "tree") / "north"
    missing = run(tree, "batch", "g4", str(tmp_path / "out"))
    assert missing.returncode == 2 and "KEADM_TOKEN is not set" in missing.stderr
    assert not list((tmp_path / "out").glob("*.yaml"))
    done = run(tree, "batch", "g4", str(tmp_path / "out"), KEADM_TOKEN="t", SSH_USER="root", SSH_PASSWORD="p")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/g4.yaml").stat().st_mode & 0o077 == 0
    assert yaml.safe_load((tmp_path / "out/g4.yaml").read_bytes())["nodes"][0]["ssh"]["auth"] == {
        "type": "password",
        "passwordAuth": {"password": "p"},
    }


def test_a_node_that_ssh_cannot_reach_is_named(tmp_path: Path) -> None:
    """It has no address in the spec."""
    tree = write_tree(edge_fleet(tmp_path / "spec"), tmp_path / "tree") / "north"
    done = run(tree, "batch", "g4", str(tmp_path / "out"), KEADM_TOKEN="t", SSH_USER="root", SSH_KEY="/k")
    assert done.returncode == 2 and "node a1 has no address" in done.stderr
    assert not (tmp_path / "out/g4.yaml").exists()


@pytest.fixture
def machine(tmp_path: Path) -> Mapping[str, str]:
    """A machine in a folder: programs that write down what they are asked, and what the kernel says of itself."""
    log, bin_ = tmp_path / "log", tmp_path / "bin"
    systemctl = f'#!/bin/sh\necho "systemctl $*" >>{log}\n'
    # As keadm leaves a node: EdgeCore's defaults, written out, with its certificates.
    keadm = f"""#!/bin/sh
echo "keadm $*" >>{log}
mkdir -p {tmp_path}/root/etc/kubeedge/config {tmp_path}/root/etc/kubeedge/certs
echo certificate >{tmp_path}/root/etc/kubeedge/certs/server.crt
printf 'kind: EdgeCore\\nmodules:\\n  edgeHub:\\n    token: ""\\n' >{tmp_path}/root/etc/kubeedge/config/edgecore.yaml
"""
    write_files(bin_, {"systemctl": systemctl, "keadm": keadm, "uname": "#!/bin/sh\necho x86_64\n"}.items())
    for program in bin_.iterdir():
        program.chmod(0o755)
    kernel = {
        "proc/meminfo": "MemTotal:        4000000 kB\n",
        "proc/cpuinfo": "processor\t: 0\nprocessor\t: 1\nprocessor\t: 2\nprocessor\t: 3\n",
        "etc/containerd/config.toml": 'config_path = "/etc/containerd/certs.d"\n',
    }
    write_files(tmp_path / "root", kernel.items())
    return {
        "MILEPOST_ROOT": str(tmp_path / "root"),
        "MILEPOST_KEADM": "keadm",
        "PATH": f"{bin_}:{os.environ['PATH']}",
        "KEADM_TOKEN": "abc",
        "log": str(log),
    }


def on_machine(tree: Path, machine: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in machine.items() if key.isupper()}
    command = ["sh", str(tree / "bootstrap/join/join.sh"), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def joined(tmp_path: Path, machine: Mapping[str, str]) -> Path:
    access = {"line": "proxy", "proxy": {"pulls": "http://p.example:3128"}}
    tree = write_tree(edge_fleet(tmp_path / "spec", access=access), tmp_path / "tree") / "north"
    done = on_machine(tree, machine, "node", "a1")
    assert done.returncode == 0, done.stdout + done.stderr
    return tree


def test_a_node_joins_step_by_step(tmp_path: Path, machine: Mapping[str, str]) -> None:
    """Proxy and kernel settings before keadm pulls; then keadm; then EdgeCore starts anew with what its class says."""
    joined(tmp_path, machine)
    log = Path(machine["log"]).read_text().splitlines()
    steps = [line.split()[0] if line.startswith("keadm") else line for line in log]
    assert steps == [
        *("systemctl daemon-reload", "systemctl restart containerd", "keadm"),
        *("systemctl stop edgecore", "systemctl start edgecore", "systemctl is-active --quiet edgecore"),
    ]
    flags = parse_join(next(line for line in log if line.startswith("keadm")).removeprefix("keadm "))
    assert (flags["--edgenode-name"], flags["--token"]) == ("a1", "abc")
    body = yaml.safe_load((tmp_path / "root/etc/kubeedge/config/edgecore.yaml").read_bytes())
    assert not list(component_faults("EdgeCore", body))
    assert "abc" not in str(body)


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (
            "etc/kubeedge/config/edgecore.yaml",
            'hostnameOverride: "a1"',
            'hostnameOverride: "a2"',
            "hostnameOverride: is a2",
        ),
        (
            "etc/kubeedge/config/edgecore.yaml",
            "cgroupDriver: systemd",
            "cgroupDriver: cgroupfs",
            "cgroupDriver: is cgroupfs",
        ),
        ("etc/kubeedge/config/edgecore.yaml", "    enable: false\n", "    enable: true\n", "enable: is true"),
        ("etc/kubeedge/certs/server.crt", "certificate\n", "", "CloudCore gave none"),
        ("etc/containerd/config.toml", "config_path", "no_path", "hosts.toml is never read"),
        ("etc/sysctl.d/90-milepost.conf", "= 8192", "= 128", "is not that of the spec"),
        ("proc/meminfo", "4000000", "2000000", "memory: has"),
        ("proc/cpuinfo", "processor\t: 3\n", "", "cpu: has 3 cores"),
    ],
)
def test_the_check_finds_what_differs(
    tmp_path: Path, machine: Mapping[str, str], path: str, old: str, new: str, said: str
) -> None:
    """One thing is changed on a sound node; one line says so, and the exit status is 1."""
    tree = joined(tmp_path, machine)
    file = tmp_path / "root" / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    done = on_machine(tree, machine, "check", "a1")
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert said in line


def test_the_check_reads_what_edgecore_makes_of_its_file(tmp_path: Path, machine: Mapping[str, str]) -> None:
    """EdgeCore writes all defaults into its file at its first start, with the keys sorted and most quotes gone."""
    tree = joined(tmp_path, machine)
    file = tmp_path / "root/etc/kubeedge/config/edgecore.yaml"
    body = yaml.safe_load(file.read_bytes())
    body["modules"]["dbTest"] = {"enable": False}
    body["edgecoreVersion"] = "v1.23.1"
    file.write_text(yaml.safe_dump(body, default_flow_style=False))
    done = on_machine(tree, machine, "check", "a1")
    assert done.returncode == 0, done.stdout


def test_every_node_finds_its_class(provinces: tuple[Compilation, Path]) -> None:
    """A list names no class that is not rendered."""
    made, trees = provinces
    for name, compiled in made.provinces.items():
        for node, _ in edge_nodes(compiled.plan.fleet.province):
            of = edge_class(node).name
            assert (trees / name / f"bootstrap/edgecore/{of}.env").is_file()
            assert (trees / name / f"bootstrap/edgecore/{of}.yaml").is_file()
