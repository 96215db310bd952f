"""Which line: all single edits of an answer, and the one line where they mend everything."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.examine import run
from autograder.checks.exercise import Answer, Call
from autograder.checks.local_subject import LocalSubject
from autograder.checks.rendering import edited, message
from autograder.checks.verdict import Verdict
from autograder.grading.line_search import LONGEST, marked, place_to_mend, searched
from autograder.grading.process import RecordingSubject
from autograder.grading.single_edits import MOST, single_edits
from autograder.sandbox import Cell, Limits, Outcome
from solutions import gaussian_kl as solution

STEM, NAME = "03_gaussian_kl", "gaussian_kl"
RIGHT = "def gaussian_kl(mu, sigma):\n    spread = sigma**2\n    shift = mu**2\n    return 0.5 * (shift + spread - 1) - np.log(sigma)\n"


class InProcess:
    """A session without walls: cells run in a namespace of this process."""

    limits = Limits()
    alive = True

    def __init__(self, ends: str = "") -> None:
        """`ends` is the outcome of every call, where it is not the true one."""
        self._names: dict[str, Any] = {"np": np}
        self._ends = ends

    def run(self, cells: Sequence[Cell]) -> list[Outcome]:
        """Run cells; what raises is passed over, as in a notebook."""
        for cell in cells:
            try:
                exec(cell.source, self._names)
            except Exception:
                continue
        return []

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call a function."""
        if self._ends:
            return [Answer(self._ends) for _ in calls]  # type: ignore[arg-type]
        return LocalSubject(self._names).ask(name, calls)

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Read variables."""
        return LocalSubject(self._names).read(names)


def verdict_on(function: Any) -> tuple[Verdict, RecordingSubject]:
    """The verdict on an answer cell, or on a function, and who was asked."""
    session = InProcess()
    if isinstance(function, str):
        session.run([Cell("answer", function)])
    subject = RecordingSubject(session if isinstance(function, str) else LocalSubject({NAME: function}))
    one = problems.examination(STEM, NAME, 1)
    return run(one.exercise, subject, one.bank, recognise=one.recognise, seed=1, tries=0), subject


def place(source: str, ends: str = "") -> tuple[int, str] | None:
    """What the search finds in an answer cell."""
    return place_to_mend(problems.examination(STEM, NAME, 1), InProcess(ends), source)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "kind"),
    [
        ("sigma**2", "sigma**3", 2, "number"),
        ("mu**2", "mu**2 * sigma", 3, "factor"),
        # Another sign or another number: both mend it.
        ("- 1", "+ 1", 4, "part"),
        ("np.log(sigma)", "np.expm1(sigma)", 4, "function"),
    ],
)
def test_the_line_of_a_slip_is_found(right: str, wrong: str, line: int, kind: str) -> None:
    """One slip in an answer that is right otherwise: the search says its line, and what kind of thing it is."""
    assert right in RIGHT
    assert place(RIGHT.replace(right, wrong)) == (line, kind)


def test_several_lines_or_none_are_nothing_to_say() -> None:
    """Two slips in two lines, one that two lines could mend, and what is no formula at all have no line."""
    assert place(RIGHT.replace("sigma**2", "sigma**3").replace("mu**2", "mu**3")) is None
    # The factor may be taken away where it is made, or where it is used.
    assert place(RIGHT.replace("sigma**2", "2 * sigma**2").replace("+ spread", "+ 1 * spread")) in (None, (2, "factor"))
    assert place("def gaussian_kl(mu, sigma):\n    return np.zeros_like(mu)\n") is None
    assert place("gaussian_kl = 3\n") is None
    assert place("def gaussian_kl(mu, sigma:\n") is None


@pytest.mark.parametrize("ends", ["timeout", "died", "skipped"])
def test_what_runs_into_a_limit_ends_the_search(ends: str) -> None:
    """Where an edit does not come back nothing is said, whatever the edits before it did."""
    assert place(RIGHT.replace("sigma**2", "sigma**3"), ends) is None


def test_only_what_nothing_explains_is_searched() -> None:
    """Right answers, known mistakes, errors and unwritten functions are not searched; a slip without a name is."""
    one = problems.examination(STEM, NAME, 1)
    odd, subject = verdict_on(RIGHT.replace("np.log(sigma)", "np.log(sigma) ** 3"))
    assert searched(one, odd, subject)
    subject.seconds = LONGEST
    assert not searched(one, odd, subject)
    known = problems.mistakes(STEM, NAME)[0].function
    for answer in (RIGHT, known, RIGHT.replace("sigma**2", "nobody"), ""):
        assert not searched(one, *verdict_on(answer)), answer


def test_the_sentence_says_where_and_never_how() -> None:
    """What breaks gets the line and a sentence with the kind of thing; what holds stays as it is, and so do all points."""
    before, _ = verdict_on(RIGHT.replace("sigma**2", "sigma**3"))
    after = marked(before, (2, "number"))
    assert after.points == before.points
    for was, now in zip(before.findings, after.findings, strict=True):
        assert (now.lines, now.edited) == ((2,), "number") if was.broken else now == was
    broken = next(one for one in after.findings if one.broken)
    assert (
        edited(broken)
        == "Line 2 of your answer cell: a number is wrong there. With only that changed, all checks hold."
    )
    assert edited(broken) in message(broken)
    assert marked(before, None) is before
    assert edited(next(one for one in before.findings if one.broken)) == ""


@pytest.mark.parametrize("name", ["gaussian_kl", "kl_weight", "beta_vae_loss", "active_units"])
def test_edits_are_single_whole_and_all_different(name: str) -> None:
    """Every edit is the function alone, none as it was; what else stands in the cell is not run again; all is the same each time."""
    source = "import time\ntime.sleep(1e6)\n" + inspect.getsource(getattr(solution, name))
    edits = single_edits(source, name)
    assert 10 < len(edits) <= MOST
    texts = [edit.source for edit in edits]
    assert len(set(texts)) == len(texts)
    assert ast.unparse(ast.parse(source).body[-1]) not in texts
    assert all([type(one) for one in ast.parse(text).body] == [ast.FunctionDef] for text in texts)
    assert all(3 < edit.line <= len(source.splitlines()) for edit in edits)
    assert single_edits(source, name) == edits


def test_a_long_answer_has_no_edits() -> None:
    """Of an answer with more places than are tried none is tried: which of them is meant could not be said."""
    source = "def gaussian_kl(mu, sigma):\n" + "    mu = mu + 2 * sigma - 1\n" * 30 + "    return mu\n"
    assert single_edits(source, NAME) == []
