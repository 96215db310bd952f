"""From a text in Markdown to a notebook as nbgrader wants it: slots become answer cells and check cells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...checks.exercise import Problem
from ...course.built_notebooks import CHECK_PREFIX
from .errors import BuildError
from .solution_source import MARKS, Module, answer_source, defined_by
from .written import Questions, cell_id_of, metadata, model_answer, unknown, with_points

Cell = dict[str, Any]
KINDS = ("exercise", "setup", "draws")
# Without a version: whoever opens the notebook has another Python.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
# The alert classes of Jupyter reach a contrast of 2.1:1 only. A rule at the left leaves the text in the theme's own colour.
_ALERT = re.compile(r'<div class="alert alert-block alert-(\w+)">')
_RULES = {"warning": "#D55E00"}
_RULE = "#0072B2"
# JupyterLab sets no space below a folded block: without it the next paragraph sticks to the words that open the block.
_FOLDED = re.compile(r"<details>((?:(?!</?details).)*</details>\s*)(?=[^<\s])", re.DOTALL)
_EXPECTED = re.compile(r"^!\[[^\]]*\]\(images/expected/(.+)\.png\)$", re.MULTILINE)
_FENCE = re.compile(r"(`{3,})(\w+)")


def notebook(
    text: str, place: str, problem: Problem, module: Module, in_words: Mapping[int, float] | None = None
) -> str:
    """Return the notebook of a text as JSON (format 4.5, nbgrader's schema 3), the same for the same text.

    `place` names the text in messages; `in_words` are the points of the questions that are answered in words, by number.
    Raises BuildError where text, solutions, problem and settings do not fit together.
    """
    cells = _Cells(text, place, problem, module, in_words=in_words or {})
    return _as_json(cells.built(), place)


def extra_notebook(text: str, place: str, name: str, known: Iterable[str]) -> str:
    """Return an ungraded notebook of a text as JSON: no slots, and nothing in it that nbgrader knows.

    `known` are the exercises of the assignment that its drawings may need. Raises BuildError.
    """
    return _as_json(_Cells(text, place, Problem(name, "", ()), None, known).built(), place)


def _as_json(cells: list[Cell], place: str) -> str:
    import nbformat

    node = nbformat.from_dict({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})
    try:
        nbformat.validate(node)
    except nbformat.ValidationError as error:
        raise BuildError(f"{place}: the notebook would not be valid: {error}") from error
    return str(nbformat.writes(node)) + "\n"


class _Cells:
    """The cells of one notebook while they are made, with the names and ids known so far."""

    def __init__(
        self,
        text: str,
        place: str,
        problem: Problem,
        module: Module | None,
        known: Iterable[str] = (),
        in_words: Mapping[int, float] | None = None,
    ) -> None:
        self.text, self.place, self.problem, self.module = text, place, problem, module
        self.known = {*known, *(exercise.name for exercise in problem.exercises)}
        self.available: set[str] = set()
        self.cells: list[Cell] = []
        self.ids: set[str] = set()
        self.drawn: set[str] = set()
        self.anchor, self.behind = problem.stem, 0
        self.here = place
        self.in_words, self.questions = in_words or {}, Questions()

    def built(self) -> list[Cell]:
        """Read the text and return all cells."""
        open_details = 0
        for cell, line in _read(self.text, self.place):
            self.here = f"{self.place}, line {line}" if line else self.place
            if any(mark in cell["source"] for mark in MARKS):
                raise BuildError(f"{self.here}: a mark of nbgrader stands in the text; the build sets them itself.")
            if cell["cell_type"] != "code":
                open_details += len(re.findall(r"<details\b", cell["source"]))
                open_details -= len(re.findall(r"</details>", cell["source"]))
            if open_details:
                raise BuildError(
                    f"{self.here}: a <details> block is cut in two, by a ```python fence or by two blank lines in a "
                    "row; show code in it with ~~~python, and leave single blank lines."
                )
            self._add(cell)
        missing = [one.name for one in self.problem.exercises if f"{CHECK_PREFIX}{one.name}" not in self.ids]
        if missing:
            raise BuildError(
                f'{self.place}: no slot for {", ".join(missing)}; write ```python exercise="{missing[0]}"```, '
                "or take the exercise out of the problem."
            )
        if told := unknown(self.problem.stem, self.in_words, self.questions.found):
            raise BuildError(told)
        return self.cells

    def _add(self, cell: Cell) -> None:
        attributes, source = cell["metadata"], cell["source"]
        unknown = sorted(set(attributes) - set(KINDS))
        if unknown or len(attributes) > 1 or not all(isinstance(value, str) for value in attributes.values()):
            raise BuildError(
                f'{self.here}: a code cell has one attribute at most, exercise="name", setup="id" or draws="id"; '
                f"here stands {', '.join(f'{key}={value!r}' for key, value in attributes.items())}."
            )
        kind, name = next(iter(attributes.items()), ("", ""))
        if kind == "exercise":
            self._exercise(name)
        elif kind:
            self._locked(kind, name, source)
        elif cell["cell_type"] == "code":
            self.cells.append(_code(self._next_id(), source))
        else:
            self._text(source)

    def _text(self, source: str) -> None:
        """Add a text; a picture of images/expected/ that stands in a line of its own is folded."""
        for picture in _EXPECTED.findall(source):
            if picture not in {f"{self.problem.stem}-{name}" for name in self.drawn}:
                raise BuildError(
                    f"{self.here}: the expected picture `{picture}.png` belongs to no cell above that draws; it is "
                    f'called `{self.problem.stem}-NAME.png` after a ```python draws="NAME"``` cell.'
                )
        folded = _EXPECTED.sub("<details><summary>Expected picture</summary>\n\n\\g<0>\n\n</details>", source)
        for part, question in self.questions.pieces(folded, self.in_words):
            asked = part if question is None else with_points(part, self.in_words[question.number])
            self.cells.append({"cell_type": "markdown", "id": self._next_id(), "metadata": {}, "source": _boxed(asked)})
            if question is not None:
                cell_id = self._unique(cell_id_of(self.problem.stem, question.number))
                about = metadata(cell_id, self.in_words[question.number])
                answer = model_answer(question)
                self.cells.append({"cell_type": "markdown", "id": cell_id, "metadata": about, "source": answer})

    def _exercise(self, name: str) -> None:
        if self.module is None:
            raise BuildError(
                f"{self.here}: an extra is not graded and has no slot like `{name}`; make it a plain ```python cell, or "
                "make the text a notebook of the assignment."
            )
        try:
            exercise = self.problem.exercise(name)
        except KeyError:
            names = ", ".join(one.name for one in self.problem.exercises)
            raise BuildError(
                f"{self.here}: the problem {self.problem.stem} has no exercise `{name}` (it has {names}); mend the "
                "name of the slot, or add the exercise with its checks."
            ) from None
        self._imported("check", "todo")
        source = answer_source(self.module, name, self.available)
        sets = self.module.sets(name)
        if not sets.issuperset(exercise.variables):
            absent = ", ".join(sorted(set(exercise.variables) - sets))
            raise BuildError(f"{self.module.path}: the section `{name}` does not set {absent}, which is checked.")
        self.cells.append(_graded(self._anchor(name), source, solution=True))
        # Feedback of nbgrader prints this block, so it holds nothing worth reading.
        hidden = f'### BEGIN HIDDEN TESTS\nfrom autograder import grade\ngrade("{name}")\n### END HIDDEN TESTS'
        points = int(exercise.points) if exercise.points == int(exercise.points) else exercise.points
        self.cells.append(_graded(self._anchor(f"{CHECK_PREFIX}{name}"), f'check("{name}")\n{hidden}', points=points))
        self.available |= sets

    def _locked(self, kind: str, name: str, source: str) -> None:
        try:
            names = defined_by(source)
        except SyntaxError as error:
            raise BuildError(f"{self.here}: line {error.lineno} of the cell is not Python: {error.msg}.") from error
        cell = _code(self._anchor(name), source) if self.module is None else _graded(self._anchor(name), source)
        if kind == "draws":
            self._imported("needs")
            self._needs(source)
            self.drawn.add(name)
            cell["metadata"]["tags"] = ["draws"]
            # One click opens it; three screens of plotting for each line of an answer are in the way.
            cell["metadata"]["jupyter"] = {"source_hidden": True}
        else:
            self.available |= names
        self.cells.append(cell)

    def _needs(self, source: str) -> None:
        body = ast.parse(source).body
        if len(body) == 1 and isinstance(body[0], ast.With) and len(body[0].items) == 1:
            call = body[0].items[0].context_expr
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "needs":
                asked = {one.value if isinstance(one, ast.Constant) else None for one in call.args}
                if asked <= self.known:
                    return
        raise BuildError(
            f'{self.here}: a cell that draws stands whole inside `with needs("name", ...):`, with the names of the '
            "exercises of this notebook that it uses, so that it is kind where they are not written yet."
        )

    def _imported(self, *names: str) -> None:
        if not self.available.issuperset(names):
            raise BuildError(
                f"{self.here}: no setup cell above imports {' and '.join(names)}; write `from checks import check, "
                'needs, todo` in a ```python setup="..."``` cell.'
            )

    def _anchor(self, name: str) -> str:
        """Take a name as grade_id and cell id; ids of the cells behind it are counted from here."""
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,56}", name):
            raise BuildError(f"{self.here}: `{name}` is no id; use letters, digits and _, at most 56 of them.")
        self.anchor, self.behind = name, 0
        return self._unique(name)

    def _next_id(self) -> str:
        self.behind += 1
        return self._unique(f"{self.anchor}-{self.behind}")

    def _unique(self, name: str) -> str:
        if name in self.ids:
            raise BuildError(f"{self.here}: the id `{name}` is there already in this notebook; choose another one.")
        self.ids.add(name)
        return name


def _boxed(source: str) -> str:
    """Return a text with its alert boxes as boxes that are readable in every theme of JupyterLab, and space below folds."""
    source = _FOLDED.sub(r'<details style="margin-bottom: 1em">\1', source)
    box = "border-left: 5px solid {rule}; padding: 4px 16px; margin-top: 12px; margin-bottom: 12px"
    return _ALERT.sub(lambda kind: f'<div style="{box.format(rule=_RULES.get(kind[1], _RULE))}">', source)


def _code(cell_id: str, source: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _graded(cell_id: str, source: str, *, solution: bool = False, points: float | None = None) -> Cell:
    """Return a cell with nbgrader's metadata: an answer, a check (with points), or else a read-only cell."""
    cell = _code(cell_id, source)
    cell["metadata"]["nbgrader"] = {
        "grade": points is not None,
        "grade_id": cell_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        cell["metadata"]["nbgrader"]["points"] = points
    return cell


def _read(text: str, place: str) -> Iterator[tuple[Cell, int]]:
    """Yield what jupytext reads, with the line where each cell's text begins (0 where that is unclear)."""
    import jupytext
    import nbformat

    lines = text.splitlines()
    cursor = 0
    try:
        cells = jupytext.reads(text, fmt="md").cells
    except (ValueError, nbformat.ValidationError) as error:
        raise BuildError(f"{place}: jupytext cannot read it: {str(error).splitlines()[0]}") from error
    for cell in cells:
        source = str(cell.source)
        first = source.split("\n", 1)[0]
        start = 0
        if cell.cell_type == "code":
            for number in range(cursor, len(lines)):
                fence = _FENCE.match(lines[number])
                if fence is None:
                    continue
                if fence[2] != "python" and first == f"%%{fence[2]}":
                    raise BuildError(
                        f"{place}, line {number + 1}: a ```{fence[2]} fence would become a code cell; show it with "
                        f"~~~{fence[2]}."
                    )
                if number + 1 < len(lines) and (lines[number + 1] == first or not source):
                    start = number + 1
                    break
        elif cell.cell_type == "raw":
            # Front matter, which jupytext writes when a text is saved from JupyterLab.
            continue
        elif first in lines[cursor:]:
            start = lines.index(first, cursor) + 1
        cursor = max(cursor, start)
        yield {"cell_type": cell.cell_type, "metadata": dict(cell.metadata), "source": source}, start
