"""Failover timing: advertisements and checks that keep to the take-over time that a rule wants."""

from __future__ import annotations

from collections.abc import Sequence

from milepost.diagnostics import Code, Sink
from milepost.model.failover import FALL, FailoverTiming
from milepost.model.fleet import Component
from milepost.model.matchers import FailoverRule
from milepost.model.origin import DocumentOrigin

MP4102 = Code(
    "MP4102",
    "take-over time cannot hold",
    "An address moves when its node falls silent, after four intervals between advertisements; and when its component fails "
    "two checks in a row, each of which may take as long as the readiness probe allows, after four more intervals, or one "
    "with `failback: false`. `takeover` must leave time for both.",
    "topology: [{standby: [gateway], address: cameras, takeover: 2s}]\n",
)
_SHORTEST, _LONGEST = 0.1, 40.0
"""Seconds between advertisements: VRRP 3 counts hundredths in 12 bits, and below a tenth a busy node loses its address."""


def timing(
    rule: FailoverRule, components: Sequence[Component], *, whole: bool, at: DocumentOrigin, sink: Sink
) -> FailoverTiming | None:
    """The slowest that keeps to the rule; ``whole`` where advertisements come at whole seconds. None after a diagnostic."""
    # Without an address nothing moves, so there is nothing to keep to.
    if not rule.addresses:
        return FailoverTiming(0.0, 1, 1, 0)
    probes = [c.settings.probes.readiness for c in components]
    timeout = max((probe.timeout for probe in probes if probe is not None), default=1)
    # Local checks are cheap, and every second between them is one that clients wait.
    # Others do not listen to a lower priority, and wait as if the node were lost. Under nopreempt
    # a sick node gives the address up, which they are told at once.
    checks = FailoverTiming(0.0, 1, timeout, 4 if rule.failback else 1)
    advert = min(rule.takeover / 4, (rule.takeover - checks.sick) / checks.told, _LONGEST)
    advert = float(int(advert)) if whole else int(advert * 100) / 100
    shortest = 1.0 if whole else _SHORTEST
    if advert >= shortest:
        return checks._replace(advert=advert)
    least = -(-max(4 * shortest, checks.sick + checks.told * shortest) // 1)
    seconds = f"{FALL} checks of up to {timeout} s"
    told = "1 advertisement" if checks.told == 1 else f"{checks.told} advertisements"
    kind = " of VRRP 2, in whole seconds," if whole else ""
    sink.report(
        MP4102,
        f"an address cannot be sure to move within {rule.takeover:g} s: {seconds} and {told}{kind} take up to {least:g} s",
        at.of("takeover").span,
        hint=f"allow {least:g} s"
        if timeout == 1
        else f"allow {least:g} s, or shorten the timeout of its readiness probe",
    )
    return None
