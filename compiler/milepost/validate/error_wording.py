"""Wording of validation errors: what should stand there, in the user's words, with an example.

One value has one message, however many members of a union it failed to be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from milepost.diagnostics import did_you_mean
from milepost.model import bit_rate, cron, duration, port, quantity, stake_mark
from milepost.model.document import Path
from milepost.model.spec import network
from milepost.model.spec.node import IPV4

Finding = Mapping[str, Any]

FORMS = {
    r"^(http|https|socks5)://[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}$": (
        'a proxy without user and password, such as "http://proxy.example:3128"'
    ),
    r"^\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(/[0-9]{1,2})?(:[0-9]{1,5})?$": (
        'a host, a domain, an address or a network, such as ".tolling.example" or "10.0.0.0/8"'
    ),
    bit_rate.FORM: 'a rate, such as "3Mbit/s"',
    r"^[A-Za-z_][A-Za-z0-9_]*$": "letters, digits and underscores, and begin with no digit",
    r"^/[^:\x00]*$": "an absolute path without a colon",
    r"^/[^:\x00]*[^:\x00/]$": "the absolute path of a file, without a colon",
    port.NAME: 'lowercase letters, digits and single hyphens, such as "http-web"',
    r"^/": 'a path that begins with "/"',
    r"^[a-z]([-a-z0-9]*[a-z0-9])?$": "lowercase letters, digits and hyphens, and begin with a letter",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$": "lowercase letters, digits and hyphens",
    r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$": (
        'a label key, such as "terrain" or "tolling.example/terrain"'
    ),
    r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$": (
        'letters, digits, "-", "_" and ".", with a letter or digit at both ends'
    ),
    r"^[a-z_][A-Za-z0-9_]*$": "letters, digits and underscores, and begin with a lowercase letter",
    quantity.CPU: 'a quantity of CPU, such as "250m" or "2"',
    quantity.BYTES: 'a quantity of bytes, such as "64Mi" or "1.5G"',
    duration.FORM: 'a duration, such as "10s" or "1h30m"',
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$": (
        'a DNS domain, such as "tolling.example"'
    ),
    r"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$": (
        'a registry and a repository without tag or digest, such as "registry.example/toll/redis"'
    ),
    r"^[1-9][0-9]?%$": 'a share of at most 99 %, such as "25%"',
    r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$": 'a tag of at most 128 letters, digits, "_", "." and "-"',
    r"^[0-9a-f]{16}$": "16 hexadecimal digits",
    r"^sha256:[0-9a-f]{64}$": '"sha256:" and 64 hexadecimal digits',
    IPV4: 'an IPv4 address, such as "10.43.1.11"',
    network.IP: 'an IPv4 or IPv6 address, such as "10.43.1.200" or "fd00:43::c8"',
    network.CIDR: 'a subnet with the length of its prefix, such as "10.43.1.0/24"',
    network.WHOLE: "a number",
    network.INTERFACE: 'the name of a network interface, such as "eth0"',
    network.DEVICE_FILE: 'a device file, such as "/dev/ttyS0"',
    r"^1\.[0-9]{2}$": 'a minor version of Kubernetes, such as "1.32"',
    r"^1\.[0-9]{2}\.[0-9]+$": 'a version of KubeEdge, such as "1.23.1"',
    r"^CVE-[0-9]{4}-[0-9]{4,}$": 'the name of a vulnerability, such as "CVE-2026-62371"',
    r"^https?://[a-z0-9.{}-]+(:[0-9]{1,5})?$": 'an address without a path, such as "http://mirror.example:5000"',
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$": (
        'a date, such as "2026-10-01", or a moment, such as "2026-10-01T02:00+08:00"'
    ),
    r"^[A-Z][A-Za-z0-9]*$": 'a kind of Kubernetes object, such as "Deployment"',
    cron.FORM: 'a schedule of five fields, such as "30 2 * * *", or "@daily"',
    r"^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)+)$": 'a time zone, such as "Asia/Shanghai" or "UTC"',
    stake_mark.FORM: 'a stake mark, such as "K1234+500"',
}
"""What each pattern of the spec's models asks for; the sentence begins with "should be"."""

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
}
_ORDER = ("text", "a whole number", "a number", "true or false")


def sentence(findings: Sequence[Finding], path: Path) -> str:
    """``spec.version: should be text``; ``findings`` are all about the value at ``path``."""
    place = f"{dotted(path)}: " if path else ""
    wanted = [w for f in findings if (w := _wanted(f))]
    if not wanted:
        return place + _own(findings[0])
    # A union of int and float fails twice; "a whole number or a number" reads like a riddle.
    if "a number" in wanted:
        wanted = [w for w in wanted if w != "a whole number"]
    # Members of a union fail in the order of the annotation, which is nobody's business.
    wanted.sort(key=lambda w: _ORDER.index(w) if w in _ORDER else -1)
    *most, last = dict.fromkeys(wanted)
    return f"{place}should be {', '.join(most)} or {last}" if most else f"{place}should be {last}"


def _wanted(finding: Finding) -> str | None:
    """The expected value, to follow "should be"; None where the finding has another wording."""
    kind, context = finding["type"], finding.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return FORMS.get(context["pattern"])
    if kind == "literal_error":
        return re.sub(r"'([^']*)'", r'"\1"', str(context["expected"]))
    return _KINDS[kind].format_map(context) if kind in _KINDS else None


def _own(finding: Finding) -> str:
    """Rules of our own, and limits of length."""
    context = finding.get("ctx", {})
    match finding["type"]:
        case "string_too_long":
            return f"has {len(finding['input'])} characters, more than {context['max_length']}"
        case "string_too_short":
            least = f"should have at least {context['min_length']} characters"
            return least if finding["input"] else "is empty"
        case "too_short":
            return f"should have at least {_items(context['min_length'])}, not {context['actual_length']}"
        case "too_long":
            return f"should have at most {_items(context['max_length'])}, not {context['actual_length']}"
    return str(finding["msg"]).removeprefix("Value error, ")


def _items(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def advice(findings: Sequence[Finding], typed: str = "") -> str | None:
    """One thing to do: quote a number, take the near word. ``typed`` is the value as it stands in the file."""
    finding, value = findings[0], findings[0]["input"]
    if [f["type"] for f in findings] == ["string_type"] and isinstance(value, int | float):
        return f'quote it: "{typed or (str(value).lower() if isinstance(value, bool) else value)}"'
    if finding["type"] == "string_pattern_mismatch" and finding["ctx"]["pattern"] == quantity.BYTES:
        return quantity.advice("memory", value)
    if finding["type"] == "literal_error":
        words = re.findall(r"'([^']*)'", str(finding["ctx"]["expected"]))
        hint = did_you_mean(str(value), words)
        return hint if hint and hint.startswith("did you mean") else None
    return None


def dotted(path: Path) -> str:
    """``spec.components[2].image``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
