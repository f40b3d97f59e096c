"""Strings that YAML readers are known to take for something else, or to break on; some 850 of them."""

from __future__ import annotations

_WORDS = "y n yes no on off true false null none nan inf infinity undefined void default"
_NUMBERS = """
0 1 -1 +1 00 01 007 08 09 0755 0o14 0o8 0O14 0x1f 0X1F 0xg 0b101 0B1 0b2 1_000 _1 1_ 1__0 12345678901234567890
1.0 1.10 1. .5 -.5 +.5 . .. ... 1e3 1E3 1e+3 1e-3 1.5e3 1.e3 .1e3 e3 1e 1e400 -1e3 +1e3 0e0 -0 +0 -0.0
.inf .Inf .INF -.inf +.inf .nan .NaN .NAN inf -inf nan 0.1.2 1.2.3 1,000 1,5 0x 0b 0o 0x_1 1:2 1:60 12:30 12:30:45
190:20:30 190:20:30.15 -12:30 1:2:3:4 60:60 100m 64Mi 2cores 10s 1h30m 50% 0.05 0.15
2026-01-02 2026-1-2 2026-01-02T03:04:05Z 2026-01-02t03:04:05z 2026-01-02T03:04:05.1+08:00 20260102
1f3a9c02 12e34567 0e12345 1234e5678 deadbeef 1e10 00e1 330102 K1042+600 s0421 10.1.2.250 10.0.0.0/8 fe80::1 ::1 ::
2026-01-02 03:04:05
"""
_PUNCTUATION = "- : ? , [ ] { } # & * ! | > ' \" % @ ` ~ = << \\ / $ ^ ( ) + _ ; < ."
_TEXTS = [
    "", " ", "  ", "\t", "\n", "\n\n", " \n", "\n ", "\r", "\r\n", "a\rb", "a\r\nb", "a\n", "a\n\n", "a\nb", "a\nb\n", "\na", " a", "a ",
    "\ta", "a\t", "a\tb", "a\tb\n", "  a\nb\n", "a\n  b\n", "a\n\n\nb", "a \nb", "a\n \nb", "a\n   \n", " \na\n", "\n a\n", "\n\n  a", "\ta\nb",
    "a\n\tb\n", "a: b", "a:", ":a", "a :b", "a #b", "a# b", "#a", "- a", "-a", "--", "---", "--- a", "---\na", "a\n---\nb\n", "...", "a\n...\n", "? a",
    "?a", "! a", "!a", "!!str a", "&a", "*a", "*a b", "a*", "a&b", "| a", "|", "|-", ">", ">-", "> a", "%a", "%YAML 1.2", "@a", "a@b", "`a", "a`",
    "{a}", "[a]", "{a: b}", "[a, b]", "a, b", "a]", "}a", "'a'", '"a"', "a'b", 'a"b', "''", '""', "\\", "\\n", "a\\", "\\u0041", "\\x41", "a\\\nb\n",
    "<<", "<<: *a", "=", "~", "~a", "null ", " null", "Null", "NULL", "true ", "True", "tRUE", "yes!", "no-op", "on-call", "off.", "y/n", "N/A", "nope",
    "a" * 79, "a" * 80, "a" * 200, "word " * 40, ("word " * 30 + "\n") * 3, "x" * 127, "b " * 60 + "\n", "http://a.example/b?c=d&e=f#g",
    "registry.example/etc/lane@sha256:" + "0" * 64, "${VAR}", "$(VAR)", "{{ .x }}", "{% raw %}", "%s %d %%", "%(a)s", "a%b", "100%", "%",
    "app.kubernetes.io/name", "node-role.kubernetes.io/edge", "C:\\dir", "a/b:c", "a:b:c", "a::b", "a: ", "a :", "key:\n  - value\n", "a:\tb",
    "收费站", "沪昆高速 K1042+600", "é", "e\u0301", "ß", "İ", "🚦", "👨\u200d👩\u200d👧", "🇨🇳", "a🚦\nb🚦\n", "\U0010ffff", "\U0001fffe",
]  # fmt: skip
_POINTS = [
    *range(0x21), 0x7F, *range(0x80, 0xA1), 0xAD, 0x34F, 0x61C, 0x180E, *range(0x2000, 0x2010), 0x2028, 0x2029, *range(0x202A, 0x2030),
    0x2060, *range(0x2066, 0x206A), 0x3000, 0xD7FF, 0xE000, 0xE001, 0xF8FF, 0xFDD0, 0xFDEF, 0xFE0F, 0xFEFF, 0xFFF9, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF,
    0x10000, 0x1F6A6, 0xE0001, 0xFFFFF, 0x10FFFD,
]  # fmt: skip


def _cases(word: str) -> tuple[str, ...]:
    return word, word.upper(), word.capitalize(), word[:-1] + word[-1].upper()


def _all() -> list[str]:
    marks = _PUNCTUATION.split()
    found = [case for word in _WORDS.split() for case in _cases(word)]
    found += [*marks, *_TEXTS, *_NUMBERS.split(), *_NUMBERS.splitlines()]
    found += [
        form.format(mark) for mark in marks for form in ("{}a", "a{}", "a{} b", "a {}b", "{0} a\n b{0}\n")
    ]
    found += [form for point in _POINTS for form in (chr(point), f"a{chr(point)}b", f"a\n{chr(point)}b\n")]
    return list(dict.fromkeys(found))


HARD = _all()
