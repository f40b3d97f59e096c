"""Scratch repositories: a bare one on this machine, by way of which a remote is read and pushed to.

It lives as long as the command does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from milepost.publish import network
from milepost.publish.git import Repository, setting
from milepost.publish.network import Hear, TimeLimit
from milepost.publish.remote import LONGEST, Remote, listed
from milepost.staging import temporary


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
    with temporary("publish") as folder:
        algorithm = _algorithm(url, folder, limit)
        repository = _bare(folder / "publish.git", algorithm)
        # Otherwise a command that meets a missing blob fetches it by itself, one request for
        # each.
        repository.environment({"GIT_NO_LAZY_FETCH": "1", **(environment or {})})
        for key, value in (settings or {}).items():
            repository.run("config", key, value)
        yield Remote(repository, url, branch, algorithm, limit, hear)


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
