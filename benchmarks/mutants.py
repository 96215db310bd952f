"""Mistakes made mechanically: small changes to the reference solutions, each put through all checks.

    python -m benchmarks.mutants [--seed 0] [STEM ...]

Operators: swap + and -, * and /, comparisons; change a number; drop a term or a factor; drop a keyword argument (axis,
keepdims); flip an axis; drop a transpose; swap two arguments; drop a minus sign. Prints every mutant that keeps full points;
docs/mutants.md accounts for them. Exit 1 when one survives that is not accounted for there.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import multiprocessing
import signal
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.course.layout import module_name
from autograder.problems import examination, public

ROOT = Path(__file__).parent.parent
STEMS = ("02_linear_autoencoder", "03_gaussian_kl", "04_reparameterisation", "05_latent_space")
SECONDS = 20
_BINARY = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div}
_COMPARE = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """All replacements of one node."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in _BINARY:
            yield ast.BinOp(node.left, _BINARY[type(node.op)](), node.right)
        if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow)):
            yield node.left
            yield node.right
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        yield ast.Compare(node.left, [_COMPARE[type(node.ops[0])]()], node.comparators)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for value in {node.value + 1, node.value * 2, -node.value} - {node.value}:
            yield ast.Constant(value)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    if isinstance(node, ast.Call):
        for place in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:place] + node.keywords[place + 1 :])
        if len(node.args) >= 2:
            yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
        if len(node.args) == 1 and not node.keywords:
            yield node.args[0]
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse


def mutants(tree: ast.Module, name: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module in which one node of the function `name` was replaced, with what was replaced by what."""
    places = [
        place for place, node in enumerate(ast.walk(tree)) if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    function = list(ast.walk(tree))[places[0]]
    inside = {id(node) for statement in function.body for node in ast.walk(statement)}  # type: ignore[attr-defined]
    for place, node in enumerate(ast.walk(tree)):
        if id(node) not in inside:
            continue
        for number, change in enumerate(changes(node)):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[place]
            new = list(changes(target))[number]
            yield f"{ast.unparse(node)} -> {ast.unparse(change)}", _replaced(changed, target, new)


def _replaced(tree: ast.Module, old: ast.AST, new: ast.AST) -> ast.Module:
    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is old else self.generic_visit(node)

    return ast.fix_missing_locations(Swap().visit(tree))


def survivors(task: tuple[str, str, int]) -> tuple[str, int, list[str]]:
    """How many mutants an exercise has, and which of them keep full points."""
    stem, name, seed = task
    one = examination(stem, name, seed)
    tree = ast.parse((ROOT / "solutions" / f"{module_name(stem)}.py").read_text(encoding="utf-8"))
    kept, count = [], 0
    signal.signal(signal.SIGALRM, _late)
    for what, mutant in mutants(tree, name):
        count += 1
        module = types.ModuleType("mutant")
        with contextlib.suppress(_LateError), np.errstate(all="ignore"):
            signal.alarm(SECONDS)
            exec(compile(mutant, "mutant", "exec"), module.__dict__)
            verdict = run(one.exercise, LocalSubject(vars(module)), one.bank, tries=0)
            if verdict.points == verdict.max_points:
                kept.append(f"{name}: {what}")
        signal.alarm(0)
    return name, count, kept


class _LateError(BaseException):
    """A mutant that does not come back is caught."""


def _late(number: int, frame: Any) -> None:
    raise _LateError


def main() -> int:
    """Run all mutants and print the survivors."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("stems", nargs="*", default=STEMS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    tasks = [(stem, exercise.name, options.seed) for stem in options.stems for exercise in public(stem).exercises]
    page = ROOT / "docs" / "mutants.md"
    known = page.read_text(encoding="utf-8") if page.is_file() else ""
    total = alive = unknown = 0
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for name, count, kept in pool.imap(survivors, tasks):
            total, alive = total + count, alive + len(kept)
            print(f"{name}: {count} mutants, {len(kept)} keep full points")
            for what in kept:
                accounted = f"`{what}`" in known
                unknown += not accounted
                print(f"  {'known' if accounted else 'NEW  '} {what}")
    print(
        f"{total} mutants, {total - alive} caught, {alive} survive, {unknown} of them not accounted for in docs/mutants.md"
    )
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
