"""Sound objects: what this process has checked and found without fault, so that later provinces need not be checked for it.

All instances of a template have one shape, which is why rules look at the first of thousands. The same object in another
province is the same template with further instances. What depends on values, such as lengths and secrets, is looked at
in each province.
"""

from __future__ import annotations

from hashlib import sha256

from milepost.model.manifest import Manifest
from milepost.model.province_settings import ClusterVersions

_found: set[bytes] = set()
_MOST = 2**16
"""Since a process may compile many provinces; half a million would be 40 MB."""


class SoundObjects:
    """Those of one province, which become known once nothing was found in any of its objects."""

    def __init__(self, cluster: ClusterVersions, known_secrets: frozenset[str]) -> None:
        self._conditions = repr((cluster, sorted(known_secrets))).encode()
        self._seen: dict[Manifest, bytes] = {}

    def knows(self, manifest: Manifest, path: str) -> bool:
        """Whether an object that differs in placeholders alone was sound, in a file of the same top folder."""
        conditions = self._conditions + path.partition("/")[0].encode()
        key = self._seen[manifest] = sha256(manifest.digest + conditions).digest()
        return key in _found

    def depends_on_values(self, manifest: Manifest) -> None:
        """What fills it decides whether it is sound, so that is asked again in each province."""
        self._seen.pop(manifest, None)

    def remember(self) -> None:
        if len(_found) > _MOST:
            _found.clear()
        _found.update(self._seen.values())
