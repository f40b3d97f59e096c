"""What holds of every tree, whatever the fleet: each law is a function of a compilation, and asserts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from compiling import Compilation
from kustomize import by_identity, switches, units
from milepost.model import layout
from milepost.model.kinds import find
from milepost.model.manifest import fill_object
from milepost.model.owned_files import listed
from objects import Object, is_kubernetes, objects, parse

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
LABEL_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")


def trees(fleet: Compilation) -> Iterator[dict[str, bytes]]:
    return (dict(tree.items()) for tree in fleet.trees.values())


def files_read_back_are_the_objects(fleet: Compilation) -> None:
    """By a reader that is not Milepost's: no character is lost, no number becomes another."""
    for province, made in fleet.provinces.items():
        for template in made.lowered.templates:
            for instance in template.instances:
                meant = [fill_object(manifest.body, instance.values) for manifest in template.manifests]
                assert parse(fleet.files[f"{province}/{instance.path}"]) == meant


def units_list_each_file_beside_them_once(fleet: Compilation) -> None:
    """A file that no kustomization lists is never applied."""
    for files in trees(fleet):
        for unit in units(files):
            (kustomization,) = parse(files[f"{unit}/kustomization.yaml"])
            beside = {p.rpartition("/")[2] for p in files if p.rpartition("/")[0] == unit}
            assert sorted(kustomization["resources"]) == sorted(beside - {"kustomization.yaml"})


def every_file_is_listed_by_the_index_and_stays_inside(fleet: Compilation) -> None:
    """The index is how the next compile knows what is Milepost's."""
    for files in trees(fleet):
        assert sorted(listed(json.loads(files["milepost.json"]))) == sorted(files)
        for path in files:
            assert not PurePosixPath(path).is_absolute() and ".." not in PurePosixPath(path).parts


def the_layout_says_what_each_file_is_for(fleet: Compilation) -> None:
    """The record in the tree gives each file the group and the station that it was made for, and knows every file."""
    for province, made in fleet.provinces.items():
        index = json.loads(fleet.files[f"{province}/milepost.json"])
        forms = [re.sub(r"\\\{[a-z]+\\\}", ".+", re.escape(pattern)) for pattern in index["layout"]]
        for path in listed(index):
            assert any(re.fullmatch(form, path) for form in forms), path
        read = layout.reader(index)
        for template in made.lowered.templates:
            for instance in template.instances:
                purpose = read.purpose(instance.path)
                if "group" in instance.values:
                    meant = (instance.values["group"], instance.values.get("station", ""))
                    assert (purpose.group, purpose.station) == meant or not purpose.group, instance.path


def names_and_labels_are_valid(fleet: Compilation) -> None:
    """Also inside of EdgeApplications, and of the pods that workloads make."""
    for _, body in objects(fleet.files):
        for path, metadata in metadata_of(body):
            if "name" in metadata:
                form = DNS_LABEL if body["kind"] in ("Service", "Namespace") else DNS_SUBDOMAIN
                assert form.fullmatch(metadata["name"]), path
            for key, value in (metadata.get("labels") or {}).items():
                prefix, slash, last = key.rpartition("/")
                assert LABEL_NAME.fullmatch(last) and (not slash or DNS_SUBDOMAIN.fullmatch(prefix)), key
                assert LABEL_VALUE.fullmatch(value), (key, value)


def metadata_of(value: Any, path: str = "") -> Iterator[tuple[str, Object]]:
    """Every ``metadata`` within an object, with its path."""
    if isinstance(value, dict):
        if isinstance(value.get("metadata"), dict):
            yield path, value["metadata"]
        for key, item in value.items():
            yield from metadata_of(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from metadata_of(item, f"{path}[{index}]")


def no_two_objects_of_a_province_are_one(fleet: Compilation) -> None:
    """One would overwrite the other at every reconcile."""
    for tree in fleet.trees.values():
        found = [body for _, body in objects(dict(tree.items()))]
        assert len(by_identity(found)) == len(found)


def every_service_selects_pods_of_its_namespace(fleet: Compilation) -> None:
    """A name that leads nowhere is found out by the first call, on the road."""
    for tree in fleet.trees.values():
        found = [body for _, body in objects(dict(tree.items()))]
        pods = [(b["metadata"]["namespace"], t["metadata"]["labels"]) for b in found for t in templates(b)]
        for service in (b for b in found if b["kind"] == "Service" and b["spec"].get("selector")):
            wanted = service["spec"]["selector"].items()
            namespace = service["metadata"]["namespace"]
            assert any(namespace == n and wanted <= labels.items() for n, labels in pods), service


def templates(body: Any) -> Iterator[Object]:
    """The pod templates within an object."""
    if isinstance(body, dict):
        template = body.get("template")
        if isinstance(template, dict) and "containers" in template.get("spec", {}):
            yield template
        for value in body.values():
            yield from templates(value)
    elif isinstance(body, list):
        for item in body:
            yield from templates(item)


def every_selector_fits_its_own_pods_and_no_others(fleet: Compilation) -> None:
    """Two workloads that select each other's pods fight over them for ever."""
    for tree in fleet.trees.values():
        found = [
            b
            for _, b in objects(dict(tree.items()))
            if b["kind"] in ("Deployment", "StatefulSet", "DaemonSet")
        ]
        pods = [
            (b["metadata"]["namespace"], b["metadata"]["name"], b["spec"]["template"]["metadata"]["labels"])
            for b in found
        ]
        for body in found:
            wanted, namespace = body["spec"]["selector"]["matchLabels"].items(), body["metadata"]["namespace"]
            mine = [other for n, other, labels in pods if n == namespace and wanted <= labels.items()]
            assert mine == [body["metadata"]["name"]]


def what_pods_mount_is_there(fleet: Compilation) -> None:
    """ConfigMaps and claims stand in the same tree, and in the same namespace."""
    for tree in fleet.trees.values():
        found = [body for _, body in objects(dict(tree.items()))]
        known = {(b["kind"], b["metadata"].get("namespace"), b["metadata"]["name"]) for b in found}
        for body in found:
            for template in templates(body):
                for volume in template["spec"].get("volumes", ()):
                    namespace = body["metadata"].get("namespace")
                    if "configMap" in volume:
                        assert ("ConfigMap", namespace, volume["configMap"]["name"]) in known
                    if "persistentVolumeClaim" in volume:
                        claim = volume["persistentVolumeClaim"]["claimName"]
                        assert ("PersistentVolumeClaim", namespace, claim) in known


def every_sync_object_points_to_a_unit_of_the_tree(fleet: Compilation) -> None:
    """And every unit is synced by exactly one."""
    for tree in fleet.trees.values():
        files = dict(tree.items())
        synced = [
            body["spec"]["path"].removeprefix("./")
            if body["kind"] == "Kustomization"
            else body["spec"]["source"]["path"]
            for path, body in objects(files)
            if path.startswith("sync/") and body["kind"] in ("Kustomization", "Application")
        ]
        assert sorted(synced) == sorted({*units(files), *switches(files)} - {"sync"})


def files_end_in_one_line_break_and_hold_no_tab(fleet: Compilation) -> None:
    """Editors, diffs and kustomize agree about such files."""
    for path, data in fleet.files.items():
        assert data.endswith(b"\n") and not data.endswith(b"\n\n"), path
        assert not is_kubernetes(path) or b"\t" not in data, path


def every_object_is_of_a_kind_with_a_row(fleet: Compilation) -> None:
    """In a version that the table says, in a namespace or in none, and kept from pruning where it holds something."""
    for path, body in objects(fleet.files):
        kind, metadata = find(body["apiVersion"], body["kind"]), body["metadata"]
        assert kind is not None and kind.rendered, path
        assert body["apiVersion"] in (kind.api_version, kind.older_api_version), path
        assert ("namespace" in metadata) != kind.cluster_scoped, path
        marks = set((metadata.get("annotations") or {}).items())
        assert bool(marks & KEPT) == kind.prune_protected, path
        assert bool(marks & MADE_ANEW) == kind.recreated, path


KEPT = {
    ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
    ("argocd.argoproj.io/sync-options", "Prune=confirm,Delete=confirm"),
}
MADE_ANEW = {
    ("kustomize.toolkit.fluxcd.io/force", "enabled"),
    ("argocd.argoproj.io/sync-options", "Replace=true,Force=true"),
}


LAWS: tuple[Callable[[Compilation], None], ...] = (
    files_read_back_are_the_objects,
    units_list_each_file_beside_them_once,
    the_layout_says_what_each_file_is_for,
    every_file_is_listed_by_the_index_and_stays_inside,
    names_and_labels_are_valid,
    every_object_is_of_a_kind_with_a_row,
    no_two_objects_of_a_province_are_one,
    every_service_selects_pods_of_its_namespace,
    every_selector_fits_its_own_pods_and_no_others,
    what_pods_mount_is_there,
    every_sync_object_points_to_a_unit_of_the_tree,
    files_end_in_one_line_break_and_hold_no_tab,
)
