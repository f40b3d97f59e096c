"""Transition run: the specs of both sides of a review planned, and what a rollout from one to the other may run into."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from milepost import pipeline
from milepost.diagnostics import Sink
from milepost.driver.spec_revision import spec_at
from milepost.model.plan import Plan
from milepost.model.record import by_value
from milepost.model.transition import WaitingPod
from milepost.plan.capacity.transitions import transitions
from milepost.publish.git import GitError

_Planned = Callable[[str], Plan | None]


@by_value
class TransitionRun:
    """The fleet spec in the folder ``root`` as two revisions have it; ``head`` is None for the folder as it stands."""

    root: Path
    base: str
    head: str | None = None

    def __call__(self, provinces: Collection[str]) -> tuple[list[WaitingPod], str]:
        """What may wait in ``provinces``; and why nothing could be judged, or an empty text."""
        try:
            with self._side(self.base) as before, self._side(self.head) as after:
                return self._judged(before, after, provinces)
        except (GitError, OSError, ValueError) as error:
            return [], str(error)

    def _judged(
        self, before: _Planned, after: _Planned, provinces: Collection[str]
    ) -> tuple[list[WaitingPod], str]:
        found, left = [], []
        for province in sorted(provinces):
            sides = before(province), after(province)
            # A province that comes or goes has nothing to move from, or to.
            if sides[0] is None or sides[1] is None:
                left.append(province)
            else:
                found += transitions(sides[0], sides[1])
        return found, f"the spec of one side cannot be planned for {', '.join(left)}" if left else ""

    @contextmanager
    def _side(self, revision: str | None) -> Iterator[_Planned]:
        if revision is None:
            yield _planner(self.root)
        else:
            with spec_at(self.root, revision) as folder:
                yield _planner(folder)


def _planner(folder: Path) -> _Planned:
    """Plans of the provinces of a spec; None where it has none of the name, or a wrong one."""
    shared = pipeline.read(folder, Sink())

    def plan(name: str) -> Plan | None:
        known = shared is not None and name in shared.spec.provinces
        return pipeline.plan_province(shared, name, Sink()) if known and shared is not None else None

    return plan
