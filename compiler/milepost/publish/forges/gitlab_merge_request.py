"""GitLab: merge requests, as GitLab CI tells of them.

A job's own token may not write notes, so GITLAB_TOKEN must hold one that may: a project access token with scope ``api``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from milepost.model.record import by_value
from milepost.publish.forges import MOST_PAGES, Comment, ForgeApi, ForgeError

_PAGE = 100


@by_value
class MergeRequest:
    """A GitLab merge request.

    ``notes`` is the address of the merge request's notes, ``user`` the one that tells who asks.
    """

    api: ForgeApi
    notes: str
    user: str

    def own(self) -> Iterator[Comment]:
        me = self._me()
        for page in range(1, MOST_PAGES + 1):
            url = f"{self.notes}?sort=asc&order_by=created_at&per_page={_PAGE}&page={page}"
            found = self.api.call("GET", url)
            try:
                yield from [
                    Comment(str(note["id"]), str(note["body"]))
                    for note in found
                    # System notes ("changed the description") carry the author who caused them,
                    # and cannot be edited.
                    if note["author"]["id"] == me and not note["system"]
                ]
                # By its length: GitLab leaves out the header with the number of pages where
                # there are many.
                if len(found) < _PAGE:
                    return
            except (KeyError, TypeError):
                raise ForgeError(f"{self.notes} answers with something else than notes") from None
        raise ForgeError(f"{self.notes} has more than {MOST_PAGES} pages of notes")

    def _me(self) -> object:
        try:
            return self.api.call("GET", self.user)["id"]
        except (KeyError, TypeError):
            raise ForgeError(f"{self.user} does not say who asks") from None

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
