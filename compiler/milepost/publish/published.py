"""Published state: what each province's branch or artifact holds now, and how it stands to the tree here.

Asks remotes and changes nothing, here or there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from milepost.model.record import by_value
from milepost.model.tree import INDEX
from milepost.publish.artifact import TREE, Blob
from milepost.publish.commit_message import Foreign, source_in
from milepost.publish.network import TimeLimit
from milepost.publish.oci import Place, source_told, told_by
from milepost.publish.push_registry import PushRegistry
from milepost.publish.remote import BranchTip, Remote
from milepost.publish.scratch import remote
from milepost.publish.source_commit import SourceCommit
from milepost.publish.standing import Conditions, PushState
from milepost.publish.tree_id import tree_id
from milepost.publish.trees import ProvinceTree, trees
from milepost.registry.credentials import Credentials
from milepost.registry.http import HttpPool


class PublishedState(StrEnum):
    """How what is published stands to the tree here."""

    CURRENT = "current"
    PENDING = "pending"
    NEWER = "newer"
    FOREIGN = "foreign"
    ABSENT = "absent"
    NO_TREE = "no-tree"


_STATES = {
    PushState.UNCHANGED: PublishedState.CURRENT,
    PushState.WOULD_PUBLISH: PublishedState.PENDING,
    PushState.NEWER: PublishedState.NEWER,
    PushState.FOREIGN: PublishedState.FOREIGN,
}
"""What a publish would do now, as a state."""


@by_value
class PublishedProvince:
    """What a province's cluster pulls.

    ``place`` is a branch or an artifact's reference, ``id`` a commit or a digest, ``""`` where nothing is there.
    ``source`` is the spec's commit that Milepost's newest commit, or the artifact, names; ``foreign`` are the commits on
    top of it that Milepost did not make, the newest first.
    """

    province: str
    place: str
    id: str
    state: PublishedState
    source: SourceCommit | None = None
    foreign: tuple[Foreign, ...] = ()


def names_here(rendered: Path) -> set[str]:
    """Provinces that have a tree here, whole or not."""
    return {path.parent.name for path in rendered.glob(f"*/{INDEX}")}


def local_trees(rendered: Path, provinces: Iterable[str] = ()) -> list[ProvinceTree]:
    """The trees here, of those provinces where any are named. Raises IncompleteTreeError."""
    here = names_here(rendered)
    wanted = here & set(provinces) if provinces else here
    return trees(rendered, wanted) if wanted else []


def in_branches(
    found: Sequence[ProvinceTree],
    provinces: Sequence[str],
    url: str,
    branch: str,
    rules: Conditions,
    limit: TimeLimit,
) -> list[PublishedProvince]:
    """Of ``provinces``, or of those that have a tree here or a branch there; in order of name. Raises GitError."""
    here = {tree.province: tree for tree in found}
    with remote(url, branch, limit=limit) as there:
        names = sorted(set(provinces) or here.keys() | set(there.provinces()))
        tips = there.tips(names)
        return [_of_branch(name, here.get(name), tips.get(name), there, rules) for name in names]


def _of_branch(
    province: str, tree: ProvinceTree | None, tip: BranchTip | None, there: Remote, rules: Conditions
) -> PublishedProvince:
    branch = there.branch(province)
    if tip is None:
        return PublishedProvince(province, branch, "", PublishedState.ABSENT)
    foreign, own = there.foreign(province, tip)
    same = tree is not None and tip.tree == tree_id(tree.named(there.algorithm), there.algorithm)
    state = _state(tree, same, bool(foreign), source_in(own), rules)
    return PublishedProvince(province, branch, tip.commit, state, source_in(own), tuple(foreign))


def _state(
    tree: ProvinceTree | None, same: bool, foreign: bool, theirs: SourceCommit | None, rules: Conditions
) -> PublishedState:
    if tree is None:
        return PublishedState.FOREIGN if foreign else PublishedState.NO_TREE
    return _STATES[rules.state(same=same, foreign=foreign, theirs=theirs)]


def in_artifacts(
    found: Sequence[ProvinceTree],
    provinces: Sequence[str],
    url: str,
    tag: str,
    http: HttpPool,
    credentials: Credentials,
    rules: Conditions,
) -> Iterator[PublishedProvince]:
    """Of ``provinces``, or of those that have a tree here, in order of name. Raises PushError and RegistryError."""
    here = {tree.province: tree for tree in found}
    registry = PushRegistry(http, credentials)
    for name in sorted(set(provinces) or here):
        place = Place.of(name, url, tag)
        standing = registry.manifest(place.address, place.tag)
        yield _of_artifact(name, here.get(name), standing, place, rules)


def _of_artifact(
    province: str, tree: ProvinceTree | None, standing: Blob | None, place: Place, rules: Conditions
) -> PublishedProvince:
    if standing is None:
        return PublishedProvince(province, place.reference, "", PublishedState.ABSENT)
    told = told_by(standing)
    foreign = () if TREE in told else (_foreign(standing),)
    same = tree is not None and told.get(TREE) == tree.digest
    state = _state(tree, same, bool(foreign), source_told(told), rules)
    return PublishedProvince(province, place.reference, standing.digest, state, source_told(told), foreign)


def _foreign(standing: Blob) -> Foreign:
    """By the annotations that other programs give to their artifacts."""
    told = {key.removeprefix("org.opencontainers.image."): value for key, value in told_by(standing).items()}
    subject = told.get("title") or told.get("revision") or "an artifact that says nothing of itself"
    return Foreign(standing.digest, subject, told.get("authors") or told.get("source") or "unknown")
