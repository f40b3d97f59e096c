"""The guard interface: a module here that offers ``ORDER`` and ``judge``; a new guard is a new module. And what all guards use.

Judges the difference, not the tree. Never asks the clock: the moment is the caller's, or the commit's. An ``allows`` names
the change as well as the guard, so that it lets this change pass and no other.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cache
from types import ModuleType

from milepost.diagnostics import Code, Diagnostic
from milepost.model.record import by_value
from milepost.model.transition import WaitingPod
from milepost.publish.review.classify.pins import Repinned
from milepost.publish.review.judge.emptied_workloads import Emptied
from milepost.publish.review.judge.guard_rules import GuardRules
from milepost.publish.review.judge.waiting_pods import StoppingPods
from milepost.publish.review.read.yaml_documents import ObjectIdentity
from milepost.publish.review.show.summary_line import SummaryLine


@by_value
class GuardedChange:
    """A change as guards see it. ``id`` is the beginning of the raw difference's digest."""

    id: str
    provinces: frozenset[str]
    removed: tuple[tuple[str, ObjectIdentity], ...] = ()
    """File below the rendered folder, and object."""
    repinned: tuple[Repinned, ...] = ()
    """Instances with data that would start on another node."""
    emptied: tuple[Emptied, ...] = ()
    """Workloads that stay, and would run nowhere."""
    stranded: tuple[tuple[str, ObjectIdentity], ...] = ()
    """Objects that no agent would remove."""
    waiting: tuple[WaitingPod, ...] = ()
    """Pods that may wait in some order of the rollout."""
    lines: tuple[SummaryLine, ...] = ()
    """The summary, the most dangerous first."""
    stopping: StoppingPods = field(default_factory=StoppingPods)
    """Pods that stop because a label of their node is another."""
    released: frozenset[tuple[str, str]] = frozenset()
    """Province and application that move by the waves of a release."""
    compilers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Province to the versions of Milepost that wrote the old and the new tree, where they differ."""
    loosened: tuple[str, ...] = ()
    """Guards and policies that would let pass what those of the base refuse."""

    @property
    def loosening_id(self) -> str:
        """Of what is loosened, and not of the trees, which it leaves as they are."""
        return hashlib.sha256("\n".join(self.loosened).encode()).hexdigest()[:8]


@by_value
class GuardFinding:
    """A finding of a guard: tripped, unless ``reason`` says why the change may pass."""

    diagnostic: Diagnostic
    entries: tuple[str, ...] = ()
    """What ``acknowledge`` would have to hold, each as ``removes: PATH`` or ``allows: NAME``."""
    reason: str | None = None
    by: tuple[str, ...] = ()
    """Teams of which one must be named by the acknowledgement."""

    @property
    def tripped(self) -> bool:
        return self.reason is None


Judge = Callable[[GuardedChange, GuardRules], Iterator[GuardFinding]]


@cache
def guards() -> tuple[Judge, ...]:
    """The judges of all guards, in their order."""
    import milepost.publish.review.judge.guards as here

    names = sorted(module.name for module in pkgutil.iter_modules(here.__path__))
    modules: list[ModuleType] = [importlib.import_module(f"{here.__name__}.{name}") for name in names]
    found = [module for module in modules if hasattr(module, "ORDER")]
    return tuple(module.judge for module in sorted(found, key=lambda module: module.ORDER))


def finding(
    code: Code,
    message: str,
    change: GuardedChange,
    rules: GuardRules,
    entries: Iterable[str],
    path: tuple[str | int, ...] = (),
    hint: str = "",
) -> GuardFinding:
    """A finding that one of ``entries`` lets pass; ``path`` is where in ``guards`` of the Fleet it is asked for."""
    wanted = tuple(entries)
    span = rules.at.of("spec", "guards", *path).span if rules.at else None
    names = (entry.removeprefix("allows: ") for entry in wanted)
    reason = next((rules.allows[name] for name in names if name in rules.allows), None)
    written = ", ".join(f"{{{entry}, reason: ...}}" for entry in wanted)
    text = f"{hint}; otherwise, if" if hint else "if"
    return GuardFinding(
        Diagnostic(code, message, span, f"{text} that is meant, add to spec.acknowledge: {written}"),
        wanted,
        reason,
    )


def watched(
    danger: str, code: Code, message: str, change: GuardedChange, rules: GuardRules, hint: str = ""
) -> Iterator[GuardFinding]:
    """A finding of one of the dangers in ``guards.watch``, where the fleet watches for it."""
    if danger in rules.guards.watch:
        yield finding(code, message, change, rules, [f"allows: {danger}-{change.id}"], ("watch",), hint)
