"""Carries out a step of a release: edits its document, reads the whole spec again, takes the edit back if it does not hold.

Comments and layout stay as people wrote them. Nothing is compiled and nothing is committed: that is for whoever looks
at the difference.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from milepost import pipeline
from milepost.diagnostics import Diagnostic, Sink, did_you_mean
from milepost.load.yaml import yaml_edit
from milepost.model import release_steps
from milepost.model.fleet import Release
from milepost.model.release_steps import NoReleaseStepError, ReleaseStep


@dataclass(frozen=True, slots=True)
class StepResult:
    """What came of a step: the sentence and the files that were edited, or why the spec did not hold."""

    said: str = ""
    files: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        return not self.files


def step(root: Path, name: str | None, choose: Callable[[Release], ReleaseStep]) -> StepResult:
    """Carry out what ``choose`` says about a release. Raises NoStepError, edit.CannotEditError, OSError."""
    sink = Sink()
    shared = pipeline.read(root, sink)
    if shared is None:
        return StepResult(diagnostics=tuple(sink))
    release = find(shared, name)
    chosen = choose(release)
    path = release.origin.document.path
    text, newline = _read(root / path)
    where = yaml_edit.document(text, "Release", release.name)
    for change in chosen.changes:
        if change.value is None:
            text = yaml_edit.remove(text, where, change.path)
        else:
            text = yaml_edit.set_value(text, where, change.path, change.value)
    return _put(root, {path: text.replace("\n", newline)}, chosen.said)


def finish(root: Path, name: str | None) -> StepResult:
    """End a release: its application gets the new version, its document goes. Raises as ``step``."""
    sink = Sink()
    shared = pipeline.read(root, sink)
    if shared is None:
        return StepResult(diagnostics=tuple(sink))
    release = find(shared, name)
    application = next(a for a in shared.catalog.applications if a.name == release.application)
    version = release_steps.finish(release, application, frozenset(shared.spec.station_groups))
    texts: dict[str, tuple[str, str]] = {}
    for document in (application.origin.document, release.origin.document):
        texts.setdefault(document.path, _read(root / document.path))
    edited = {path: text for path, (text, _) in texts.items()}
    if version is not None:
        path = application.origin.document.path
        where = yaml_edit.document(edited[path], "Application", application.name)
        edited[path] = yaml_edit.set_value(edited[path], where, ("spec", "version"), version)
    path = release.origin.document.path
    edited[path] = yaml_edit.remove_document(
        edited[path], yaml_edit.document(edited[path], "Release", release.name)
    )
    said = f'release "{release.name}" has ended; "{application.name}" runs {release.to}'
    changed = {
        path: text.replace("\n", texts[path][1]) for path, text in edited.items() if text != texts[path][0]
    }
    return _put(root, changed, said)


def find(shared: pipeline.SharedSpec, name: str | None) -> Release:
    """The release of that name, or the only one. Raises NoStepError."""
    found = {release.name: release for release in shared.catalog.releases}
    if name is None and len(found) == 1:
        return next(iter(found.values()))
    if name in found:
        return found[name]
    if name is None:
        known = (
            f"there are several releases, name one with --release: {', '.join(found)}"
            if found
            else "there is no release in the spec"
        )
        raise NoReleaseStepError(known)
    raise NoReleaseStepError(f'there is no release "{name}"; {did_you_mean(name, found) or ""}'.rstrip("; "))


def _put(root: Path, texts: Mapping[str, str], said: str) -> StepResult:
    """Write, read the spec again, and put the old bytes back if it has errors that it had not."""
    old = {path: (root / path).read_bytes() for path in texts}
    sink = Sink()
    held = False
    try:
        for path, text in texts.items():
            _replace(root / path, text.encode())
        held = pipeline.read(root, sink) is not None
    finally:
        if not held:
            for path, data in old.items():
                _replace(root / path, data)
    if not held:
        return StepResult(said, diagnostics=tuple(sink))
    return StepResult(said, tuple(sorted(texts)), tuple(sink))


def _read(path: Path) -> tuple[str, str]:
    """A file's text with plain newlines, and the newline that it uses."""
    text = path.read_bytes().decode("utf-8")
    newline = "\r\n" if "\r\n" in text else "\n"
    return text.replace("\r\n", "\n"), newline


def _replace(path: Path, data: bytes) -> None:
    """Put ``data`` in place in one step; a file without content goes."""
    if not data:
        path.unlink()
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".milepost-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if path.exists():
            shutil.copymode(path, temporary)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
