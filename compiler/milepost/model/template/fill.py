"""Template rendering: a template and values to text, and the names that a template uses. Caches parsed templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import TracebackType
from typing import Any

from milepost.model.manifest import PLACEHOLDER_CLOSE, PLACEHOLDER_OPEN
from milepost.model.template import work
from milepost.model.template.bad import BadTemplateError, in_words

Renderer = Callable[[Mapping[str, Any]], str]
_SURROGATE = re.compile("[\ud800-\udfff]")


@cache
def roots(text: str) -> frozenset[str]:
    """The outermost names that a template uses. Raises BadTemplateError where it cannot be read."""
    if "{" not in text:
        return frozenset()
    from jinja2 import meta

    return frozenset(_read(lambda: meta.find_undeclared_variables(_parsed(text))))


def syntax_tree(text: str) -> Any:
    """Jinja's syntax tree of a template. Raises BadTemplateError where it cannot be read."""
    return _read(lambda: _parsed(text))


def first_line(text: str, name: str, entry: str | None = None) -> int | None:
    """The line of a template, from 1, that uses ``name`` first, or ``name.entry``; None where none does."""
    if name not in text:
        return None
    from jinja2 import nodes

    tree = syntax_tree(text)
    if entry is None:
        uses = (node for node in tree.find_all(nodes.Name) if node.name == name)
    else:
        uses = (
            node for node in tree.find_all((nodes.Getattr, nodes.Getitem)) if _is_entry(node, name, entry)
        )
    return min((node.lineno for node in uses), default=None)


def first_numbered(text: str, name: str, entry: str) -> int | None:
    """The line of a template, from 1, where a loop over ``name.entry`` first counts its turns; None where none does."""
    if "loop" not in text or entry not in text:
        return None
    from jinja2 import nodes

    tree = syntax_tree(text)
    loops = (loop for loop in tree.find_all(nodes.For) if _goes_over(loop.iter, name, entry))
    uses = (use for loop in loops for use in loop.find_all((nodes.Getattr, nodes.Getitem)))
    return min(
        (use.lineno for use in uses if any(_is_entry(use, "loop", count) for count in _COUNTS)), default=None
    )


_COUNTS = ("index", "index0", "revindex", "revindex0")


def _goes_over(iterated: Any, name: str, entry: str) -> bool:
    """Also behind filters: a sorted or selected list is numbered by its order all the same."""
    from jinja2 import nodes

    every = [iterated, *iterated.find_all((nodes.Getattr, nodes.Getitem))]
    return any(
        _is_entry(node, name, entry) for node in every if isinstance(node, nodes.Getattr | nodes.Getitem)
    )


def _is_entry(node: Any, name: str, entry: str) -> bool:
    key = getattr(node, "attr", None) or getattr(node.arg, "value", None)
    return getattr(node.node, "name", None) == name and key == entry


@cache
def renderer(text: str) -> Renderer:
    """Fills ``text`` with values; most texts have nothing but names in them, and are filled ten times as fast as by Jinja.

    It raises BadTemplateError where the text cannot be read, and what it gives where a value is not set, or an act
    forbidden.
    """
    if "{" not in text:
        return lambda values: text
    from milepost.model.template import simple

    tree = syntax_tree(text)
    quick, pieces = simple.filler(tree), _pieces(tree)
    plain = None if pieces is None else _plain(*pieces)

    def fill(values: Mapping[str, Any]) -> str:
        filled = quick(values) if quick else None
        if filled is None:
            filled = (plain or _jinja(text))(values)
        # Most texts are ASCII, which can hold neither placeholder marks nor surrogates.
        return filled if filled.isascii() else _sound(filled)

    return fill


def _sound(text: str) -> str:
    """``text``. Raises BadTemplateError for characters that a string literal of the template smuggled in."""
    if PLACEHOLDER_OPEN in text or PLACEHOLDER_CLOSE in text or _SURROGATE.search(text):
        raise BadTemplateError("the template makes a character that may not stand in a fleet spec")
    return text


def _plain(literals: list[str], names: list[tuple[tuple[str, ...], int]]) -> Renderer:
    """Text with names in it, for values that are not just written down: says which whole name is not set."""
    from milepost.model.template.sandbox import text as written

    def fill(values: Mapping[str, Any]) -> str:
        parts = [literals[0]]
        for (path, line), literal in zip(names, literals[1:], strict=True):
            value: Any = values
            for name in path:
                if type(value) is not dict or name not in value:
                    raise BadTemplateError(f'"{".".join(path)}" is not set', line)
                value = value[name]
            if type(value) is not str:
                value = _at_line(written, value, line)
            parts += (value, literal)
        work.check_length(sum(map(len, parts)))
        return "".join(parts)

    return fill


def _at_line(written: Callable[[Any], str], value: Any, line: int) -> str:
    try:
        return written(value)
    except BadTemplateError as fault:
        fault.line = line
        raise


@cache
def _jinja(text: str) -> Renderer:
    from jinja2 import TemplateError

    from milepost.model.template.sandbox import environment

    template = _read(lambda: environment().from_string(text))

    def fill(values: Mapping[str, Any]) -> str:
        work.begin()
        try:
            # The values alone make the context: Jinja's own rendering copies its globals each time.
            return work.joined(template.root_render_func(template.new_context(values, shared=True)))
        except BadTemplateError as fault:
            fault.line = _line(template, fault)
            raise
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise in_words(error, _line(template, error)) from None
        except NameError as error:
            # Jinja works constants out ahead, and writes an infinite one into its code as a name.
            raise BadTemplateError(
                "a number becomes infinite, or none at all", _line(template, error)
            ) from None
        except RecursionError as error:
            raise BadTemplateError("it calls itself too deep", _line(template, error)) from None
        except MemoryError:
            raise BadTemplateError("the template asks for too much") from None

    return fill


def _line(template: Any, error: BaseException) -> int | None:
    """The line that was being filled: that of the innermost step inside of the template."""
    # The traceback is the only place where Jinja says which line of the template was being
    # filled.
    lines = [number for code, number in _steps(error.__traceback__) if code == "<template>"]
    return template.get_corresponding_lineno(lines[-1]) if lines else None


def _steps(trace: TracebackType | None) -> Iterable[tuple[str, int]]:
    while trace is not None:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _read(read: Callable[[], Any]) -> Any:
    """What ``read`` gives. Raises BadTemplateError for a template that it cannot read."""
    from jinja2 import TemplateSyntaxError

    work.begin()
    try:
        return read()
    except TemplateSyntaxError as error:
        raise BadTemplateError(str(error.message), error.lineno, getattr(error, "hint", None)) from None
    except RecursionError:
        raise BadTemplateError("the template is nested too deep") from None
    except (ValueError, OverflowError):
        raise BadTemplateError("a number in the template is too long") from None
    except (MemoryError, SyntaxError):
        raise BadTemplateError("the template asks for too much") from None


def _parsed(text: str) -> Any:
    from milepost.model.template.sandbox import environment

    return environment().parse(text)


def _pieces(tree: Any) -> tuple[list[str], list[tuple[tuple[str, ...], int]]] | None:
    """Literals, and between them dotted names with their lines; None where the template holds anything else."""
    from jinja2 import nodes

    from milepost.model.template.simple import dotted

    literals, names = [""], []
    for output in tree.body:
        if not isinstance(output, nodes.Output):
            return None
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                literals[-1] += node.data
            elif len(path := dotted(node)) > 1:
                names.append((path, node.lineno))
                literals.append("")
            else:
                return None
    return literals, names
