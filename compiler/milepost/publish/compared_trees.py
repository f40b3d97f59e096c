"""The compared trees that a person names: two revisions, a revision and the working tree, or two folders."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from milepost.model.record import by_value
from milepost.publish.checkout import left_out
from milepost.publish.git import GitError, Repository
from milepost.publish.review.read.tree_source import FolderTree, TreeSource
from milepost.publish.revision import Revision


class NoSuchTreeError(RuntimeError):
    """What was named is neither a folder nor a revision."""


@by_value
class ComparedTrees:
    """The two trees of a comparison. ``moment`` is the head commit's; the working tree has none."""

    base: TreeSource
    head: TreeSource
    moment: datetime | None = None


def compared_trees(base: str, head: str | None, rendered: Path, *, merge_base: bool = True) -> ComparedTrees:
    """``base`` against ``head``, or against the working tree.

    Revisions are compared as a pull request is: from where they parted, unless ``merge_base`` is off. Raises
    NoSuchTreeError.
    """
    if _is_folder(base):
        other = Path(head) if head is not None else rendered
        if not other.is_dir():
            raise NoSuchTreeError(
                f"{other} is not a folder, and {base} is one; compare two folders or two revisions"
            )
        return ComparedTrees(FolderTree(Path(base), base), FolderTree(other, other.as_posix()))
    repository = Repository.around(rendered if rendered.exists() else Path.cwd())
    if repository is None:
        raise NoSuchTreeError(f"{base} is not a folder, and {rendered} is not in a Git repository")
    try:
        return _revisions(repository, base, head, rendered, merge_base)
    except GitError as error:
        raise NoSuchTreeError(str(error)) from None


def _revisions(
    repository: Repository, base: str, head: str | None, rendered: Path, merge_base: bool
) -> ComparedTrees:
    folder = _below(rendered, repository)
    start, end = repository.commit(base), repository.commit(head or "HEAD")
    # As a forge compares a pull request: what landed on the target branch meanwhile is not the
    # author's change.
    if merge_base:
        start = repository.merge_base(start, end)
    before = Revision(repository, start, folder, base)
    if head is not None:
        return ComparedTrees(before, Revision(repository, end, folder, head), repository.moment(end))
    if not rendered.is_dir():
        raise NoSuchTreeError(f"{rendered} is not a folder; name the rendered folder with --rendered")
    if missing := left_out(rendered):
        raise NoSuchTreeError(
            f"this checkout is sparse and leaves out {len(missing)} files of {rendered}, such as {missing[0]}; "
            "compare two revisions, or bring them back with `git sparse-checkout disable`"
        )
    return ComparedTrees(before, FolderTree(rendered, "the working tree", repository.algorithm))


def _below(rendered: Path, repository: Repository) -> str:
    """The rendered folder as git names it; in a repository without a work tree, as it was typed."""
    try:
        return repository.folder(rendered)
    except ValueError:
        typed = rendered.as_posix()
        return "" if typed == "." else typed


def _is_folder(name: str) -> bool:
    """A name that could be either is a revision, as it is to git."""
    return Path(name).is_dir() and (Path(name).is_absolute() or "/" in name or not _is_revision(name))


def _is_revision(name: str) -> bool:
    repository = Repository.around(Path.cwd())
    return repository is not None and repository.succeeds(
        "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"
    )
