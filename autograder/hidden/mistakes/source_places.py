"""Where expressions stand in the source of a function, and that source with another expression in one of these places."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
}
"""For each order the one that takes equal numbers otherwise, and the one that is the other way round."""


@dataclass(frozen=True)
class Place:
    """An expression and where it stands: in which field of which node, and as which of several there."""

    node: ast.expr
    parent: ast.AST
    field: str
    position: int

    @contextmanager
    def replaced(self, other: ast.expr) -> Iterator[None]:
        """Let another expression stand here for a while; the tree is as before afterwards."""
        value = getattr(self.parent, self.field)
        new = [*value[: self.position], other, *value[self.position + 1 :]] if isinstance(value, list) else other
        setattr(self.parent, self.field, new)
        try:
            yield
        finally:
            setattr(self.parent, self.field, value)


def places(function: ast.FunctionDef) -> list[Place]:
    """All expressions in the body of a function that are values: what is called, and what is set, is none."""
    return [
        Place(node, parent, field, position)
        for statement in function.body
        for parent in ast.walk(statement)
        for field, value in ast.iter_fields(parent)
        if field not in ("func", "target", "targets")
        for position, node in enumerate(value if isinstance(value, list) else [value])
        if isinstance(node, ast.expr)
    ]
