from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import answer_tables, formatting, registry
from autograder.checks.examine import run
from autograder.checks.exercise import Call, Rng
from autograder.checks.local_subject import LocalSubject
from autograder.checks.rendering import LABELS, as_html, as_text, details, message, number, state_line
from autograder.checks.student import notebook
from autograder.checks.student.notebook import CheckFailed, needs, todo
from autograder.checks.verdict import Finding, Verdict
from solutions import gaussian_kl as solution
from tests.conftest import ROOT

STEM = "03_gaussian_kl"
JARGON = ("hypothesis", "falsif", "shrink", "strategy", "flaky", "seed", "assert", "Traceback")

RIGHT = "def gaussian_kl(mu, sigma):\n    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)\n"
WRONG = "def gaussian_kl(mu, sigma):\n    return 0.5 * (mu**2 + sigma - np.log(sigma) - 1)\n"


@pytest.fixture(autouse=True)
def plain_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """No nbgrader around, and no cached examination of another test."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


@pytest.fixture
def cell() -> Callable[[str], dict[str, Any]]:
    """Run source as a cell of a notebook that has its imports."""

    def ran(source: str) -> dict[str, Any]:
        names: dict[str, Any] = {"np": np, "check": notebook.check, "needs": needs, "todo": todo}
        exec(compile(source, "<cell>", "exec"), names)
        return names

    return ran


@pytest.fixture
def with_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tables as a release has them beside its checks."""
    right = {exercise.name: getattr(solution, exercise.name) for exercise in problems.public(STEM).exercises}
    for name, content in problems.tables([STEM], right).items():
        (tmp_path / Path(name).name).write_bytes(content)
    load = answer_tables.load
    monkeypatch.setattr(answer_tables, "load", lambda module, exercise: load(module, exercise, tmp_path))
    registry.public_examination.cache_clear()
    yield
    registry.public_examination.cache_clear()


def test_a_right_function_is_told_so(cell: Any, capsys: Any, with_tables: None) -> None:
    """A right answer sees every check hold and no failure."""
    cell(RIGHT + 'check("gaussian_kl")')
    told = capsys.readouterr().out
    held = re.search(r"(\d+) of (\d+) checks hold", told)
    assert held is not None
    assert held[1] == held[2]
    assert "✗" not in told
    assert "not the grade" in told


def test_a_wrong_function_is_told_what_and_where(cell: Any, capsys: Any, with_tables: None) -> None:
    """A wrong answer sees what must hold, the input, what came, what was expected, the mistake by name, where to read."""
    cell(WRONG + 'check("gaussian_kl")')
    told = capsys.readouterr().out
    places = [
        told.index(label)
        for label in ("Smallest input that breaks it:", "Returned:", "Expected:", "Likely mistake:", "Read again:")
    ]
    assert places == sorted(places)
    assert "Likely mistake: sigma where the variance belongs." in told
    assert not [word for word in JARGON if word in told]


def test_without_tables_laws_still_help(cell: Any, capsys: Any) -> None:
    """Where no table lies beside the checks, laws alone find what they can."""
    registry.public_examination.cache_clear()
    cell("def gaussian_kl(mu, sigma):\n    return mu + 0 * sigma\n" + 'check("gaussian_kl")')
    assert "✗" in capsys.readouterr().out


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def gaussian_kl(mu, sigma):\n    todo()\n",
        "def gaussian_kl(mu, sigma):\n    raise NotImplementedError\n",
        "def gaussian_kl(mu, sigma):\n    return todo()\n",
    ],
)
def test_an_unwritten_function_is_told_kindly(cell: Any, capsys: Any, source: str) -> None:
    """Before anything is written the check says so in one line, and lists no failures."""
    cell(source + 'check("gaussian_kl")')
    told = capsys.readouterr().out
    assert "not written yet" in told
    assert "✗" not in told


def test_the_check_looks_the_name_up_itself(cell: Any, capsys: Any) -> None:
    """A check of a name that does not exist is no NameError."""
    cell('check("active_units")')
    assert "There is no `active_units`" in capsys.readouterr().out


def test_an_unknown_exercise_is_an_error_that_lists_the_known_ones(cell: Any) -> None:
    """A misspelt exercise is refused with the names that there are."""
    with pytest.raises(ValueError, match=r"There is no exercise called 'gausian_kl'.*gaussian_kl, kl_shift_spread"):
        cell('check("gausian_kl")')


def test_nothing_is_checked_while_grading(cell: Any, capsys: Any, monkeypatch: Any) -> None:
    """Under nbgrader's autograding the check displays nothing and asks nothing."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    cell('def gaussian_kl(mu, sigma):\n    raise SystemExit\ncheck("gaussian_kl")')
    assert capsys.readouterr() == ("", "")


def test_validation_goes_by_an_exception(cell: Any, capsys: Any, monkeypatch: Any) -> None:
    """Under nbgrader's validation a wrong answer raises one short error, and a right one nothing."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    cell(RIGHT + 'check("gaussian_kl")')
    with pytest.raises(CheckFailed, match="gaussian_kl: «zero at the prior» does not hold") as error:
        cell("def gaussian_kl(mu, sigma):\n    return mu + sigma\n" + 'check("gaussian_kl")')
    assert isinstance(error.value, AssertionError)
    assert len(str(error.value)) < 200
    assert capsys.readouterr() == ("", "")


def test_checking_changes_nothing_in_the_notebook(cell: Any) -> None:
    """A check defines nothing, changes no variable and leaves numpy's global random state alone."""
    state = np.random.get_state()[1].copy()
    names = cell("a = np.ones(2)\n" + RIGHT + 'before = set(globals())\ncheck("gaussian_kl")\nafter = set(globals())')
    assert names["after"] - names["before"] == {"before"}
    assert np.array_equal(np.random.get_state()[1], state)


def test_todo_speaks_in_functions_only(cell: Any) -> None:
    """At the top of a cell `todo()` does nothing; in a function it raises, naming the function."""
    names = cell("first_loss = todo()\ndef gaussian_kl(mu, sigma):\n    todo()\n")
    assert names["first_loss"] is None
    with pytest.raises(NotImplementedError, match="gaussian_kl is not written yet"):
        names["gaussian_kl"](0.0, 1.0)


def test_todo_does_nothing_in_cells_of_older_notebooks() -> None:
    """IPython 8.0 to 8.5 gives the code of a cell a name of its own: `todo()` at the top does nothing there either."""
    code = compile("z = todo()", "<cell>", "exec").replace(co_name="<cell line: 1>")
    names: dict[str, Any] = {"todo": todo}
    exec(code, names)
    assert names["z"] is None


def test_needs_turns_failures_into_a_line(cell: Any, capsys: Any) -> None:
    """A cell that draws with an unwritten, missing or failing function prints one line that names what it needs."""
    cell('def kl(x):\n    todo()\nwith needs("kl", "spread"):\n    kl(1)')
    assert capsys.readouterr().out == (
        "This part needs `kl`, `spread`. Write what is missing, then run this cell again.\n"
    )
    cell('with needs("kl"):\n    kl(1)')
    assert capsys.readouterr().out == ("This part needs `kl`. Write what is missing, then run this cell again.\n")
    cell('with needs("kl"):\n    1 / 0')
    assert "a working `kl`. It stopped with ZeroDivisionError: division by zero" in capsys.readouterr().out


def test_needs_lists_only_what_is_missing(cell: Any, capsys: Any) -> None:
    """What is written already is not asked for again; what raised is named alone."""
    there = "def kl(x):\n    return x\ndef spread(x):\n    return 1 / x\ndef sweep(x):\n    todo()\n"
    cell(there + 'with needs("kl", "sweep", "spread"):\n    sweep(kl(1))')
    assert capsys.readouterr().out == "This part needs `sweep`. Write what is missing, then run this cell again.\n"
    cell(there + 'with needs("kl", "absent", "sweep"):\n    absent(kl(1))')
    assert "This part needs `absent`, `sweep`." in capsys.readouterr().out
    cell(there + 'with needs("kl", "spread"):\n    kl(spread(0))')
    assert "This part needs a working `spread`. It stopped with ZeroDivisionError" in capsys.readouterr().out


def test_a_slow_function_gets_a_line(cell: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the questions of a check take long, a line says how many there are and how long they may take; else none."""
    from autograder.checks.student import student_check

    cell(RIGHT + 'check("gaussian_kl")')
    assert "takes a while" not in capsys.readouterr().out
    monkeypatch.setattr(student_check, "PATIENCE", 0.0)
    cell(RIGHT + 'check("gaussian_kl")')
    assert capsys.readouterr().out.count("This takes a while: 1 of ") == 1


def test_needs_is_silent_when_all_is_there(cell: Any, capsys: Any) -> None:
    """A cell whose functions work runs to its end, and nothing is added."""
    names = cell('with needs("kl"):\n    drawn = True')
    assert names["drawn"]
    assert capsys.readouterr().out == ""


def test_needs_lets_an_interrupt_through(cell: Any) -> None:
    """Ctrl-C stops a cell that draws."""
    with pytest.raises(KeyboardInterrupt):
        cell('with needs("kl"):\n    raise KeyboardInterrupt')


def test_every_exercise_is_found_by_its_name() -> None:
    """The registry knows every exercise of every module that has a problem, and no name stands twice."""
    names = [exercise.name for problem in registry.modules().values() for exercise in problem.exercises]
    assert len(set(names)) == len(names)
    for name in names:
        assert registry.public_examination(name, 1).exercise.name == name


def test_public_checks_are_not_the_hidden_ones() -> None:
    """What students have holds no hidden check and no check that earns points."""
    for problem in registry.modules().values():
        for exercise in problem.exercises:
            assert not any(check.hidden or check.earns for check in exercise.checks)


MISTAKES = [mistake for name in ("gaussian_kl", "kl_from_log_var") for mistake in problems.mistakes(STEM, name)]


def digits(printed: str) -> int:
    """How many digits of a printed number carry its value."""
    return len(printed.replace(".", "").lstrip("0"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{one.exercise}: {one.name}" for one in MISTAKES])
def test_messages_are_fit_for_students(mistake: Any) -> None:
    """A verdict on a mistake speaks in order, with numbers to six digits, without jargon and without paths."""
    one = problems.examination(STEM, mistake.exercise, 2)
    subject = LocalSubject({mistake.exercise: mistake.function})
    found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=2, tries=10)
    labels = [
        "What must hold",
        "Smallest input that breaks it",
        "Returned",
        "Expected",
        "What happened",
        "Likely mistake",
        "Read again",
    ]
    for finding in found.findings:
        said = message(finding)
        assert "/work" not in said
        assert ".py" not in said
        assert not [word for word in JARGON if word in said]
        assert not [one for one in re.findall(r"\d+\.\d+", said) if digits(one) > 6], said
        if not finding.passed:
            assert said.startswith(f"What must hold: {finding.must}")
            told = [LABELS[part] for part, _ in details(finding)]
            assert told == [label for label in labels if label in told]
            assert told[-1] == "Read again"
            assert finding.example.startswith(f"{mistake.exercise}(mu=")


FAILED = Finding(
    "law",
    "It holds & stays.",
    status="breaks",
    example="f(x=1)",
    returned="2",
    expected="<3>",
    note="Because.",
    mistake="a slip",
    says="It slipped.",
    read="“Part 1”",
    points=0.3,
    max_points=1.0,
)
HELD = Finding("other", "That holds.", status="holds", points=1.0, max_points=1.0)


def test_a_finding_speaks_in_one_order() -> None:
    """A failed finding says law, input, returned, expected, what happened, mistake, reading; empty parts are left out."""
    assert message(FAILED).splitlines() == [
        "What must hold: It holds & stays.",
        "Smallest input that breaks it: f(x=1)",
        "Returned: 2",
        "Expected: <3>",
        "What happened: Because.",
        "Likely mistake: a slip. It slipped.",
        "Read again: “Part 1”",
    ]
    assert message(Finding("law", "It holds.", status="breaks")) == "What must hold: It holds."
    assert message(HELD) == ""


def test_a_verdict_adds_up() -> None:
    """A verdict's points are the sum of its findings', and the first failure is the one to mend first."""
    verdict = Verdict("f", (HELD, FAILED, FAILED))
    assert (verdict.points, verdict.max_points) == (1.6, 3.0)
    assert verdict.first_failed is FAILED
    assert not verdict.passed
    assert Verdict("f", (HELD,)).passed
    assert sum([0.1] * 3) != 0.3
    assert Verdict("f", (Finding("a", "A.", status="holds", points=0.1),) * 3).points == 0.3


def test_a_verdict_as_text_shows_the_first_failure_only() -> None:
    """In a terminal each check has its line, and the first failure is told in full; points only where asked for."""
    text = as_text(Verdict("f", (HELD, FAILED, FAILED)), "check", "The end.")
    assert text.count("Smallest input") == 1
    assert text.count("✗") == 2
    assert text.endswith("The end.")
    assert "[" not in text
    assert "[0.3 / 1]" in as_text(Verdict("f", (FAILED,)), "graded", with_points=True)


def test_a_verdict_as_html_escapes_and_loads_nothing() -> None:
    """In a notebook every text is escaped, and the page has neither script nor outside request."""
    evil = Finding("<script>", "<img src=x>", status="breaks", returned="</pre><script>alert(1)</script>", note="a & b")
    html = as_html(Verdict("<b>", (evil,)), "<i>", "<u>")
    assert not re.search(r"<(script|img|b>|i>|u>|link)", html.replace("<b>&lt;", ""))
    assert "&lt;script&gt;alert(1)" in html
    assert "http" not in html
    assert "a &amp; b" in html


def test_an_unwritten_verdict_lists_no_checks() -> None:
    """A verdict on something unwritten says that and no more."""
    verdict = Verdict("f", (replace(FAILED, status="unwritten"), HELD))
    assert state_line(verdict) == "not written yet"
    assert "✗" not in as_text(verdict, "check")
    assert "holds" not in as_html(verdict, "check").replace("It holds", "")


@pytest.mark.parametrize(
    ("points", "text"),
    [(0, "0"), (5.0, "5"), (2.5, "2.5"), (0.75, "0.75"), (10, "10"), (0.1 + 0.2, "0.3"), (100, "100")],
)
def test_points_are_short(points: float, text: str) -> None:
    """Points are shown without trailing zeros or rounding noise."""
    assert number(points) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333"),
        (-0.0, "0"),
        (1e20, "1e+20"),
        (123456789.0, "1.23457e+08"),
        (np.float32(0.1), "0.1"),
        (7, "7"),
        (True, "True"),
        (np.bool_(False), "False"),
        (None, "None"),
        ("a'b", '"a\'b"'),
        (np.array(2.5), "2.5"),
        (np.array([1.0, 1 / 3]), "[1, 0.333333]"),
        (np.array([[1, 2], [3, 4]]), "[[1, 2],\n [3, 4]]"),
        (np.array([True, False]), "[ True, False]"),
        (np.array([]), "an empty array of shape (0,)"),
        (np.array([None, 1]), "an array of Python objects of shape (2,)"),
        ((np.array([1.0]), 2.0), "([1], 2)"),
        ([1 / 3, None], "[0.333333, None]"),
        ({"i": 1 / 3}, "{'i': 0.333333}"),
        ({2, 1}, "{1, 2}"),
        (Rng(5), "numpy.random.default_rng(5)"),
        (object(), "a object"),
        (1 + 1j / 3, "1+0.333333j"),
        (10**15, "about 10^15"),
        (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...]"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_values_are_printed_shortly(value: Any, text: str) -> None:
    """Numbers have at most six digits, collections are cut, and what is no data is told by its type."""
    assert formatting.value(value) == text


@pytest.mark.parametrize(
    "value",
    [np.zeros((50, 50)), ["x" * 1000] * 100, np.array(["x" * 1000] * 9), 10**5000, -(10**5000)],
    ids=["array", "list", "texts", "large", "small"],
)
def test_no_value_is_longer_than_a_reader_takes_in(value: Any) -> None:
    """However large a value is, its print stays short and raises nothing."""
    assert 0 < len(formatting.value(value)) <= 400


def test_a_value_that_holds_itself_is_printed() -> None:
    """A list that holds itself is printed shortly."""
    endless: list[Any] = [1.0]
    endless.append(endless)
    assert len(formatting.value(endless)) <= 400


def test_calls_are_printed_as_one_types_them() -> None:
    """A call is shown with the names of its arguments, short numbers, and Generators as numpy makes them."""
    exercise = registry.public_examination("beta_vae_loss", 1).exercise
    assert formatting.call(exercise, Call((1.0, 2.5), {"beta": 0.1 + 0.2})) == (
        "beta_vae_loss(reconstruction=1, kl=2.5, beta=0.3)"
    )


def test_a_released_check_needs_nothing_of_ours(tmp_path: Path) -> None:
    """Copied alone beside a notebook, the package of checks imports and checks: it reaches for nothing outside itself."""
    shutil.copytree(ROOT / "autograder" / "checks", tmp_path / "checks", ignore=shutil.ignore_patterns("__pycache__"))
    script = f"import numpy as np\nfrom checks import check\n{RIGHT}check('gaussian_kl')\nimport sys, json\n"
    script += "print(json.dumps([name for name in sys.modules if name.split('.')[0] in ('autograder', 'solutions')]))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{script}"],
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "checks hold" in done.stdout
    assert json.loads(done.stdout.splitlines()[-1]) == []
    assert done.stderr == ""
