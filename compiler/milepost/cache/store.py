"""The cache store: records of earlier runs, one per output folder and province, in the user's cache folder.

A record is made of what was done: its key of the bytes that were compiled, its signature of the files that were put in
place, taken before anybody else saw them. So it stays true whatever another run, or a person, does at the same time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from milepost.cache import fingerprint
from milepost.cache.diagnostic_records import packed, unpacked
from milepost.cache.digests import agree, seen_by, spec_files, tables_of
from milepost.cache.place import NoCacheError, cache_folder
from milepost.diagnostics import Diagnostic
from milepost.emit.file_states import standing_signature
from milepost.model.digest import combined
from milepost.model.matches import Matches
from milepost.model.record import by_value
from milepost.staging import replace_files

if TYPE_CHECKING:
    from milepost.model.parsed import ParsedSpec


@by_value
class RunRecord:
    """The cached record of a run: numbers and diagnostics of one province, or of the whole fleet."""

    numbers: dict[str, int]
    diagnostics: tuple[Diagnostic, ...] = ()
    matches: Matches = field(default_factory=Matches)


@by_value
class Done:
    """A province as it was compiled: what was said of it, the digests of its inventory, the signature of its tree."""

    known: RunRecord
    tables: Mapping[str, str]
    stands: str | None


_FLEET = "_fleet"
"""No province is named so."""


class Cache:
    """The cache of one output folder. Whatever is wrong with it means no cache; ``problem`` says what."""

    def __init__(self, spec: Path, output: Path) -> None:
        self.output = output
        self.problem: str | None = None
        self._folder: Path | None = None
        self._compiler = ""
        self._files: dict[str, str] = {}
        self._sound: dict[str, str] = {}
        """Provinces whose records were found to hold, and the keys of those."""
        try:
            # By the real path: two ways to one folder must share a record, or each would find
            # the other's tree changed.
            name = hashlib.sha256(os.fsencode(os.path.realpath(output))).hexdigest()[:20]
            self._compiler = fingerprint.compiler()
            self._files = spec_files(spec)
            self._folder = cache_folder() / name
        except (NoCacheError, OSError) as error:
            self.problem = str(error)

    def nothing_changed(self) -> tuple[RunRecord, dict[str, RunRecord]] | None:
        """What the last run over the whole fleet said, if its spec and every tree of it are as they were."""
        record = self._read(_FLEET)
        keys, fleet = record.get("provinces"), _known(record)
        if fleet is None or not isinstance(keys, dict) or record.get("spec") != self._spec:
            return None
        provinces = {name: self._standing(name, key) for name, key in keys.items()}
        found = {name: known for name, known in provinces.items() if known is not None}
        return (fleet, found) if len(found) == len(provinces) else None

    def unchanged(self, province: str, spec: ParsedSpec) -> RunRecord | None:
        """What was said of a province, if all that it can see and its tree are as they were."""
        tables = {path: self._files.get(path, "") for path in tables_of(province, spec)}
        key = self._key(province, spec, tables)
        known = self._standing(province, key)
        # Remembered for `keep`: what was found to hold goes into the fleet's record without
        # being written anew.
        if known is not None:
            self._sound[province] = key
        return known

    def keep(self, spec: ParsedSpec, provinces: Mapping[str, Done], fleet: RunRecord | None) -> None:
        """Remember provinces that were put in place; ``fleet`` is what else was said, if they are all there are.

        The whole fleet is remembered only if this cache had seen the very files that were then compiled.
        """
        keys, records = dict(self._sound), {}
        read = dict(spec.source.seen)
        for province, done in provinces.items():
            read |= done.tables
            if province not in keys and done.stands is not None:
                keys[province] = self._key(province, spec, done.tables)
                records[province] = {"key": keys[province], "stands": done.stands} | _record(done.known)
        # A file may have changed between the digests at the start and the reading; remembered,
        # that edit would never be compiled.
        if fleet is not None and keys.keys() == provinces.keys() and agree(self._files, read):
            records[_FLEET] = {"spec": self._spec, "provinces": keys} | _record(fleet)
        self._write(records)

    @property
    def _spec(self) -> str:
        return f"{self._compiler} {combined(self._files)}"

    def _key(self, province: str, spec: ParsedSpec, tables: Mapping[str, str]) -> str:
        return f"{self._compiler} {seen_by(province, spec, tables)}"

    def _standing(self, province: str, key: str) -> RunRecord | None:
        """What a record says that was made under ``key``, if the tree stands as it was put in place then."""
        record = self._read(province)
        stands = record.get("stands")
        # The tree is looked at as well: a file that somebody edited or deleted must be written
        # again although no input changed.
        sound = record.get("key") == key and stands and stands == standing_signature(self.output / province)
        return _known(record) if sound else None

    def _read(self, name: str) -> dict[str, Any]:
        if self._folder is None:
            return {}
        path = self._folder / f"{name}.json"
        try:
            record = json.loads(path.read_bytes()) if path.is_file() else {}
        # A damaged record is no record. A cache must never be the reason that a compile fails.
        except (OSError, ValueError, RecursionError):
            return {}
        return record if isinstance(record, dict) else {}

    def _write(self, records: Mapping[str, Mapping[str, Any]]) -> None:
        """Each in one step; a machine without room for records does without."""
        if self._folder is None or not records:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_files(
                self._folder, {f"{name}.json": json.dumps(r).encode() for name, r in records.items()}
            )
        except (OSError, ValueError) as error:
            self.problem = str(error)


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
