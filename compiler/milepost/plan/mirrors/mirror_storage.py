"""Mirror storage: how much a mirror's nodes may pull through it, and how long its line takes for that."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.diagnostics import Code, Severity, Sink
from milepost.model.bit_rate import bits_per_second
from milepost.model.fleet import Station, Tier
from milepost.model.quantity import bytes_of
from milepost.model.registry_routing import Chain
from milepost.plan.mirrors.mirror_demand import MirrorDemand

MP4073 = Code(
    "MP4073",
    "mirror storage too small",
    "A mirror that cannot hold every version in use fetches the same layers over the line again and again, or stops "
    "when its disk is full. Counted are the layers of all versions that run or are released to, for the architectures "
    "behind it, each once.",
    "mirror:\n  storage: {size: 1Gi, path: /var/lib/registry}\n# before images of 3 GiB\n",
    Severity.WARNING,
)


class MirrorSizing:
    """The sizes of mirrors: says what each has to hold, and remembers the worst place of each tier."""

    def __init__(self, needs: MirrorDemand) -> None:
        self._needs = needs
        self._most: dict[Tier, int] = {}

    def reason(self, chain: Chain, stations: Iterable[Station]) -> str:
        """Why the mirror at the head of ``chain`` is there, and what filling it costs."""
        mirror, upstream, root = chain[0], chain[1], chain[-1]
        needed = self._needs.bytes_of(stations, root.host)
        # A tier has one storage size for all its places, so only the worst of them decides, and
        # a tier gets one message.
        self._most[mirror.tier] = max(needed, self._most.get(mirror.tier, 0))
        return f"fetches from {upstream.endpoint} for all nodes behind it; {_cost(mirror.tier, needed)}"

    def report(self, sink: Sink) -> None:
        """The tiers that are smaller than what their worst place needs."""
        for tier, needed in self._most.items():
            mirror = tier.settings.mirror
            if mirror is not None and needed > bytes_of(mirror.storage.size):
                message = f'registry tier "{tier.name}" holds {mirror.storage.size}, and the images behind it have {_mib(needed)} MiB'
                at = tier.origin.of("spec", "mirror", "storage", "size")
                sink.report(MP4073, message, at.span, hint="give it more storage")


def _cost(tier: Tier, needed: int) -> str:
    """Every blob crosses the line twice: a cold pull through a mirror fetches it to serve it and again to store it."""
    size = f"all versions in use have {_mib(needed)} MiB"
    if tier.settings.down is None:
        return size
    minutes = -(-2 * needed * 8 // (bits_per_second(tier.settings.down) * 60))
    return f"{size}, which cross its line of {tier.settings.down} twice when it is empty: about {minutes} min"


def _mib(size: int) -> int:
    return -(-size // 2**20)
