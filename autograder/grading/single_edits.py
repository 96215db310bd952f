"""All single edits of a function's source, by the operations that slips are made of: another sign, factor, axis, name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ..checks.verdict import Edited
from ..hidden.mistakes.source_places import COMPARISONS, places

MOST = 250
"""Of a longer function no single edit is tried: which of its lines is meant could not be said."""

_SIGNS: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_FACTORS: dict[type[ast.operator], type[ast.operator]] = {ast.Mult: ast.Div, ast.Div: ast.Mult}
_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    **COMPARISONS,
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
_LIKE = (
    ("sum", "mean"),
    ("var", "std"),
    ("exp", "log", "expm1", "log1p"),
    ("log2", "log"),
    ("log10", "log"),
    ("maximum", "minimum"),
    ("max", "min"),
    ("argmax", "argmin"),
    ("sqrt", "square"),
    ("floor", "ceil", "round"),
    ("sin", "cos", "tan"),
    ("arcsin", "arccos", "arctan"),
)
_UNWRAPPED = {"sqrt", "square", "abs", "exp", "log", "sum", "mean", "round", "floor"}
_WITH_AXIS = {"sum", "mean", "max", "min", "argmax", "argmin", "var", "std", "prod", "norm", "cumsum"}


@dataclass(frozen=True)
class Edit:
    """One edit: the line of the cell where it is made, what kind of thing it changes, and the function's definition with it."""

    line: int
    kind: Edited
    source: str


def single_edits(source: str, function: str) -> list[Edit]:
    """All single edits within a function of a cell, by lines; none where the source does not define it, or it is long."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function]
    if not found:
        return []
    edits = list(islice(_edits(found[-1]), MOST + 1))
    return edits if len(edits) <= MOST else []


def _edits(function: ast.FunctionDef) -> Iterator[Edit]:
    parameters = [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    already = {ast.unparse(function)}
    for place in places(function):
        for kind, other in _others(place.parent, place.node, parameters):
            # What else stands in the cell is left out: it ran already, and may take long.
            with place.replaced(other):
                text = ast.unparse(function)
            if text not in already:
                already.add(text)
                yield Edit(place.node.lineno, kind, text)


def _others(parent: ast.AST, node: ast.expr, parameters: list[str]) -> Iterator[tuple[Edited, ast.expr]]:
    """What could have been meant in place of an expression."""
    if isinstance(node, ast.BinOp):
        yield from _of_operation(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", node.operand
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for op in _COMPARED.get(type(node.ops[0]), ()):
            yield "comparison", ast.Compare(node.left, [op()], node.comparators)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose", node.value
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id != "np":
        yield from (
            ("name", ast.Name(one, ast.Load())) for one in parameters if node.id in parameters and one != node.id
        )
        yield from (("power", _power(node, exponent)) for exponent in (2, 0.5))
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult) and not isinstance(node, ast.Constant):
        yield "transpose", ast.Attribute(node, "T", ast.Load())
    if isinstance(parent, (ast.Return, ast.Assign, ast.AugAssign)) or (
        isinstance(parent, ast.BinOp) and isinstance(parent.op, (ast.Add, ast.Sub))
    ):
        yield "sign", ast.UnaryOp(ast.USub(), node)
        yield from (("factor", ast.BinOp(ast.Constant(factor), ast.Mult(), node)) for factor in (0.5, 2))


def _power(node: ast.expr, exponent: float) -> ast.expr:
    return ast.BinOp(node, ast.Pow(), ast.Constant(exponent))


def _of_operation(node: ast.BinOp) -> Iterator[tuple[Edited, ast.expr]]:
    kind = type(node.op)
    if kind in _SIGNS:
        yield "sign", ast.BinOp(node.left, _SIGNS[kind](), node.right)
        yield from (("term", one) for one in (node.left, node.right))
    elif kind in _FACTORS:
        yield "factor", ast.BinOp(node.left, _FACTORS[kind](), node.right)
        yield from (("factor", one) for one in (node.left, node.right))
    elif kind is ast.Pow:
        yield "power", node.left
    elif kind is ast.MatMult:
        yield "order", ast.BinOp(node.right, ast.MatMult(), node.left)
    if kind in (ast.Sub, ast.Div):
        yield "order", ast.BinOp(node.right, node.op, node.left)


def _of_constant(node: ast.Constant) -> Iterator[tuple[Edited, ast.expr]]:
    value = node.value
    if isinstance(value, bool):
        yield "number", ast.Constant(not value)
    elif isinstance(value, (int, float)) and abs(value) < 1e9:
        for other in dict.fromkeys((value + 1, value - 1, 2 * value, value / 2, -value, 0, 1)):
            if other != value:
                yield "number", ast.Constant(int(other) if other == int(other) and isinstance(value, int) else other)


def _of_call(node: ast.Call) -> Iterator[tuple[Edited, ast.expr]]:
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    for other in dict.fromkeys(one for group in _LIKE if name in group for one in group if one != name):
        if isinstance(called, ast.Attribute):
            yield "function", ast.Call(ast.Attribute(called.value, other, ast.Load()), node.args, node.keywords)
    if name in _UNWRAPPED and node.args:
        yield "function", node.args[0]
    for place in range(len(node.args) - 1):
        swapped = [*node.args[:place], node.args[place + 1], node.args[place], *node.args[place + 2 :]]
        yield "order", ast.Call(called, swapped, node.keywords)
    if name in _WITH_AXIS:
        others = [one for one in node.keywords if one.arg != "axis"]
        now = next((ast.unparse(one.value) for one in node.keywords if one.arg == "axis"), "")
        for axis in ("0", "1", "-1"):
            if axis != now:
                keyword = ast.keyword("axis", ast.parse(axis, mode="eval").body)
                yield "axis", ast.Call(called, node.args, [*others, keyword])
        if now:
            yield "axis", ast.Call(called, node.args, others)
    for place, keyword in enumerate(node.keywords):
        if keyword.arg not in ("axis", None):
            yield "argument", ast.Call(called, node.args, [*node.keywords[:place], *node.keywords[place + 1 :]])
