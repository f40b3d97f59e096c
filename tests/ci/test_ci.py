"""The action and the examples for both forges: well formed, in step with each other, and run on the example fleet.

What a forge would do with a file is done here by hand: inputs and outputs are put into expressions, and every ``run`` or
``script`` goes to bash in a repository with a base and a change.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from fleets import EXAMPLE
from publish.forge import Forge, serving

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CI = ROOT / "docs" / "ci"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
GITLAB = yaml.safe_load((CI / "gitlab.yml").read_text())
PROGRAMS = Path(sys.executable).parent


def program(name: str) -> str:
    """The program that came with the tests' own environment."""
    found = shutil.which(name, path=str(PROGRAMS)) or shutil.which(name)
    assert found is not None, f"{name} is among the test dependencies"
    return found


def check(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "docs/ci/github.yml"),
        ("vendor.gitlab-ci", "docs/ci/gitlab.yml"),
    ],
)
def test_files_have_the_shape_that_the_forge_wants(schema: str, file: str) -> None:
    check(program("check-jsonschema"), "--builtin-schema", schema, file)


def test_the_workflow_makes_sense() -> None:
    """Expressions, contexts and inputs of actions are known to actionlint."""
    check(program("actionlint"), "-shellcheck=", "-pyflakes=", "docs/ci/github.yml")


def test_the_five_lines_are_a_workflow(tmp_path: Path) -> None:
    """The steps in the page, in a workflow around them, pass actionlint as well."""
    page = (CI / "README.md").read_text()
    steps = re.findall(r"```yaml\n(.*?)```", page, re.S)[0]
    assert len(steps.strip().splitlines()) == 5
    file = tmp_path / "five.yml"
    file.write_text(f"on: pull_request\njobs:\n  fleet:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}")
    check(program("actionlint"), "-shellcheck=", "-pyflakes=", str(file))


def test_examples_give_inputs_that_the_action_has() -> None:
    workflow = yaml.safe_load((CI / "github.yml").read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["with"] for step in steps if step.get("uses", "").startswith("example/milepost@")]
    assert len(used) == 2
    assert all(given.keys() <= ACTION["inputs"].keys() for given in used)


def test_the_page_names_every_input() -> None:
    table = (CI / "README.md").read_text()
    assert all(f"`{name}`" in table for name in ACTION["inputs"])


def test_no_expression_stands_in_a_script() -> None:
    """Names from a pull request reach a shell as variables, never as its program."""
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_programs_come_by_version_and_hash_and_never_to_a_job_with_a_token() -> None:
    """One job of GitLab's example installs; it names no token, and those that do install nothing."""
    scripts = {name: "\n".join(job["script"]) for name, job in GITLAB.items() if "script" in job}
    installing = {name for name, script in scripts.items() if "pip " in script}
    assert installing == {"install"}
    assert "--require-hashes" in scripts["install"]
    assert "TOKEN" not in scripts["install"] and "environment" not in GITLAB["install"]
    assert {name for name, script in scripts.items() if "_TOKEN" in script} == {"review", "publish"}
    assert "MILEPOST_PUBLISH_TOKEN" not in scripts["review"]
    assert all("pip " not in line for line in GITLAB[".milepost"]["before_script"])


def test_the_action_installs_by_version_and_hash() -> None:
    (install,) = (step["run"] for step in ACTION["runs"]["steps"] if step.get("name") == "Install Milepost")
    for command in install.split('pip" install')[1:]:
        assert "--require-hashes" in command or "--no-deps" in command


@dataclass
class Change:
    """A repository at a change, the commit that it started from, and a folder for what jobs leave behind."""

    folder: Path
    base: str
    temp: Path

    def run(self, script: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """As both forges run a script; without what the machine's own CI may have set."""
        clean = {
            k: v for k, v in os.environ.items() if not re.match(r"(GITHUB|GITLAB|CI|RUNNER)(_|$)|GIT_", k)
        }
        paths = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
        return subprocess.run(
            [program("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env=clean | {"PATH": paths, "MILEPOST_CACHE_DIR": str(self.temp / "cache")} | environment,
            capture_output=True,
            text=True,
            check=False,
        )


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Reader", "-c", "user.email=reader@highway.example", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example fleet and its trees, committed."""
    folder = tmp_path_factory.mktemp("base") / "repository"
    folder.mkdir()
    shutil.copytree(EXAMPLE, folder / "fleet-spec")
    git(folder, "init", "-q", "-b", "main")
    compile_in(folder)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "A fleet")
    return folder


def compile_in(folder: Path) -> None:
    environment = os.environ | {"MILEPOST_CACHE_DIR": str(folder.parent / "compile-cache")}
    command = [sys.executable, "-m", "milepost", "compile", "-q"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


def change(base: Path, root: Path, *edits: tuple[str, str, str]) -> Change:
    """A branch of ``base`` with files edited and compiled anew."""
    folder, temp = root / "repository", root / "temp"
    temp.mkdir()
    shutil.copytree(base, folder)
    for path, old, new in edits:
        file = folder / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
    compile_in(folder)
    git(folder, "commit", "-qam", "A change")
    return Change(folder, git(folder, "rev-parse", "HEAD~1"), temp)


RELEASE = ("fleet-spec/releases/tolling-1.5.0.yaml", "switched: pilot", "switched: south")
DROPPED = (
    ("fleet-spec/applications/gantry.yaml", "- name: gantry-core", "- name: gantry-heart"),
    ("fleet-spec/applications/gantry.yaml", "standby: [gantry-core]", "standby: [gantry-heart]"),
)


@pytest.fixture
def forge() -> Iterator[Forge]:
    with serving() as kept:
        yield kept


class Job:
    """Runs the steps of the action but for those that fetch programs, as GitHub's runner would."""

    def __init__(self, change: Change, forge: Forge, **inputs: str) -> None:
        self.change = change
        self.inputs = {name: str(told.get("default", "")) for name, told in ACTION["inputs"].items()}
        self.inputs |= {"base": change.base, "token": "a-token"} | inputs
        self.outputs: dict[str, dict[str, str]] = {}
        self.outcomes: dict[str, str] = {}
        self.said = ""
        self.failed = False
        event = change.temp / "event.json"
        event.write_text('{"pull_request": {"number": 12}}')
        (change.temp / "output").touch()
        self.environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": forge.url,
            "GITHUB_GRAPHQL_URL": f"{forge.url}/graphql",
            "GITHUB_REPOSITORY": "highway/fleet",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_OUTPUT": str(change.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(change.temp / "summary.md"),
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(change.temp),
        }

    def run(self) -> Job:
        for step in ACTION["runs"]["steps"]:
            if "run" in step and step["name"] != "Install Milepost":
                self._step(step)
        return self

    def _step(self, step: dict[str, Any]) -> None:
        condition = str(step.get("if", "true"))
        always = "cancelled()" in condition
        name = step.get("id", step["name"])
        if (self.failed and not always) or not self.true(condition):
            self.outcomes[name] = "skipped"
            return
        environment = {key: self.value(text) for key, text in step.get("env", {}).items()}
        (self.change.temp / "output").write_text("")
        done = self.change.run(step["run"], self.environment | environment)
        self.said += done.stdout + done.stderr
        self.outcomes[name] = "success" if done.returncode == 0 else "failure"
        self.failed |= done.returncode != 0
        lines = (self.change.temp / "output").read_text().splitlines()
        self.outputs[name] = dict(line.split("=", 1) for line in lines)

    def value(self, text: str) -> str:
        """A text with an expression, or without one."""
        found = re.fullmatch(r"\$\{\{ (.*) \}\}", text)
        return str(self._evaluate(found[1])) if found else text

    def true(self, text: str) -> bool:
        found = re.fullmatch(r"\$\{\{ (.*) \}\}", text)
        return bool(self._evaluate(found[1] if found else text))

    def _evaluate(self, expression: str) -> Any:
        """The few forms that the action uses, said in Python; their ``&&`` and ``||`` give operands, as Python's do."""

        def known(match: re.Match[str]) -> str:
            path = match[0].split(".")
            if path[0] == "inputs":
                return repr(self.inputs[path[1]])
            if path[0] == "steps" and path[2] == "outcome":
                return repr(self.outcomes.get(path[1], "skipped"))
            if path[0] == "steps":
                return repr(self.outputs.get(path[1], {}).get(path[3], ""))
            return repr({"github.event_name": "pull_request"}[match[0]])

        text = re.sub(r"\b(?:inputs|steps|github)(?:\.[a-z-]+[a-z_]*)+", known, expression)
        text = text.replace("!cancelled()", "True").replace("&&", " and ").replace("||", " or ")
        return eval(text, {"__builtins__": {}}, {"true": True})


def test_a_pull_request_is_checked_explained_and_reported(base: Path, tmp_path: Path, forge: Forge) -> None:
    """The comment is made by the first run and edited by the next; the summary stands on the job's page as well."""
    made = change(base, tmp_path, RELEASE)
    job = Job(made, forge, sarif="true").run()
    assert not job.failed, job.said
    assert job.outcomes["Comment"] == job.outcomes["report"] == "success"
    assert job.outputs["diff"]["changed"] == "true"
    ((author, text),) = forge.comments
    assert author == "me" and text.split()[:4] == ["<!--", "milepost", "diff", "-->"]
    assert (made.temp / "summary.md").read_text() == text
    assert json.loads((made.temp / "milepost.sarif").read_text())["version"] == "2.1.0"
    assert "What changes" in (made.temp / "milepost-report.html").read_text()
    assert not Job(made, forge).run().failed
    assert len(forge.comments) == 1


def test_a_guard_fails_the_job_when_all_has_been_told(base: Path, tmp_path: Path, forge: Forge) -> None:
    """A renamed component would stop every gantry's pods."""
    job = Job(change(base, tmp_path, *DROPPED), forge).run()
    assert job.failed
    assert [name for name, outcome in job.outcomes.items() if outcome == "failure"] == ["Guards"]
    assert job.outcomes["report"] == "success"
    assert "A guard must be acknowledged" in forge.comments[0][1]


def test_a_wrong_spec_stops_the_job_at_its_line(base: Path, tmp_path: Path, forge: Forge) -> None:
    """With messages for code scanning all the same."""
    made = change(base, tmp_path, RELEASE)
    file = made.folder / "fleet-spec/applications/gantry.yaml"
    file.write_text(file.read_text().replace("image: gantry-core", "image: gantry-cor"))
    job = Job(made, forge, sarif="true").run()
    assert job.failed
    assert "::error file=fleet-spec/applications/gantry.yaml,line=" in job.said
    assert "gantry-cor" in (made.temp / "milepost.sarif").read_text()
    assert job.outcomes["sarif"] == "success"
    assert not forge.comments


def test_trees_that_are_not_what_the_spec_says_fail_the_job(base: Path, tmp_path: Path, forge: Forge) -> None:
    made = change(base, tmp_path, RELEASE)
    index = made.folder / "rendered/hunan/milepost.json"
    index.write_text(index.read_text().replace('"fleet": "', '"fleet": "an'))
    job = Job(made, forge).run()
    assert job.failed
    assert "rendered/hunan/milepost.json" in job.said
    assert not forge.comments


def test_a_token_that_may_only_read_does_not_fail_the_job(base: Path, tmp_path: Path, forge: Forge) -> None:
    """As in pull requests from forks."""
    forge.refuse = 403
    job = Job(change(base, tmp_path, RELEASE), forge).run()
    assert not job.failed
    assert "::notice title=No comment::" in job.said


def test_without_a_base_the_trees_are_checked_alone(base: Path, tmp_path: Path, forge: Forge) -> None:
    job = Job(change(base, tmp_path, RELEASE), forge, base="", report="false").run()
    assert not job.failed
    assert job.outcomes["diff"] == job.outcomes["Comment"] == job.outcomes["report"] == "skipped"


def test_a_merge_request_is_checked_explained_and_reported(base: Path, tmp_path: Path, forge: Forge) -> None:
    """GitLab's job, its scripts one after the other in one shell."""
    made = change(base, tmp_path, RELEASE)
    environment = GITLAB["variables"] | {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{forge.url}/api/v4",
        "CI_PROJECT_ID": "34",
        "CI_MERGE_REQUEST_IID": "12",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": made.base,
        "CI_PIPELINE_CREATED_AT": "2027-01-15T08:00:00Z",
        "MILEPOST_COMMENT_TOKEN": "a-token",
    }
    done = made.run("\n".join(GITLAB["review"]["script"]), environment)
    assert done.returncode == 0, done.stderr
    assert forge.comments[0][1] == (made.folder / "summary.md").read_text()
    for path in GITLAB["review"]["artifacts"]["paths"]:
        assert (made.folder / path).stat().st_size > 500


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_what_is_merged_reaches_the_provinces_branches(base: Path, tmp_path: Path, name: str) -> None:
    """The publishing script of either example, into a repository on this machine."""
    made = change(base, tmp_path, RELEASE)
    remote = tmp_path / "highway" / ("fleet.git" if name == "gitlab" else "fleet")
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
    server = f"file://{tmp_path}"
    environment = {
        "GITHUB_SERVER_URL": server,
        "GITHUB_REPOSITORY": "highway/fleet",
        "TOKEN": "a-token",
        "CI_SERVER_URL": server,
        "CI_PROJECT_URL": f"{server}/highway/fleet",
        "MILEPOST_PUBLISH_TOKEN": "a-token",
    }
    if name == "github":
        steps = yaml.safe_load((CI / "github.yml").read_text())["jobs"]["publish"]["steps"]
        script = next(step["run"] for step in steps if "run" in step)
    else:
        environment |= GITLAB["variables"]
        script = "\n".join(GITLAB["publish"]["script"])
    done = made.run(script, environment)
    assert done.returncode == 0, done.stderr
    assert git(remote, "branch", "--format=%(refname:short)").split() == [
        "province/guangdong",
        "province/hunan",
        "province/qinghai",
    ]
    assert "a-token" not in done.stdout + done.stderr
