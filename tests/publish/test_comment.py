"""One comment per request, made once and edited from then on, by stand-ins of both forges on the loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

TEXT = "<!-- milepost diff -->\n## Rendered changes\n\nReaches 3 provinces.\n"


@dataclass
class Forge:
    """Keeps comments as (author, text) and speaks as much of either interface as is asked for."""

    comments: list[list[str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    refuse: int = 0
    page: int = 100
    url: str = ""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.calls.append(f"{method} {path}")
        parts = urlsplit(path)
        if self.refuse and method != "GET" and not path.endswith("/graphql"):
            return self.refuse, {"message": "no"}
        if path == "/graphql":
            return 200, self._graphql(body["variables"])
        if path == "/api/v4/user":
            return 200, {"id": 7}
        if method == "GET":
            return 200, self._notes(int(parse_qs(parts.query)["page"][0]))
        if method == "POST":
            self.comments.append(["me", body["body"]])
        else:
            self.comments[int(parts.path.rpartition("/")[2])][1] = body["body"]
        return 201, {}

    def _graphql(self, variables: dict[str, Any]) -> Any:
        start = int(variables["after"] or 0)
        end = start + self.page
        nodes = [
            {"databaseId": i, "body": text, "viewerDidAuthor": author == "me"}
            for i, (author, text) in list(enumerate(self.comments))[start:end]
        ]
        more = {"hasNextPage": end < len(self.comments), "endCursor": str(end)}
        found = {"comments": {"nodes": nodes, "pageInfo": more}} if variables["number"] == 12 else None
        return {"data": {"repository": {"pullRequest": found}}}

    def _notes(self, page: int) -> Any:
        chosen = list(enumerate(self.comments))[(page - 1) * 100 : page * 100]
        return [
            {"id": i, "body": text, "system": False, "author": {"id": 7 if author == "me" else 8}}
            for i, (author, text) in chosen
        ]


@pytest.fixture
def forge() -> Iterator[Forge]:
    kept = Forge()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            kept.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
            status, answer = kept.answer(self.command, self.path, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = _do  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


def github(forge: Forge, folder: Path) -> dict[str, str]:
    """What GitHub Actions sets in a job of pull request 12."""
    event = folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 12}}))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": forge.url,
        "GITHUB_GRAPHQL_URL": f"{forge.url}/graphql",
        "GITHUB_REPOSITORY": "highway/fleet",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_TOKEN": "a-token",
    }


def gitlab(forge: Forge, folder: Path) -> dict[str, str]:
    """What GitLab CI sets in a job of merge request 12, and the token that a project adds."""
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{forge.url}/api/v4",
        "CI_PROJECT_ID": "34",
        "CI_MERGE_REQUEST_IID": "12",
        "GITLAB_TOKEN": "a-token",
    }


def comment(environment: dict[str, str], text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "GITLAB_", "CI_"))}
    return subprocess.run(
        [sys.executable, "-m", "milepost", "comment", "-", *arguments],
        env=clean | environment,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


BOTH = pytest.mark.parametrize("job", [github, gitlab])


@BOTH
def test_the_first_run_makes_a_comment_and_the_next_edits_it(forge: Forge, tmp_path: Path, job: Any) -> None:
    """And nothing is sent where nothing is new."""
    environment = job(forge, tmp_path)
    assert comment(environment, TEXT).stderr == "comment made\n"
    assert comment(environment, TEXT).stderr == "comment unchanged\n"
    newer = TEXT.replace("3", "4")
    assert comment(environment, newer).stderr == "comment edited\n"
    assert forge.comments == [["me", newer]]
    assert forge.tokens <= {"Bearer a-token", "a-token"}


@BOTH
def test_comments_of_others_are_left_alone(forge: Forge, tmp_path: Path, job: Any) -> None:
    """Also those that begin with the same line."""
    forge.comments = [["somebody", TEXT], ["me", "<!-- another -->\nhello"]]
    assert comment(job(forge, tmp_path), TEXT.replace("3", "5")).returncode == 0
    assert forge.comments[:2] == [["somebody", TEXT], ["me", "<!-- another -->\nhello"]]
    assert len(forge.comments) == 3


@BOTH
def test_a_long_conversation_is_read_to_its_end(forge: Forge, tmp_path: Path, job: Any) -> None:
    forge.comments = [["somebody", "hm"] for _ in range(230)] + [["me", TEXT]]
    assert comment(job(forge, tmp_path), TEXT).stderr == "comment unchanged\n"


@BOTH
def test_a_token_that_may_not_write_is_told(forge: Forge, tmp_path: Path, job: Any) -> None:
    forge.refuse = 403
    result = comment(job(forge, tmp_path), TEXT)
    assert result.returncode == 2
    assert "may not write comments" in result.stderr
    assert "a-token" not in result.stderr


@BOTH
def test_a_missing_token_is_told_by_its_name(forge: Forge, tmp_path: Path, job: Any) -> None:
    environment = job(forge, tmp_path)
    (name,) = [key for key in environment if key.endswith("_TOKEN")]
    del environment[name]
    result = comment(environment, TEXT)
    assert result.returncode == 2
    assert name in result.stderr


def test_a_job_of_no_request_changes_nothing(forge: Forge, tmp_path: Path) -> None:
    environment = github(forge, tmp_path)
    (tmp_path / "event.json").write_text("{}")
    result = comment(environment, TEXT)
    assert (result.returncode, forge.calls) == (0, [])


def test_outside_of_ci_nothing_is_asked() -> None:
    assert comment({}, TEXT).returncode == 0


def test_a_request_that_is_not_there_is_told(forge: Forge, tmp_path: Path) -> None:
    result = comment(github(forge, tmp_path), TEXT, "--number", "99")
    assert result.returncode == 2
    assert "no pull request 99" in result.stderr


def test_a_text_without_a_mark_is_refused(forge: Forge, tmp_path: Path) -> None:
    """Otherwise every run would add another comment."""
    result = comment(github(forge, tmp_path), "## Hello\n")
    assert result.returncode == 2
    assert "<!--" in result.stderr
    assert not forge.comments
