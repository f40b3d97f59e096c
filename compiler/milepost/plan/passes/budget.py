"""Pre-pull budget: whether a wave's images arrive in time, and whether they stay on the disks.

Refused is what cannot work, with what would help.
"""

from __future__ import annotations

from math import ceil

from milepost.diagnostics import Code, Related, Sink
from milepost.model.duration import span
from milepost.model.fleet import Fleet, Province
from milepost.model.rollout import LineLoad, Prepulls, WavePull
from milepost.plan.pass_order import Role

MP4081 = Code(
    "MP4081",
    "pre-pull exceeds its window",
    "The layers that are new to the nodes take longer over the lines than the wave's window. Counted is what really "
    "crosses each line, at the share of its rate that is left to pre-pulls: a cold mirror fetches every blob twice.",
    "kind: AccessProfile\nspec: {down: 3Mbit/s}\n---\nkind: Fleet\nspec: {prepull: {window: 1h, share: 0.2}}\n# and 200 MB to pull\n",
)
MP4082 = Code(
    "MP4082",
    "kubelet would garbage-collect pre-pulled images",
    "When a disk is 85 % full, the kubelet removes images that nothing runs: first of all those that were just pulled, "
    "and those to go back to. Old and new version, and whatever else runs there, must fit below that, beside what the "
    "hardware profile reserves. Unpacked and packed, an image takes about three and a half times its compressed size.",
    "kind: HardwareProfile\nspec: {disk: 8Gi, reserved: {disk: 4Gi}}\n# and 1 GiB of compressed images\n",
)
ROLE = Role.CHECKS


def run(fleet: Fleet, prepulls: Prepulls, sink: Sink) -> None:
    for pull in prepulls.waves:
        # A wave that has switched has its images on the nodes already; its window is over and
        # nothing about it can be changed any more.
        if not pull.switched:
            _check_window(pull, fleet.province, sink)
            _check_disks(pull, sink)


def _check_window(pull: WavePull, province: Province, sink: Sink) -> None:
    if pull.seconds <= pull.window:
        return
    # Stages run one after the other, so shortening the longest helps most. `loads` is sorted
    # with the slowest line first.
    slowest = max(pull.stages, key=lambda stage: stage.seconds).loads[0]
    asked = pull.wave.origin.of("window") if pull.wave.window is not None else pull.wave.origin.of("name")
    sink.report(
        MP4081,
        f'wave "{pull.wave.name}" of release "{pull.release.name}" takes {span(pull.seconds)} to reach the nodes of '
        f"{province.name}, and its window is {span(pull.window)}",
        asked.span,
        hint=_helps(pull, province.prepull.share),
        related=[
            Related(f"the slowest is the {_said(slowest)}", province.origin.of("metadata", "name").span)
        ],
    )


def _said(load: LineLoad) -> str:
    return f"{load.line}: {_mb(load.size)} MB at {load.rate / 1e6:.1f} Mbit/s take {span(load.seconds)}"


def _helps(pull: WavePull, share: float) -> str:
    """What would make it fit, each by itself. Times go with bytes and against the share."""
    factor = pull.seconds / pull.window
    # Rounded up to five minutes: people write windows in such steps, and a window of exactly
    # the sum would fail with the next byte.
    window = ceil(pull.seconds / 300) * 300
    ways = [f"a window of {span(window)}"]
    # A share above the whole line is no advice. The same goes for saving more than there is,
    # below.
    if (wider := share * factor) <= 1:
        ways.append(f"a share of {-int(-wider * 100 // 1) / 100:.2f}")
    fewer = _mb(pull.most * (1 - 1 / factor))
    if fewer < _mb(pull.most):
        ways.append(f"{fewer} MB fewer of the {_mb(pull.most)} MB that a node fetches")
    return "it would fit with " + ", or ".join(ways)


def _check_disks(pull: WavePull, sink: Sink) -> None:
    for disk in pull.disks:
        if disk.use > 1:
            sink.report(
                MP4082,
                f'old and new images of wave "{pull.wave.name}" take {disk.use * disk.room / 2**30:.1f} GiB on the disk '
                f'of a "{disk.node.profile.name}", and images may have {max(disk.room, 0) / 2**30:.1f} GiB before any '
                "are removed",
                pull.wave.origin.of("name").span,
                related=[Related(f"node {disk.node.name}", disk.node.origin.span)],
                hint="use smaller images, fewer components on such nodes, or a larger disk",
            )


def _mb(size: float) -> int:
    return -int(-size // 1_000_000)
