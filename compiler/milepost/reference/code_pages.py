"""Pages of diagnostic codes, ``docs/diagnostics``: one per code, and the list of all."""

from __future__ import annotations

from pathlib import Path

from milepost import diagnostic_codes
from milepost.diagnostics import Code
from milepost.reference import example_messages, markdown_text
from milepost.reference.example_messages import ExampleMessage

_HEAD = f"""{markdown_text.GENERATED}
# Diagnostics

Every message of Milepost carries a code. The first digit says which stage found it; an error stops the compile at the
end of its stage, a warning does not. `milepost explain MP4001` shows a code's page in the terminal.
"""


def pages(root: Path) -> dict[str, str]:
    """File name to text: ``README.md`` and one page per code."""
    shown = example_messages.by_code(root)
    found = {f"{id_}.md": _page(code, shown.get(id_)) for id_, code in diagnostic_codes.codes().items()}
    return {"README.md": _index(), **found}


def _index() -> str:
    parts = [_HEAD]
    for digit, stage in diagnostic_codes.STAGES.items():
        codes = [code for code in diagnostic_codes.codes().values() if code.id[2] == digit]
        rows = [(f"[{code.id}]({code.id}.md)", code.title, str(code.severity)) for code in codes]
        if rows:
            parts.append(f"\n## {stage.capitalize()}\n\n{markdown_text.table(('code', 'title', ''), rows)}")
    return "".join(parts)


def _page(code: Code, shown: ExampleMessage | None) -> str:
    where = f"compiler/{diagnostic_codes.homes()[code.id].replace('.', '/')}"
    text = f"""{markdown_text.GENERATED}
# {code.id}: {code.title}

{str(code.severity).capitalize()} · stage `{diagnostic_codes.stage(code)}` · declared in `{where}.py`

{code.explanation}

## For example

{markdown_text.block(code.example, "yaml")}"""
    return text + ("" if shown is None else _message(shown)) + "\n[All codes](README.md)\n"


def _message(shown: ExampleMessage) -> str:
    text = "\n## What it says\n"
    if shown.spec:
        text += f"\nThese files, in an otherwise sound fleet spec,\n\n{markdown_text.block(shown.spec, 'yaml')}\nraise\n"
    return f"{text}\n{markdown_text.block(shown.says, 'text')}"
