"""The documentation as a site: it builds, and a dead link fails it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def build(root: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [
        "mkdocs",
        "build",
        "--strict",
        "--config-file",
        str(root / ".ci/site.yml"),
        "--site-dir",
        str(target),
    ]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command], env=environment, capture_output=True, text=True, check=False
    )


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Every page is there, and what a browser fetches comes from the site itself."""
    done = build(ROOT, tmp_path)
    assert done.returncode == 0, done.stderr
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    missing = [
        page for page in pages if page.name != "README" and not (tmp_path / page / "index.html").is_file()
    ]
    assert not missing
    assert "fonts.googleapis.com" not in (tmp_path / "index.html").read_text()


@pytest.mark.parametrize("link", ["nothing.md", "tree.md#no-such-heading", "../compiler/nothing.md"])
def test_a_dead_link_fails_the_build(tmp_path: Path, link: str) -> None:
    """To a page, to a heading, and to a file of the repository that is no page."""
    root = tmp_path / "root"
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "README.md").write_text(f"# Here\n\n[there]({link})\n")
    (root / "docs" / "tree.md").write_text("# The tree\n")
    shutil.copytree(ROOT / ".ci", root / ".ci")
    config = (root / ".ci/site.yml").read_text()
    (root / ".ci/site.yml").write_text(config[: config.index("nav:\n  - ")])
    done = build(root, tmp_path / "site")
    assert done.returncode != 0
    assert link.partition("#")[0] in done.stderr
