"""Edition seal: the digest of everything that an edition holds, so that an edit in place is noticed.

The definition counts as it is meant, with its files' bytes: comments and layout of the document may change, what is
rendered of it may not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def seal(
    definition: object, values: object, files: Mapping[str, str], manifests: Mapping[str, object]
) -> str:
    """``sha256:`` and 64 digits. ``files`` are texts of templates and ``manifests`` parsed documents, by path."""
    # Order counts: that of containers, variables and files is the order in which they are rendered.
    body: Sequence[Any] = (definition, values or {}, sorted(files.items()), sorted(manifests.items()))
    return "sha256:" + hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()
