"""Devices of a station: two cannot be one device file of a node."""

from __future__ import annotations

from milepost.diagnostics import Code, Related, Sink
from milepost.model.fleet import Device, Station

MP4096 = Code(
    "MP4096",
    "device file used twice on a node",
    "A serial line ends at one device: two rows with the same node and path are one line that was entered twice, or a "
    "slip of the pen.",
    "name,station,type,node,path\nbarrier,yueyang,lane-controller,yueyang-l01,/dev/ttyS0\nlamp,yueyang,light,yueyang-l01,/dev/ttyS0\n",
)
MP4097 = Code(
    "MP4097",
    "device without a way to it",
    "A device is reached by its address, or it is wired to a node: then `path` or `port` says where, and `node` on which.",
    "name,station,type,path\nbarrier,yueyang,lane-controller,/dev/ttyS0\n",
)


def check(station: Station, sink: Sink) -> None:
    """Report lines that two devices have, and devices that nothing reaches."""
    lines: dict[tuple[str, str], Device] = {}
    for device in station.devices:
        row = device.row
        wired = row.path is not None or row.port is not None
        if wired != (row.node is not None) or not (wired or row.address):
            message = f'device "{device.name}" of station {station.name} has no way to it'
            if row.node is not None:
                hint = "fill path or port"
            else:
                hint = "fill node" if wired else "fill address, or node with path or port"
            sink.report(MP4097, message, device.origin.span, hint=hint)
        if row.path is None or row.node is None:
            continue
        first = lines.setdefault((row.node, row.path), device)
        if first is not device:
            sink.report(
                MP4096,
                f'device "{device.name}" of station {station.name} has {row.path} of node {row.node}',
                device.origin.of("path").span,
                related=[Related(f'"{first.name}" has it', first.origin.of("path").span)],
                hint="correct the path of one of them",
            )
