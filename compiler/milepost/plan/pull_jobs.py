"""Crowds of nodes -> jobs: by labels where every node of a kind pulls, by name where some go first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from milepost.model.rollout import MOST_NODES, PullJob
from milepost.plan.changes import Change, Kind
from milepost.plan.crowds import Crowd

References = Callable[[Iterable[tuple[str, str]], str], tuple[str, ...]]
"""Repositories and digests, as the pods of a station group name them."""


def named_jobs(
    stem: str, crowds: Iterable[Crowd], references: References, *, by_group: bool
) -> Iterator[PullJob]:
    """The first node of each crowd by name: which ones go first is a choice, and no label says it.

    With ``by_group`` each station group has jobs of its own, and ``stem`` ends in its name.
    """
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for crowd in crowds:
        group = crowd.station.group
        images = references(crowd.change.pulled, group)
        found.setdefault((group if by_group else "", images), []).append(crowd.node.name)
    for (group, images), names in sorted(found.items()):
        for start in range(0, len(names), MOST_NODES):
            part = tuple(sorted(names)[start : start + MOST_NODES])
            yield PullJob(f"{stem}-{group}" if group else stem, images, len(part), names=part, group=group)


def labelled_jobs(release: str, crowds: Iterable[Crowd], references: References) -> Iterator[PullJob]:
    """Every node by its labels, so that each pulls what its pods need and nothing else."""
    stations: dict[tuple[str, Change], dict[str, int]] = {}
    for crowd in crowds:
        counts = stations.setdefault((crowd.station.group, crowd.change), {})
        counts[crowd.station.name] = counts.get(crowd.station.name, 0) + crowd.count
    nodes: dict[tuple[str, Kind], dict[str, int]] = {}
    images: dict[tuple[str, Kind], set[tuple[str, str]]] = {}
    for (group, change), counts in stations.items():
        for kind, found in change.images.items():
            images.setdefault((group, kind), set()).update(found)
            total = nodes.setdefault((group, kind), {})
            for name, count in counts.items():
                total[name] = total.get(name, 0) + count
    for (group, kind), total in nodes.items():
        pulled = references(images[group, kind], group)
        yield from _of_kind(f"{release}-{group}", group, kind, total, pulled)


def _of_kind(
    stem: str, group: str, kind: Kind, counts: Mapping[str, int], images: tuple[str, ...]
) -> Iterator[PullJob]:
    chunks = list(_chunks(counts))
    for chunk in chunks:
        yield PullJob(
            stem=stem,
            images=images,
            nodes=sum(counts[name] for name in chunk),
            group=group,
            stations=tuple(chunk) if len(chunks) > 1 else (),
            terms=kind.terms,
            architectures=kind.architectures,
        )


def _chunks(counts: Mapping[str, int]) -> Iterator[Sequence[str]]:
    """Stations in order, as many as one job holds; a station is never cut."""
    chunk: list[str] = []
    held = 0
    for name in sorted(counts):
        if chunk and held + counts[name] > MOST_NODES:
            yield chunk
            chunk, held = [], 0
        chunk.append(name)
        held += counts[name]
    if chunk:
        yield chunk
