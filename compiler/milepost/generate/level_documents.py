"""Documents of the levels between fleet and station: a Province, and the StationGroups of its road sections."""

from __future__ import annotations

from collections.abc import Iterable

from milepost.generate.geography import SampleProvince
from milepost.generate.section_inventory import SLOW
from milepost.generate.sections import RoadSection

KUBERNETES = ("1.32", "1.31", "1.30")
"""Minor versions that KubeEdge 1.23 is made for; provinces differ."""

_ARGOCD = """\
  sync:
    engine: argocd
    source:
      kind: GitRepository
      url: ssh://git@git.tolling.example/highway/rendered.git
      reference: province/{province}
      secret: rendered-read
    interval: 30m
"""
_OCI = """\
  sync:
    engine: flux
    source:
      kind: OCIRepository
      url: oci://registry.tolling.example/rendered/{province}
      reference: stable
      secret: rendered-pull
      proxySecret: province-proxy
      timeout: 10m
    interval: 2h
    retryInterval: 15m
    timeout: 30m
"""


def province_document(
    province: SampleProvince,
    number: int,
    stations: Iterable[str],
    nodes: Iterable[str],
    addresses: Iterable[str],
) -> str:
    """A Province; ``number`` counts provinces from 0 and decides versions and how its tree is synced."""
    offline = "    offline_hours: 168\n" if province.access == SLOW else ""
    return f"""\
# {province.title}
apiVersion: milepost.dev/v1alpha1
kind: Province
metadata:
  name: {province.name}
spec:
  cluster:
    kubernetes: "{KUBERNETES[number % len(KUBERNETES)]}"
    kubeedge: 1.23.1
  stations:
{_items(stations)}\
  nodes:
{_items(nodes)}\
  addresses:
{_items(addresses)}\
  owners: [{province.name}-operations]
  access: {province.access}
  labels:
    line: {province.access}
  cloudcore:
    endpoints:
      private: {{host: 10.{province.code}.0.10}}
      proxy: {{host: cloudcore-relay.{province.name}.tolling.example, addresses: [10.{province.code}.0.14]}}
      public: {{host: cloudcore.{province.name}.tolling.example, addresses: [198.51.100.{province.code}]}}
    servers: [10.{province.code}.0.21]
  values:
    province_code: "{province.code}"
    gateway_url: https://gateway.{province.name}.tolling.example
{offline}\
  budgets:
    pods: {900 + province.weight}
{_sync(province, number)}"""


def section_document(province: SampleProvince, section: RoadSection, guided: bool) -> str:
    """A StationGroup; ``guided`` is the one with a quota of its own, where the guidance application is tried."""
    owners = f"  owners: [{province.name}-operations, {section.name}]\n" if section.own_team else ""
    access = f"  access: {section.access}\n" if section.access else ""
    return f"""\
apiVersion: milepost.dev/v1alpha1
kind: StationGroup
metadata:
  name: {section.name}
spec:
  province: {province.name}
  road:
    code: {section.road}
    name: {section.title}
    from: K{section.start}+000
    to: K{section.end}+000
{owners}{access}\
  labels:
    terrain: {section.terrain}
{"    guidance: trial" + chr(10) if guided else ""}\
  values:
    speed_limit: {section.speed_limit}
{_BUDGETS if guided else ""}"""


_BUDGETS = """\
  budgets:
    pods: 1500
    cpu: "600"
    memory: 600Gi
"""


def _items(paths: Iterable[str]) -> str:
    return "".join(f"    - {path}\n" for path in paths)


def _sync(province: SampleProvince, number: int) -> str:
    """Nothing where the fleet's own way holds: Flux from a Git branch."""
    if province.access == SLOW:
        return _OCI
    # So that a generated fleet of three provinces already has both engines and both kinds of
    # source.
    return _ARGOCD if number % 3 == 1 else ""
