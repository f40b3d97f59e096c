"""Two releases in flight: ``tolling`` about half way, by province, after a pilot section; ``gantry`` not yet begun."""

from __future__ import annotations

from collections.abc import Sequence

PROVINCES_PER_WAVE = 5

Wave = tuple[str, list[str], list[str]]
"""Name, provinces, station groups."""


def release_documents(groups: dict[str, list[str]]) -> str:
    """Both releases as one file; ``groups`` are the station groups of each province, provinces in order."""
    pilot, *others = groups
    first, *rest = groups[pilot]
    waves: list[Wave] = [("pilot", [], [first])]
    if rest:
        waves.append((f"rest-of-{pilot}", [], rest))
    waves += _waves(others)
    whole = _waves([pilot, *others])
    return "---\n".join(
        (
            _document("tolling-1-5-0", "tolling", "1.4.2", "1.5.0", waves, (len(waves) + 1) // 2),
            _document("gantry-3-1-0", "gantry", "3.0.4", "3.1.0", whole, 0),
        )
    )


def _waves(provinces: Sequence[str]) -> list[Wave]:
    chunks = [provinces[at : at + PROVINCES_PER_WAVE] for at in range(0, len(provinces), PROVINCES_PER_WAVE)]
    return [(f"wave-{number}", list(chunk), []) for number, chunk in enumerate(chunks, 1)]


def _document(name: str, application: str, start: str, to: str, waves: list[Wave], switched: int) -> str:
    cursors = ""
    if switched:
        ahead = waves[min(switched, len(waves) - 1)][0]
        cursors = f"  prepulled: {ahead}\n  switched: {waves[switched - 1][0]}\n"
    return f"""\
apiVersion: milepost.dev/v1alpha1
kind: Release
metadata:
  name: {name}
spec:
  application: {application}
  from: {start}
  to: {to}
  waves:
{"".join(_wave(*wave) for wave in waves)}{cursors}"""


def _wave(name: str, provinces: list[str], groups: list[str]) -> str:
    lines = [f"    - name: {name}"]
    for key, names in (("provinces", provinces), ("groups", groups)):
        if names:
            lines += [f"      {key}:", *(f"        - {one}" for one in names)]
    return "\n".join([*lines, ""])
