"""What a peer offers, an environment of its own for it, and the reading of what it made."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from bench import peers
from bench.sample import Sample


class MissingError(RuntimeError):
    """The peer cannot be had here."""


@dataclass(frozen=True, slots=True)
class Home:
    """A Python environment that holds one peer."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def version(self, package: str) -> str:
        script = f"from importlib.metadata import version; print(version({package!r}))"
        return subprocess.run(
            [self.python, "-c", script], check=True, capture_output=True, text=True
        ).stdout.strip()


class Peer(Protocol):
    """``folder`` is an empty one for the peer's input; what it makes goes to ``folder/out`` as YAML or JSON."""

    NAME: str
    NOTE: str
    """What it does in this run, for the page."""
    NEEDS: tuple[str, ...]
    """Arguments of ``pip install``; nothing where this environment has it already."""

    def version(self, home: Home) -> str: ...

    def prepare(self, sample: Sample, folder: Path) -> None: ...

    def command(self, home: Home, folder: Path) -> Sequence[str | Path]: ...


def every() -> Iterator[Any]:
    """The modules beside this one, in order of name."""
    for name in sorted(module.name for module in pkgutil.iter_modules(peers.__path__)):
        module = importlib.import_module(f"{peers.__name__}.{name}")
        if hasattr(module, "NEEDS"):
            yield module


def home_of(peer: Peer, homes: Path) -> Home:
    """The peer's environment below ``homes``, made if need be. Raises MissingError where pip cannot."""
    if not peer.NEEDS:
        return Home(Path(sys.prefix))
    home = Home(homes / peer.NAME.lower())
    ready = home.folder / ".ready"
    if not ready.exists():
        shutil.rmtree(home.folder, ignore_errors=True)
        venv.create(home.folder, with_pip=True)
        pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.NEEDS]
        done = subprocess.run([home.python, *pip], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["pip failed"]
            raise MissingError(f"pip install {' '.join(peer.NEEDS)}: {lines[-1]}")
        ready.touch()
    return home


def objects(folder: Path) -> Iterator[Any]:
    """Every object that stands below ``folder``, those in lists and in mappings that are no objects among them."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        for document in yaml.load_all(file.read_bytes(), Loader=yaml.CSafeLoader):
            yield from _flat(document)


def _flat(node: Any) -> Iterator[Any]:
    if isinstance(node, dict) and "kind" in node:
        yield node
    elif isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _flat(item)
