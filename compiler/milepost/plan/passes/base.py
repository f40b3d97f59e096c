"""What a pass is."""

from __future__ import annotations

from typing import Protocol

from milepost.diagnostics import Sink
from milepost.model.plan import Plan


class Pass(Protocol):
    """A module that adds one kind of choice to the plan, or reports why it cannot. Passes are blind to each other."""

    def run(self, plan: Plan, sink: Sink) -> None: ...
