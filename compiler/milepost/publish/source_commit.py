"""The source commit of a rendered folder: the commit of the fleet spec, as trailers of what is published say it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from milepost.model.record import by_value
from milepost.publish.git import GitError, Repository


@by_value
class SourceCommit:
    """The source commit of a rendered folder.

    ``id`` ends in ``-dirty`` where the folder, or the spec beside it, is not what was committed.

    ``date`` is the committer's, in ISO 8601; ``subject`` and ``author`` are one line each.
    """

    id: str
    date: str
    subject: str
    author: str

    @property
    def commit(self) -> str:
        return self.id.removesuffix("-dirty")


def source_of(rendered: Path) -> SourceCommit | None:
    """The commit that the work tree around a rendered folder stands at; None outside a repository, or before a commit."""
    repository = Repository.around(rendered)
    if repository is None:
        return None
    try:
        text = repository.run("log", "-1", "--format=%H%n%cI%n%s%n%an <%ae>", "HEAD")
        # Untracked files are not in any commit and cannot have been compiled from one that
        # others have.
        dirty = repository.run("status", "--porcelain", "--untracked-files=no", "--ignore-submodules")
    except GitError:
        return None
    commit, date, subject, author = text.split("\n")[:4]
    return SourceCommit(commit + ("-dirty" if dirty else ""), date, subject, author)


def is_newer(rendered: Path, theirs: SourceCommit, ours: SourceCommit) -> bool:
    """Whether what is published comes from a later commit than what is to be.

    History answers where this repository knows both commits. Dates do where it does not, and where neither commit leads
    to the other in a shallow clone: there the way between them may be cut off.
    """
    if theirs.commit == ours.commit:
        return False
    repository = Repository.around(rendered)
    if repository is not None and repository.succeeds("cat-file", "-e", f"{theirs.commit}^{{commit}}"):
        # History before dates: the clock of a machine that committed may have been wrong.
        if repository.succeeds("merge-base", "--is-ancestor", ours.commit, theirs.commit):
            return True
        if not repository.is_shallow or repository.succeeds(
            "merge-base", "--is-ancestor", theirs.commit, ours.commit
        ):
            return False
    try:
        return datetime.fromisoformat(theirs.date) > datetime.fromisoformat(ours.date)
    except (ValueError, TypeError):
        return False
