"""Odd machines: homes that are none, folders that take nothing, locales, limits, streams that are closed, names.

Each either compiles to the same bytes or says in a line why it cannot, and changes nothing.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from faults.figures import Figures
from milepost.generate import generate

NAME = "environments"
_UNSET = None


@dataclass(frozen=True)
class Odd:
    """How a machine differs. ``works``: whether a compile must succeed there, must not, or may do either (None)."""

    name: str
    works: bool | None = True
    environment: Mapping[str, str | None] = field(default_factory=dict)
    arrange: Callable[[Path], None] = lambda root: None
    limit: Callable[[], object] = lambda: None
    arguments: tuple[str, ...] = ()
    output: str = "rendered"
    spec: str = "spec"
    python: tuple[str, ...] = ()


def _file(name: str) -> Callable[[Path], None]:
    return lambda root: root.joinpath(name).write_text("")


def _folder(name: str, mode: int) -> Callable[[Path], None]:
    def arrange(root: Path) -> None:
        (root / name).mkdir(parents=True)
        (root / name).chmod(mode)

    return arrange


def _link(name: str, to: str) -> Callable[[Path], None]:
    return lambda root: root.joinpath(name).symlink_to(to)


def _pipe(name: str) -> Callable[[Path], None]:
    return lambda root: os.mkfifo(root / name)


def _moved_spec(name: str) -> Callable[[Path], None]:
    return lambda root: shutil.move(root / "spec", root / name)


def _limit(kind: int, value: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (value, value))


def _environment(name: str, *values: str | None, works: bool | None = True) -> list[Odd]:
    return [
        Odd(f"{name} {'unset' if value is None else repr(value)}", works, {name: value}) for value in values
    ]


ODD: tuple[Odd, ...] = (
    *_environment("HOME", None, "", "relative", "/nonexistent", "/dev/null", "/proc"),
    *_environment("XDG_CACHE_HOME", "", "relative", "/nonexistent", "/dev/full"),
    *_environment("MILEPOST_CACHE_DIR", "", "/proc/none", "/dev/null/x", "x" * 300, "relative/cache"),
    *_environment("TMPDIR", "/nonexistent", "/dev/null"),
    *_environment("PATH", None, "", "/nonexistent"),
    *_environment("LC_ALL", "C", "POSIX", "tr_TR.UTF-8", "zh_CN.GB18030", "no_SUCH"),
    *_environment("TZ", "Pacific/Kiritimati", "nonsense"),
    *_environment("PYTHONHASHSEED", "0", "4294967295"),
    *_environment("PYTHONIOENCODING", "ascii", "utf-16"),
    *_environment("PYTHONUTF8", "0", "1"),
    *_environment("COLUMNS", "0", "1", "nonsense"),
    *_environment("TERM", "dumb", ""),
    *_environment("NO_COLOR", "1"),
    Odd("interpreter without assertions and docstrings", python=("-OO",)),
    Odd("interpreter with warnings as errors", python=("-W", "error")),
    Odd("interpreter that writes no bytecode", python=("-B",)),
    Odd("standard input closed", limit=lambda: os.close(0)),
    Odd("standard output closed", limit=lambda: os.close(1)),
    Odd("standard output onto a full device", limit=lambda: os.dup2(os.open("/dev/full", os.O_WRONLY), 1)),
    Odd("umask 000", limit=lambda: os.umask(0)),
    Odd("umask 077", limit=lambda: os.umask(0o077)),
    Odd("few open files", limit=_limit(resource.RLIMIT_NOFILE, 40)),
    Odd("very few open files", None, limit=_limit(resource.RLIMIT_NOFILE, 8)),
    Odd("small files only", False, limit=_limit(resource.RLIMIT_FSIZE, 600)),
    Odd("no files at all", False, limit=_limit(resource.RLIMIT_FSIZE, 0)),
    Odd("output is a file", False, arrange=_file("rendered")),
    Odd("output is a pipe", False, arrange=_pipe("rendered")),
    Odd(
        "output is a link to a folder",
        arrange=lambda root: (_folder("real", 0o755)(root), _link("rendered", "real")(root)),
    ),  # type: ignore[arg-type, return-value]
    Odd("output is a link to nowhere", None, arrange=_link("rendered", "nowhere")),
    Odd("output is a link to itself", False, arrange=_link("rendered", "rendered")),
    Odd("output below a file", False, arrange=_file("file"), output="file/rendered"),
    Odd("output with a long name", False, output="x" * 300),
    Odd("output with an odd name", output="a 'b' \"c\" \u6e56\u5357 $(x)\n"),
    Odd("output in a deep folder", output="a/b/c/d/e/f/g"),
    Odd("output in the kernel's folder", False, output="/proc/rendered"),
    Odd(
        "spec with an odd name",
        arrange=_moved_spec("a 'b' \u6e56\u5357 $(x)\n"),
        spec="a 'b' \u6e56\u5357 $(x)\n",
    ),
    Odd("cache is a file", arrange=_file("cache")),
    Odd("cache is a pipe", arrange=_pipe("cache")),
    Odd("cache is a link to itself", arrange=_link("cache", "cache")),
    Odd("more processes than provinces", arguments=("--jobs", "7")),
    Odd("one process", arguments=("--jobs", "1")),
)
COUNT, QUICK = len(ODD), 12


def run(count: int, seed: int) -> Figures:
    """``count`` of the environments, spread over all of them from the ``seed``-th on."""
    figures = Figures(
        "The same fleet compiled twice on an odd machine, by the command, as whoever runs the campaign.",
        "The same bytes as anywhere, or exit code 2 and one line that says why, with no traceback and nothing left "
        "behind.",
    )
    stride = max(1, len(ODD) // count)
    chosen = [ODD[(seed + stride * number) % len(ODD)] for number in range(count)]
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch, "spec"), provinces=2, nodes=60, seed=5)
        wanted = _cold(Path(scratch))
        for number, odd in enumerate(chosen):
            root = Path(scratch, f"machine-{number}")
            shutil.copytree(Path(scratch, "spec"), root / "spec")
            _try(odd, root, wanted, figures)
    return figures


def _cold(scratch: Path) -> dict[str, bytes]:
    shutil.copytree(scratch / "spec", scratch / "plain" / "spec")
    assert _command(Odd("plain"), scratch / "plain").returncode == 0
    return _files(scratch / "plain" / "rendered")


def _try(odd: Odd, root: Path, wanted: dict[str, bytes], figures: Figures) -> None:
    odd.arrange(root)
    output = root / odd.output
    before = _files(root)
    for _ in range(2):
        try:
            done = _command(odd, root)
        except subprocess.TimeoutExpired:
            figures.fail(f"{odd.name}: did not end")
            return
        said = done.stderr.decode(errors="replace")
        if wrong := _judge(odd, done.returncode, said, _files(output) == wanted, _files(root) == before):
            figures.fail(f"{odd.name}: {wrong}: {said[-300:]}")
            return
    if list(root.rglob(".milepost-*")):
        figures.fail(f"{odd.name}: something was left behind")
        return
    figures.add("compiled to the same bytes" if done.returncode == 0 else "refused in a line")


def _judge(odd: Odd, code: int, said: str, same: bool, untouched: bool) -> str:
    """What is wrong; nothing if nothing is."""
    if "Traceback" in said or "bug in Milepost" in said:
        return "a traceback"
    if code not in (0, 2) or (odd.works is not None and odd.works != (code == 0)):
        return f"exit code {code}"
    if code == 0:
        return "" if same else "other bytes"
    if not 1 <= len(said.strip().splitlines()) <= 4:
        return "not a line"
    return "" if untouched else "something changed"


def _command(odd: Odd, root: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "HOME": str(root), "MILEPOST_CACHE_DIR": str(root / "cache")}
    if "HOME" in odd.environment or "XDG_CACHE_HOME" in odd.environment:
        del environment["MILEPOST_CACHE_DIR"]
    for name, value in odd.environment.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    command = [sys.executable, *odd.python, "-m", "milepost", "compile", str(root / odd.spec)]
    return subprocess.run(
        [*command, "--output", str(root / odd.output), *odd.arguments],
        env=environment,
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=odd.limit,
        timeout=120,
        check=False,
    )


def _files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but those of a cache; none where it cannot be looked into."""
    found = {}
    try:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not {"cache", ".cache", "milepost"} & set(path.relative_to(folder).parts):
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    except OSError:
        return {}
    return found
