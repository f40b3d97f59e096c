"""The removal guard: no unit that may run lanes is removed without an acknowledgement."""

from __future__ import annotations

from collections.abc import Sequence

from milepost.diagnostics import Code, Sink
from milepost.driver import empty_selectors
from milepost.executors.outcome import Outcome
from milepost.model.matches import Matches
from milepost.pipeline import SharedSpec

MP6090 = Code(
    "MP6090",
    "unit would be removed",
    "A unit that stands in the rendered tree is no longer rendered: its station group or province was removed or "
    "renamed. Units are dropped without pruning (so that no slip stops a lane): what runs there goes on, beside what a "
    "new name starts at the same stations, and nobody manages it any more. To rename or decommission in two steps: first "
    "take the stations out of the group, or move them to the new one, which prunes what they ran; then remove the "
    "empty group and acknowledge that.",
    "# hn-g4-changtan was renamed to hn-g4-changsha-xiangtan in one step\n",
)


class RemovalGuard:
    """Decides, when every province stands ready, whether any is put in place."""

    def __init__(
        self,
        shared: SharedSpec,
        gone: Sequence[str],
        sink: Sink,
        *,
        look_only: bool,
        kept: Sequence[Outcome] | None,
    ) -> None:
        """``kept`` are the provinces that need no work; None where the run is not over the whole fleet."""
        self._shared, self._gone, self._sink, self._look_only = shared, gone, sink, look_only
        self._kept = kept
        self.tripped = False
        self.put = False

    def decide(self, outcomes: Sequence[Outcome]) -> bool:
        """Report every unit that would be removed and was not acknowledged; say whether to go on."""
        # All or nothing: a fleet in which one province is wrong is not half of a release.
        if self._sink.failed or any(outcome.failed for outcome in outcomes):
            return False
        every = () if self._kept is None else (*self._kept, *outcomes)
        # Of a fleet without any station its empty tables are told; no selector of it can be wrong.
        if any(outcome.stations for outcome in every):
            found = Matches.together(outcome.matches for outcome in every)
            empty_selectors.report(self._shared.catalog, found, self._sink)
            if self._sink.failed:
                return False
        dropped = [f"{o.province}/{unit}" for o in outcomes for unit in o.dropped] + list(self._gone)
        unseen = [path for path in dropped if not self._acknowledged(path)]
        for path in unseen:
            self._report(path)
        self.tripped = bool(unseen)
        self.put = not self.tripped and not self._look_only
        return self.put

    def _acknowledged(self, path: str) -> bool:
        """A province's acknowledgement covers its units."""
        # By whole path or province, and never by beginning: `hn/groups/a` must not cover
        # `hn/groups/ab`.
        return not self._shared.catalog.acknowledged.isdisjoint((path, path.partition("/")[0]))

    def _report(self, path: str) -> None:
        self._sink.report(
            MP6090,
            f"{path} stands in the rendered tree and is no longer rendered: what runs there would go on unmanaged",
            self._shared.spec.fleet.document.key_span("spec", "acknowledge"),
            hint=f"if that is meant, add to spec.acknowledge: {{removes: {path}, reason: ...}}",
        )
