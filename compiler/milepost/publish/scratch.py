"""Scratch repositories: a bare one on this machine, by way of which a remote is read and pushed to.

It lives as long as the command does. One that a killed command left is removed by the next.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from milepost.publish import network
from milepost.publish.git import Repository, setting
from milepost.publish.network import Hear, TimeLimit
from milepost.publish.remote import LONGEST, Remote, listed
from milepost.staging import locked, remove

_PREFIX = "milepost-publish-"
_FRESH = 60.0
"""Seconds in which a folder may not have been locked yet by whoever made it."""


@contextlib.contextmanager
def remote(
    url: str,
    branch: str,
    settings: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    limit: TimeLimit | None = None,
    hear: Hear | None = None,
) -> Iterator[Remote]:
    """``branch`` names a province's branch, with ``{province}`` in it; ``settings`` are Git's configuration for signing
    and such; ``hear`` is told how a push goes.

    Raises GitError when ``url`` cannot be reached, or gives no answer in time.
    """
    limit = limit or TimeLimit(LONGEST)
    with _folder() as folder:
        algorithm = _algorithm(url, folder, limit)
        repository = _bare(folder / "publish.git", algorithm)
        # Otherwise a command that meets a missing blob fetches it by itself, one request for
        # each.
        repository.environment({"GIT_NO_LAZY_FETCH": "1", **(environment or {})})
        for key, value in (settings or {}).items():
            repository.run("config", key, value)
        yield Remote(repository, url, branch, algorithm, limit, hear)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            _remove(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name, locked(Path(name)):
        yield Path(name)


def _remove(left: Path) -> None:
    """What a killed command left: nobody holds its lock. Raises OSError."""
    found = left.lstat()
    # Everybody may put a link of such a name into the folder for temporary files.
    if left.is_symlink() or found.st_uid != os.getuid() or time.time() - found.st_mtime < _FRESH:
        return
    with locked(left, None):
        remove(left)


def _bare(path: Path, algorithm: str) -> Repository:
    """A repository whose commands never prompt, and never wait without a limit."""
    made = Repository.bare(path, algorithm)
    for key, value in network.settings(lambda key: setting(path, key)).items():
        made.run("config", key, value)
    # Git would ask for a password, and a CI job would wait for the answer until it is ended.
    made.environment({"GIT_TERMINAL_PROMPT": "0"})
    return made


def _algorithm(url: str, folder: Path, limit: TimeLimit) -> str:
    """The hash that names objects there, told from the length of an id; an empty repository gets Git's default."""
    rows = listed(_bare(folder / "probe.git", "sha1"), limit, "--", url)
    # Told from what is there: the protocol names the hash only in its newer versions, and a
    # repository of the wrong one cannot fetch.
    return "sha256" if rows and len(rows.split("\t")[0]) == 64 else "sha1"
