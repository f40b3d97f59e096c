"""Whether a wave's images arrive in time, and whether they stay: bytes over lines, and disks before any image goes.

Refused is what cannot work, with what would help. From the times come the timeouts of the jobs.
"""

from __future__ import annotations

from math import ceil

from milepost.diagnostics import Code, Related, Sink
from milepost.model.duration import span
from milepost.model.plan import Plan
from milepost.model.quantity import seconds
from milepost.model.rollout import DiskUse, Load, WavePull
from milepost.plan.mirror_tree import MirrorTree

MP4081 = Code(
    "MP4081",
    "a wave that cannot arrive",
    "The layers that are new to the nodes take longer over the lines than the wave's window. Counted is what really "
    "crosses each line, at the share of its rate that is left to pre-pulls: a cold mirror fetches every blob twice.",
    "kind: AccessProfile\nspec: {down: 3Mbit/s}\n---\nkind: Fleet\nspec: {prepull: {window: 1h, share: 0.2}}\n# and 200 MB to pull\n",
)
MP4082 = Code(
    "MP4082",
    "images that would not stay",
    "When a disk is 85 % full, the kubelet removes images that nothing runs: first of all those that were just pulled, "
    "and those to go back to. Old and new version, and whatever else runs there, must fit below that, beside what the "
    "hardware profile reserves. Unpacked and packed, an image takes about three and a half times its compressed size.",
    "kind: HardwareProfile\nspec: {disk: 8Gi, reserved: {disk: 4Gi}}\n# and 1 GiB of compressed images\n",
)
COLLECTED_AT = 0.85
"""EdgeCore's ``imageGCHighThresholdPercent``."""
ON_DISK = 3.5
"""Bytes on disk for each compressed byte: containerd keeps the blobs, and what gzip made of programs unpacks to about
two and a half times as much."""
_STEP = 900
"""Timeouts are whole quarters of an hour, so that a node more or less changes no job."""
_ALLOWANCE = 600
"""Seconds for what is not pulling: the order to start, the check, the answers."""


def run(plan: Plan, sink: Sink) -> None:
    settings, tree = plan.fleet.province.prepull, MirrorTree(plan)
    for pull in plan.pulls:
        tree.cool()
        pull.window = seconds(settings.window) if pull.wave.window is None else pull.wave.window
        for stage in pull.stages:
            stage.loads = tree.pull(stage.pulls)
            stage.timeout = -(-int(2 * stage.seconds + _ALLOWANCE) // _STEP) * _STEP
        pull.fullest = max((_use(disk) for disk in pull.disks), default=0.0)
        if not pull.switched:
            _check_window(pull, plan, sink)
            _check_disks(pull, sink)


def _check_window(pull: WavePull, plan: Plan, sink: Sink) -> None:
    if pull.seconds <= pull.window:
        return
    province = plan.fleet.province
    slowest = max(pull.stages, key=lambda stage: stage.seconds).loads[0]
    asked = pull.wave.origin.of("window") if pull.wave.window is not None else pull.wave.origin.of("name")
    sink.report(
        MP4081,
        f'wave "{pull.wave.name}" of release "{pull.release.name}" takes {span(pull.seconds)} to reach the nodes of '
        f"{province.name}, and its window is {span(pull.window)}",
        asked.span,
        hint=_helps(pull, plan),
        related=[
            Related(f"the slowest is the {_said(slowest)}", province.origin.of("metadata", "name").span)
        ],
    )


def _said(load: Load) -> str:
    return f"{load.line}: {_mb(load.size)} MB at {load.rate / 1e6:.1f} Mbit/s take {span(load.seconds)}"


def _helps(pull: WavePull, plan: Plan) -> str:
    """What would make it fit, each by itself. Times go with bytes and against the share."""
    factor = pull.seconds / pull.window
    window = ceil(pull.seconds / 300) * 300
    ways = [f"a window of {span(window)}"]
    if (share := plan.fleet.province.prepull.share * factor) <= 1:
        ways.append(f"a share of {-int(-share * 100 // 1) / 100:.2f}")
    fewer = _mb(pull.most * (1 - 1 / factor))
    if fewer < _mb(pull.most):
        ways.append(f"{fewer} MB fewer of the {_mb(pull.most)} MB that a node fetches")
    return "it would fit with " + ", or ".join(ways)


def _check_disks(pull: WavePull, sink: Sink) -> None:
    for disk in pull.disks:
        if (use := _use(disk)) > 1:
            profile = disk.node.profile
            room = profile.disk * COLLECTED_AT - profile.reserved_disk
            sink.report(
                MP4082,
                f'old and new images of wave "{pull.wave.name}" take {use * room / 2**30:.1f} GiB on the disk of a '
                f'"{profile.name}", and images may have {max(room, 0) / 2**30:.1f} GiB before any are removed',
                pull.wave.origin.of("name").span,
                related=[Related(f"node {disk.node.name}", disk.node.origin.span)],
                hint="use smaller images, fewer components on such nodes, or a larger disk",
            )


def _use(disk: DiskUse) -> float:
    """Part of the space for images that is used."""
    profile = disk.node.profile
    room = profile.disk * COLLECTED_AT - profile.reserved_disk
    return disk.size * ON_DISK / room if room > 0 else float("inf")


def _mb(size: float) -> int:
    return -int(-size // 1_000_000)
