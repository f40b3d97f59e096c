"""Git, by way of GitPython and in it of ``repo.git``: the commands themselves, which is where bulk speed is.

The only module that knows the library; decision 0018 says what it is asked for and what not. Never an index, never a work tree of its own: ``index.add`` takes a minute where
``fast-import`` takes seconds, and changes the process's working directory.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import git

from milepost.publish.network import Hear, Said, finish, own_session
from milepost.publish.review.read.tree_source import TreeEntry
from milepost.registry.errors import plain

_CREDENTIALS = re.compile(r"://[^/@\s]+@")
_AT_ONCE = 60
"""Names of objects that are written before their bytes are read; together they are shorter than the smallest pipe."""


class GitError(RuntimeError):
    """A git command failed; the message is git's own, without its noise."""


class Repository:
    """A Git repository on this machine."""

    def __init__(self, repository: git.Repo) -> None:
        self._git = repository.git
        self._reader: object | None = None
        self.root = Path(repository.working_tree_dir or repository.git_dir)

    @classmethod
    def around(cls, path: Path) -> Repository | None:
        """The repository whose work tree holds ``path``, or None."""
        try:
            return cls(git.Repo(path, search_parent_directories=True))
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            return None

    @classmethod
    def bare(cls, path: Path, algorithm: str) -> Repository:
        """A new one without a work tree; it never repacks itself while it is used. Raises GitError."""
        try:
            made = cls(git.Repo.init(path, bare=True, object_format=algorithm))
        except git.CommandError as error:
            raise GitError(_message(error)) from None
        # A repack that starts by itself in the background would still write into the folder
        # while it is removed.
        made.run("config", "gc.auto", "0")
        return made

    def folder(self, path: Path) -> str:
        """A folder as Git names it, from the root; ``""`` for the root itself. Raises ValueError for one outside."""
        named = path.resolve().relative_to(self.root.resolve()).as_posix()
        return "" if named == "." else named

    def environment(self, variables: Mapping[str, str]) -> None:
        """For every command from here on."""
        self._git.update_environment(**variables)

    def run(self, *arguments: str, feed: bytes | None = None) -> str:
        """What a git command prints. Raises GitError."""
        return self.run_bytes(*arguments, feed=feed).decode("utf-8", "surrogateescape").rstrip("\n")

    def run_bytes(self, *arguments: str, feed: bytes | None = None) -> bytes:
        # A file and not a pipe: a command that writes much before it has read all would wait
        # for us while we wait for it.
        with tempfile.TemporaryFile() as stdin:
            stdin.write(feed or b"")
            stdin.seek(0)
            options: dict[str, Any] = {"stdout_as_string": False, "strip_newline_in_stdout": False}
            try:
                result: bytes = self._git.execute(["git", *arguments], istream=stdin, **options)
            except git.CommandError as error:
                raise GitError(_message(error)) from None
        return result

    def talk(self, *arguments: str, seconds: float, hear: Hear | None = None) -> Said:
        """Runs a command that talks to another machine, ended after ``seconds``; ``hear`` is told what it says."""
        options: dict[str, Any] = {"as_process": True, "start_new_session": own_session()}
        return finish(self._git.execute(["git", *arguments], **options), seconds, hear)

    def succeeds(self, *arguments: str) -> bool:
        try:
            self.run(*arguments)
        except GitError:
            return False
        return True

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names. Raises GitError."""
        try:
            # `--end-of-options`: a revision that begins with a hyphen comes from a command line
            # or a CI variable, and must never be an option.
            return self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except GitError:
            # Where Git reads nothing at all here, as in another user's folder, it says why and what
            # helps.
            self.run("rev-parse", "--git-dir")
            cut = self.is_shallow
            rest = "; this clone is shallow, and `git fetch --unshallow` brings the rest" if cut else ""
            raise GitError(f'there is no revision "{revision}" in {self.root}{rest}') from None

    def merge_base(self, one: str, other: str) -> str:
        """The newest commit that both come from. Raises GitError where there is none."""
        try:
            return self.run("merge-base", one, other).split("\n")[0]
        except GitError:
            if self.is_shallow:
                raise GitError(
                    f'"{one}" and "{other}" have no commit in common in this shallow clone; '
                    "fetch the rest of the history with `git fetch --unshallow`"
                ) from None
            raise GitError(f'"{one}" and "{other}" have no commit in common') from None

    @property
    def is_shallow(self) -> bool:
        """Whether its history was cut when it was cloned, as CI does."""
        return self.run("rev-parse", "--is-shallow-repository") == "true"

    def moment(self, commit: str) -> datetime:
        """When it was committed, in the time zone of whoever did."""
        return datetime.fromisoformat(self.run("log", "-1", "--format=%cI", commit))

    @property
    def algorithm(self) -> str:
        """The hash that names objects: ``sha1`` or ``sha256``."""
        return self.run("rev-parse", "--show-object-format")

    def tree(self, commit: str, folder: str = "") -> dict[str, TreeEntry]:
        """Every file below a folder of a commit, by its path there; empty where there is no such folder."""
        where = f"{commit}:{folder}"
        # A commit from before the rendered folder existed is an empty tree and no error.
        if not self.succeeds("cat-file", "-e", where):
            return {}
        rows = self.run_bytes("ls-tree", "-r", "-z", "--full-tree", where).decode("utf-8", "surrogateescape")
        cut = (row.partition("\t") for row in rows.split("\0")[:-1])
        # Submodules are of type commit and have no content here.
        return {path: TreeEntry(head) for head, _, path in cut if " blob " in head}

    def blobs(self, ids: Iterable[str]) -> Iterator[bytes]:
        """The bytes of blobs, in the order asked for, from one process that stays. Raises GitError for what is no blob.

        So many are asked for at a time as fit into a pipe, and all answers are taken before any is given: readers may take
        turns.
        """
        ids = list(ids)
        for start in range(0, len(ids), _AT_ONCE):
            yield from self._asked(ids[start : start + _AT_ONCE])

    def _asked(self, ids: Sequence[str]) -> list[bytes]:
        if self._reader is None:
            self._reader = self._git.execute(["git", "cat-file", "--batch"], istream=-1, as_process=True)
        reader: Any = self._reader
        try:
            reader.stdin.write("".join(f"{name}\n" for name in ids).encode())
            reader.stdin.flush()
            return [_blob(reader.stdout, reader.stdout.readline()) for _ in ids]
        except (GitError, OSError):
            # What it would say next belongs to a question that nobody asks any more.
            self._reader = None
            raise

    def feed(self, chunks: Iterable[bytes], *arguments: str) -> None:
        """Runs a command on what is written to it, piece by piece. Raises GitError."""
        process: Any = self._git.execute(["git", *arguments], istream=-1, as_process=True)
        try:
            for chunk in chunks:
                process.stdin.write(chunk)
            process.stdin.close()
            process.wait()
        except (BrokenPipeError, git.CommandError) as error:
            raise GitError(_message(error)) from None


def setting(folder: Path, key: str) -> str:
    """A value of Git's configuration as it holds in a folder, in a repository or not; ``""`` where there is none."""
    try:
        return str(git.Git(folder).config("--get", key))
    except git.CommandError:
        return ""


def _blob(stream: Any, head: bytes) -> bytes:
    name, _, rest = head.decode().rstrip("\n").partition(" ")
    if not rest.startswith("blob "):
        raise GitError(f"{name} is {rest}")
    data: bytes = stream.read(int(rest[5:]))
    # The line feed that `cat-file --batch` writes after each object.
    stream.read(1)
    return data


def _message(error: Exception) -> str:
    """Git's own words."""
    text = str(getattr(error, "stderr", "") or error).strip()
    return words(text.removeprefix("stderr:").strip().strip("'").strip())


def words(text: str) -> str:
    """What Git said, on one line, without its noise and without credentials in addresses."""
    said = [line for line in text.splitlines() if line.strip() and not line.startswith(("hint:", "warning:"))]
    lines = [line.removeprefix("fatal: ").removeprefix("error: ") for line in said or text.splitlines()]
    return _CREDENTIALS.sub("://", plain("; ".join(lines[:4]).replace(":; ", ": "), 600)) or "git failed"
