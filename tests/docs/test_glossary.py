"""One word, one place: names of classes and modules, and the page that lists them."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import milepost
from milepost.reference import glossary_page

PACKAGE = Path(milepost.__file__).parent
GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"

NAMED_BY_USERS = (
    "cli/commands",
    "query/tables",
    "query/forms",
    "publish/forms",
    "diagnostics/formats",
    "model/spec",
    "model/delivery/flux",
    "model/delivery/argocd",
)
"""Folders whose files are called as a user, or a delivery engine's interface, calls them."""
SAME_THING = {"kustomizations", "namespaces", "node_groups", "join_lists", "base", "__init__", "__main__"}
"""Modules of one name that make, check or read the same thing; the glossary says so."""


def test_a_class_name_has_one_meaning() -> None:
    """Going to a symbol leads to one place, whatever module a reader is in."""
    names = Counter(name for name, _, _ in glossary_page.classes(PACKAGE))
    assert [name for name, count in names.items() if count > 1] == []


def test_every_public_class_is_in_the_glossary_with_its_meaning() -> None:
    """The page names the class, its file and what it is."""
    lines = set(GLOSSARY.read_text(encoding="utf-8").splitlines())
    told = {line.split(" | ")[0].strip("| `"): line for line in lines if line.startswith("| `")}
    for name, file, meaning in glossary_page.classes(PACKAGE):
        assert file in told.get(name, ""), name
        assert meaning, name


def test_a_module_name_repeats_only_where_it_is_the_same_thing() -> None:
    """Searching for a file by its name leads to one file, save for names that users give and pairs that belong together."""
    homes: dict[str, list[str]] = defaultdict(list)
    for file in PACKAGE.rglob("*.py"):
        folder = file.parent.relative_to(PACKAGE).as_posix()
        if file.stem not in SAME_THING and folder not in NAMED_BY_USERS:
            homes[file.stem].append(folder)
    assert {name: folders for name, folders in homes.items() if len(folders) > 1} == {}


def test_every_folder_says_what_it_is() -> None:
    """The page has a sentence for each package."""
    text = GLOSSARY.read_text(encoding="utf-8")
    for init in PACKAGE.rglob("__init__.py"):
        if init.parent != PACKAGE:
            name = init.parent.relative_to(PACKAGE).as_posix()
            assert any(line.startswith(f"| `{name}/` | ") and len(line) > 30 for line in text.splitlines()), (
                name
            )
