"""What a cell's text says about answers: an untouched stub, the names it defines. The text is searched, never parsed or run."""

from __future__ import annotations

import re

from ..course.built_notebooks import SourceCell

MAX_TEXT = 200_000
"""Longer cells are not searched: nobody wrote them by hand."""

_DOCSTRING = re.compile(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'')
_NOTHING = re.compile(r"todo\(\)|pass|\.\.\.|raise NotImplementedError\b.*")
_DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_ASSIGNED = re.compile(r"^((?:\w+[ \t]*,[ \t]*){0,20}\w+)[ \t]*(?::[^=\n]{0,200})?=(?!=)", re.MULTILINE)
_IMPORTED = re.compile(r"^from[ \t]+[\w.]+[ \t]+import[ \t]+\(?([\w \t,]+)", re.MULTILINE)
_WORD = re.compile(r"\w+")


def is_stub(text: str) -> bool:
    """Whether a cell answers nothing: empty, or function heads and `todo()` as handed out."""
    if len(text) > MAX_TEXT:
        return False
    depth, in_head = 0, False
    for line in _DOCSTRING.sub("", text).splitlines():
        code = line.split("#")[0].strip()
        if not code or (not in_head and _NOTHING.fullmatch(code)):
            continue
        if not in_head and not code.startswith("def "):
            return False
        depth += sum(code.count(mark) for mark in "([{") - sum(code.count(mark) for mark in ")]}")
        in_head = depth > 0
        if not in_head and not code.endswith(":"):
            return False
    return not in_head


def defined_names(text: str) -> set[str]:
    """The names that a cell defines at its outermost level, as far as a search can tell."""
    if len(text) > MAX_TEXT:
        return set()
    lists = [*_ASSIGNED.findall(text), *_IMPORTED.findall(text)]
    return {*_DEFINED.findall(text), *(name for one in lists for name in _WORD.findall(one))}


def answer_names(cell: SourceCell) -> set[str]:
    """The names that the answer cell asks for: its function, or the variables that its comment lists."""
    defined = defined_names(cell.text)
    if cell.grade_id in defined:
        return {cell.grade_id}
    listed = _WORD.findall(cell.text.split("### BEGIN SOLUTION")[0])
    return defined & set(listed)
