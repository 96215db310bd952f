"""Submissions made to order: released notebooks with chosen answers in their answer cells."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..checks.exercise import Exercise
from ..course.built_notebooks import text_of
from ..hidden.mistakes.catalogue import Function

Notebook = dict[str, Any]
_FRAME = re.compile(r"^ *### (BEGIN|END) SOLUTION *\n?", re.MULTILINE)


def as_answer(function: Function, name: str) -> str:
    """The source of one of our functions as a student's answer cell that defines `name`.

    A function without parameters answers an exercise of variables: the cell sets what it returns by name.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise TypeError(f"{function!r} is no function defined by def, so it makes no answer cell.")
    definition.name, definition.decorator_list, definition.returns = name, [], None
    for node in ast.walk(definition):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.unparse(tree if inspect.signature(function).parameters else _setting(definition))


def answer_to(exercise: Exercise, function: Function, reference: str) -> str:
    """The answer cell of a function; of variables, the reference answer stays before it: it may set more of them."""
    text = as_answer(function, exercise.name)
    return f"{reference.rstrip()}\n{text}" if exercise.variables else text


def _setting(definition: ast.FunctionDef) -> ast.Module:
    """The body of a function that ends with `return {"name": value, ...}`, with assignments in place of that."""
    *body, last = definition.body
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Dict):
        raise TypeError(f"{definition.name} does not end with a dict of variables by name, so it makes no answer cell.")
    pairs = [
        (ast.literal_eval(key), value) for key, value in zip(last.value.keys, last.value.values, strict=True) if key
    ]
    setting: list[ast.stmt] = [ast.Assign([ast.Name(name, ast.Store())], value) for name, value in pairs]
    return ast.fix_missing_locations(ast.Module([*body, *setting], []))


def released(folder: Path) -> dict[str, Notebook]:
    """The notebooks of a built folder by stem, fresh copies to write into."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.ipynb"))}


def reference_answers(source: Path) -> dict[str, str]:
    """The answer cells of the built instructor notebooks by exercise, without the marks that frame a solution."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: _FRAME.sub("", text_of(cell))
        for notebook in released(source).values()
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def answer_cell(notebook: Notebook, exercise: str) -> dict[str, Any] | None:
    """The answer cell of an exercise in a notebook, None where there is none."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == exercise:
            found: dict[str, Any] = cell
            return found
    return None


def fill(notebooks: Mapping[str, Notebook], answers: Mapping[str, str]) -> None:
    """Write answers into the answer cells of the exercises they name."""
    for notebook in notebooks.values():
        for exercise, text in answers.items():
            cell = answer_cell(notebook, exercise)
            if cell is not None:
                cell["source"] = text


def write_submission(folder: Path, notebooks: Mapping[str, Notebook]) -> None:
    """Write notebooks as a student's folder holds them."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, notebook in notebooks.items():
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        (folder / f"{stem}.ipynb").write_text(text + "\n", encoding="utf-8")
