"""Small SVG pictures that can be read on a light page and on a dark one: points with a line, and bars.

They take numbers and give text; they know nothing of benchmarks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 40, 48
BAR, LABELS = 28, 150

_STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.grid { stroke: #d1d9e0; }
.line { stroke: #0969da; stroke-width: 2; fill: none; }
.mark, .bar { fill: #0969da; }
.ours { fill: #bc4c00; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .grid { stroke: #3d444d; }
  .line { stroke: #4493f8; }
  .mark, .bar { fill: #4493f8; }
  .ours { fill: #f0883e; }
}
</style>"""


@dataclass(frozen=True, slots=True)
class Axis:
    """What is counted along a side, and how far."""

    name: str
    end: float

    def steps(self) -> list[float]:
        """Round values from 0 to the end, four to ten of them."""
        step = 10.0 ** floor(log10(self.end))
        while self.end / step < 4:
            step /= 2
        return [step * number for number in range(floor(self.end / step) + 1)]


def growth(
    title: str, across: str, up: str, points: Sequence[tuple[float, float]], line: Callable[[float], float]
) -> str:
    """``points`` as dots and ``line`` from 0 to the last of them."""
    x_axis = Axis(across, max(x for x, _ in points) * 1.02)
    y_axis = Axis(up, max(max(y for _, y in points), line(x_axis.end)) * 1.05)
    x_scale, y_scale = (WIDTH - LEFT - RIGHT) / x_axis.end, (HEIGHT - TOP - BOTTOM) / y_axis.end

    def at(x: float, y: float) -> tuple[str, str]:
        return f"{LEFT + x * x_scale:.1f}", f"{HEIGHT - BOTTOM - y * y_scale:.1f}"

    parts = [_text(LEFT, 22, title, "start", "title"), *_grid(x_axis, y_axis, at)]
    (x1, y1), (x2, y2) = at(0, line(0)), at(x_axis.end, line(x_axis.end))
    parts.append(f'<line class="line" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
    parts += ['<circle class="mark" cx="{}" cy="{}" r="4.5"/>'.format(*at(x, y)) for x, y in points]
    return _picture(HEIGHT, title, parts)


def _grid(x_axis: Axis, y_axis: Axis, at: Callable[[float, float], tuple[str, str]]) -> list[str]:
    parts = []
    for value in y_axis.steps():
        _, y = at(0, value)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        parts.append(_text(LEFT - 8, float(y) + 4, f"{value:,g}", "end"))
    for value in x_axis.steps():
        x, _ = at(value, 0)
        parts.append(_text(float(x), HEIGHT - BOTTOM + 18, f"{value:,.0f}", "middle"))
    parts.append(_text(WIDTH - RIGHT, HEIGHT - 10, x_axis.name, "end"))
    parts.append(_text(WIDTH - RIGHT, 22, y_axis.name, "end"))
    return parts


def bars(title: str, rows: Sequence[tuple[str, float]], ours: str) -> str:
    """One bar a row, its length the logarithm of its value; the row named ``ours`` stands out. Values from 1 up."""
    room = WIDTH - LABELS - 80
    scale = room / max(1, ceil(log10(max(value for _, value in rows))))
    parts = [_text(16, 22, title, "start", "title")]
    for number, (name, value) in enumerate(rows):
        y, length = TOP + number * BAR, max(2.0, log10(value) * scale)
        kind = "ours" if name == ours else "bar"
        parts.append(_text(LABELS - 8, y + 15, name, "end"))
        parts.append(
            f'<rect class="{kind}" x="{LABELS}" y="{y + 2}" width="{length:.1f}" height="{BAR - 10}"/>'
        )
        parts.append(
            _text(LABELS + length + 6, y + 15, f"{value:,.0f}" if value >= 10 else f"{value:.1f}", "start")
        )
    return _picture(TOP + len(rows) * BAR + 12, title, parts)


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _picture(height: int, title: str, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
    return "\n".join([head, _STYLE, *parts, "</svg>\n"])
