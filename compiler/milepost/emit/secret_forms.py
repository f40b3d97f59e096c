"""Secret forms: keys and tokens by their own shape, passwords by the name that stands before them.

References (``${X}``, ``$(X)``, a path), placeholders and ciphertext (SOPS, Jasypt) are none. Nothing here shows what it
found: a secret has a fingerprint, by which it can be acknowledged.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from milepost.emit.secret_needles import is_suspect
from milepost.model.record import by_value

_WORDS = (
    r"password|passwd|passphrase|passwort|psk|pwd|密码|口令|(?:[_.-]|auth_)pass|auth[_.-]?pass"
    r"|(?:db|root|user|admin|mail|smtp|ldap|redis|require)pass|rediscli_auth"
    r"|(?:secret|private|api|access|account|encryption|signing)[_.-]?(?:access[_.-]?)?key"
    r"|(?:client|app|jwt|shared)[_.-]?secret"
    r"|(?:auth|access|refresh|bearer|api|private|job|deploy)[_.-]?token|[_.-]token"
)
_NAME = re.compile(rf"(?:{_WORDS})$", re.IGNORECASE)
_NO_NAMES = frozenset({"secretkey"})
"""A field of ExternalSecret, SecretStore and others that holds the name of a key."""
_BARE = frozenset({"pass", "token", "secret"})
"""Names that also stand before names of Secrets, numbers and words: only a value that looks drawn at random tells."""
_DRAWN = re.compile(
    r"""(?=.*[0-9])(?=.*[A-Za-z])(?![a-z0-9]+(?:[-._/][a-z0-9]+)+$)(?![a-z]+[0-9]{1,4}$)
    (?: [^\s]{16,} | (?=.*[A-Z])(?=.*[a-z])[^\s]{8,} | (?=.*[!#$%^&*?~+])[^\s]{8,} )""",
    re.VERBOSE,
)
_SWITCHES = frozenset({"files", "compat", "systemd", "sss", "db", "nis", "ldap", "winbind"})
"""Sources of names in nsswitch.conf, whose database of users is called ``passwd``."""


class _Form(NamedTuple):
    """A pattern, and small letters of which one stands wherever it matches."""

    needles: tuple[str, ...]
    pattern: str


_ASSIGNED = _Form(
    ("pass", "psk", "pwd", "key", "secret", "token", "_auth", "密码", "口令"),
    rf"(?i)((?:{_WORDS}|(?<![a-z])pass|(?<![a-z])token|(?<![a-z])secret))[\"']?\s*(?:=>|:=|[:=：])[ \t]*(\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&}}\])<>]+)",
)
_COMMANDS = (
    _Form(
        ("pass", "key", "token"),
        r"(?i)(?:^|\s)--?([a-z0-9-]{0,60}?(?:password|passwd|passphrase|pass|secret-key|api-key|access-key|auth-token|access-token|token))\s+([^\s-]\S*)",
    ),
    _Form(("passw",), r"(?i)<([\w.-]{0,60}?(?:password|passwd))>([^<\s]+)</"),
    _Form(
        ("pass", "masterauth"), r"(?i)\b(requirepass|masterauth|auth_pass|sentinel\s+auth-pass\s+\S+)\s+(\S+)"
    ),
    _Form(("mysql", "mariadb"), r"\b((?:mysql|mariadb)[\w-]{0,20})\b[^|;&\n]{0,300}?\s-p(\S+)"),
    _Form(("mongo",), r"\b(mongo\w{0,10})\b[^|;&\n]{0,300}?\s-p\s+(\S+)"),
    _Form(
        ("login",),
        r"\b(?:docker|podman|nerdctl|helm|oras|crane|skopeo)\s+(?:registry\s+|auth\s+)?(login)\b[^|;&\n]{0,300}?\s-p[ =](\S+)",
    ),
    _Form(("creds",), r"--((?:src-|dest-)?creds)[ =][^\s:]{1,100}:(\S+)"),
    _Form(("rabbitmqctl",), r"\brabbitmqctl\s+(add_user|change_password)\s+\S+\s+([^\s-]\S*)"),
    _Form(("htpasswd",), r"\b(htpasswd)\s+-\w*b\w*\s+(?:\S+\s+){1,2}?(\S+)\s*$"),
    _Form(("ldap",), r"\b(ldap\w{1,10})\b[^|;&\n]{0,300}?\s-w\s+(\S+)"),
    _Form(("ipmitool",), r"\b(ipmitool)\b[^|;&\n]{0,300}?\s-P\s+(\S+)"),
    _Form(
        ("chpasswd",),
        r"echo\s+[\"']?[\w.-]{1,60}:(?=[^\n]{0,300}\|\s*(?:sudo\s+)?(chpasswd))([^\s\"'|]+)",
    ),
    _Form(("passin", "passout"), r"-(pass(?:in|out))\s+pass:(\S+)"),
    _Form(("stats",), r"^\s*(stats\s+auth)\s+[^\s:]{1,100}:(\S+)"),
    _Form(("login",), r"\blogin\s+\S{1,100}\s+(password)\s+(\S+)"),
    _Form(("password",), r"(?i)\buser\s+\S{1,100}\s+(?:with\s+)?(password)\s+'([^']+)'"),
    _Form(("密码", "口令"), r"(密码|口令)\s+(\S+)"),
    _Form(("redis-cli",), r"\b(redis-cli)\b[^|;&\n]{0,300}?\s-a\s+(\S+)"),
    _Form(("sshpass",), r"\b(sshpass)\s+-p\s*(\S+)"),
    _Form(
        ("curl", "wget"),
        r"\b(curl|wget)\b[^|;&\n]{0,300}?\s(?:-u[ ]?|--user[ =])[\"']?[^\s:\"'$-][^\s:\"']{0,100}:(\S+)",
    ),
    _Form(("identified",), r"(?i)\b(identified\s+by)\s+'([^']+)'"),
    _Form(
        ("authorization",),
        r"(?i)\b(authorization)[\"']?\s*[:=]\s*[\"']?(?:basic|bearer)\s+([A-Za-z0-9+/=._~-]{8,})",
    ),
)
_SHAPES = {
    "a password in an address": _Form(
        ("://",),
        r"(?<![\w+.-])[A-Za-z][\w+.-]{0,20}://[^/\s:@\"'<>]{0,100}:([^/\s@\"'<>]{1,300})@[\w.\[$]",
    ),
    "an AWS access key": _Form(("akia", "asia"), r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])"),
    "an Alibaba Cloud access key": _Form(("ltai",), r"(?<![A-Za-z0-9])LTAI[0-9A-Za-z]{12,26}(?![A-Za-z0-9])"),
    "a Tencent Cloud access key": _Form(("akid",), r"(?<![A-Za-z0-9])AKID[0-9A-Za-z]{32}(?![A-Za-z0-9])"),
    "a Google API key": _Form(("aiza",), r"(?<![A-Za-z0-9])AIza[0-9A-Za-z_-]{35}(?![A-Za-z0-9_-])"),
    "a token of GitHub": _Form(
        ("gh", "github_pat_"), r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,})"
    ),
    "a token of GitLab": _Form(
        ("gl",), r"(?<![A-Za-z0-9])gl(?:pat|ptt|dt|rtr?|cbt|ft|oas|soat|agent)-[\w-]{20,}"
    ),
    "a token of Slack": _Form(("xox", "xapp-"), r"(?<![A-Za-z0-9])(?:xox[abeprs]|xapp)-[A-Za-z0-9-]{10,}"),
    "a token of a registry": _Form(
        ("dckr_pat_", "npm_", "pypi-"),
        r"(?<![A-Za-z0-9])(?:dckr_pat_[\w-]{20,}|npm_[A-Za-z0-9]{36}|pypi-AgEI[\w-]{40,})",
    ),
    "a token of Vault": _Form(("hvs.", "hvb."), r"(?<![A-Za-z0-9])hv[sb]\.[\w-]{20,}"),
    "an age secret key": _Form(("age-secret-key",), r"AGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    "a login for registries": _Form(("auth",), r"\\?\"auth\\?\"\s*:\s*\\?\"([A-Za-z0-9+/]{8,}={0,2})\\?\""),
    "a JSON web token": _Form(("eyj",), r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
}
_ENCODED = re.compile(
    r"(?<![A-Za-z0-9+/])(?:LS0tLS1CRUdJTi|ZXlK|eyJhdXRo)[A-Za-z0-9+/]{20,}={0,2}(?![A-Za-z0-9+/.])"
)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]{0,400}")
_IN_NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
_KUBECONFIG = re.compile(r"^\s*(client-key-data|token|client-certificate-data): *(\S+)", re.MULTILINE)
_NOTHING = re.compile(
    r"""["']*(?:
        \$.* | .*\$[{(].* | .*\{\{.* | %[(a-z].* | <.* | @.* | \.{0,2}/.* | [A-Za-z]:\\.* | (?:file|env|vault|secret|ref|sha256|base64):.*
        | ENC[\[(].* | \{cipher\}.* | [*x.•_-]+ | null | none | nil | ~ | true | false | yes | no | on | off
        | required | optional | redacted | your[-_ ].* | change[-_]me | __\w+__ | disabled? | enabled? | undefined | os\.environ.* | process\.env.* | \|[-+]? | >[-+]?
    )?["']*,?""",
    re.IGNORECASE | re.VERBOSE,
)


@by_value
class FoundSecret:
    """``what`` it is, in words that show nothing of it, and its ``fingerprint``."""

    what: str
    fingerprint: str


@lru_cache(2**16)
def look(name: str, text: str) -> tuple[FoundSecret, ...]:
    """The secrets of a text that stands under a name (``""``: under none); the same texts come again and again."""
    if name and _is_secret_name(name) and (found := _named(name, text, bare=name.lower() in _BARE)):
        return (found,)
    return tuple(secrets(text)) if is_suspect(text) else ()


def _is_secret_name(name: str) -> bool:
    low = name.lower()
    return (_NAME.search(name) is not None or low in _BARE) and low not in _NO_NAMES


def _named(name: str, value: str, *, bare: bool = False) -> FoundSecret | None:
    """What a name of that kind gives away, if ``value`` is no reference; under a ``bare`` name, if it looks drawn."""
    value = value.strip().strip("\"'")
    if not value or _NOTHING.fullmatch(value) or (value.isdigit() and not _is_password(name)):
        return None
    if (bare and not _DRAWN.match(value)) or (name == "passwd" and value in _SWITCHES):
        return None
    return FoundSecret(f"gives {name} its value", fingerprint(value))


def secrets(text: str) -> Iterator[FoundSecret]:
    """Every occurrence of a secret in a text."""
    yield from of_many_lines(text)
    for line in text.split("\n"):
        yield from _of_line(line)


def _encoded(line: str) -> Iterator[FoundSecret]:
    """What Base64 hides of the forms by which it begins: armour, web tokens, logins for registries."""
    for match in _ENCODED.finditer(line):
        try:
            text = base64.b64decode(match[0] + "=" * (-len(match[0]) % 4)).decode()
        except ValueError:
            continue
        yield from (FoundSecret(f"{one.what} in Base64", one.fingerprint) for one in secrets(text))


def of_many_lines(text: str) -> Iterator[FoundSecret]:
    """The forms that no single line tells: keys in armour, and kubeconfigs."""
    if "PRIVATE KEY" in text:
        for match in _PRIVATE_KEY.finditer(text):
            yield FoundSecret("holds a private key", fingerprint(match[0]))
    if "clusters:" in text and "users:" in text:
        for match in _KUBECONFIG.finditer(text):
            yield FoundSecret("holds a kubeconfig with its credentials", fingerprint(match[2]))


@lru_cache(2**16)
def _of_line(line: str) -> tuple[FoundSecret, ...]:
    """Lines are the same in many files, so each is looked at once."""
    return tuple(_in_line(line)) if is_suspect(line) else ()


def _in_line(line: str) -> Iterator[FoundSecret]:
    low = line.lower()
    if _ENCODED.search(line):
        yield from _encoded(line)
    for what, form in _SHAPES.items():
        for match in _matches(form, line, low):
            value = match[match.re.groups]
            if not _NOTHING.fullmatch(value):
                yield FoundSecret(f"holds {what}", fingerprint(value))
    for match in _matches(_ASSIGNED, line, low):
        name = _whole_name(line, match.start(1), match.end(1))
        bare = match[1].lower() in _BARE and not _NAME.search(name)
        if name.lower() not in _NO_NAMES and (found := _named(name, match[2], bare=bare)):
            yield found
    for form in _COMMANDS:
        for match in _matches(form, line, low):
            if found := _named(match[1].strip("-"), match[2]):
                yield found


def _matches(form: _Form, line: str, low: str) -> Iterable[re.Match[str]]:
    # Few forms are ever looked for, and a pattern takes longer to compile than most texts to search.
    return _compiled(form.pattern).finditer(line) if any(needle in low for needle in form.needles) else ()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _whole_name(line: str, start: int, end: int) -> str:
    """The name that ends in a word of its kind: ``spring.datasource.password``."""
    head = line[max(0, start - 60) : start]
    return f"{head[len(head.rstrip(_IN_NAMES)) :]}{line[start:end]}".strip("-")


def fingerprint(value: str) -> str:
    """16 hexadecimal digits; the same for the same value wherever it stands."""
    return hashlib.sha256(b"milepost secret\0" + value.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _is_password(name: str) -> bool:
    low = name.lower()
    return "pass" in low or "pwd" in low or "psk" in low or "identified" in low or low.startswith("mysql")
