"""Claims: what Milepost's pages promise, each shown by a change of the base fleet and by what becomes of its tree.

A claim is a Markdown file, ``<page>/<claim>.md``. Its title says what is claimed; lines ``> page: words`` quote what it
shows from ``docs/<page>.md``; a line ``On top of: page/claim`` names a claim whose fleet it changes instead of the
base. Three fenced blocks follow: ``diff spec``, the change; ``diff tree``, the patch of the rendered tree that it
makes; ``text said``, the diagnostics. The last two are goldens: ``pytest --update-goldens`` writes them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases import spec_patch, tree_patch
from compiling import Compilation, compile_spec, read_files, write_files
from milepost.diagnostics import Diagnostic, Severity, Span

FOLDER = Path(__file__).parent
BASE = FOLDER / "base"
_FOLDER = tempfile.TemporaryDirectory(prefix="milepost-cases-")
"""Where fleet specs of claims are written; goes with the process."""
SAME = " the tree stays as it is\n"
_BLOCK = re.compile(r"^```(diff spec|diff tree|text said)\n(.*?)^```\n", re.M | re.S)
_QUOTE = re.compile(r"^> (\w+): (.+)$", re.M)
_PARENT = re.compile(r"^On top of: (\S+)$", re.M)


@dataclass(frozen=True)
class Claim:
    """One file. ``name`` is its path without the suffix; ``quotes`` are pairs of a page and words of it."""

    name: str
    text: str

    @property
    def title(self) -> str:
        return self.text.split("\n", 1)[0].removeprefix("# ")

    @property
    def quotes(self) -> list[tuple[str, str]]:
        return _QUOTE.findall(self.text)

    @property
    def parent(self) -> str | None:
        found = _PARENT.search(self.text)
        return found[1] if found else None

    @property
    def blocks(self) -> dict[str, str]:
        return dict(_BLOCK.findall(self.text))

    @property
    def change(self) -> str:
        return self.blocks.get("diff spec", "")

    @property
    def expected(self) -> bool:
        """Whether somebody has written down, or looked at, what the change leads to."""
        return bool(self.blocks.keys() - {"diff spec"})

    @property
    def refused(self) -> bool:
        """A fleet with errors has no tree."""
        return bool(re.search(r"\berror MP\d+:", self.blocks.get("text said", "")))

    def with_results(self, tree: str, said: str) -> str:
        """The text of the file with these results; a block that would be empty is left out."""
        head = _BLOCK.sub("", self.text.split("```diff spec\n")[0]).rstrip("\n")
        results = {"diff spec": self.change, "diff tree": tree, "text said": said}
        return head + "\n" + "".join(f"\n```{name}\n{text}```\n" for name, text in results.items() if text)


@cache
def names() -> tuple[str, ...]:
    """Every claim, by page and name."""
    return tuple(sorted(p.relative_to(FOLDER).with_suffix("").as_posix() for p in FOLDER.glob("*/*.md")))


def path(name: str) -> Path:
    return FOLDER / f"{name}.md"


@cache
def claim(name: str) -> Claim:
    return Claim(name, path(name).read_text(encoding="utf-8"))


@cache
def fleet_spec(name: str | None) -> Mapping[str, str]:
    """The files of a claim's fleet spec; without a name, of the base."""
    if name is None:
        return {path: data.decode() for path, data in read_files(BASE / "fleet-spec")}
    return spec_patch.apply(claim(name).change, fleet_spec(claim(name).parent))


@cache
def root(name: str | None) -> Path:
    """A folder that holds the fleet spec of a claim."""
    if name is None:
        return BASE / "fleet-spec"
    return write_files(Path(_FOLDER.name) / name, fleet_spec(name).items())


@cache
def compiled(name: str | None) -> Compilation:
    """The fleet of a claim, compiled once per process."""
    return compile_spec(root(name))


def patch(name: str) -> str:
    """What a claim's change does to the tree of the fleet that it changes; nothing where it is refused."""
    made = compiled(name)
    if made.errors:
        return ""
    return tree_patch.patch(compiled(claim(name).parent).files, made.files) or SAME


def said(name: str) -> str:
    """A claim's diagnostics, each place as the line that stands there: its number says nothing to a reader."""
    files = fleet_spec(name)
    return "".join(f"{line}\n" for found in compiled(name).diagnostics for line in _said(found, files, name))


def _said(diagnostic: Diagnostic, files: Mapping[str, str], name: str) -> list[str]:
    severity = "error" if diagnostic.severity is Severity.ERROR else "warning"
    lines = [f"{severity} {diagnostic.code.id}: {diagnostic.message}", *_place(diagnostic.span, files, name)]
    for related in diagnostic.related:
        lines += [f"  see: {related.message}", *_place(related.span, files, name)]
    return [*lines, *([f"  help: {diagnostic.hint}"] if diagnostic.hint else [])]


def _place(span: Span | None, files: Mapping[str, str], name: str) -> list[str]:
    """The file, the line and marks below what is meant of it."""
    if span is None:
        return []
    path = span.path.removeprefix(f"{root(name)}/")
    line = files[path].splitlines()[span.line - 1] if files[path] else ""
    end = span.end_column if span.end_line == span.line else len(line) + 1
    marks = " " * (span.column - 1) + "^" * max(end - span.column, 1)
    return [f"  {path}", f"  | {line}", f"  | {marks}"]
