"""Who may import whom: one order of folders, no circle, and the few rules that keep a folder to its audience."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

# From the bottom up: a folder imports from those before it, never from those after it.
ORDER = [
    "files",
    "checks",
    "sandbox",
    "course",
    "hidden",
    "problems",
    "submission",
    "grading",
    "output",
    "batch",
    "authoring",
    "cli",
]
MODULES = sorted([*(ROOT / "autograder").rglob("*.py"), *(ROOT / "solutions").glob("*.py")])


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


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


def entry(module: str) -> str:
    """The entry of autograder/ that a module lies in; empty for the package's own two modules."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ORDER else ""


def module_of(imported_name: str) -> str:
    """The module of ours that an imported name is, or lies in."""
    return imported_name if imported_name in NAMES else imported_name.rpartition(".")[0]


@cache
def arrows() -> dict[str, set[str]]:
    """Every module of autograder with those of ours that it imports."""
    ours = {name_of(path): path for path in MODULES if top(name_of(path)) == "autograder"}
    return {
        name: {module_of(one) for one in imported(path) if top(one) == "autograder"} - {name}
        for name, path in ours.items()
    }


def test_the_order_is_the_list_of_folders() -> None:
    """The order names each folder of autograder/ once, and ARCHITECTURE.md lists the same folders in the same order."""
    folders = {path.name for path in (ROOT / "autograder").iterdir() if (path / "__init__.py").is_file()}
    assert sorted(ORDER) == sorted(folders)
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert re.findall(r"^├── (\w+)/", page, re.MULTILINE) + re.findall(r"^└── (\w+)/", page, re.MULTILINE) == ORDER


def test_nothing_is_imported_from_above() -> None:
    """Each folder imports from those before it in the order alone."""
    upward = [
        f"{name} imports {other}"
        for name, others in arrows().items()
        for other in sorted(others)
        if entry(name) and entry(other) and ORDER.index(entry(name)) < ORDER.index(entry(other))
    ]
    assert not upward


def test_no_circle() -> None:
    """No chain of imports comes back to the module it began with."""
    # A package's first page may gather what its own modules offer; those modules name one another, not the package.
    graph = {name: {other for other in others if not name.startswith(f"{other}.")} for name, others in arrows().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


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
        if name in ("autograder.checks.exercise", "autograder.checks.verdict"):
            assert top(module) in sys.stdlib_module_names, f"{name} imports {module}"
        if top(module) in ("nbgrader", "nbformat", "jupytext"):
            homes = ("autograder.output.gradebook", "autograder.authoring.builder")
            assert name.startswith(homes), f"{name} imports {module}"
        if top(module) == "hypothesis":
            assert name.startswith(("autograder.checks", "autograder.hidden")), f"{name} imports {module}"
        if name.startswith("autograder.sandbox.confined"):
            shipped = ("autograder.sandbox.confined", "autograder.sandbox.codec", "autograder.sandbox.limits")
            assert top(module) != "autograder" or module.startswith(shipped), f"{name} imports {module}"


def test_files_that_the_architecture_names_are_there() -> None:
    """Every file that ARCHITECTURE.md names by its path is in the package or in the repository."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./]+/[\w.]+\.py)`", text)
    assert named
    assert [name for name in named if not any((base / name).is_file() for base in (ROOT, ROOT / "autograder"))] == []
