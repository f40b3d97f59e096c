"""The message of a published commit: what changed for people, trailers for machines.

``Argocd-reference-commit-…`` are the trailers by which Argo CD's interface links a rendered commit to its source.
"""

from __future__ import annotations

from collections.abc import Mapping

from milepost import __version__
from milepost.publish.review.read.tree_source import TreeEntry
from milepost.publish.source_commit import SourceCommit

_SOURCE, _DATE, _TREE, _VERSION = (
    "Milepost-Source",
    "Milepost-Source-Date",
    "Milepost-Tree",
    "Milepost-Version",
)


def message(
    province: str,
    old: Mapping[str, TreeEntry],
    new: Mapping[str, TreeEntry],
    digest: str,
    source: SourceCommit | None,
) -> str:
    """The whole message, with a line feed at its end."""
    trailers = {_TREE: digest, _VERSION: __version__}
    if source is not None:
        trailers |= {
            _SOURCE: source.id,
            _DATE: source.date,
            "Argocd-reference-commit-sha": source.commit,
            "Argocd-reference-commit-author": source.author,
            "Argocd-reference-commit-subject": source.subject,
            "Argocd-reference-commit-date": source.date,
        }
    lines = [f"{key}: {value}" for key, value in sorted(trailers.items())]
    return f"Publish {province}: {_counts(old, new)}\n\n" + "\n".join(lines) + "\n"


def _counts(old: Mapping[str, TreeEntry], new: Mapping[str, TreeEntry]) -> str:
    changed = sum(1 for path in old.keys() & new.keys() if old[path] != new[path])
    numbers = {
        "added": len(new.keys() - old.keys()),
        "changed": changed,
        "removed": len(old.keys() - new.keys()),
    }
    return ", ".join(f"{number} {word}" for word, number in numbers.items() if number) or "no file changed"


def source_in(text: str) -> SourceCommit | None:
    """The source that a published commit names, or None."""
    trailers = dict(line.partition(": ")[::2] for line in text.splitlines() if ": " in line)
    if _SOURCE not in trailers:
        return None
    subject, author = (trailers.get(f"Argocd-reference-commit-{key}", "") for key in ("subject", "author"))
    return SourceCommit(trailers[_SOURCE], trailers.get(_DATE, ""), subject, author)
