"""GitLab: merge requests, as GitLab CI tells of them.

A job's own token may not write notes, so GITLAB_TOKEN must hold one that may: a project access token with scope ``api``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from milepost.publish.forges import Comment, ForgeApi, ForgeError

_PAGE = 100


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """``notes`` is the address of the merge request's notes, ``user`` the one that tells who asks."""

    api: ForgeApi
    notes: str
    user: str

    def own(self) -> Iterator[Comment]:
        me, page = self.api.call("GET", self.user)["id"], 1
        while True:
            found = self.api.call(
                "GET", f"{self.notes}?sort=asc&order_by=created_at&per_page={_PAGE}&page={page}"
            )
            for note in found:
                if note["author"]["id"] == me and not note["system"]:
                    yield Comment(str(note["id"]), note["body"])
            if len(found) < _PAGE:
                return
            page += 1

    def add(self, text: str) -> None:
        self.api.call("POST", self.notes, {"body": text})

    def edit(self, comment: Comment, text: str) -> None:
        self.api.call("PUT", f"{self.notes}/{comment.id}", {"body": text})


def conversation(environment: Mapping[str, str], number: int | None) -> MergeRequest | None:
    if environment.get("GITLAB_CI") != "true":
        return None
    request = number or environment.get("CI_MERGE_REQUEST_IID")
    if not request:
        return None
    token = environment.get("GITLAB_TOKEN")
    if not token:
        raise ForgeError("GITLAB_TOKEN is not set: a job's own token may not write notes")
    root = environment["CI_API_V4_URL"]
    notes = f"{root}/projects/{environment['CI_PROJECT_ID']}/merge_requests/{request}/notes"
    return MergeRequest(ForgeApi({"PRIVATE-TOKEN": token}), notes, f"{root}/user")
