"""Relabelling: which labels of which nodes have to change, and the ``kubectl`` commands that do it, in order.

New labels and new values come first, before the workloads that select them are merged: a workload that finds no node runs
nowhere, and nothing says so. Labels that go come last, when no workload selects them any more: taking one away stops the
pods of every workload that still does.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from milepost.model.record import by_value

_NODES_A_COMMAND = 50
"""A command line that people can still read."""


@by_value
class LabelEdit:
    """Labels to set and keys to remove; ``replaces`` are the keys in ``sets`` that have another value now."""

    sets: Mapping[str, str] = field(default_factory=dict)
    removes: tuple[str, ...] = ()
    replaces: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.sets or self.removes)

    def __str__(self) -> str:
        parts = [f"{key}={value}" for key, value in sorted(self.sets.items())]
        return ", ".join(parts + [f"{key}-" for key in self.removes])


def between(before: Mapping[str, str], after: Mapping[str, str]) -> LabelEdit:
    """What turns one set of labels into the other."""
    sets = {key: value for key, value in after.items() if before.get(key) != value}
    gone = tuple(sorted(before.keys() - after.keys()))
    return LabelEdit(sets, gone, frozenset(sets.keys() & before.keys()))


def commands(edits: Mapping[str, LabelEdit]) -> Iterator[str]:
    """Lines of a shell script for the edits of a province's nodes; nodes with the same edit share a command."""
    sets = _grouped({node: _set_arguments(edit) for node, edit in edits.items() if edit.sets})
    gone = _grouped(
        {node: [f"{key}-" for key in edit.removes] for node, edit in edits.items() if edit.removes}
    )
    if sets:
        yield "# 1. Before the change is merged: labels that its workloads select."
        yield from sets
    if gone:
        yield "# 2. After the change is applied everywhere: labels that nothing selects any more."
        yield from gone


def _set_arguments(edit: LabelEdit) -> list[str]:
    arguments = [f"{key}={value}" for key, value in sorted(edit.sets.items())]
    # Without --overwrite kubectl refuses to change a value, which protects a node that was relabelled by hand.
    return [*arguments, "--overwrite"] if edit.replaces else arguments


def _grouped(arguments: Mapping[str, list[str]]) -> list[str]:
    nodes: dict[tuple[str, ...], list[str]] = {}
    # Sorted, so that the same edits give the same script.
    for node in sorted(arguments):
        nodes.setdefault(tuple(arguments[node]), []).append(node)
    return [_command(some, edit) for edit, names in sorted(nodes.items()) for some in _batches(names)]


def _command(nodes: Iterable[str], edit: Iterable[str]) -> str:
    # Quoted, since the lines are pasted into a shell, and a name read from a cluster's output
    # may hold anything.
    return shlex.join(["kubectl", "label", "nodes", *nodes, *edit])


def _batches(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _NODES_A_COMMAND):
        yield names[start : start + _NODES_A_COMMAND]
