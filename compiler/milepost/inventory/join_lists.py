"""Join lists as written: the labels of every node of a rendered province, read back from ``bootstrap/join``.

A value of a label holds no comma and no ``=`` (Kubernetes' own rule), so a list of ``key=value`` needs no quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

_LIST = re.compile(r"(?P<province>[^/]+)/bootstrap/join/[^/]+\.tsv")


class Trees(Protocol):
    """Rendered trees of one revision: paths below the rendered folder, and their bytes."""

    @property
    def entries(self) -> Mapping[str, object]: ...

    def read(self, paths: Iterable[str]) -> Iterator[bytes]: ...


def province_labels(trees: Trees) -> dict[str, dict[str, dict[str, str]]]:
    """Province to node to labels, of every join list."""
    lists = {path: found["province"] for path in trees.entries if (found := _LIST.fullmatch(path))}
    provinces: dict[str, dict[str, dict[str, str]]] = {}
    for province, text in zip(lists.values(), trees.read(lists), strict=True):
        provinces.setdefault(province, {}).update(labels_of(text.decode("utf-8", "replace")))
    return provinces


def labels_of(text: str) -> dict[str, dict[str, str]]:
    """Node to labels, of one list."""
    head, *rows = text.splitlines() or [""]
    columns = head.split("\t")
    # A tree of an older version or one edited by hand: a review of it must not fail on its join
    # lists.
    if "node" not in columns or "labels" not in columns:
        return {}
    node, labels = columns.index("node"), columns.index("labels")
    cells = (row.split("\t") for row in rows if row)
    return {row[node]: _labels(row[labels].split(",")) for row in cells if len(row) > max(node, labels)}


def _labels(pairs: Iterable[str]) -> dict[str, str]:
    return {key: value for key, _, value in (pair.partition("=") for pair in pairs) if key}
