"""Checkouts as people have them: sparse ones, which leave files out, and ignore rules that swallow what was rendered.

Looks at files first: a folder outside of every repository costs no process, and no import of what talks to Git.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def left_out(folder: Path) -> list[str]:
    """Files below ``folder`` that a sparse checkout has left out, as Git names them."""
    control = _control_folder(folder)
    if control is None or not (control / "info" / "sparse-checkout").is_file():
        return []
    return [row[2:] for row in _listed(folder, "-t") if row.startswith("S ")]


def ignored(output: Path, written: Iterable[str]) -> list[str]:
    """Files and folders below ``output`` that hold any of the files ``written`` and that Git ignores.

    None where ``output`` as a whole is ignored: whoever publishes without committing wants that.
    """
    if _control_folder(output) is None:
        return []
    found = _listed(output, "--others", "--ignored", "--exclude-standard", "--directory")
    files = set(written)
    return [path for path in found if path in files or (path.endswith("/") and _any_below(path, files))]


def _any_below(folder: str, files: set[str]) -> bool:
    return folder != "./" and any(file.startswith(folder) for file in files)


def _listed(folder: Path, *options: str) -> list[str]:
    """What ``git ls-files`` prints of a folder, relative to it; nothing where Git has something against the repository."""
    # With it come GitPython and reviews: half a thousand million instructions.
    from milepost.publish.git import GitError, Repository

    repository = Repository.around(folder)
    if repository is None:
        return []
    try:
        rows = repository.run("-C", str(folder.resolve()), "ls-files", "-z", *options, "--", ".")
    except GitError:
        return []
    return [row for row in rows.split("\0") if row]


def _control_folder(path: Path) -> Path | None:
    """The ``.git`` of the work tree around a path; of a worktree or submodule, the folder that its file names."""
    real = path.resolve()
    for folder in (real, *real.parents):
        control = folder / ".git"
        if control.is_dir():
            return control
        if control.is_file():
            named = control.read_text(encoding="utf-8", errors="replace").strip().removeprefix("gitdir: ")
            return folder / named
    return None
