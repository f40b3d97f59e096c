"""Release waves: each has members, and the cursors stand in a possible order."""

from __future__ import annotations

from milepost.diagnostics import Code, Sink
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.model.spec import ReleaseDocument

MP2070 = Code(
    "MP2070",
    "release without a change",
    "A release goes from one version to another one, and each of its waves has station groups to move.",
    "waves:\n  - {name: pilot}\n",
)
MP2071 = Code(
    "MP2071",
    "switched ahead of pre-pull",
    "A wave switches when the images are on its nodes: a lane that has to wait for 40 MB over a mobile line is closed "
    "for minutes. So `switched` is never ahead of `prepulled`, unless `withoutPrepull` says why nothing is pulled ahead.",
    "waves: [{name: pilot, groups: [hn-g4]}]\nswitched: pilot\n",
)
MP2072 = Code(
    "MP2072",
    "invalid cursor",
    "Without a pre-pull there is nothing that `prepulled` and `applied` could say; a wave that is pre-pulled and switched "
    "together is passed by both cursors at once; and what has not switched was not applied.",
    'waves: [{name: pilot, groups: [hn-g4]}]\nprepulled: pilot\nwithoutPrepull: "2 MB"\n',
)


def check(spec: ParsedSpec, sink: Sink) -> None:
    for parsed in spec.releases.values():
        _check_moves(parsed, sink)
        _check_cursors(parsed, sink)


def _check_moves(parsed: ParsedDocument[ReleaseDocument], sink: Sink) -> None:
    body, document = parsed.model.spec, parsed.document
    if body.start == body.to:
        message = f'release "{parsed.name}" goes from {body.start} to the same version'
        sink.report(MP2070, message, document.span("spec", "to"))
    for index, wave in enumerate(body.waves):
        if not wave.provinces and not wave.groups:
            at = document.span("spec", "waves", index, "name")
            hint = "name provinces or groups, or remove the wave"
            sink.report(MP2070, f'wave "{wave.name}" has no station groups', at, hint=hint)


def _check_cursors(parsed: ParsedDocument[ReleaseDocument], sink: Sink) -> None:
    body, document = parsed.model.spec, parsed.document
    if body.without_prepull is not None:
        for cursor in ("prepulled", "applied"):
            if getattr(body, cursor) is not None:
                message = "nothing is pulled ahead, so nothing was or is waited for"
                sink.report(MP2072, message, document.key_span("spec", cursor), hint=f"remove {cursor}")
        return
    names = [wave.name for wave in body.waves]
    prepulled = names.index(body.prepulled) + 1 if body.prepulled in names else 0
    switched = names.index(body.switched) + 1 if body.switched in names else 0
    # A cursor that names no wave counts as 0 above and is reported where names are resolved;
    # comparing it would blame the wrong one.
    known = {None, *names} >= {body.prepulled, body.switched}
    if known and switched > prepulled:
        hint = f"set prepulled: {body.switched}, or say withoutPrepull and why"
        message = f'wave "{body.switched}" switches before it is pre-pulled'
        sink.report(MP2071, message, document.span("spec", "switched"), hint=hint)
    if body.applied in names[switched:]:
        message = f'wave "{body.applied}" has not switched, so it was not applied'
        sink.report(MP2072, message, document.span("spec", "applied"), hint="remove applied")
    for index in range(switched, prepulled):
        if body.waves[index].together:
            at = document.span("spec", "waves", index, "together")
            hint = "move switched too, or remove together"
            message = f'wave "{names[index]}" moves in one commit, and only one cursor has passed it'
            sink.report(MP2072, message, at, hint=hint)
