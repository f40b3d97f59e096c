"""The commands as a shell sees them: exit codes, streams, and how little they load."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from milepost.staging import locked

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "fleet-spec"


def milepost(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "milepost", *arguments],
        cwd=cwd,
        env=os.environ | {"NO_COLOR": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    assert milepost("init", "fleet-spec", cwd=tmp_path).returncode == 0
    return tmp_path


def test_a_new_fleet_compiles_at_once_and_checks_clean(small: Path) -> None:
    compiled = milepost("compile", cwd=small)
    assert (compiled.returncode, compiled.stdout) == (0, "")
    assert "rendered/hunan: 2 stations, 6 nodes" in compiled.stderr
    assert milepost("compile", "--check", cwd=small).returncode == 0


def test_init_refuses_a_folder_that_holds_something(small: Path) -> None:
    again = milepost("init", "fleet-spec", cwd=small)
    assert again.returncode == 2
    assert "not an empty folder" in again.stderr


def test_a_wrong_spec_exits_1_with_a_place_on_stderr(small: Path) -> None:
    tolling = small / "fleet-spec" / "tolling.yaml"
    tolling.write_text(tolling.read_text().replace("replicas: 2", "replcas: 2"))
    result = milepost("validate", cwd=small)
    assert (result.returncode, result.stdout) == (1, "")
    assert "fleet-spec/tolling.yaml:26:7: error MP2002" in result.stderr


def test_json_goes_to_stdout_alone(small: Path) -> None:
    tolling = small / "fleet-spec" / "tolling.yaml"
    tolling.write_text(tolling.read_text().replace("replicas: 2", "replcas: 2"))
    result = milepost("validate", "--format", "json", cwd=small)
    assert result.returncode == 1
    assert "MP2002" in json.dumps(json.loads(result.stdout))
    assert result.stderr == ""


def test_a_difference_exits_3_and_names_the_file(small: Path) -> None:
    milepost("compile", cwd=small)
    index = small / "rendered" / "hunan" / "milepost.json"
    index.write_text(index.read_text() + "\n")
    result = milepost("compile", "--check", cwd=small)
    assert result.returncode == 3
    assert "changed  rendered/hunan/milepost.json" in result.stderr


def test_usage_errors_exit_2_with_the_near_name(small: Path) -> None:
    assert milepost("compile", "--province", "hunann", cwd=small).returncode == 2
    wrong = milepost("complie", cwd=small)
    assert wrong.returncode == 2
    assert 'did you mean "compile"?' in wrong.stderr


def test_explain_leads_from_an_object_back_to_the_spec(small: Path) -> None:
    result = milepost("explain", "Deployment/tolling-station-service-hn-g4-zhaoshan", cwd=small)
    assert result.returncode == 0
    assert "asked for here  fleet-spec/tolling.yaml:24" in result.stdout
    assert "for station hn-g4-zhaoshan  fleet-spec/stations.csv:2" in result.stdout


def test_explain_leads_from_a_rendered_line_back_and_from_a_line_of_the_spec_forward(small: Path) -> None:
    milepost("compile", cwd=small)
    path = "rendered/hunan/groups/hn-g4/hn-g4-zhaoshan.yaml"
    lines = (small / path).read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "replicas: 2" in text)
    back = milepost("explain", f"{path}:{line}", cwd=small).stdout
    assert back.startswith("Deployment tolling-station-service-hn-g4-zhaoshan in hunan/groups/hn-g4/")
    forward = milepost("explain", "fleet-spec/tolling.yaml:26", cwd=small).stdout
    assert "Deployment tolling-station-service-hn-g4-zhaoshan in hunan/groups/hn-g4/" in forward
    row = milepost("explain", "fleet-spec/stations.csv:3", cwd=small).stdout
    assert row.startswith("station hn-g4-k1511, a gantry at K1511+200 of hn-g4")
    assert milepost("explain", "fleet-spec/stations.csv:99", cwd=small).returncode == 2


def test_a_line_of_a_section_leads_to_what_it_alone_asks_for(tmp_path: Path) -> None:
    """Objects that all sections have are made once for all of them, and each is still asked for by its own lines."""
    shutil.copytree(EXAMPLE, tmp_path / "fleet-spec")
    sections = (EXAMPLE / "provinces" / "hunan" / "sections.yaml").read_text().splitlines()
    for name in ("hn-g4-changtan", "hn-g4-leiyi"):
        line = next(n for n, text in enumerate(sections, 1) if f"name: {name}" in text)
        said = milepost("explain", f"fleet-spec/provinces/hunan/sections.yaml:{line}", cwd=tmp_path).stdout
        assert f"RoleBinding owners in hunan/platform/access/{name}.yaml" in said, said
        assert "more file" not in said


def test_explain_says_what_a_file_without_objects_lists(small: Path) -> None:
    """The one line that a wave changes stands in such a file: it leads to the section and the version's cursor."""
    milepost("compile", cwd=small)
    path = next((small / "rendered").glob("*/groups/*/kustomization.yaml"))
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "/releases/" in text)
    said = milepost("explain", f"{path.relative_to(small)}:{line}", cwd=small).stdout
    assert lines[line - 1].strip() in said
    assert f"station group {path.parent.name}" in said and "runs tolling" in said
    beyond = milepost("explain", f"{path.relative_to(small)}:{len(lines) + 1}", cwd=small)
    assert beyond.returncode == 2 and "nothing stands at" in beyond.stderr


def test_explain_names_the_level_that_set_a_value(small: Path) -> None:
    result = milepost("explain", "hn-g4-k1511-a", cwd=small)
    assert "value code = 4300511, set at gantry  fleet-spec/stations.csv:3" in result.stdout
    assert "value log_level = info, set at network-center  fleet-spec/fleet.yaml:14" in result.stdout


def test_explain_shows_the_page_of_a_code() -> None:
    result = milepost("explain", "mp4001")
    assert result.returncode == 0
    assert result.stdout.startswith("MP4001 (error): not enough matching nodes")


def test_explain_of_an_unknown_name_exits_2(small: Path) -> None:
    assert milepost("explain", "nobody", cwd=small).returncode == 2


@pytest.mark.parametrize("library", ["pydantic", "yaml", "jinja2", "jsonschema_rs", "git", "ruamel"])
def test_help_loads_no_library_but_click(library: str) -> None:
    """That is what keeps it within 150 ms."""
    program = "import sys; from milepost.cli.main import _run; _run(['--help']); print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert library not in result.stdout.split()


def test_a_run_in_which_nothing_changed_loads_no_compiler(small: Path) -> None:
    environment = {"MILEPOST_CACHE_DIR": str(small / "cache")}
    milepost("compile", cwd=small, **environment)
    program = (
        "import sys; from milepost.cli.main import _run; print(_run(['compile', '-q'])); print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=small,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = result.stdout.split("\n")[:2]
    assert code == "0"
    assert not {"pydantic", "yaml", "jinja2"} & set(modules.split())


@pytest.mark.parametrize("command", ["validate", "compile"])
def test_pipes_and_devices_in_a_spec_are_never_read(small: Path, command: str) -> None:
    """Reading one would wait for ever, or fill the memory. Those named like documents are errors at their path."""
    spec = small / "fleet-spec"
    os.mkfifo(spec / "pipe")
    (spec / "zero").symlink_to("/dev/zero")
    assert milepost(command, cwd=small).returncode == 0
    os.mkfifo(spec / "pipe.yaml")
    (spec / "zero.yaml").symlink_to("/dev/zero")
    result = milepost(command, cwd=small)
    assert result.returncode == 1
    assert "fleet-spec/pipe.yaml:1:1: error MP1007: pipe.yaml is not a regular file" in result.stderr
    assert "zero.yaml is not a regular file" in result.stderr


@pytest.mark.parametrize("command", ["validate", "compile", "plan", "report", "owners", "release status"])
def test_a_folder_that_is_not_there_exits_2(tmp_path: Path, command: str) -> None:
    """Milepost could not run, and nobody's spec is wrong."""
    result = milepost(*command.split(), "nowhere", cwd=tmp_path)
    assert result.returncode == 2
    assert "nowhere does not exist; name the folder" in result.stderr
    (tmp_path / "nowhere").write_text("")
    assert "nowhere is not a folder" in milepost("validate", "nowhere", cwd=tmp_path).stderr


@pytest.mark.parametrize("output", ["fleet-spec", "fleet-spec/rendered", ".", "link/rendered"])
def test_output_and_spec_lie_beside_each_other(small: Path, output: str) -> None:
    """Otherwise trees would be read as a fleet spec, or written over it."""
    (small / "link").symlink_to(small / "fleet-spec")
    result = milepost("compile", "--output", output, cwd=small)
    assert result.returncode == 2
    assert "lie one in the other" in result.stderr
    assert not (small / "fleet-spec" / "rendered").exists()


def test_a_quiet_check_says_nothing_of_a_sound_fleet(small: Path) -> None:
    """As a quiet compile."""
    result = milepost("validate", "-q", cwd=small)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_a_compile_waits_for_another_one_and_says_so(tmp_path: Path) -> None:
    """Two at once take turns."""
    spec = Path(shutil.copytree(EXAMPLE, tmp_path / "fleet-spec"))
    output = tmp_path / "rendered"
    output.mkdir()
    with locked(output):
        second = subprocess.Popen(
            [sys.executable, "-m", "milepost", "compile", str(spec), "-o", str(output)],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert second.stderr.readline() == f"waiting for another run of Milepost that uses {output}\n"
        assert not any(output.iterdir())
    _, said = second.communicate(timeout=120)
    assert second.returncode == 0, said
    assert sorted(path.name for path in output.iterdir()) == ["guangdong", "hunan", "qinghai"]


def test_what_a_cluster_reports_does_not_reach_the_terminal_as_it_is(small: Path) -> None:
    """An escape in an amount would paint, or hide, what is on the screen."""
    node = {
        "kind": "Node",
        "metadata": {"name": "n"},
        "status": {"capacity": {"memory": "1\n\u001b[31m"}, "allocatable": {"memory": "1\n\u001b[31m"}},
    }
    (small / "nodes.json").write_text(json.dumps(node))
    done = milepost("inventory", "diff", "nodes.json", cwd=small)
    assert done.returncode == 2 and "is no quantity" in done.stderr
    assert "\x1b" not in done.stderr
