"""Pull jobs: pull groups as jobs, by labels where every node of a kind pulls, by name where some go first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import product

from milepost.model.rollout import MOST_NODES, PullJob
from milepost.plan.prepull.image_changes import NodeChange, PullTarget
from milepost.plan.prepull.pull_groups import PullGroup

References = Callable[[Collection[tuple[str, str]], str], tuple[str, ...]]
"""Repositories and digests, as the pods of a station group name them."""


def named_jobs(
    stem: str, pull_groups: Iterable[PullGroup], references: References, *, by_group: bool
) -> Iterator[PullJob]:
    """A job that lists the first node of each pull group by name, since no label tells which node goes first.

    With ``by_group`` each station group has jobs of its own, and ``stem`` ends in its name.
    """
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for pull_group in pull_groups:
        group = pull_group.station.group
        images = references(pull_group.change.pulled, group)
        found.setdefault((group if by_group else "", images), []).append(pull_group.node.name)
    for (group, images), names in sorted(found.items()):
        # KubeEdge keeps one status entry for each node in one object, rewritten at every
        # answer; etcd ends at 1.5 MiB. Jobs are cut well below that.
        for start in range(0, len(names), MOST_NODES):
            part = tuple(sorted(names)[start : start + MOST_NODES])
            yield PullJob(f"{stem}-{group}" if group else stem, images, len(part), names=part, group=group)


def labelled_jobs(
    release: str, pull_groups: Iterable[PullGroup], references: References
) -> Iterator[PullJob]:
    """Jobs that select all nodes by labels, so that each node pulls the images of its own pods only."""
    alike: dict[tuple[str, NodeChange], list[PullGroup]] = {}
    for pull_group in pull_groups:
        alike.setdefault((pull_group.station.group, pull_group.change), []).append(pull_group)
    members: dict[tuple[str, PullTarget], list[PullGroup]] = {}
    images: dict[tuple[str, PullTarget], set[tuple[str, str]]] = {}
    for (group, change), here in alike.items():
        for kind, found in change.images.items():
            members.setdefault((group, kind), []).extend(here)
            images.setdefault((group, kind), set()).update(found)
    for (group, kind), here in members.items():
        pulled = references(images[group, kind], group)
        # The selector of a job has no or: a node that several of its jobs select finds everything there the second time.
        for (nodes, stations), terms in product(_parts(here), kind.terms.apart()):
            yield PullJob(
                stem=f"{release}-{group}",
                images=pulled,
                nodes=nodes,
                group=group,
                stations=stations,
                terms=terms,
                architectures=kind.architectures,
            )


def _parts(pull_groups: Sequence[PullGroup]) -> Sequence[tuple[int, tuple[str, ...]]]:
    """Nodes and stations of each job: stations in order, as many as one holds. A station is never cut; where one job
    holds all, none is named.
    """
    every = sum([pull_group.count for pull_group in pull_groups])
    counts: Counter[str] = Counter()
    for pull_group in pull_groups if every > MOST_NODES else ():
        counts[pull_group.station.name] += pull_group.count
    parts: list[tuple[int, tuple[str, ...]]] = []
    for name in sorted(counts):
        held, names = parts[-1] if parts else (MOST_NODES, ())
        # Filled in order of names and never balanced: a balanced cut would move stations
        # between jobs, whose names hold a hash of their content, whenever one is added.
        if held + counts[name] > MOST_NODES:
            parts.append((counts[name], (name,)))
        else:
            parts[-1] = (held + counts[name], (*names, name))
    return parts if len(parts) > 1 else [(every, ())]
