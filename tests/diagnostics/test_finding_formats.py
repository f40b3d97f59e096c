"""A format is a file: found by walking the folder, imported when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from milepost.diagnostics import formats


def test_the_folder_is_the_list() -> None:
    """Sorted; helpers that start with an underscore are no formats."""
    assert formats.names() == ("github", "json", "sarif", "text")


@pytest.mark.parametrize("name", formats.names())
def test_a_format_is_named_as_its_file(name: str) -> None:
    """And writes nothing but text."""
    form = formats.get(name)
    assert name == form.NAME
    assert isinstance(form.render([], lambda _: None), str)


@pytest.mark.parametrize("name", ["", "xml", "_printable", "../text", "os"])
def test_an_unknown_name_is_a_lookup_error(name: str) -> None:
    """Also one that could be imported otherwise."""
    with pytest.raises(LookupError):
        formats.get(name)


def test_only_the_format_that_is_asked_for_is_imported() -> None:
    """Hashing and URLs are not loaded to print text."""
    code = (
        "import sys; from milepost.diagnostics import formats; formats.names(); formats.get('text');"
        "print(sorted(m for m in sys.modules if m.startswith('milepost.diagnostics.formats.')))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['milepost.diagnostics.formats.text']"
