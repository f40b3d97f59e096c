"""One file per diagnostic code: a fleet spec that raises it, and the words that its author reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldens import Goldens
from messages.messages import FOLDER, paths, read, write
from milepost import diagnostic_codes

STAGES = ("load", "validate", "resolve", "plan", "lower", "cost", "emit")
"""Those that a compile goes through; codes of commands are tested with the commands."""
ELSEWHERE = {
    "MP1003": "a name of a file that is no text cannot be written in YAML; tests/load",
    "MP1004": "a folder without permission is readable to root; tests/load",
    "MP1007": "a named pipe is no text; tests/load",
    "MP1008": "64 MiB are too much for a file beside this one; tests/load",
    "MP1030": "a folder without any document; tests/load",
    "MP1031": "half a change is there for a moment only; tests/staging",
    "MP4112": "a section of a thousand pairs; tests/failover",
    "MP4114": "the same",
}


def wanted() -> set[str]:
    homes = diagnostic_codes.homes().items()
    return {code for code, home in homes if home.split(".")[1] in STAGES and code not in ELSEWHERE}


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_what_is_said(path: Path, goldens: Goldens) -> None:
    """Every diagnostic of every example, with its place, word by word."""
    examples = read(path)
    said = [example.said() for example in examples]
    if goldens.writes(all(example.says for example in examples)):
        write(path, examples, said)
        examples = read(path)
    assert [example.says for example in examples] == said
    assert all(path.stem in example.says for example in examples), "each example raises the code of the file"


def test_every_code_has_a_message_that_was_read() -> None:
    """No code without an example, and no example of a code that is gone."""
    assert wanted() ^ {path.stem for path in paths()} == set()


@pytest.mark.parametrize("code", diagnostic_codes.codes().values(), ids=lambda code: code.id)
def test_every_code_explains_itself(code: diagnostic_codes.Code) -> None:
    """A title, a paragraph that says why, and the smallest example."""
    assert code.title and code.title.strip() == code.title and not code.title.endswith(".")
    assert len(code.explanation) > 40 and code.explanation.endswith(".")
    assert code.example.strip()
    assert code.id[2] in diagnostic_codes.STAGES, "the first digit is that of a stage"


def test_the_base_that_examples_change_is_sound(tmp_path: Path) -> None:
    """What an example says is about what it changes."""
    from compiling import compile_spec

    assert compile_spec(FOLDER / "base").said == ""
