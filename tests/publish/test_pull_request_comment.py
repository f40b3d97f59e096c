"""One comment per request, made once and edited from then on, by stand-ins of both forges on the loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publish.forge import Forge, serving

pytestmark = pytest.mark.slow

TEXT = "<!-- milepost diff -->\n## Rendered changes\n\nReaches 3 provinces.\n"


@pytest.fixture
def forge() -> Iterator[Forge]:
    with serving() as kept:
        yield kept


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
