"""A fleet spec in a folder -> its trees and what was said about it, in this process and without writing anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from milepost import pipeline
from milepost.diagnostics import Diagnostic, Severity, Sink
from milepost.model.tree import Tree


@dataclass(frozen=True)
class Compilation:
    """What one run over a fleet spec gave. ``trees`` are those of provinces without errors, by name."""

    root: Path
    provinces: dict[str, pipeline.Compiled]
    trees: dict[str, Tree]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> list[Diagnostic]:
        return [d for d in self.diagnostics if d.severity is Severity.ERROR]

    @property
    def codes(self) -> list[str]:
        return [d.code.id for d in self.diagnostics]

    @property
    def files(self) -> dict[str, bytes]:
        """Every rendered file by its path, the province's folder included."""
        return {f"{name}/{path}": data for name, tree in self.trees.items() for path, data in tree.items()}

    @property
    def said(self) -> str:
        """The diagnostics as text, one after the other, without the folder's own path."""
        return "".join(spoken(d) for d in self.diagnostics).replace(str(self.root), "fleet-spec")


def compile_spec(root: Path, wanted: Sequence[str] = ()) -> Compilation:
    """Compile the provinces ``wanted`` (all where none is named) as the command does, each with a sink of its own."""
    sink = Sink()
    shared = pipeline.read(root, sink)
    provinces: dict[str, pipeline.Compiled] = {}
    for name in pipeline.choose(shared, wanted) if shared else ():
        own = Sink()
        compiled = pipeline.compile_province(shared, name, own)  # type: ignore[arg-type]
        sink.extend(own)
        if compiled is not None:
            provinces[name] = compiled
    trees = {name: _made(pipeline.render(compiled)) for name, compiled in provinces.items()}
    return Compilation(root, provinces, trees, tuple(sink))


def _made(tree: Tree) -> Tree:
    """With the bytes in it, as tests read them more than once."""
    found = Tree(tree.province)
    found.update(tree.items())
    return found


def spoken(diagnostic: Diagnostic) -> str:
    """A diagnostic as plain text: place, severity, code and message; then what else, then what to do."""
    place = "" if diagnostic.span is None else f"{diagnostic.span}: "
    lines = [f"{place}{diagnostic.severity} {diagnostic.code.id}: {diagnostic.message}"]
    lines += [f"  see {related.span}: {related.message}" for related in diagnostic.related]
    lines += [f"  help: {diagnostic.hint}"] if diagnostic.hint else []
    return "\n".join(lines) + "\n"


def write_files(root: Path, files: Iterable[tuple[str, str]]) -> Path:
    """Write a fleet spec into ``root``; give ``root``."""
    for path, text in files:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def read_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below ``root`` by its relative path, in order of path."""
    for file in sorted(p for p in root.rglob("*") if p.is_file()):
        yield file.relative_to(root).as_posix(), file.read_bytes()
