"""What a page names exists: files, headings, codes, commands, options, chores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from milepost import diagnostic_codes
from milepost.cli.main import milepost

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "compiler" / "milepost"
PAGES = sorted(
    page
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "compiler/*.md",
        "compiler/[cd]*/*.md",
        ".github/*.md",
        "fleet-spec/*.md",
    )
    for page in ROOT.glob(pattern)
)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
_CODE = re.compile(r"\bMP\d{4}\b")
_INLINE = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```(?:sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHORE = re.compile(r"\bmake ([a-z][a-z-]*)\b")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_TOP = ("compiler", "docs", "tests", "schemas", "fleet-spec", "rendered", ".ci", ".github")


def _ids(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def _anchors(page: Path) -> set[str]:
    """As forges make them: lower case, spaces to hyphens, other marks left out."""
    headings = (re.sub(r"[`*]", "", h).lower() for h in _HEADING.findall(_text(page)))
    return {"#" + re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link is a file, and its fragment a heading there."""
    for path, fragment in _LINK.findall(_INLINE.sub("", _text(page))):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not fragment or fragment in _anchors(target), f"{path}{fragment}"


_READERS_OWN = {
    "tutorial.md": ("fleet-spec", "rendered"),
    "extending.md": (
        *("validate/rules/short_names.py", "lower/backends/disruption_budgets.py"),
        *("tests/messages/MP2990.yaml", "MP2990"),
    ),
}
"""What the readers of a page make themselves."""


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_paths_exist(page: Path) -> None:
    """A path in code quotes is in the repository, or in the package; the tutorial's are its reader's own."""
    readers = _READERS_OWN.get(page.name, ())
    missing = [path for path in _paths(page) if not path.startswith(readers) and not _exists(path)]
    assert missing == []


def _paths(page: Path) -> Iterator[str]:
    for said in _INLINE.findall(_text(page)):
        path = said.rstrip("/")
        if re.fullmatch(r"[\w./*-]+", path) and (path.split("/")[0] in _TOP or path.endswith(".py")):
            yield path


def _exists(path: str) -> bool:
    return any(next(iter(base.glob(path)), None) is not None for base in (ROOT, PACKAGE))


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_codes_exist(page: Path) -> None:
    """A code that is named is one that can be raised."""
    assert set(_CODE.findall(_text(page))) <= {*diagnostic_codes.codes(), *_READERS_OWN.get(page.name, ())}


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_chores_exist(page: Path) -> None:
    """``make WORD`` in code quotes or a shell block is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    if "test-%:" in makefile:
        targets |= {f"test-{folder.name}" for folder in (ROOT / "tests").iterdir() if folder.is_dir()}
    assert {word for said in _said(page) for word in _CHORE.findall(said)} <= targets


@pytest.mark.parametrize("page", PAGES, ids=_ids)
def test_commands_exist(page: Path) -> None:
    """``milepost WORD --option`` names a command and options that it has."""
    for said in _said(page):
        for line in re.findall(r"(?:^|[ /$])milepost ((?:[^`\n|;&#])+)", said):
            _check_command(line)


def _said(page: Path) -> list[str]:
    text = _text(page)
    return [*_INLINE.findall(text), *_BLOCK.findall(text)]


def _check_command(line: str) -> None:
    context, command = click.Context(milepost), milepost
    for word in line.split():
        if isinstance(command, click.Group):
            if not re.fullmatch(r"[a-z][a-z-]*", word):
                return
            found = command.get_command(context, word)
            assert found is not None, f"milepost {line}"
            command = found
        elif word.startswith("-"):
            options = {name for parameter in command.params for name in parameter.opts} | {"--help", "-h"}
            assert word.partition("=")[0] in options, f"milepost {line}"


def test_every_command_is_documented() -> None:
    """The reference has a heading for each."""
    page = ROOT / "docs" / "reference" / "commands.md"
    names = milepost.list_commands(click.Context(milepost))
    assert {f"#milepost-{name}" for name in names} <= _anchors(page)
