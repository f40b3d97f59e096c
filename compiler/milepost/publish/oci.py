"""OCI push: every province's tree to a registry, blobs first, then the manifest under the tag.

Until the manifest is there, the tag stands for the old artifact, so a push that is cut short leaves nothing half. What is
there already is not sent again, and a tree that is there under its tag is not pushed at all.

No registry moves a tag only from a certain place, as Git moves a branch. So whoever moved a tag looks at it once more
after ``SETTLE`` seconds, longer than anybody needs from a look at the tag to the move: if it stands for an artifact that
does not follow ours (its ``PARENT`` annotations do not lead to it), another publisher moved it at the same moment without
having seen ours, and everything begins again from what stands there now. That is sound where a registry answers with what
was put last, and where every publisher does so; one that needed longer says that it did.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from milepost.model.record import by_value
from milepost.publish.artifact import PARENT, SOURCE, SOURCE_DATE, TREE, Artifact, Blob, artifact
from milepost.publish.push_registry import PushError, PushRegistry
from milepost.publish.source_commit import SourceCommit
from milepost.publish.standing import Conditions, LostRaceError, PushState
from milepost.publish.trees import ProvinceTree
from milepost.registry.address import Address
from milepost.registry.client import DIGEST
from milepost.registry.credentials import Credentials
from milepost.registry.http import HttpPool

SETTLE = 3.0
"""Seconds that a publisher may take from its last look at a tag until it has moved it; so long it waits for others."""
_ATTEMPTS, _LOOKS = 10, 3
_GENERATIONS = 50
"""Artifacts that may have followed ours before it is looked for."""


@by_value
class PushedArtifact:
    """A pushed artifact. ``digest`` is the manifest's that was put under the tag, would be, or stands there."""

    province: str
    reference: str
    digest: str
    state: PushState

    @property
    def new(self) -> bool:
        """Whether the tag moved, or would."""
        return self.state.goes


def push(
    trees: Sequence[ProvinceTree],
    url: str,
    tag: str,
    http: HttpPool,
    credentials: Credentials,
    rules: Conditions,
    tell: Callable[[str], None] = lambda line: None,
    settle: float = SETTLE,
) -> list[PushedArtifact]:
    """In order of province; ``{province}`` in ``url`` and ``tag`` stands for its name; ``tell`` hears what is begun.

    Raises PushError, RegistryError when a registry cannot be asked, and LostRaceError when every attempt was followed by
    somebody else's.
    """
    registry = PushRegistry(http, credentials)
    turns = []
    for number, tree in enumerate(trees, 1):
        tell(f"{tree.province}: {number} of {len(trees)}")
        turn = _Turn.of(tree, Place.of(tree.province, url, tag), registry, rules, settle)
        turn.take()
        turns.append(turn)
    _hold([turn for turn in turns if turn.moved], settle)
    return [PushedArtifact(turn.tree.province, turn.reference, turn.digest, turn.state) for turn in turns]


def _hold(moved: list[_Turn], settle: float) -> None:
    """Until each tag that was moved stands for what it was moved to, or for what follows it."""
    late = [turn for turn in moved if turn.seconds > settle]
    for attempt in range(_ATTEMPTS):
        if not moved:
            break
        time.sleep(max(0.0, max(turn.moved for turn in moved) + settle - time.monotonic()))
        lost = [turn for turn in moved if not turn.holds()]
        for turn in lost:
            # At random, so that two that collided do not collide again.
            time.sleep(random.uniform(0, settle * min(attempt, 1)))
            turn.take()
        moved = [turn for turn in lost if turn.moved]
        late += [turn for turn in moved if turn.seconds > settle]
    if moved:
        raise LostRaceError(moved[0].reference)
    if late:
        raise PushError(
            f"{late[0].reference} was pushed, but took {late[0].seconds:.0f} s from the last look at the tag: "
            "what somebody else pushed meanwhile may be covered; `milepost status` shows what stands there"
        )


@dataclass(slots=True)
class _Turn:
    """A province's way to its tag: look, push, look again. ``moved`` is when the tag was moved, or 0."""

    tree: ProvinceTree
    reference: str
    address: Address
    tag: str
    made: Artifact
    registry: PushRegistry
    rules: Conditions
    settle: float
    state: PushState = PushState.UNCHANGED
    digest: str = ""
    moved: float = 0.0
    seconds: float = 0.0

    @classmethod
    def of(
        cls, tree: ProvinceTree, place: Place, registry: PushRegistry, rules: Conditions, settle: float
    ) -> _Turn:
        made = artifact(tree, rules.source)
        return cls(tree, place.reference, place.address, place.tag, made, registry, rules, settle)

    def take(self) -> None:
        """One attempt, from what stands there now."""
        self.moved = 0.0
        standing = self._look()
        if self.state is PushState.PUBLISHED:
            # Files before the second look: uploading takes minutes over a slow line, and what
            # matters is what stands there when the tag moves.
            self.registry.push_files(self.address, self.made)
            for _ in range(_LOOKS):
                began = time.monotonic()
                standing = self._look()
                # A busy registry was asked several times: what it said may be old by now.
                if time.monotonic() - began < self.settle / 3:
                    break
            if self.state is PushState.PUBLISHED:
                self._move(standing, began)

    def _look(self) -> Blob | None:
        standing = self.registry.manifest(self.address, self.tag)
        self.state = _state(standing, self.tree, self.rules)
        following = self.made.manifest(standing.digest if standing else None)
        self.digest = following.digest if self.state.goes or standing is None else standing.digest
        return standing

    def _move(self, standing: Blob | None, began: float) -> None:
        manifest = self.made.manifest(standing.digest if standing else None)
        self.registry.push_manifest(self.address, self.tag, manifest)
        self.moved = time.monotonic()
        self.seconds = self.moved - began

    def holds(self) -> bool:
        """Whether the tag stands for what it was moved to, or for what was made in knowledge of it."""
        standing = self.registry.manifest(self.address, self.tag)
        for _ in range(_GENERATIONS):
            if standing is None or standing.digest == self.digest:
                break
            parent = told_by(standing).get(PARENT, "")
            # It came from the registry and becomes part of an address.
            standing = self.registry.manifest(self.address, parent) if DIGEST.fullmatch(parent) else None
        return standing is not None and standing.digest == self.digest


@by_value
class Place:
    """Where a province's artifact stands."""

    reference: str
    address: Address
    tag: str

    @classmethod
    def of(cls, province: str, url: str, tag: str) -> Place:
        """``{province}`` in both stands for its name. Raises PushError for another form than ``oci://``."""
        if not url.startswith("oci://"):
            raise PushError(f"{url} is not an address of the form oci://HOST/REPOSITORY")
        where, name = (text.replace("{province}", province) for text in (url, tag))
        return cls(f"{where}:{name}", Address.of(where.removeprefix("oci://")), name)


def _state(standing: Blob | None, tree: ProvinceTree, rules: Conditions) -> PushState:
    """The same tree may stand there in bytes that another zlib made, or from another commit."""
    if standing is None:
        return rules.state(same=False, foreign=False, theirs=None)
    told = told_by(standing)
    # By the tree and not by the artifact: another version of zlib makes other bytes of the same
    # tree, and to push them would have every cluster fetch what it has.
    same = told.get(TREE) == tree.digest
    return rules.state(same=same, foreign=TREE not in told, theirs=source_told(told))


def source_told(told: Mapping[str, str]) -> SourceCommit | None:
    """The commit of the spec that an artifact's annotations name, or None."""
    return SourceCommit(told[SOURCE], told.get(SOURCE_DATE, ""), "", "") if told.get(SOURCE) else None


def told_by(manifest: Blob) -> Mapping[str, str]:
    """Those of text; none where it is no manifest."""
    try:
        found = json.loads(manifest.data).get("annotations") or {}
        return {str(key): value for key, value in found.items() if isinstance(value, str)}
    except (ValueError, AttributeError, RecursionError):
        return {}
