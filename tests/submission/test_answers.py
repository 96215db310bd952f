"""What is a stub and what a cell defines is told from the text alone, at once, whatever the text is."""

from __future__ import annotations

import time

import pytest

from autograder.authoring.sample_submissions import reference_answers, released
from autograder.course.built_notebooks import load_sources, text_of
from autograder.course.layout import Layout
from autograder.submission.answers import MAX_TEXT, answer_names, defined_names, is_stub


def test_every_released_answer_cell_is_a_stub(committed: Layout) -> None:
    """As handed out each answer cell is one, and with the reference solution none is."""
    cells = [cell for book in released(committed.release).values() for cell in book["cells"]]
    answers = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
    assert answers
    assert all(is_stub(text_of(cell)) for cell in answers)
    assert not any(map(is_stub, reference_answers(committed.source).values()))


def test_every_answer_cell_asks_for_names_that_its_solution_defines(committed: Layout) -> None:
    """A function is asked for by its name, variables by the comment that lists them, and no helper of the solution is."""
    asked = {
        cell.grade_id: answer_names(cell)
        for book in load_sources(committed.source)
        for cell in book.cells
        if cell.kind == "answer"
    }
    assert all(asked.values())
    assert asked["kl_weight"] == {"kl_weight"}
    assert asked["loss_by_numbers"] == {"first_loss", "second_loss", "my_loss", "my_equal_beta"}
    assert asked["rank_by_kl"] == {"ranking", "narrow_crossover", "my_ranking", "my_narrow_crossover"}


@pytest.mark.parametrize(
    ("text", "stub"),
    [
        ("", True),
        ("# nothing yet\n\n", True),
        ("todo()", True),
        ("def f(x: tuple[int, ...],\n      y=(1,\n 2)) -> int:\n    '''Words.'''\n    todo()  # later", True),
        ("def f(x):\n    raise NotImplementedError('later')", True),
        ("def f(x): return x", False),
        ("def f(x): return x\ndef g(x):\n    todo()", False),
        ("def f(x):\n    y = 1\n    todo()", False),
        ("x = 1\ntodo()", False),
        ("def f(x):\n    todo(", False),
        ("def f(", False),
    ],
)
def test_a_stub_is_what_answers_nothing(text: str, stub: bool) -> None:
    """A head, words about it and todo() are a stub; one line of the student's own is not."""
    assert is_stub(text) is stub


def test_names_are_found_at_the_outermost_level() -> None:
    """Functions, classes, variables, pairs and imports define names; what is indented, compared or said does not."""
    text = (
        "def f():\n    inner = 1\nasync def g(): pass\nclass C: pass\na = 1\nb: int = 2\nc, d = 3, 4\n"
        "from m import e, h as i\nj == 1\n    k = 2\n# l = 1\nm.n = 3"
    )
    assert defined_names(text) - {"as", "h"} == {"f", "g", "C", "a", "b", "c", "d", "e", "i"}


@pytest.mark.parametrize(
    "filling", ["a", "a,", "a, ", " ", "(", '"', "'''", '"""\n', "def ", "a:", "from a import ", "\n", "a\n"]
)
def test_no_text_takes_long(filling: str) -> None:
    """A cell of the longest size that is searched, made of what is searched for, takes no time to speak of."""
    text = (filling * MAX_TEXT)[:MAX_TEXT]
    begun = time.process_time()
    is_stub(text)
    defined_names(text)
    assert time.process_time() - begun < 1
