"""From a reference module to the source of answer cells; modules are read as syntax trees and never run."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterable, Sequence
from pathlib import Path

from .errors import BuildError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
# What nbgrader looks for anywhere in a line: the builder alone may write it.
MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "MARK SCHEME", "AUTOTEST")
_SECTION = re.compile(r"# exercise: *(\w+)\s*")
_TOOL_NOTE = re.compile(r"\s*#\s*(?:noqa|type:|pragma:|pylint:|ruff:).*$")
_Definition = ast.FunctionDef | ast.ClassDef


class Module:
    """The reference code of one notebook: functions, and sections `# exercise: name` of variables."""

    def __init__(self, path: Path, leave: str = "") -> None:
        """Read the module without the lines that begin with `leave`; raise BuildError where it is missing or not usable."""
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            if leave:
                text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(leave))
            self.body = ast.parse(text).body
        except FileNotFoundError:
            raise BuildError(f"{path}: the reference module is missing; write it, or delete the text.") from None
        except SyntaxError as error:
            raise BuildError(f"{path}, line {error.lineno}: not valid Python ({error.msg}).") from error
        self.lines = text.splitlines()
        self.functions = {one.name: one for one in self.body if isinstance(one, ast.FunctionDef)}
        self.bound = {name: one for one in reversed(self.body) for name in _binds(one)}
        self._uses: dict[str, set[str]] = {}
        for table in symtable.symtable(text, str(path), "exec").get_children():
            self._uses.setdefault(table.get_name(), set()).update(_globals(table))
        self.sections = self._find_sections()

    def _find_sections(self) -> dict[str, tuple[int, int]]:
        """Return first and last line of each section: it ends at the next one, or where a function begins."""
        marks = [(number, match[1]) for number, line in enumerate(self.lines, 1) if (match := _SECTION.fullmatch(line))]
        ends = [number for number, _ in marks] + [self._top(one) for one in self.body if isinstance(one, _Definition)]
        found: dict[str, tuple[int, int]] = {}
        for start, name in marks:
            if name in found:
                raise BuildError(f"{self.path}, line {start}: the section `{name}` stands twice; keep one.")
            found[name] = (start + 1, min((end for end in ends if end > start), default=len(self.lines) + 1) - 1)
        return found

    def _top(self, statement: ast.stmt) -> int:
        """Return the line where a statement begins, with its decorators and the comments right above it."""
        top = statement.lineno
        if isinstance(statement, _Definition):
            top = min([top, *(decorator.lineno for decorator in statement.decorator_list)])
        while top >= 2 and self.lines[top - 2].startswith("#") and not _SECTION.fullmatch(self.lines[top - 2]):
            top -= 1
        return top

    def section_body(self, name: str) -> list[ast.stmt]:
        """Return the statements of a section."""
        start, end = self.sections[name]
        return [one for one in self.body if start <= one.lineno <= end]

    def sets(self, name: str) -> set[str]:
        """Return the names that the answer cell of an exercise defines."""
        return {name} if name in self.functions else set().union(*(_binds(one) for one in self.section_body(name)))

    def builds_on(self, name: str, others: set[str]) -> set[str]:
        """Return which of the other exercises the answer of one needs, itself or through private helpers."""
        statements: list[ast.stmt] = [self.functions[name]] if name in self.functions else self.section_body(name)
        owners = {
            made: other
            for other in others
            if other in self.functions or other in self.sections
            for made in self.sets(other)
        }
        found, seen = set(), set()
        wanted = self._names_used(statements)
        while wanted:
            one = wanted.pop()
            if one in seen or one not in self.bound:
                continue
            seen.add(one)
            if one in owners:
                found.add(owners[one])
            elif one.startswith("_"):
                wanted |= self._names_used([self.bound[one]])
        return found

    def helpers(self, statements: Sequence[ast.stmt], available: set[str], where: str) -> list[ast.stmt]:
        """Return the private statements that these need, transitively, in the module's order."""
        found: dict[str, ast.stmt] = {}
        wanted = sorted(self._names_used(statements) - available)
        while wanted:
            name = wanted.pop()
            if name in found or name not in self.bound:
                continue
            helper = self.bound[name]
            if not name.startswith("_") or isinstance(helper, ast.Import | ast.ImportFrom):
                raise BuildError(
                    f"{where} uses `{name}`, which no setup cell or exercise before it defines; import it in a setup "
                    f"cell, let the slot of `{name}` stand before, or write a private helper (`_name`)."
                )
            found[name] = helper
            wanted += sorted(self._names_used([helper]) - available)
        return sorted(set(found.values()), key=lambda helper: helper.lineno)

    def _names_used(self, statements: Iterable[ast.stmt]) -> set[str]:
        """Return the global names needed when these statements, and the functions they define, are run."""
        used: set[str] = set()
        for statement in statements:
            if isinstance(statement, _Definition):
                used |= self._uses.get(statement.name, set()) | _loads(*statement.decorator_list)
            if isinstance(statement, ast.FunctionDef):
                used |= _loads(*_defaults(statement))
            elif isinstance(statement, ast.AnnAssign):
                used |= _loads(statement.target, *([statement.value] if statement.value else []))
            elif not isinstance(statement, ast.ClassDef):
                used |= _loads(statement)
        return used

    def written(self, statement: ast.stmt, available: set[str]) -> list[str]:
        """Return the lines of a helper, without annotations that the notebook has no names for."""
        end = statement.end_lineno or statement.lineno
        above = self.lines[self._top(statement) - 1 : statement.lineno - 1]
        lines = self.lines[statement.lineno - 1 : end]
        if isinstance(statement, ast.AnnAssign) and statement.value and not _loads(statement.annotation) <= available:
            lines = [f"{ast.unparse(statement.target)} = {ast.unparse(statement.value)}"]
        elif isinstance(statement, ast.FunctionDef) and not _annotations(statement) <= available:
            first = statement.body[0].lineno
            body = self.lines[first - 1 : end] if first > statement.lineno else _indented(statement.body)
            lines = self.header(statement, available) + body
        return above + lines

    def header(self, function: ast.FunctionDef, available: set[str]) -> list[str]:
        """Return the lines above the body; without annotations where the notebook lacks a name they need."""
        if _annotations(function) <= available:
            lines = self.lines[function.lineno - 1 : function.body[0].lineno - 1]
            return [_TOOL_NOTE.sub("", line) for line in lines]
        bare = ast.parse(ast.unparse(function)).body[0]
        assert isinstance(bare, ast.FunctionDef)
        for argument in _arguments(bare):
            argument.annotation = None
        return [f"def {function.name}({ast.unparse(bare.args)}):"]


def answer_source(module: Module, name: str, available: set[str]) -> str:
    """Return the source of an exercise's answer cell, with the solution between nbgrader's marks.

    `available` are the names that the cells before it define. What students keep (signature and docstring, or the
    comments that open a section) stands before one region that takes everything else, so that one stub replaces it.
    """
    is_function, is_section = name in module.functions, name in module.sections
    if is_function == is_section:
        found = "both a function and a section" if is_function else "neither a function nor a section"
        raise BuildError(
            f"{module.path}: for `{name}` there is {found} `# exercise: {name}`; write one, or mend the name."
        )
    make = _function_source if is_function else _section_source
    lines = make(module, name, available | set(dir(builtins)))
    for word in MARKS:
        if sum(word in line for line in lines) != word.endswith("SOLUTION"):
            raise BuildError(f"{module.path}: `{name}` contains nbgrader's mark `{word}`; the build alone sets marks.")
    return "\n".join(lines)


def _function_source(module: Module, name: str, available: set[str]) -> list[str]:
    function = module.functions[name]
    where = f"{module.path}, line {function.lineno}: `{name}`"
    if ast.get_docstring(function) is None or len(function.body) < 2:
        raise BuildError(f"{where} needs a docstring (students read there what to compute) and a body below it.")
    if function.decorator_list or not _loads(*_defaults(function)) <= available:
        raise BuildError(f"{where} has a decorator or a default that its cell cannot know; write plain values.")
    helpers = module.helpers([function], available | {name}, where)
    docstring = function.body[0]
    below = docstring.end_lineno or docstring.lineno
    head = module.header(function, available) + module.lines[docstring.lineno - 1 : below]
    body = _trimmed(module.lines[below : function.end_lineno])
    indent = " " * docstring.col_offset
    behind = [line for helper in helpers for line in ("", "", *module.written(helper, available))]
    return [*head, indent + BEGIN, *body, *behind, END if helpers else indent + END]


def _section_source(module: Module, name: str, available: set[str]) -> list[str]:
    start, end = module.sections[name]
    where = f"{module.path}, line {start - 1}: the section `{name}`"
    statements, own = module.section_body(name), module.sets(name)
    if not own:
        raise BuildError(f"{where} sets no variables; write them below the mark.")
    typed = [one.annotation for one in statements if isinstance(one, ast.AnnAssign)]
    if not _loads(*typed) <= available:
        raise BuildError(f"{where} has an annotation that its notebook has no name for; leave it out.")
    first = statements[0].lineno
    helpers = module.helpers(statements, available | own, where)
    before = [line for helper in helpers for line in (*module.written(helper, available), "", "")]
    head = _trimmed(module.lines[start - 1 : first - 1])
    return [*head, BEGIN, *before, *_trimmed(module.lines[first - 1 : end]), END]


def defined_by(source: str) -> set[str]:
    """Return the names that a cell binds at its top level; raise SyntaxError where it is not Python."""
    lines = [line for line in source.splitlines() if not line.startswith(("%", "!"))]
    return set().union(*(_binds(statement) for statement in ast.parse("\n".join(lines)).body))


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    args = function.args
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *(one for one in (args.vararg, args.kwarg) if one)]


def _annotations(function: ast.FunctionDef) -> set[str]:
    found = [*(argument.annotation for argument in _arguments(function)), function.returns]
    return _loads(*(one for one in found if one))


def _defaults(function: ast.FunctionDef) -> list[ast.expr]:
    return [*function.args.defaults, *(one for one in function.args.kw_defaults if one)]


def _loads(*nodes: ast.AST) -> set[str]:
    walked = (one for node in nodes for one in ast.walk(node))
    return {one.id for one in walked if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


def _indented(body: list[ast.stmt]) -> list[str]:
    return [f"    {line}" for statement in body for line in ast.unparse(statement).splitlines()]


def _globals(table: symtable.SymbolTable) -> set[str]:
    own = {one.get_name() for one in table.get_symbols() if one.is_global() and one.is_referenced()}
    inner = (child for child in table.get_children() if child.get_type() in ("function", "class"))
    return own.union(*(_globals(child) for child in inner))


def _binds(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return set()
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(one.asname or one.name).split(".")[0] for one in statement.names}
    if isinstance(statement, _Definition):
        return {statement.name}
    return {one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def _trimmed(lines: list[str]) -> list[str]:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]
