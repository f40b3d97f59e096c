"""Records of earlier runs, one per output folder and province, in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from milepost.cache import fingerprint
from milepost.cache.diagnostic_records import packed, unpacked
from milepost.cache.digests import combined, seen_by, spec_files
from milepost.cache.freshness import settle, signature
from milepost.diagnostics import Diagnostic
from milepost.model.matches import Matches

if TYPE_CHECKING:
    from milepost.model.parsed import ParsedSpec


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a run said of a province, or of the whole fleet: numbers, and diagnostics."""

    numbers: dict[str, int]
    diagnostics: tuple[Diagnostic, ...] = ()
    matches: Matches = field(default_factory=Matches)


_FLEET = "_fleet"
"""No province is named so."""


class Cache:
    """What is known of one output folder. Unreadable records, and folders that cannot be written, mean no cache."""

    def __init__(self, spec: Path, output: Path) -> None:
        self.output = output
        name = hashlib.sha256(os.fsencode(output.resolve())).hexdigest()[:20]
        self._folder = cache_folder() / name
        self._compiler = fingerprint.compiler()
        try:
            self._files = spec_files(spec)
        except OSError:
            self._files = {}
        self._spec = combined(self._files)
        self._sound: set[str] = set()
        """Provinces whose records were found to hold."""

    def nothing_changed(self) -> tuple[RunRecord, dict[str, RunRecord]] | None:
        """What the last run over the whole fleet said, if its spec and every tree of it are as they were."""
        record = self._read(_FLEET)
        if not self._files or record.get("compiler") != self._compiler or record.get("spec") != self._spec:
            return None
        provinces = {name: self._standing(name, self._read(name)) for name in record.get("provinces", [])}
        found = {name: known for name, known in provinces.items() if known is not None}
        fleet = _known(record)
        return (fleet, found) if fleet is not None and len(found) == len(provinces) else None

    def unchanged(self, province: str, spec: ParsedSpec) -> RunRecord | None:
        """What was said of a province, if all that it can see and its tree are as they were."""
        record = self._read(province)
        known = self._standing(province, record) if record.get("key") == self._key(province, spec) else None
        if known is not None:
            self._sound.add(province)
        return known

    def keep(self, spec: ParsedSpec, provinces: Mapping[str, RunRecord], fleet: RunRecord | None) -> None:
        """Remember provinces that stand as compiled; ``fleet`` is what else was said, if they are all there are."""
        settle()
        for province, known in provinces.items():
            if province in self._sound:
                continue
            record = {"key": self._key(province, spec), "stands": signature(self.output / province)}
            self._write(province, record | _record(known))
        if fleet is not None:
            named = {"compiler": self._compiler, "spec": self._spec, "provinces": sorted(provinces)}
            self._write(_FLEET, named | _record(fleet))

    def _key(self, province: str, spec: ParsedSpec) -> str:
        return f"{self._compiler} {seen_by(province, self._files, spec)}"

    def _standing(self, province: str, record: Mapping[str, Any]) -> RunRecord | None:
        stands = record.get("stands")
        return _known(record) if stands and stands == signature(self.output / province) else None

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _read(self, name: str) -> dict[str, Any]:
        try:
            record = json.loads(self._path(name).read_bytes())
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def _write(self, name: str, record: Mapping[str, Any]) -> None:
        """In one step; a machine without room for a record does without."""
        path = self._path(name)
        part = path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(record))
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()


def _record(known: RunRecord) -> dict[str, Any]:
    matches = {name: sorted(found) for name, found in known.matches._asdict().items()}
    return {
        "numbers": known.numbers,
        "diagnostics": [packed(d) for d in known.diagnostics],
        "matches": matches,
    }


def _known(record: Mapping[str, Any]) -> RunRecord | None:
    try:
        matches = Matches(**{name: frozenset(found) for name, found in record["matches"].items()})
        return RunRecord(record["numbers"], tuple(unpacked(d) for d in record["diagnostics"]), matches)
    except (KeyError, TypeError, ValueError):
        return None


def cache_folder() -> Path:
    """``MILEPOST_CACHE_DIR``, or ``milepost`` in the user's cache folder."""
    if chosen := os.environ.get("MILEPOST_CACHE_DIR"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "milepost"
