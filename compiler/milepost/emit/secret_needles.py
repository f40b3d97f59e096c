"""Secret needles: a quick look at much text, which says where a close one for secrets is worth its time.

What differs in digits alone, as the lines of a thousand nodes do, is looked at once.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase, digits

_NEEDLES: tuple[tuple[bytes, tuple[bytes, ...]], ...] = (
    (b"key", (b"_key", b"-key", b".key", b"apikey", b"sskey", b"etkey", b"tekey")),
    (b"secret", (b"_secret", b"-secret", b".secret", b"tsecret", b"psecret", b"dsecret")),
    (b"token", (b"_token", b"-token", b".token", b"htoken", b"stoken", b"rtoken", b"itoken")),
    (b"gl", (b"glpat-", b"glptt-", b"gldt-", b"glrt-", b"glcbt-", b"glft-", b"glsoat-", b"glagent-")),
    (b"gh", (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_")),
    (b"ak", (b"akia", b"akid")),
    (b"hv", (b"hvs.", b"hvb.")),
    *((word, (word,)) for word in (
        b"pass", b"psk", b"pwd", b"-----begin", b"masterauth", b"mysql", b"redis-cli", b"curl", b"wget", b"identified",
        b"authorization", b"asia", b"ltai", b"aiza", b"_pat_", b"xox", b"npm_", b"pypi-", b"eyj", b"users:",
    )),
)  # fmt: skip
"""Small letters, one of which stands in every line with a secret, beside ``://`` before ``@``; none has a digit, a space
or a quote. They are looked for by what several have in common first: each search goes through the whole text.
"""
_FOLDED = bytes.maketrans((ascii_uppercase + digits).encode(), (ascii_lowercase + "0" * len(digits)).encode())
_innocent: set[bytes] = set()
"""Pieces without a needle. Bounded, since a process may compile many provinces."""
_MOST_INNOCENT = 2**15


def is_suspect(text: str, between: bytes = b"\n") -> bool:
    """Whether some piece of it, a line or what stands between other bytes, is worth a close look."""
    # As bytes: one pass folds all letters and digits, and most pieces are then the same as others.
    pieces = set(text.encode("utf-8", "surrogatepass").translate(_FOLDED).split(between)) - _innocent
    if not pieces:
        return False
    if len(_innocent) > _MOST_INNOCENT:
        _innocent.clear()
    if not _has_needle(b"\n".join(pieces)):
        _innocent.update(pieces)
        return False
    suspects = set(filter(_has_needle, pieces))
    _innocent.update(pieces - suspects)
    return bool(suspects)


def _has_needle(low: bytes) -> bool:
    for common, needles in _NEEDLES:
        if common in low and any(needle in low for needle in needles):
            return True
    return b"://" in low and b"@" in low
