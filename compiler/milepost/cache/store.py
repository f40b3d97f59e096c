"""Records of earlier runs, one per output folder and province, in the user's cache folder."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from milepost.cache import fingerprint
from milepost.cache.digests import combined, seen_by, spec_files
from milepost.cache.standing import settle, signature
from milepost.model.written import Spec

Numbers = dict[str, int]
"""What a run says of a province: stations, nodes, objects, files."""


_FLEET = "_fleet"
"""No province is named so."""


class Cache:
    """What is known of one output folder. Unreadable records, and folders that cannot be written, mean no cache."""

    def __init__(self, spec: Path, output: Path) -> None:
        self.output = output
        name = hashlib.sha256(os.fsencode(output.resolve())).hexdigest()[:20]
        self._folder = _cache_folder() / name
        self._compiler = fingerprint.compiler()
        try:
            self._files = spec_files(spec)
        except OSError:
            self._files = {}
        self._spec = combined(self._files)

    def nothing_changed(self) -> dict[str, Numbers] | None:
        """The provinces of the last full run, if its spec and every tree of it are as they were."""
        record = self._read(_FLEET)
        if not self._files or record.get("compiler") != self._compiler or record.get("spec") != self._spec:
            return None
        provinces = {name: self._read(name) for name in record.get("provinces", [])}
        if not all(self._stands(name, found) for name, found in provinces.items()):
            return None
        return {name: found["numbers"] for name, found in provinces.items()}

    def unchanged(self, province: str, spec: Spec) -> Numbers | None:
        """What was said of a province, if all that it can see and its tree are as they were."""
        record = self._read(province)
        if record.get("key") != self._key(province, spec) or not self._stands(province, record):
            return None
        numbers: Numbers = record["numbers"]
        return numbers

    def keep(self, spec: Spec, numbers: Mapping[str, Numbers], *, whole: bool) -> None:
        """Remember provinces that stand as compiled and had nothing to report; ``whole`` if they are all there are."""
        settle()
        for province, found in numbers.items():
            key, stands = self._key(province, spec), signature(self.output / province)
            self._write(province, {"key": key, "stands": stands, "numbers": found})
        if whole:
            self._write(
                _FLEET, {"compiler": self._compiler, "spec": self._spec, "provinces": sorted(numbers)}
            )

    def _key(self, province: str, spec: Spec) -> str:
        return f"{self._compiler} {seen_by(province, self._files, spec)}"

    def _stands(self, province: str, record: Mapping[str, Any]) -> bool:
        stands = record.get("stands")
        return stands is not None and stands == signature(self.output / province)

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
            part.unlink(missing_ok=True)


def _cache_folder() -> Path:
    """``MILEPOST_CACHE_DIR``, or ``milepost`` in the user's cache folder."""
    if chosen := os.environ.get("MILEPOST_CACHE_DIR"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "milepost"
