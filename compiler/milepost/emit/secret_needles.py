"""Secret needles: a quick look at much text, which says where a close one for secrets is worth its time.

What differs in digits alone, as the lines of a thousand nodes do, is looked at once.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase, digits

_CHINESE = tuple(
    re.sub("[0-9]", "0", form)
    for word in ("密码", "口令")
    for form in (word.encode().decode("latin-1"), word.encode("ascii", "backslashreplace").decode())
)
"""Words for passwords, as they stand in text and in JSON."""
_WHOLE = frozenset({b"token", b"pass"})
"""Pieces that are a name and nothing else."""
_NEEDLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("key", ("_key", "-key", ".key", "apikey", "sskey", "etkey", "tekey", "ntkey", "onkey", "ngkey")),
    ("secret", ("_secret", "-secret", ".secret", "tsecret", "psecret", "dsecret", "secret:", "secret=")),
    ("token", ("_token", "-token", ".token", "htoken", "stoken", "rtoken", "itoken", "token:", "token=", "token\\", 'token"')),
    ("gl", ("glpat-", "glptt-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glft-", "gloas-", "glsoat-", "glagent-")),
    ("gh", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    ("ak", ("akia", "akid")),
    ("hv", ("hvs.", "hvb.")),
    ("log", ("login",)),
    ("auth", ("authorization", "auth\\", 'auth"', "_auth", "stats auth")),
    *((word, (word,)) for word in (
        "pass", "psk", "pwd", "-----begin", "masterauth", "mysql", "redis-cli", "curl", "wget", "identified",
        "asia", "ltai", "aiza", "_pat_", "xox", "npm_", "pypi-", "eyj", "users:", "mariadb", "mongo",
        "creds", "rabbitmqctl", "ldap", "ipmitool", "xapp-", "crudjti", "zxlk", *_CHINESE,
    )),
)  # fmt: skip
"""Small letters, one of which stands in every line with a secret, beside ``://`` before ``@``; none has a digit. They are
looked for by what several have in common first: each search goes through the whole text.
"""
_FOLDED = bytes.maketrans((ascii_uppercase + digits).encode(), (ascii_lowercase + "0" * len(digits)).encode())
_innocent: set[bytes] = set()
_suspects: set[bytes] = set(_WHOLE)
"""Pieces without a needle, and with one. Bounded, since a process may compile many provinces."""
_MOST = 2**15


def is_suspect(text: str, between: bytes = b"\n") -> bool:
    """Whether some piece of it, a line or what stands between other bytes, is worth a close look."""
    # As bytes: one pass folds all letters and digits, and most pieces are then the same as others.
    pieces = set(text.encode("utf-8", "surrogatepass").translate(_FOLDED).split(between)) - _innocent
    if max(len(_innocent), len(_suspects)) > _MOST:
        _innocent.clear()
        _suspects.clear()
        _suspects.update(_WHOLE)
    if not pieces.isdisjoint(_suspects):
        return True
    suspects = set(filter(_has_needle, pieces)) if pieces and _has_needle(b"\n".join(pieces)) else set()
    _innocent.update(pieces - suspects)
    _suspects.update(suspects)
    return bool(suspects)


def _has_needle(low: bytes) -> bool:
    # As text: to look for bytes in bytes, Python first tries them as a number, by an exception.
    text = low.decode("latin-1")
    for common, needles in _NEEDLES:
        if common in text and any(needle in text for needle in needles):
            return True
    return "://" in text and "@" in text
