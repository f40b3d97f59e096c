"""Typed documents: pydantic at the door, and its error paths as places in files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from milepost.diagnostics import Code, Related, Sink, did_you_mean
from milepost.model import spec
from milepost.model.document import LOCK, SpecDocument, SpecSource
from milepost.model.parsed import ParsedDocument, ParsedSpec
from milepost.validate.pydantic_errors import report_errors
from milepost.validate.rules import check

MP2001 = Code(
    "MP2001",
    "unknown kind",
    "The document says that it is of a kind which Milepost does not know. Kinds are case-sensitive.",
    "apiVersion: milepost.dev/v1alpha1\nkind: Aplication\nmetadata: {name: tolling}\nspec: {}\n",
)
MP2005 = Code(
    "MP2005",
    "duplicate document",
    "A name stands for one document of its kind. Other documents refer to it by that name, so a second one would "
    "make every reference ambiguous.",
    "kind: Image\nmetadata: {name: redis}\n---\nkind: Image\nmetadata: {name: redis}\n",
)
MP2006 = Code(
    "MP2006",
    "missing or duplicate Fleet",
    "A fleet spec has exactly one document of kind Fleet: it names the management levels, the station types, the "
    "roles and how trees reach their clusters.",
    "# a folder without a document of kind Fleet\n",
)


def spec_of(source: SpecSource, sink: Sink) -> ParsedSpec | None:
    """The typed spec, or None when a document has the wrong shape; every fault is in ``sink``."""
    lock = _lock(source, sink)
    found = _of_shape(source, sink)
    fleet = _only_fleet(found["Fleet"], source, sink)
    # Rules take types as given, and a document of the wrong shape has none.
    if fleet is None or sink.failed:
        return None
    provinces, groups = _by_name(found["Province"]), _by_name(found["StationGroup"])
    result = ParsedSpec(
        fleet=fleet,
        hardware_profiles=_by_name(found["HardwareProfile"]),
        access_profiles=_by_name(found["AccessProfile"]),
        images=_by_name(found["Image"]),
        registry_tiers=_by_name(found["RegistryTier"]),
        provinces=provinces,
        station_groups=groups,
        groups_of=_by_province(provinces, groups),
        node_groups=_by_name(found["NodeGroup"]),
        applications=_by_name(found["Application"]),
        releases=_by_name(found["Release"]),
        editions=_by_name(found["Edition"]),
        policies=_by_name(found["Policy"]),
        lock=lock,
        source=source,
    )
    check(result, sink)
    return None if sink.failed else result


def fleet_of(source: SpecSource, sink: Sink) -> ParsedDocument[spec.FleetDocument] | None:
    """The Fleet document alone, for callers that need nothing else of the spec; faults go to ``sink``."""
    fleet = _only_fleet(_of_shape(source, sink)["Fleet"], source, sink)
    return None if sink.failed else fleet


def policies_of(source: SpecSource, sink: Sink) -> list[ParsedDocument[spec.PolicyDocument]]:
    """Every Policy of the right shape; every fault is in ``sink``."""
    return list(_of_shape(source, sink)["Policy"].values())


def _of_shape(source: SpecSource, sink: Sink) -> defaultdict[str, dict[str, ParsedDocument[Any]]]:
    """Documents by kind and name."""
    found: defaultdict[str, dict[str, ParsedDocument[Any]]] = defaultdict(dict)
    for document in source.documents:
        if (parsed := _written(document, sink)) is not None:
            _keep(found[document.kind], parsed, sink)
    return found


def _lock(source: SpecSource, sink: Sink) -> spec.ImageLock | None:
    locks = [_model(spec.ImageLock, document, sink) for document in source.manifests.get(LOCK, ())]
    return locks[0] if locks else None


def _written(document: SpecDocument, sink: Sink) -> ParsedDocument[Any] | None:
    model = spec.KINDS.get(document.kind)
    if model is None:
        sink.report(
            MP2001,
            f'unknown kind "{document.kind}"' if document.kind else "a document without a kind",
            document.span("kind"),
            hint=did_you_mean(document.kind, spec.KINDS),
        )
        return None
    value = _model(model, document, sink)
    return None if value is None else ParsedDocument(value, document)


def _model(model: type[Any], document: SpecDocument, sink: Sink) -> Any:
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        report_errors(error, model, document, sink)
        return None


def _keep(known: dict[str, ParsedDocument[Any]], parsed: ParsedDocument[Any], sink: Sink) -> None:
    first = known.setdefault(parsed.name, parsed)
    if first is not parsed:
        sink.report(
            MP2005,
            f'two documents of kind {parsed.document.kind} are named "{parsed.name}"',
            parsed.document.span("metadata", "name"),
            related=[Related("first named here", first.document.span("metadata", "name"))],
            hint="rename or remove one of them",
        )


def _only_fleet(
    fleets: Mapping[str, ParsedDocument[Any]], source: SpecSource, sink: Sink
) -> ParsedDocument[Any] | None:
    first, *others = fleets.values() or [None]
    # A Fleet of the wrong shape is there and has been reported; "there is none" would send
    # people looking for it.
    if first is None and not any(d.kind == "Fleet" for d in source.documents):
        sink.report(
            MP2006,
            f"{source.root} has no document of kind Fleet",
            hint="`milepost init` writes a small fleet",
        )
    for other in others:
        if other is not None and first is not None:
            sink.report(
                MP2006,
                "a second document of kind Fleet",
                other.document.span("kind"),
                related=[Related("the first stands here", first.document.span("kind"))],
                hint="keep one Fleet document; provinces and groups have kinds of their own",
            )
    return first


def _by_name(parsed: Mapping[str, ParsedDocument[Any]]) -> dict[str, ParsedDocument[Any]]:
    return dict(sorted(parsed.items()))


def _by_province(
    provinces: Iterable[str], groups: Mapping[str, ParsedDocument[spec.StationGroupDocument]]
) -> dict[str, dict[str, ParsedDocument[spec.StationGroupDocument]]]:
    found: dict[str, dict[str, ParsedDocument[spec.StationGroupDocument]]] = {name: {} for name in provinces}
    for name, group in groups.items():
        found.setdefault(group.model.spec.province, {})[name] = group
    return found
