"""Small faults put into functions: a comparison shifted, a sign turned, a call left out.

A mutant is one such fault in one function. Docstrings, annotations, the texts of messages and what runs at import are
left alone: no test should be written for them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}
REPORTS = ("report", "add", "warn")
"""Methods whose arguments are the words of a message: only that they are called is of interest."""
Function = ast.FunctionDef | ast.AsyncFunctionDef
Change = tuple[ast.AST, Callable[[ast.AST], ast.AST]]


@dataclass(frozen=True)
class Mutant:
    """``function`` is a qualified name, ``line`` where it differs, ``source`` what stands there; ``before`` and ``after``
    are the piece of code that differs, ``number`` its place among those of the function."""

    path: Path
    function: str
    line: int
    source: str
    before: str
    after: str
    number: int

    def __str__(self) -> str:
        """The same wherever the lines of the file move to."""
        module = "/".join(self.path.parts[self.path.parts.index("milepost") + 1 :])
        return f"{module} {self.function}: {self.before} -> {self.after} in `{self.source}`"


def mutants(path: Path) -> list[Mutant]:
    """Every mutant of a module, in order of place. Two that read alike in one function are told apart by number."""
    text = path.read_text(encoding="utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    found = []
    for name, function in functions(tree):
        for number, (node, change) in enumerate(changes(function)):
            line: int = node.lineno  # type: ignore[attr-defined]
            # Of a statement with a body the first line says what differs.
            pieces = (ast.unparse(n).split("\n")[0] for n in (node, change(deepcopy(node))))
            found.append(Mutant(path, name, line, lines[line - 1].strip(), *pieces, number))
    return found


def code(mutant: Mutant) -> CodeType:
    """The function's code with the fault in it."""
    tree = ast.parse(mutant.path.read_text(encoding="utf-8"))
    function = next(f for name, f in functions(tree) if name == mutant.function)
    node, change = list(changes(function))[mutant.number]
    _Replace(node, ast.copy_location(change(deepcopy(node)), node)).visit(function)
    module = compile(ast.fix_missing_locations(tree), str(mutant.path), "exec")
    return next(c for c in _codes(module) if c.co_qualname == mutant.function)


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, Function]]:
    """Functions of a module and methods of its classes; what a function holds belongs to it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{within}{node.name}.")


def changes(function: Function) -> Iterator[Change]:
    """Each place of a function where it could be otherwise."""
    for statement in function.body:
        for node in _of_interest(statement):
            yield from ((node, change) for change in _changes_of(node))


def _of_interest(node: ast.AST) -> Iterator[ast.AST]:
    """Without annotations, the texts of messages, assertions and what is for type checkers."""
    if isinstance(node, ast.Assert | ast.Raise):
        return
    yield node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REPORTS:
        return
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns", "decorator_list"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                    yield from _of_interest(child)


def _changes_of(node: ast.AST) -> Iterator[Callable[[ast.AST], ast.AST]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield lambda n: _set(n, ops=[COMPARISONS[type(n.ops[0])]()])  # type: ignore[attr-defined]
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in ARITHMETIC and not _texts(node):
            yield lambda n: _set(n, op=ARITHMETIC[type(n.op)]())  # type: ignore[attr-defined]
        case ast.BoolOp(op=ast.And()):
            yield lambda n: _set(n, op=ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield lambda n: _set(n, op=ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield lambda n: n.operand  # type: ignore[attr-defined]
        case ast.If(test=test) if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield lambda n: _set(n, test=ast.UnaryOp(ast.Not(), n.test))  # type: ignore[attr-defined]
        case ast.IfExp(test=test) if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield lambda n: _set(n, test=ast.UnaryOp(ast.Not(), n.test))  # type: ignore[attr-defined]
        case ast.Constant(value=bool()):
            yield lambda n: ast.Constant(not n.value)  # type: ignore[attr-defined]
        case ast.Constant(value=int()):
            yield lambda n: ast.Constant(n.value + 1)  # type: ignore[attr-defined]
        case ast.Call(func=ast.Name(id=name)) if name in TWINS:
            yield lambda n: _set(n, func=ast.Name(TWINS[n.func.id], ast.Load()))  # type: ignore[attr-defined]
        case ast.Expr(value=ast.Call()):
            yield lambda n: ast.Pass()
        case ast.Continue():
            yield lambda n: ast.Break()
        case ast.Break():
            yield lambda n: ast.Continue()


def _texts(node: ast.AST) -> bool:
    """Whether text is put together: a type error kills such a mutant, and shows nothing."""
    return any(
        isinstance(n, ast.JoinedStr) or (isinstance(n, ast.Constant) and isinstance(n.value, str))
        for n in ast.walk(node)
    )


def _set(node: ast.AST, **fields: object) -> ast.AST:
    for name, value in fields.items():
        setattr(node, name, value)
    return node


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
