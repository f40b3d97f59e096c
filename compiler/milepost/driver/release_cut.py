"""Release cut: a definition frozen as an edition, and the release that moves station groups to the edited one.

Nothing runs differently by a cut: every group runs the version that it ran, and that version now runs by the edition.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from milepost import pipeline
from milepost.diagnostics import Sink, did_you_mean
from milepost.driver.frozen_values import Frozen, UnsetValueError, frozen_values
from milepost.driver.release_step import SpecChange, StepResult, move, text_of
from milepost.emit import dump
from milepost.load.yaml import yaml_edit
from milepost.model.edition_seal import seal
from milepost.model.fleet import Application, Fleet
from milepost.model.release_steps import NoReleaseStepError
from milepost.model.spec import API_VERSION

UNCHANGED_IMAGES = "every image stays as it is"
"""Why nothing is pulled ahead where only the definition changes."""
_FILE = "edition.yaml"
Waves = Sequence[tuple[str, Sequence[str]]]
"""Name of a wave, and the provinces and station groups that it is for."""


def cut(root: Path, name: str, version: str, base: Path | None, waves: Waves = ()) -> StepResult:
    """Freeze the definition of an application as the spec in ``base`` has it, and release ``version``.

    Without a ``base`` the definition is frozen as it is now, to be edited afterwards. Raises NoReleaseStepError,
    CannotEditError, OSError.
    """
    if base is None:
        return move(root, lambda shared: _cut(root, shared, shared, name, version, waves))
    old = _read(base)
    frozen = _named(old, name)
    # The edited definition may have components that the old version has no image for: it holds only
    # beside the edition.
    edition = {} if _kept(root, frozen) else dict(_edition(old, frozen, {}))
    return move(root, lambda shared: _cut(root, shared, old, name, version, waves), edition)


def _cut(
    root: Path,
    shared: pipeline.SharedSpec,
    old: pipeline.SharedSpec,
    name: str,
    version: str,
    waves: Waves,
) -> SpecChange:
    application, frozen = _named(shared, name), _named(old, name)
    start = application.version
    _check(root, shared, application, frozen, version)
    kept = next((e for e in shared.catalog.editions if e.name == name and e.frozen == start), None)
    if kept is not None and _kept(root, application):
        # A release that was rolled back left it, and what runs is what it holds.
        frozen, files = kept, dict[str, bytes]()
    else:
        files = dict(_edition(old, frozen, {} if old is shared else _values(shared, old, frozen)))
    path = application.origin.document.path
    text, newline = text_of((root / path).read_bytes())
    if version not in application.versions:
        where = yaml_edit.document(text, "Application", name)
        text = yaml_edit.set_value(text, where, ("spec", "versions", version), application.versions[start])
    changed = {path: text.replace("\n", newline).encode()}
    if not any(release.application == name for release in shared.catalog.releases):
        made = f"releases/{_plain(name, version)}.yaml"
        files[made] = _release(shared, application, frozen, version, waves).encode()
    for made in files:
        if (root / made).exists():
            raise NoReleaseStepError(f"{(root / made).as_posix()} is there already; move it out of the way")
    before = {path: (root / path).read_bytes()} | dict.fromkeys(files)
    said = (
        f'version {start} of "{name}" is frozen, and {version} runs by what the Application says from now on'
    )
    return SpecChange(said, before, changed | files)


def _named(shared: pipeline.SharedSpec, name: str) -> Application:
    known = {a.name: a for a in shared.catalog.applications}
    if name not in known:
        raise NoReleaseStepError(
            f'there is no application "{name}"; {did_you_mean(name, known) or ""}'.rstrip("; ")
        )
    return known[name]


def _check(
    root: Path, shared: pipeline.SharedSpec, application: Application, frozen: Application, version: str
) -> None:
    name, start = application.name, application.version
    if not application.at_stations:
        raise NoReleaseStepError(f'"{name}" runs at the province, where no wave moves it')
    if version == start:
        raise NoReleaseStepError(f'"{name}" runs {start} already; give the edited definition another version')
    if start != frozen.version:
        raise NoReleaseStepError(
            f'"{name}" ran {frozen.version} at that commit and runs {start} now; leave `version` to the release'
        )
    for release in shared.catalog.releases:
        if release.application == name and (
            (release.start, release.to) != (start, version) or _kept(root, application)
        ):
            message = f'release "{release.name}" moves "{name}" from {release.start} to {release.to}'
            raise NoReleaseStepError(f"{message}; end it first")


def _kept(root: Path, application: Application) -> bool:
    return (root / _folder(application) / _FILE).exists()


def _folder(application: Application) -> str:
    return f"editions/{application.name}/{application.version}"


def _read(root: Path) -> pipeline.SharedSpec:
    sink = Sink()
    shared = pipeline.read(root, sink)
    if shared is None:
        raise NoReleaseStepError(f"the fleet spec of that commit has errors: {next(iter(sink)).message}")
    return shared


def _values(shared: pipeline.SharedSpec, old: pipeline.SharedSpec, frozen: Application) -> Frozen:
    try:
        return frozen_values(frozen, _fleets(shared, old))
    except UnsetValueError as refused:
        raise NoReleaseStepError(str(refused)) from None


def _fleets(shared: pipeline.SharedSpec, old: pipeline.SharedSpec) -> Iterator[tuple[Fleet, Fleet]]:
    for name in shared.provinces:
        if name in old.provinces:
            sink = Sink()
            before, after = pipeline.fleet(old, name, sink), pipeline.fleet(shared, name, sink)
            if before is None or after is None:
                raise NoReleaseStepError(f"the inventory of {name} has errors: {next(iter(sink)).message}")
            yield before, after


def _edition(old: pipeline.SharedSpec, frozen: Application, values: Frozen) -> Iterator[tuple[str, bytes]]:
    """The edition's document, and copies of the files that its definition names."""
    start, folder = frozen.version, _folder(frozen)
    document = frozen.origin.document
    definition: dict[str, Any] = copy.deepcopy(document.value["spec"])
    templates: dict[str, str] = {}
    manifests: dict[str, object] = {}
    for component in definition["components"]:
        for file in component.get("files") or ():
            if path := file.get("template"):
                file["template"] = f"{folder}/{path}"
                templates[file["template"]] = old.spec.source.files[path].text
                yield file["template"], (old.root / path).read_bytes()
        if path := component.get("from"):
            component["from"] = f"{folder}/{path}"
            manifests[component["from"]] = [d.value for d in old.spec.source.manifests[path]]
            yield component["from"], (old.root / path).read_bytes()
    body: dict[str, object] = {
        "application": frozen.name,
        "version": start,
        "seal": seal(definition, values, templates, manifests),
        "definition": definition,
    }
    if values:
        body["values"] = values
    yield f"{folder}/{_FILE}", _document("Edition", _plain(frozen.name, start), body).encode()


def _release(
    shared: pipeline.SharedSpec, application: Application, frozen: Application, version: str, waves: Waves
) -> str:
    tags = application.versions.get(version, application.versions[application.version])
    body: dict[str, object] = {
        "application": application.name,
        "from": application.version,
        "to": version,
        "waves": [_wave(shared, *wave) for wave in waves or _usual_waves(shared, application)],
    }
    if tags == frozen.versions[application.version]:
        body["withoutPrepull"] = UNCHANGED_IMAGES
    return _document("Release", _plain(application.name, version), body)


def _wave(shared: pipeline.SharedSpec, name: str, places: Sequence[str]) -> dict[str, object]:
    provinces = [place for place in places if place in shared.provinces]
    groups = [place for place in places if place in shared.spec.station_groups]
    for place in places:
        if place not in provinces and place not in groups:
            known = {**dict.fromkeys(shared.provinces), **dict.fromkeys(shared.spec.station_groups)}
            hint = did_you_mean(place, known) or ""
            raise NoReleaseStepError(
                f'there is no province and no station group "{place}"; {hint}'.rstrip("; ")
            )
    wave: dict[str, object] = {"name": name}
    return wave | ({"provinces": provinces} if provinces else {}) | ({"groups": groups} if groups else {})


def _usual_waves(shared: pipeline.SharedSpec, application: Application) -> Waves:
    """A pilot of one station group, the rest of its province, then a wave for each other province."""
    wanted = application.stations
    there = {province: list(groups) for province, groups in shared.spec.groups_of.items() if groups}
    candidates = [
        (province, name)
        for province, names in there.items()
        for name in names
        if (not wanted.provinces or province in wanted.provinces)
        and (not wanted.groups or name in wanted.groups)
    ]
    # Every group is in a wave, also where the application has no station today: what is in none would
    # switch when the release ends.
    first, pilot = candidates[0] if candidates else (next(iter(there)), there[next(iter(there))][0])
    rest = [name for name in there[first] if name != pilot]
    return [("pilot", [pilot]), *([(first, rest)] if rest else []), *((p, [p]) for p in there if p != first)]


def _document(kind: str, name: str, spec: Mapping[str, object]) -> str:
    return dump({"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, "spec": spec})


def _plain(name: str, version: str) -> str:
    """A name of a document: ``tolling-1-4-2``."""
    return f"{name}-{version}".lower().replace(".", "-").replace("_", "-").replace("+", "-").rstrip("-")
