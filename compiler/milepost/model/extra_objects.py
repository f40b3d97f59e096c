"""Extra objects: manifests that are rendered as they are, beside what Milepost makes itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from milepost.model.origin import DocumentOrigin
from milepost.model.record import record


@record
class ExtraObject:
    """One object; ``body`` has no namespace where it goes into each station group's own.

    ``per`` is ``group`` or ``station`` for objects of an application: how often it stands there.
    """

    body: Mapping[str, Any]
    per: str
    origin: DocumentOrigin
