"""Messages of published commits: what changed for people, trailers for machines.

``Argocd-reference-commit-…`` are the trailers by which Argo CD's interface links a rendered commit to its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from milepost import __version__
from milepost.model.record import by_value
from milepost.publish.review.read.tree_source import TreeEntry
from milepost.publish.source_commit import SourceCommit
from milepost.registry.errors import plain

_SOURCE, _DATE, _TREE, _GIT_TREE, _VERSION = (
    "Milepost-Source",
    "Milepost-Source-Date",
    "Milepost-Tree",
    "Milepost-Git-Tree",
    "Milepost-Version",
)
_MOST_NAMED = 10


@by_value
class Foreign:
    """A commit on a province's branch that Milepost did not make."""

    commit: str
    subject: str
    author: str

    def __str__(self) -> str:
        return f"{self.commit[:12]} {plain(self.subject, 80)} ({plain(self.author, 80)})"


def message(
    province: str,
    old: Mapping[str, TreeEntry],
    new: Mapping[str, TreeEntry],
    tree: tuple[str, str],
    source: SourceCommit | None,
    covers: Sequence[Foreign] = (),
) -> str:
    """The whole message, with a line feed at its end.

    ``tree`` are the digest of the tree and Git's own name for it; ``covers`` are commits whose changes are undone by it.
    """
    trailers = {_TREE: tree[0], _GIT_TREE: tree[1], _VERSION: __version__}
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
    return f"Publish {province}: {_counts(old, new)}\n\n{_covered(covers)}" + "\n".join(lines) + "\n"


def _covered(covers: Sequence[Foreign]) -> str:
    """A paragraph for whoever looks for their hot fix."""
    if not covers:
        return ""
    rows = [f"- {commit}" for commit in covers[:_MOST_NAMED]]
    rows += [f"- and {len(covers) - _MOST_NAMED} more"] if len(covers) > _MOST_NAMED else []
    return "Covers commits that Milepost did not make:\n\n" + "\n".join(rows) + "\n\n"


def is_own(text: str, tree: str) -> bool:
    """Whether a commit with this message and tree (Git's name for it) was made by Milepost, and not amended since."""
    trailers = _trailers(text)
    # An amended commit keeps the trailers but has another tree. Without the comparison a hot
    # fix by `git commit --amend` would be overwritten as Milepost's own.
    return _TREE in trailers and trailers.get(_GIT_TREE, tree) == tree


def _trailers(text: str) -> dict[str, str]:
    """Those of the last paragraph."""
    # Only the last paragraph, as `git interpret-trailers` reads it: a body that quotes a
    # trailer is none.
    last = text.rstrip("\n").rpartition("\n\n")[2]
    return dict(line.partition(": ")[::2] for line in last.splitlines() if ": " in line)


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
    trailers = _trailers(text)
    if _SOURCE not in trailers:
        return None
    subject, author = (trailers.get(f"Argocd-reference-commit-{key}", "") for key in ("subject", "author"))
    return SourceCommit(trailers[_SOURCE], trailers.get(_DATE, ""), subject, author)
