"""JSON values of query results: what JSON lacks becomes text, and numbers that are none become nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """``value`` made of what JSON has."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        # DuckDB's sum() of BIGINT is a HUGEINT or DECIMAL; a count must not become 3.0 in JSON.
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        # json.dumps would write NaN and Infinity, which no other JSON parser accepts.
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else str(value)


def text(value: Any) -> str:
    """One value in a cell; lists and maps as JSON."""
    if isinstance(value, str):
        return value
    found = plain(value)
    if isinstance(found, bool | list | dict):
        return json.dumps(found, ensure_ascii=False)
    return "" if found is None else str(found)
