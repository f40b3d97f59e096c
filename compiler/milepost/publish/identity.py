"""Identity of published commits: as Git is configured around the rendered folder, told to a repository elsewhere.

The dates are those of the spec's commit where there is one, so that two publishers of one commit make one and the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from milepost.model.record import by_value
from milepost.publish.git import setting
from milepost.publish.source_commit import SourceCommit

_SIGNING = (
    "user.signingkey",
    "gpg.format",
    "gpg.program",
    "gpg.openpgp.program",
    "gpg.ssh.program",
    "gpg.ssh.defaultkeycommand",
)


@by_value
class CommitIdentity:
    """The identity of published commits.

    ``settings`` is configuration and ``environment`` are variables for Git; ``sign`` as in ``PushOptions``.
    """

    settings: Mapping[str, str]
    environment: Mapping[str, str]
    sign: str | None


def identity(rendered: Path, sign: str | None, source: SourceCommit | None) -> CommitIdentity:
    """``sign`` as it was asked for; where it was not, ``commit.gpgsign`` decides."""
    config = {key: setting(rendered, key) for key in (*_SIGNING, "user.name", "user.email", "commit.gpgsign")}
    if sign is None and config["commit.gpgsign"] in ("true", "yes", "on", "1"):
        sign = ""
    environment = {}
    for who in ("AUTHOR", "COMMITTER"):
        environment[f"GIT_{who}_NAME"] = (
            # Git refuses to commit without a name, as it finds none on a CI machine.
            os.environ.get(f"GIT_{who}_NAME") or config["user.name"] or "Milepost"
        )
        environment[f"GIT_{who}_EMAIL"] = (
            os.environ.get(f"GIT_{who}_EMAIL") or config["user.email"] or "milepost@localhost"
        )
        if source is not None:
            environment[f"GIT_{who}_DATE"] = source.date
    return CommitIdentity({key: config[key] for key in _SIGNING if config[key]}, environment, sign)
