"""Dependencies of components on each other, as far as the texts of a station name a Service of the same station.

A name is evidence and no proof: a program may do without what its configuration names, and may know others from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from milepost.model.plan import Plan
from milepost.model.requirements import Reason
from milepost.plan.requirements.service_names import mentions, placed, service_stems

ComponentName = tuple[str, str]
"""Application and component."""
_ELSEWHERE = re.compile(r"-\{\{ *station\.parent\b")
"""The Service of another station, which no node of this one takes away."""


class Dependency(NamedTuple):
    """What a component names, and the text that does."""

    on: ComponentName
    reason: Reason


def dependencies(plan: Plan) -> Mapping[ComponentName, tuple[Dependency, ...]]:
    """By component, of those that stations have; each once."""
    components = placed(plan.placement.workloads(), plan.fleet.components)
    stems = service_stems(components)
    found: dict[ComponentName, dict[ComponentName, Dependency]] = {}
    for mention in mentions(components, stems):
        own = (mention.component.application, mention.component.name)
        other = (stems[mention.service].application, stems[mention.service].name)
        if own != other and not _ELSEWHERE.match(mention.behind):
            found.setdefault(own, {}).setdefault(other, Dependency(other, mention.reason))
    return {name: tuple(others.values()) for name, others in sorted(found.items())}
