"""Typed cells of CSV: text that means a number or a boolean where a level above sets the same name as one.

Without that, `false` in a cell would be true to a template, and 80 not equal to 80.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from milepost.diagnostics import Code, Related, Severity, Sink
from milepost.diagnostics.wording import and_more
from milepost.model.fleet import Settings
from milepost.model.origin import RowOrigin, Scalar, Setting

MP3013 = Code(
    "MP3013",
    "value that changes its type",
    "A level above sets this value as a number, or as true or false, and templates are written for that. The cell holds "
    "something else, which stays text: any text is true, and no text is equal to a number.",
    "# fleet.yaml\nvalues: {etc_enabled: true}\n# stations.csv\nname,group,type,value:etc_enabled\nyueyang,hn-g4,gantry,maybe\n",
    Severity.WARNING,
)
_TRUTH = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")


class TypedCells:
    """Reads the values of one province's rows; what cannot be read is kept until ``report``."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._of_level: dict[int, tuple[Settings, frozenset[str]]] = {}
        """Names that a level sets as numbers or truths, by the identity of its values, which are kept with them."""
        self._text: dict[str, list[tuple[RowOrigin, Setting]]] = {}

    def typed(self, values: Mapping[str, Scalar], above: Settings, row: RowOrigin) -> Mapping[str, Scalar]:
        """What the cells of ``row`` mean where the settings ``above`` hold."""
        _, names = self._of_level.get(id(above)) or self._look_at(above)
        # Most rows set text alone, and for those this is all that happens.
        if names.isdisjoint(values):
            return values
        return {name: self._value(name, cell, above.get(name), row) for name, cell in values.items()}

    def _look_at(self, above: Settings) -> tuple[Settings, frozenset[str]]:
        names = frozenset([name for name, setting in above.items() if not isinstance(setting.value, str)])
        found = self._of_level[id(above)] = (above, names)
        return found

    def _value(self, name: str, cell: Scalar, above: Setting | None, row: RowOrigin) -> Scalar:
        """What ``cell`` means where ``above`` holds; a value of a YAML list has its own type."""
        if above is None or not isinstance(cell, str) or isinstance(above.value, str):
            return cell
        meant = _truth(cell) if isinstance(above.value, bool) else _number(cell)
        if meant is None:
            self._text.setdefault(name, []).append((row, above))
            return cell
        return meant

    def report(self) -> None:
        """Each value once, at the first row that changes its type."""
        for name, found in self._text.items():
            row, above = found[0]
            wanted = "true or false" if isinstance(above.value, bool) else "a number"
            self._sink.report(
                MP3013,
                f'value "{name}" is {wanted} at level {above.level} and text in this row{and_more(len(found) - 1, "row")}',
                row.of(f"value:{name}").span,
                related=[Related(f"level {above.level} sets it here", above.origin(row).span)],
                hint=f"write {wanted}, or give text at both levels",
            )


def _truth(cell: str) -> bool | None:
    """As spreadsheets and people write it: ``TRUE``, ``false``."""
    return _TRUTH.get(cell.lower())


def _number(cell: str) -> int | float | None:
    if _INTEGER.fullmatch(cell):
        return int(cell)
    return float(cell) if _NUMBER.fullmatch(cell) else None
