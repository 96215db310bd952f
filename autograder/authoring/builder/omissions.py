"""A text without the exercises that are left out: their slots, what draws with them, and the sections that were theirs."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from .errors import BuildError

_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r"(#{1,6}) ")
_SLOT = re.compile(r'python\s+(exercise|draws|setup)="([^"]*)"')
_WITH = re.compile(r" *<!-- with: ([\w, ]+?) -->")


@dataclass
class _Block:
    """Some lines of a text that stay or go together: a heading, a fenced cell, or a single line."""

    lines: list[str]
    level: int = 0
    kind: str = ""
    names: frozenset[str] = frozenset()
    gone: bool = False


def without(
    text: str,
    place: str,
    gone: Collection[str],
    known: Collection[str] | None = None,
    words: Mapping[str, str] | None = None,
) -> str:
    """Return a text as it is when the exercises and extras in `gone` are not there, the same text when all are.

    A section (a heading with all below it) goes when all its slots go, or, having none, all its drawings. Cells of setup
    stay, as later cells may need them. Of other sections the slots go, and the drawings that need what is gone.
    A line with `<!-- with: name -->` goes with that exercise or extra, a heading with its section; the comment goes in
    any case. Outside of code, `{name}` is replaced by `words[name]`.
    Raises BuildError for a comment that names nothing in `known` (where that is given).
    """
    blocks = list(_blocks(text, words or {}))
    for block in blocks:
        unknown = sorted(block.names - set(known)) if block.kind == "line" and known is not None else []
        if unknown:
            raise BuildError(f"{place}: `<!-- with: {unknown[0]} -->` names no exercise and no extra; mend the name.")
        block.gone = bool(block.names & set(gone)) and block.kind != "setup"
    for position, block in enumerate(blocks):
        # The title's section is the whole text, and stays.
        if block.level > 1 or (block.level and block.gone):
            _leave_section(blocks[position : _end(blocks, position)])
    return "\n".join(_kept(blocks))


def _leave_section(section: list[_Block]) -> None:
    slots = [block for block in section if block.kind == "exercise"]
    told = slots or [block for block in section if block.kind == "draws"]
    if section[0].gone or (told and all(block.gone for block in told)):
        for block in section:
            block.gone = block.kind != "setup"


def _end(blocks: list[_Block], start: int) -> int:
    level = blocks[start].level
    later = range(start + 1, len(blocks))
    return next((place for place in later if 0 < blocks[place].level <= level), len(blocks))


def _kept(blocks: list[_Block]) -> Iterator[str]:
    """The lines that stay; where something went, one blank line is left of several: two would cut a cell in two."""
    last, cut, blank = "", False, False
    for block in blocks:
        if block.gone:
            cut, blank = True, blank or not block.lines[0].strip()
            continue
        for line in block.lines:
            if cut and not line.strip() and not last.strip():
                continue
            if blank and line.strip() and last.strip():
                yield ""
            yield line
            last, cut, blank = line, False, False


def headings(text: str) -> set[str]:
    """The headings of a text as its notebook has them."""
    found = (block.lines[0] for block in _blocks(text, {}) if block.level)
    return {line.lstrip("#").strip() for line in found}


def _blocks(text: str, words: Mapping[str, str]) -> Iterator[_Block]:
    lines = text.split("\n")
    position = 0
    while position < len(lines):
        line = lines[position]
        fence, heading, told = _FENCE.match(line), _HEADING.match(line), _WITH.search(line)
        end = position + 1
        if not fence:
            for name, word in words.items():
                line = line.replace(f"{{{name}}}", word)
        if fence:
            while end < len(lines) and not re.fullmatch(f"{re.escape(fence[1])}{fence[1][0]}*\\s*", lines[end]):
                end += 1
            end += 1
            slot = _SLOT.fullmatch(fence[2].strip())
            body = "\n".join(lines[position + 1 : end - 1])
            kind = slot[1] if slot else "code"
            slots = {slot[2]} if slot and kind == "exercise" else set()
            yield _Block(lines[position:end], 0, kind, frozenset(slots or (_needed(body) if kind == "draws" else ())))
        elif told:
            named = frozenset(name.strip() for name in told[1].split(","))
            yield _Block([_WITH.sub("", line)], len(heading[1]) if heading else 0, "line", named)
        else:
            yield _Block([line], len(heading[1]) if heading else 0)
        position = end


def _needed(body: str) -> set[str]:
    """The names in `with needs("name", ...)`; none where the cell is not so, which the notebook's builder says."""
    try:
        tree = ast.parse(body)
    except SyntaxError:
        return set()
    calls = (one for one in ast.walk(tree) if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "needs")
    return {str(one.value) for call in calls for one in call.args if isinstance(one, ast.Constant)}
