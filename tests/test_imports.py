"""Who may import whom: the rules of ARCHITECTURE.md, read off the syntax trees."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted([*(ROOT / "autograder").rglob("*.py"), *(ROOT / "solutions").rglob("*.py")])


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    """Absolute names of all modules that a module imports, at the top or inside a function."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1]
            whole = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{whole}.{alias.name}" for alias in node.names)


def top(module: str) -> str:
    return module.split(".")[0]


def ours(module: str) -> bool:
    return top(module) in ("autograder", "solutions", "tests")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_import_rules(path: Path) -> None:
    """No module imports what its place forbids: solutions and tests stay outside, checks stand alone, and so on."""
    name = name_of(path)
    for module in imported(path):
        if name.startswith("autograder"):
            assert top(module) not in ("solutions", "tests"), f"{name} imports {module}"
        if name.startswith("solutions"):
            assert top(module) in ("numpy", "__future__"), f"{name} imports {module}"
        if name.startswith("autograder.checks"):
            allowed = ("numpy", "hypothesis", "IPython", *sys.stdlib_module_names)
            assert module.startswith("autograder.checks") or top(module) in allowed, f"{name} imports {module}"
        if name in ("autograder.checks.problem", "autograder.checks.verdict"):
            assert top(module) in sys.stdlib_module_names, f"{name} imports {module}"
        if top(module) in ("nbgrader", "nbformat", "jupytext"):
            assert name.startswith(("autograder.course", "autograder.build")), f"{name} imports {module}"
        if top(module) == "hypothesis":
            assert name.startswith(("autograder.checks", "autograder.hidden")), f"{name} imports {module}"
        assert not module.startswith("autograder.cli") or name == "autograder.__main__", f"{name} imports {module}"
