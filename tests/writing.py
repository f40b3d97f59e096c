"""Every command by what it changes: those that write, each with a scene in which it does, and those that read.

A command that is in neither table fails ``tests/cli/test_writing_commands.py``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from compiling import write_files
from milepost.cli.main import milepost
from milepost.scaffold import write_small_fleet
from milepost.staging import UNDO
from publish import forge
from publish.forest import province, write
from publish.serving import Server, serving
from publish.test_branches import committed
from registry.pictures import picture
from registry.running import PROGRAM, Registries, request
from registry.standin import standin
from small import application, base, component, document, files

COMMAND = (sys.executable, "-m", "milepost")
PRIVATE = ("cache", "tmp", "remote", ".git")
"""Folders of a scene that are no result of a command."""
_EXAMPLE = Path(__file__).parents[1] / "fleet-spec"

State = object
"""What people and clusters see of a scene; two are equal where they see the same."""


@dataclass
class Scene:
    """A folder in which a command runs, and what it changes elsewhere.

    ``template`` is the folder before the command; ``elsewhere`` tells what stands at the other end, which ``reset`` puts
    back.
    """

    template: Path
    folder: Path
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Callable[[], State] = lambda: None
    reset: Callable[[], object] = lambda: None
    rests: bool = True
    """Whether whatever the command leaves in the folder for temporary files is gone after the next one."""

    def prepare(self) -> None:
        """As before the command."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder, symlinks=True)
        (self.folder / "tmp").mkdir()
        self.reset()

    def state(self) -> State:
        return {path: data for path, data in self._files() if ".milepost-" not in path}, self.elsewhere()

    def _files(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder)
            if path.is_file() and name.parts[0] not in PRIVATE:
                yield name.as_posix(), path.read_bytes()

    @property
    def pending(self) -> bool:
        """Whether word stands of a change that is half done, by which the next command takes it back."""
        return any(self.folder.rglob(f".milepost-*/{UNDO}"))

    def leftovers(self) -> list[str]:
        """What no command may leave for ever; what is in ``tmp`` is as old as if hours had passed since."""
        temporary = list((self.folder / "tmp").iterdir())
        for path in temporary:
            with contextlib.suppress(FileNotFoundError):
                os.utime(path, (0, 0))
        # The folder of a cache is cleaned when something is written into it again.
        staging = (
            p for p in self.folder.rglob(".milepost-*") if "cache" not in p.relative_to(self.folder).parts
        )
        found = [*staging, *(temporary if self.rests else ())]
        return sorted(path.relative_to(self.folder).as_posix() for path in found)

    @property
    def command(self) -> tuple[str, ...]:
        return *COMMAND, *self.arguments

    @property
    def variables(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "GITLAB_", "CI_"))}
        own = {
            "MILEPOST_CACHE_DIR": str(self.folder / "cache"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "NO_COLOR": "1",
        }
        return {**kept, **own, **self.environment}


Open = Callable[[Path], contextlib.AbstractContextManager[Scene]]


def _folder(prepare: Callable[[Path], object], *arguments: str, rests: bool = True) -> Open:
    """A command that changes files below the folder alone."""

    @contextlib.contextmanager
    def opened(root: Path) -> Iterator[Scene]:
        (root / "template").mkdir()
        prepare(root / "template")
        yield Scene(root / "template", root / "folder", arguments, rests=rests)

    return opened


def _new(folder: Path) -> None:
    """A fleet of ``milepost init``."""
    write_small_fleet(folder / "fleet-spec")


def _old_tree(folder: Path) -> None:
    """A fleet, its compiled tree in which somebody has edited two files, and a cache that knows it as it was."""
    _new(folder)
    (folder / "tmp").mkdir()
    _run(folder, "compile")
    shutil.rmtree(folder / "tmp")
    for path in sorted((folder / "rendered").rglob("*.yaml"))[:2]:
        path.write_text("edited: by hand\n")


def _release(*steps: str) -> Callable[[Path], None]:
    """The example, whose release has gone these steps."""

    def prepare(folder: Path) -> None:
        shutil.copytree(_EXAMPLE, folder / "fleet-spec")
        for step in steps:
            _run(folder, "release", step)

    return prepare


def _edited_example(folder: Path) -> None:
    """The example as it was committed, with an edited template."""
    shutil.copytree(_EXAMPLE, folder / "fleet-spec")
    committed(folder, "As it was")
    with (folder / "fleet-spec/templates/lane.yaml.j2").open("a") as template:
        template.write("more: 1\n")


def _example_with_old_bundle(folder: Path) -> None:
    """The example, and a bundle in which one file is of before."""
    shutil.copytree(_EXAMPLE, folder / "fleet-spec")
    (folder / "stick").mkdir()
    (folder / "stick/images.txt").write_text("old\n")


def _with_output(name: str) -> Callable[[Path], None]:
    """A new fleet, and a file that will be replaced."""

    def prepare(folder: Path) -> None:
        _new(folder)
        (folder / name).write_text("old\n")

    return prepare


def _with_database(folder: Path) -> None:
    """A fleet that was asked before, and a file that will be replaced."""
    _with_output("rows.parquet")(folder)
    (folder / "tmp").mkdir()
    _run(folder, "query", _SQL)
    shutil.rmtree(folder / "tmp")


def _two_trees(folder: Path) -> None:
    write(province(), folder / "a")
    write(province(version="1.5.0"), folder / "b")
    (folder / "diff.md").write_text("old\n")


def _run(folder: Path, *arguments: str) -> None:
    scene = Scene(folder, folder, arguments)
    done = subprocess.run(scene.command, cwd=folder, env=scene.variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def _images_lock(root: Path) -> Iterator[Scene]:
    with standin() as registry:
        registry.publish("apps/web", "1.0.0", picture(content="web"))
        image = document("Image", "web", {"repository": f"{registry.host}/apps/web", "versions": ["1.0.0"]})
        made = files([*base(), image, application("app", [component("web")])])
        made["images.lock.yaml"] = made["images.lock.yaml"].replace('"1.0.0"', '"0.9.0"')
        write_files(root / "template" / "fleet-spec", made.items())
        yield Scene(root / "template", root / "folder", ("images", "lock"))


@contextlib.contextmanager
def _publish_branches(root: Path) -> Iterator[Scene]:
    """Two branches: one that is there and one that is new."""
    template, at = root / "template", root / "at"
    at.mkdir()
    with serving(at) as server:
        write(province(), template / "rendered")
        committed(template, "One")
        (template / "tmp").mkdir()
        _run(template, "publish", "--repository", server.url)
        shutil.rmtree(template / "tmp")
        shutil.copytree(server.repository, root / "repository")
        write(province(version="1.5.0") | province("qinghai", {"g6": ["x"]}), template / "rendered")
        committed(template, "Two")

        def reset() -> None:
            shutil.rmtree(server.repository)
            shutil.copytree(root / "repository", server.repository)

        arguments = ("publish", "--repository", server.url)
        yield Scene(template, root / "folder", arguments, elsewhere=lambda: _tips(server), reset=reset)


def _tips(server: Server) -> State:
    """As readers see them, when the server has done what it was told to."""
    server.wait_until_quiet()
    server.git("fsck", "--strict")
    return server.tips()


@contextlib.contextmanager
def _publish_artifacts(root: Path) -> Iterator[Scene]:
    old, template = root / "old", root / "template"
    running = Registries(root)
    try:
        centre = running.centre("127.0.0.75:5000")
        centre.start()
        arguments = ("publish", "--oci", f"oci://{centre.address}/rendered/{{province}}")
        write(province(), old / "rendered")
        (old / "tmp").mkdir()
        _run(old, *arguments)
        path, kind = "/v2/rendered/hunan/manifests/hunan", "application/vnd.oci.image.manifest.v1+json"
        before = request(centre.address, "GET", path, {"Accept": kind})[2]
        write(province(version="1.5.0"), template / "rendered")

        def stands() -> State:
            body = request(centre.address, "GET", path, {"Accept": kind})[2]
            return json.loads(body)["annotations"]["dev.milepost.tree"]

        yield Scene(
            template,
            root / "folder",
            arguments,
            elsewhere=stands,
            reset=lambda: request(centre.address, "PUT", path, {"Content-Type": kind}, before),
        )
    finally:
        running.stop()


@contextlib.contextmanager
def _comment(root: Path) -> Iterator[Scene]:
    (root / "template").mkdir()
    (root / "template" / "text.md").write_text("<!-- milepost -->\nnew\n")
    with forge.serving() as running:

        def reset() -> None:
            running.comments[:] = [["me", "<!-- milepost -->\nold\n"]]

        environment = {
            "GITLAB_CI": "true", "CI_API_V4_URL": f"{running.url}/api/v4", "CI_PROJECT_ID": "1",
            "CI_MERGE_REQUEST_IID": "12", "GITLAB_TOKEN": "word",
        }  # fmt: skip
        yield Scene(
            root / "template",
            root / "folder",
            ("comment", "text.md"),
            environment,
            elsewhere=lambda: [list(one) for one in running.comments],
            reset=reset,
        )


_SQL = "SELECT province, station FROM stations ORDER BY ALL"
WRITES: dict[str, Open] = {
    "bundle": _folder(
        _example_with_old_bundle, "bundle", "hn-g4-k1492", "--output", "stick", "--without-images"
    ),
    "comment": _comment,
    "compile": _folder(_old_tree, "compile"),
    "diff": _folder(_two_trees, "diff", "./a", "./b", "--format", "markdown", "--output", "diff.md"),
    "generate": _folder(lambda folder: None, "generate", "fleet-spec", "--provinces", "1", "--nodes", "30"),
    "images lock": _images_lock,
    "init": _folder(lambda folder: None, "init", "fleet-spec"),
    "owners": _folder(
        _with_output("CODEOWNERS"), "owners", "--organization", "toll", "--output", "CODEOWNERS"
    ),
    "publish --oci": _publish_artifacts,
    "publish --repository": _publish_branches,
    # A second question that is answered from the cache makes no folder, and so removes none.
    "query": _folder(
        _with_output("rows.csv"), "query", _SQL, "--format", "csv", "--output", "rows.csv", rests=False
    ),
    "query --format parquet": _folder(
        _with_database,
        "query",
        _SQL,
        "--format",
        "parquet",
        "--output",
        "rows.parquet",
        rests=False,
    ),
    "release advance": _folder(_release(), "release", "advance"),
    "release cut": _folder(_release(), "release", "cut", "gantry", "3.9.0"),
    "release cut --base": _folder(_edited_example, "release", "cut", "gantry", "3.9.0", "--base", "HEAD"),
    "release finish": _folder(_release(*["advance"] * 3), "release", "finish"),
    "release retry": _folder(_release("advance", "advance"), "release", "retry"),
    "release rollback": _folder(_release(*["advance"] * 3), "release", "rollback"),
    "report": _folder(_with_output("report.html"), "report", "--output", "report.html"),
    "schema": _folder(
        lambda folder: (folder / "schemas").mkdir(), "schema", "stations", "--output", "schemas"
    ),
}
"""Command, with the option that makes another one of it, to a scene in which it changes something."""
NEEDS = {"publish --oci": PROGRAM}
"""Programs without which there is no such scene."""

_SPEC_READERS = {
    "explain": ("explain", "fleet-spec/tolling.yaml:24"),
    "images verify": ("images", "verify"),
    "plan": ("plan",),
    "release status": ("release", "status"),
    "simulate reconnect": ("simulate", "reconnect"),
    "validate": ("validate",),
    "what-if": ("what-if", "--lose", "hn-g4-zhaoshan-l01"),
}
READS: dict[str, tuple[str, ...]] = {
    **_SPEC_READERS,
    "inventory diff": ("inventory", "diff", "nodes.json"),
    "inventory relabel": ("inventory", "relabel", "./a", "./b"),
    "status": ("status", "--repository", "remote"),
}
"""Command to arguments, in the folder that ``reading`` makes."""


def reading(folder: Path) -> None:
    """Something to read for each command of ``READS``."""
    _new(folder)
    write(province(), folder / "a")
    write(province(version="1.5.0"), folder / "b")
    (folder / "nodes.json").write_text('{"kind": "List", "items": []}')
    subprocess.run(["git", "init", "-q", "--bare", folder / "remote"], check=True)
    (folder / "tmp").mkdir()


def commands(group: click.Group = milepost, above: str = "") -> Iterator[str]:
    """The name of every command that there is, with those above it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}"
