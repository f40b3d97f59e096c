"""Random fleets: small, of every feature, mostly sound; a fleet is the files of its spec."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from small import Document, application, base, component, document, files, group, image, profile

Files = dict[str, str]
IMAGES = ("web", "db", "lane")
VALUES = ("speed", "code")
TEXTS = (
    "plain",
    "{{ station.name }}",
    "{{ group.road.code }}/{{ province.name }}",
    "{{ values.speed | default('none') }}",
    "{% for n in station.nodes %}{{ n.name }},{% endfor %}",
    "a: b # no comment\n- 'quote\" \\ tab\t{{ station.title }}\n",
    "yes",
    "0755",
    " padded ",
    "多语言 ✓",
)
NODE_TEXTS = ("{{ node.name }}", "http://{{ node.address }}/{{ station.name }}")
WHERE = ({}, {"roles": ["server"]}, {"architectures": ["amd64"]}, {"stationTypes": ["toll-station"]})


@st.composite
def fleets(draw: st.DrawFn) -> Files:
    """A fleet of one province, one or two applications, and a release of the first where there is room for one."""
    groups = [f"g{number}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    stations = [(f"s{number}", draw(st.sampled_from(groups))) for number in range(draw(st.integers(1, 5)))]
    documents = [*base(**draw(_settings())), profile("arm", "arm64")]
    documents = [d for d in documents if d["kind"] != "StationGroup"]
    documents += [group(name, **draw(_settings())) for name in groups]
    documents += [image(name, ("1.0.0", "2.0.0")) for name in IMAGES]
    documents += draw(st.sampled_from(([], [_node_group("station")], [_node_group("station-group")])))
    documents += [_application("app", draw(st.lists(_components(), min_size=1, max_size=4)))]
    documents += draw(st.sampled_from(([], [_release(groups)])))
    return files(
        documents,
        stations=draw(_stations(stations)),
        nodes=draw(_nodes([name for name, _ in stations])),
        platforms=("amd64", "arm64"),
    )


def _settings() -> st.SearchStrategy[dict[str, Any]]:
    """What may be set at any level."""
    return st.fixed_dictionaries(
        {},
        optional={
            "values": st.dictionaries(
                st.sampled_from(VALUES), st.sampled_from((1, "1", "0755", True, 2.5, "on"))
            ),
            "labels": st.dictionaries(st.just("terrain"), st.sampled_from(("flat", "hills"))),
            "owners": st.lists(st.sampled_from(("crew", "centre")), min_size=1, unique=True),
            "budgets": st.just({"pods": 50, "cpu": "20"}),
        },
    )


def _node_group(partition: str) -> Document:
    return document("NodeGroup", "partition", {"partition": partition})


def _application(name: str, drawn: list[Document]) -> Document:
    """Components of one application have names of their own."""
    components = [c | {"name": f"c{number}"} for number, c in enumerate(drawn)]
    made = application(name, components)
    used = {c["image"] for c in components}
    made["spec"]["versions"] = {v: dict.fromkeys(sorted(used), v) for v in ("1.0.0", "2.0.0")}
    if len(components) > 1:
        made["spec"]["topology"] = [{"spread": [components[0]["name"]]}]
    return made


def _release(groups: list[str]) -> Document:
    waves = [{"name": f"w{name}", "groups": [name]} for name in groups]
    body = {"application": "app", "from": "1.0.0", "to": "2.0.0", "waves": waves, "withoutPrepull": "a test"}
    return document("Release", "app-2", body | {"switched": waves[0]["name"]})


@st.composite
def _components(draw: st.DrawFn) -> Document:
    every_node = draw(st.sampled_from((None, "every-node", "every-known-node")))
    parts: Document = {
        "image": draw(st.sampled_from(IMAGES)),
        "nodes": draw(st.sampled_from(WHERE)),
        # A quota, which some fleets have, turns away what states nothing.
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}},
    }
    if every_node:
        parts["replicas"] = every_node
    else:
        parts["workload"] = draw(st.sampled_from(("Deployment", "Job")))
    optional = {
        "env": st.dictionaries(st.sampled_from(("A", "B_1", "c")), st.sampled_from(TEXTS + NODE_TEXTS)),
        "args": st.lists(st.sampled_from(TEXTS + NODE_TEXTS), min_size=1, max_size=3),
        "files": st.lists(st.sampled_from(TEXTS), max_size=2).map(
            lambda texts: [{"path": f"/etc/f{n}.conf", "content": text} for n, text in enumerate(texts)]
        ),
        "ports": st.just([{"name": "http-web", "port": 80}]),
        "priority": st.sampled_from(("critical", "background")),
        "volumes": st.just([{"name": "d", "path": "/d", "hostPath": "/var/lib/d"}]),
        "secrets": st.just([{"name": "key", "path": "/key"}]),
        "hostNetwork": st.booleans(),
        "patch": st.just({"spec": {"template": {"spec": {"containers": [], "shareProcessNamespace": True}}}}),
    }
    parts |= draw(st.fixed_dictionaries({}, optional=optional))
    if "patch" in parts:
        del parts["patch"]["spec"]["template"]["spec"]["containers"]
    return component("c", **parts)


@st.composite
def _stations(draw: st.DrawFn, stations: list[tuple[str, str]]) -> str:
    kinds, speeds = (
        st.sampled_from(("toll-station", "gantry")),
        st.sampled_from(("", "80", "fast, very", "0755")),
    )
    rows = [
        f'{name},{group},{draw(kinds)},"{draw(speeds)}",{draw(st.sampled_from(["", *(s for s, _ in stations[:n])]))}'
        for n, (name, group) in enumerate(stations)
    ]
    return "name,group,type,value:speed,parent\n" + "".join(f"{row}\n" for row in rows)


@st.composite
def _nodes(draw: st.DrawFn, stations: list[str]) -> str:
    rows = [
        f"{station}-{number},{station},{draw(st.sampled_from(('box', 'arm')))},{role},10.0.{n}.{number}"
        for n, station in enumerate(stations)
        for number, role in enumerate(["server", *draw(st.lists(st.sampled_from(("lane", "")), max_size=3))])
    ]
    return "name,station,profile,roles,address\n" + "".join(f"{row}\n" for row in rows)
