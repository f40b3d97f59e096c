"""GitHub, and GitHub Enterprise Server: pull requests, as GitHub Actions tells of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from milepost.model.record import by_value
from milepost.publish.forges import MOST_PAGES, Comment, ForgeApi, ForgeError

# Whether a comment is one's own only GraphQL tells: a job's token has no user to compare with.
_OWN = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    comments(first: 100, after: $after) {
      nodes { databaseId body viewerDidAuthor }
      pageInfo { hasNextPage endCursor }
    }
  } }
}
"""


@by_value
class PullRequest:
    """A GitHub pull request.

    ``rest`` and ``graphql`` are addresses of the two interfaces; ``repository`` is ``owner/name``.
    """

    api: ForgeApi
    rest: str
    graphql: str
    repository: str
    number: int

    def own(self) -> Iterator[Comment]:
        after: str | None = None
        # Counted, since a server that always says `hasNextPage` would keep the job for ever.
        for _ in range(MOST_PAGES):
            page = self._page(after)
            try:
                yield from [
                    Comment(str(node["databaseId"]), str(node["body"]))
                    for node in page["nodes"]
                    if node["viewerDidAuthor"]
                ]
                if not page["pageInfo"]["hasNextPage"]:
                    return
                after = str(page["pageInfo"]["endCursor"])
            except (KeyError, TypeError):
                raise ForgeError(f"{self.graphql} answers with something else than comments") from None
        raise ForgeError(f"{self.graphql} has more than {MOST_PAGES} pages of comments")

    def _page(self, after: str | None) -> dict[str, Any]:
        owner, _, name = self.repository.partition("/")
        variables = {"owner": owner, "name": name, "number": self.number, "after": after}
        answer = self.api.call("POST", self.graphql, {"query": _OWN, "variables": variables})
        try:
            found: dict[str, Any] = answer["data"]["repository"]["pullRequest"]["comments"]
        except (KeyError, TypeError):
            raise ForgeError(f"{self.repository} has no pull request {self.number} for this token") from None
        return found

    def add(self, text: str) -> None:
        url = f"{self.rest}/repos/{self.repository}/issues/{self.number}/comments"
        self.api.call("POST", url, {"body": text})

    def edit(self, comment: Comment, text: str) -> None:
        url = f"{self.rest}/repos/{self.repository}/issues/comments/{comment.id}"
        self.api.call("PATCH", url, {"body": text})


def conversation(environment: Mapping[str, str], number: int | None) -> PullRequest | None:
    if environment.get("GITHUB_ACTIONS") != "true":
        return None
    number = number or _number(environment.get("GITHUB_EVENT_PATH", ""))
    if number is None:
        return None
    token = environment.get("GITHUB_TOKEN")
    if not token:
        raise ForgeError("GITHUB_TOKEN is not set: a step must be given the job's token in its env")
    return PullRequest(
        ForgeApi({"Authorization": f"Bearer {token}"}),
        environment.get("GITHUB_API_URL", "https://api.github.com"),
        environment.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql"),
        environment["GITHUB_REPOSITORY"],
        number,
    )


def _number(event: str) -> int | None:
    """The pull request of the event that started the job."""
    try:
        told = json.loads(Path(event).read_bytes())["pull_request"]["number"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, int) else None
