"""A release step carried out: its document is edited, the spec read again, and the edit taken back if it does not hold.

Comments and layout stay as people wrote them; of several files all change, or none. Nothing is compiled and nothing is
committed: that is for whoever looks at the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from milepost import pipeline, staging
from milepost.diagnostics import Diagnostic, Sink, did_you_mean
from milepost.load.yaml import yaml_edit
from milepost.model import release_steps
from milepost.model.fleet import NO_VERSION, Application, Release
from milepost.model.record import by_value
from milepost.model.release_steps import NoReleaseStepError, ReleaseStep


@by_value
class StepResult:
    """The result of a release step: the sentence and the files that were edited, or why the spec did not hold."""

    said: str = ""
    files: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        return not self.files


def step(root: Path, name: str | None, choose: Callable[[Release], ReleaseStep]) -> StepResult:
    """Carry out what ``choose`` says about a release. Raises NoReleaseStepError, edit.CannotEditError, OSError."""
    return move(root, lambda shared: _stepped(root, find(shared, name), choose))


def finish(root: Path, name: str | None) -> StepResult:
    """End a release: its application gets the new version, its document goes. Raises as ``step``."""
    return move(root, lambda shared: _finished(root, shared, find(shared, name)))


def take_back(root: Path) -> None:
    """Undo half a step, if one was killed; nothing else is touched. Raises OSError."""
    if staging.pending(root):
        with staging.locked(root):
            staging.clean(root)


@by_value
class SpecChange:
    """The sentence, and the bytes of each file before (None where there was none) and after; an empty file goes."""

    said: str
    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes]


def move(
    root: Path,
    edit_of: Callable[[pipeline.SharedSpec], SpecChange],
    instead: Mapping[str, bytes] | None = None,
) -> StepResult:
    """One step at a time; what a killed one left half done is taken back first. Raises OSError.

    ``instead`` are files without which the spec does not hold, and that the step is about to write.
    """
    with staging.locked(root):
        staging.clean(root)
        sink = Sink()
        shared = pipeline.read(root, sink, instead=instead)
        return StepResult(diagnostics=tuple(sink)) if shared is None else _put(root, edit_of(shared))


def _stepped(root: Path, release: Release, choose: Callable[[Release], ReleaseStep]) -> SpecChange:
    chosen = choose(release)
    path = release.origin.document.path
    before = (root / path).read_bytes()
    text, newline = text_of(before)
    where = yaml_edit.document(text, "Release", release.name)
    for change in chosen.changes:
        if change.value is None:
            text = yaml_edit.remove(text, where, change.path)
        else:
            text = yaml_edit.set_value(text, where, change.path, change.value)
    return SpecChange(chosen.said, {path: before}, {path: text.replace("\n", newline).encode()})


def _finished(root: Path, shared: pipeline.SharedSpec, release: Release) -> SpecChange:
    application = next(a for a in shared.catalog.applications if a.name == release.application)
    version = release_steps.finish(release, application, frozenset(shared.spec.station_groups))
    documents = (application.origin.document, release.origin.document)
    before = {document.path: (root / document.path).read_bytes() for document in documents}
    texts = {path: text_of(data) for path, data in before.items()}
    edited = {path: text for path, (text, _) in texts.items()}
    path = application.origin.document.path
    where = yaml_edit.document(edited[path], "Application", application.name)
    if release.to == NO_VERSION:
        edited[path] = yaml_edit.remove_document(edited[path], where)
    elif version is not None:
        edited[path] = yaml_edit.set_value(edited[path], where, ("spec", "version"), version)
    path = release.origin.document.path
    # The application first, then the release: both may stand in one file, whose text has then
    # changed already.
    edited[path] = yaml_edit.remove_document(
        edited[path], yaml_edit.document(edited[path], "Release", release.name)
    )
    said = f'release "{release.name}" has ended; "{application.name}" runs {release.to}'
    if release.to == NO_VERSION:
        said = f'release "{release.name}" has ended; "{application.name}" runs nowhere and has left the spec'
    after = {path: text.replace("\n", texts[path][1]).encode() for path, text in edited.items()}
    if (left := _edition_left(shared, release)) is not None:
        gone = {path: (root / path).read_bytes() for path in _files_of(left, shared)}
        return SpecChange(said, before | gone, after | dict.fromkeys(gone, b""))
    if any(edition.frozen == release.to for edition in shared.catalog.editions):
        said += ", by its edition; what the Application says runs nowhere"
    return SpecChange(said, before, after)


def _edition_left(shared: pipeline.SharedSpec, release: Release) -> Application | None:
    """The edition that no station group runs any more when the release has ended."""
    return next(
        (e for e in shared.catalog.editions if e.name == release.application and e.frozen == release.start),
        None,
    )


def _files_of(edition: Application, shared: pipeline.SharedSpec) -> Iterator[str]:
    """Its document's file, and the copies beside it."""
    path = edition.origin.document.path
    if sum(document.path == path for document in shared.spec.source.documents) > 1:
        raise NoReleaseStepError(f"{path} holds other documents as well; remove the edition by hand")
    folder = path.rpartition("/")[0] + "/"
    named = (*shared.spec.source.files, *shared.spec.source.manifests)
    yield path
    yield from (name for name in named if name.startswith(folder))


def find(shared: pipeline.SharedSpec, name: str | None) -> Release:
    """The release of that name, or the only one. Raises NoReleaseStepError."""
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


def _put(root: Path, edit: SpecChange) -> StepResult:
    """Read the spec as it would be, and write what differs if it has no errors."""
    after = {path: data for path, data in edit.after.items() if data != edit.before[path]}
    sink = Sink()
    # Read as it would be, before anything is written: a step that makes the spec wrong leaves
    # no trace.
    if pipeline.read(root, sink, instead=after) is None:
        return StepResult(edit.said, diagnostics=tuple(sink))
    for path in after:
        # An editor does not know our lock. What a person saved meanwhile must not be
        # overwritten.
        now = (root / path).read_bytes() if (root / path).exists() else None
        if now != edit.before[path]:
            raise OSError(f"{(root / path).as_posix()} was edited meanwhile; nothing was changed, try again")
    staging.replace_together(root, {path: data or None for path, data in after.items()})
    for path in (path for path, data in after.items() if not data):
        _remove_empty_folders((root / path).parent, root)
    return StepResult(edit.said, tuple(sorted(after)), tuple(sink))


def _remove_empty_folders(folder: Path, root: Path) -> None:
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def text_of(data: bytes) -> tuple[str, str]:
    """Text with plain newlines, and the newline that the file uses."""
    text = data.decode("utf-8")
    newline = "\r\n" if "\r\n" in text else "\n"
    return text.replace("\r\n", "\n"), newline
