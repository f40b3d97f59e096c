"""``milepost inventory diff`` and ``milepost inventory relabel``: the nodes of the spec against those of a cluster."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from milepost.cli import console, exits

if TYPE_CHECKING:
    from milepost.inventory import Difference, LabelEdit

_FORMS = ("text", "json", "commands")


@click.group()
def command() -> None:
    """Compare the nodes of the spec with a cluster's, or say which labels a change wants changed."""


@command.command()
@click.argument("nodes", type=click.File(encoding="utf-8"), metavar="NODES")
@console.spec_option
@click.option(
    "--province", metavar="NAME", help="Whose cluster it is; may be left out where there is one province."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    default="text",
    show_default=True,
    help="commands: a shell script that mends the labels.",
)
def diff(nodes: Any, spec: Path, province: str | None, form: str) -> int:
    """Compare a province's nodes with NODES, the output of `kubectl get nodes -o json` (- is standard input).

    Says which nodes are missing, foreign, of another architecture, too small, wrongly labelled, at another address,
    cordoned or not ready. Exits 3 where anything differs.
    """
    from milepost import inventory, pipeline
    from milepost.diagnostics import Sink

    sink = Sink()
    shared = pipeline.read(spec, sink)
    if shared is None:
        console.show(sink, spec, "text")
        return exits.SPEC_WRONG
    name = _chosen(province, shared.provinces)
    fleet = pipeline.fleet(shared, name, sink)
    if fleet is None:
        console.show(sink, spec, "text")
        return exits.SPEC_WRONG
    try:
        reported = inventory.read_nodes(nodes.read())
    except inventory.NodeListError as error:
        raise click.ClickException(f"{nodes.name}: {error}") from None
    found = inventory.compare(fleet, reported)
    _FORM[form](found, spec)
    known = sum(len(s.nodes) for g in fleet.province.groups for s in g.stations)
    click.echo(
        f"{name}: {known:,} nodes in the spec, {len(reported):,} in the cluster, {_summary(found)}", err=True
    )
    return exits.DIFFERENT if found else exits.FINE


@command.command()
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--rendered",
    type=click.Path(path_type=Path),
    default=Path("rendered"),
    show_default=True,
    help="Folder of the rendered trees.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("commands", "json")),
    default="commands",
    show_default=True,
    help="Form of the answer.",
)
def relabel(base: str, head: str | None, rendered: Path, form: str) -> int:
    """Say which labels of which nodes change between BASE and HEAD (the working tree by default).

    Revisions, or two rendered folders. Nodes that join or leave are not among them: a node gets its labels when it joins.
    The commands come in two steps: what is set before the change is merged, and what goes after it is applied.
    """
    from milepost.publish.compared_trees import NoSuchTreeError, compared_trees

    try:
        compared = compared_trees(base, head, rendered)
    except NoSuchTreeError as error:
        raise click.ClickException(str(error)) from None
    edits = _edits(compared.base, compared.head)
    if form == "json":
        click.echo(json.dumps({p: {n: _edit(e) for n, e in by.items()} for p, by in edits.items()}, indent=2))
    else:
        _print_commands(edits)
    return exits.FINE


def _edits(base: Any, head: Any) -> dict[str, dict[str, LabelEdit]]:
    """Province to node to edit, of nodes that stand on both sides."""
    from milepost.inventory import between
    from milepost.inventory.join_lists import province_labels

    before, after = province_labels(base), province_labels(head)
    found: dict[str, dict[str, LabelEdit]] = {}
    for province in sorted(before.keys() & after.keys()):
        old, new = before[province], after[province]
        edits = {node: between(old[node], new[node]) for node in sorted(old.keys() & new.keys())}
        if changed := {node: edit for node, edit in edits.items() if edit}:
            found[province] = changed
    return found


def _print_commands(edits: dict[str, dict[str, LabelEdit]]) -> None:
    from milepost.inventory import commands

    for province, of_nodes in edits.items():
        click.echo(f"# Cluster {province}: {len(of_nodes):,} {'node' if len(of_nodes) == 1 else 'nodes'}.")
        for line in commands(of_nodes):
            click.echo(line)
    if not edits:
        click.echo("no node's labels change", err=True)


def _chosen(province: str | None, provinces: tuple[str, ...]) -> str:
    if province is None and len(provinces) == 1:
        return provinces[0]
    if province is None:
        raise click.UsageError(f"say whose cluster it is with --province: {', '.join(provinces)}")
    if province not in provinces:
        from milepost.diagnostics import did_you_mean

        raise click.UsageError(
            f"there is no province {province} {did_you_mean(province, provinces) or ''}".strip()
        )
    return province


def _text(found: list[Difference], spec: Path) -> None:
    kind = None
    for one in found:
        if one.kind is not kind:
            kind = one.kind
            click.echo(f"{kind.value} ({sum(d.kind is kind for d in found):,})")
        where = (
            ""
            if one.origin is None
            else f"  {(spec / one.origin.span.path).as_posix()}:{one.origin.span.line}"
        )
        click.echo(f"  {one.node}{'' if one.station is None else f' at {one.station}'}: {one.text}{where}")


def _json(found: list[Difference], spec: Path) -> None:
    rows = [
        {
            "kind": one.kind.name.lower().replace("_", "-"),
            "node": one.node,
            "station": one.station,
            "text": one.text,
            "file": None if one.origin is None else (spec / one.origin.span.path).as_posix(),
            "line": None if one.origin is None else one.origin.span.line,
            "labels": None if one.edit is None else _edit(one.edit),
        }
        for one in found
    ]
    click.echo(json.dumps(rows, indent=2, ensure_ascii=False))


def _commands(found: list[Difference], _spec: Path) -> None:
    from milepost.inventory import commands

    for line in commands({one.node: one.edit for one in found if one.edit is not None}):
        click.echo(line)


def _edit(edit: LabelEdit) -> dict[str, Any]:
    return {"set": dict(edit.sets), "remove": list(edit.removes)}


def _summary(found: list[Difference]) -> str:
    counts = Counter(one.kind for one in found)
    return ", ".join(f"{number:,} {kind.value}" for kind, number in counts.items()) or "no difference"


_FORM = {"text": _text, "json": _json, "commands": _commands}
