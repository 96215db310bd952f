from __future__ import annotations

import copy
import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp

import autograder.checks
from autograder import problems
from autograder.checks import answer_form, answer_tables
from autograder.checks.examine import run
from autograder.checks.examples import bank
from autograder.checks.exercise import Answer, Call, Exercise, Mistake, Problem
from autograder.checks.judges import close
from autograder.checks.local_subject import LocalSubject
from autograder.checks.verdict import Verdict
from autograder.hidden import oracles
from autograder.problems import release_tables
from solutions import gaussian_kl as solution

STEM = "03_gaussian_kl"
MODULE = "gaussian_kl"
EXERCISES = [exercise.name for exercise in problems.public(STEM).exercises]
MISTAKES = [(name, mistake.name) for name in EXERCISES for mistake in problems.mistakes(STEM, name)]

FLOATS = st.floats(allow_nan=False)
LEAVES = st.one_of(
    FLOATS,
    st.booleans(),
    st.none(),
    st.integers(),
    st.text(max_size=5),
    hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=3, min_side=0), elements=FLOATS),
    hnp.arrays(np.bool_, hnp.array_shapes(max_dims=2, max_side=3)),
    hnp.arrays(np.int64, hnp.array_shapes(max_dims=2, max_side=3)),
    st.floats(width=32, allow_nan=False).map(np.float32),
)
VALUES = st.one_of(LEAVES, st.lists(LEAVES, max_size=3), st.tuples(LEAVES, LEAVES))


def same(one: Any, other: Any) -> bool:
    """Whether a value came through the table: sequences as tuples, arrays and numbers to twelve digits."""
    if isinstance(one, (list, tuple)):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    if one is None or isinstance(one, str):
        return bool(one == other)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.shape != other.shape:
        return False
    first, second = np.asarray(one), np.asarray(other)
    if first.dtype.kind != "f":
        return bool(np.all(first == second))
    first = first.astype(np.float64)
    with np.errstate(all="ignore"):
        return bool(np.all((np.abs(first - second) <= 1e-9 * np.abs(first) + 1e-11) | (first == second)))


@settings(deadline=None, derandomize=True, database=None)
@given(VALUES)
def test_answers_come_back_from_json(value: Any) -> None:
    """An answer written as JSON and read again is the same, floats to ten digits, and needs no list of changes."""
    told = answer_tables.encode(Answer("returned", value))
    found = answer_tables.decode(json.loads(json.dumps(told)))
    assert found.outcome == "returned"
    assert found.changed == ()
    assert same(value, found.value)


@pytest.mark.parametrize(
    "answer",
    [
        Answer("raised", error="ValueError"),
        Answer("timeout"),
        Answer("returned", 1.5, changed=(0, 2)),
        Answer("returned", (1.0, (2.0, None))),
    ],
)
def test_what_happened_comes_back_too(answer: Answer) -> None:
    """Errors, timeouts and changed arguments come back from the table as they went in."""
    assert answer_tables.decode(json.loads(json.dumps(answer_tables.encode(answer)))) == answer


def test_what_differs_between_machines_is_not_written() -> None:
    """Last digits of sums and what is left of a zero are chance: 0.1 + 0.2, 1e-17 and -0.0 are written as 0.3, 0 and 0."""
    noisy = Answer("returned", np.array([0.1 + 0.2, 1e-17, -0.0, 1e30 + 1e14]))
    assert str(answer_tables.encode(noisy)["value"]["array"]) == "[0.3, 0.0, 0.0, 1e+30]"
    assert answer_tables.encode(Answer("returned", 0.123456), answer_tables.COARSE)["value"] == 0.123


@pytest.mark.parametrize("value", [{"a": 1.0}, {1.0, 2.0}, 1j, object()])
def test_what_no_table_can_hold_is_refused_when_it_is_made(value: Any) -> None:
    """A value that JSON cannot bring back is an error at build time, not in the student's notebook."""
    with pytest.raises((TypeError, ValueError)):
        json.dumps(answer_tables.encode(Answer("returned", value)))


def test_a_missing_table_is_no_error(tmp_path: Any) -> None:
    """Where no table was baked there is none to load; where one was, an exercise that is not in it has none."""
    assert answer_tables.load(MODULE, "gaussian_kl", tmp_path) is None
    table = {"right": [7], "mistakes": []}
    (tmp_path / "gaussian_kl.json.gz").write_bytes(answer_tables.packed({"gaussian_kl": table}))
    assert answer_tables.load(MODULE, "gaussian_kl", tmp_path) == table
    assert answer_tables.load(MODULE, "kl_weight", tmp_path) is None


def right_functions() -> dict[str, Callable[..., Any]]:
    """The reference functions of the problem."""
    return {name: getattr(solution, name) for name in EXERCISES}


@pytest.fixture(scope="module")
def baked() -> dict[str, Any]:
    """The table of the problem as the release has it."""
    files = problems.tables([STEM], right_functions())
    assert list(files) == [f"tables/{MODULE}.json.gz"]
    return answer_tables.unpacked(files[f"tables/{MODULE}.json.gz"])


def test_tables_have_the_same_bytes_every_time() -> None:
    """Baking twice gives the same bytes."""
    assert problems.tables([STEM], right_functions()) == problems.tables([STEM], right_functions())


def test_tables_hold_names_sentences_and_numbers_only(baked: dict[str, Any]) -> None:
    """A table holds plain JSON: right answers, and for each mistake its name, its sentence and its answers."""
    assert set(baked) == set(EXERCISES)
    for name, table in baked.items():
        exercise = problems.public(STEM).exercise(name)
        assert set(table) == {"right", "mistakes"}
        assert len(table["right"]) == len(exercise.probes)
        for row in table["mistakes"]:
            assert set(row) == {"name", "says", "answers"}
            assert len(row["answers"]) == len(exercise.probes)


def tiny(*functions: tuple[str, Callable[..., Any]]) -> tuple[Problem, list[Mistake]]:
    """A problem of one exercise with these mistakes and two probes."""
    probes = (Call((1.0,)), Call((2.0,)))
    exercise = Exercise("square", 1.0, ("x",), answer_form.one("y", answer_form.broadcast), (), "“S”", probes)
    return Problem("09_tiny", "Tiny", (exercise,)), [Mistake("square", name, "So.", one) for name, one in functions]


@pytest.mark.parametrize(
    ("functions", "told"),
    [
        ([("same", lambda x: x * x)], "«same» from «the right answer»"),
        ([("double", lambda x: 2 * x * x), ("sum", lambda x: x * x + x * x)], "«sum» from «double»"),
        ([("double", lambda x: 2 * x * x), ("near", lambda x: 2.000001 * x * x)], "«near» from «double»"),
    ],
)
def test_mistakes_that_look_alike_stop_the_build(monkeypatch: Any, functions: Any, told: str) -> None:
    """Baking fails, with both names and the file to mend, when the probes cannot tell two behaviours apart."""
    problem, known = tiny(*functions)
    monkeypatch.setattr(release_tables, "public", lambda stem: problem)
    monkeypatch.setattr(release_tables, "mistakes", lambda stem, exercise: known)
    with pytest.raises(ValueError, match=told) as error:
        problems.tables(["09_tiny"], {"square": lambda x: x * x})
    assert "add a probe in checks/tiny that does." in str(error.value)


def test_mistakes_that_differ_are_baked(monkeypatch: Any) -> None:
    """Mistakes that differ on one probe at least are baked side by side, those that tell themselves where they show there."""
    problem, known = tiny(("double", lambda x: 2 * x * x), ("plain", lambda x: x), ("raises", lambda x: x.nothing))
    known.append(Mistake("square", "told", "So.", lambda x: x * x, tell=lambda calls, answers: False))
    known.append(Mistake("square", "shows", "So.", lambda x: 5 * x, tell=lambda calls, answers: False))
    known.append(Mistake("square", "another's", "So.", lambda x: 2 * x * x, tell=lambda calls, answers: False))
    known.append(Mistake("square", "chance", "So.", lambda x: np.random.random(), tell=lambda calls, answers: False))
    monkeypatch.setattr(release_tables, "public", lambda stem: problem)
    monkeypatch.setattr(release_tables, "mistakes", lambda stem, exercise: known)
    files = problems.tables(["09_tiny"], {"square": lambda x: x * x})
    table = answer_tables.unpacked(files["tables/tiny.json.gz"])["square"]
    assert table["right"] == [{"value": 1.0}, {"value": 4.0}]
    assert [row["name"] for row in table["mistakes"]] == ["double", "plain", "raises", "shows"]
    assert (
        table["mistakes"][2]["answers"]
        == [{"outcome": "raised", "error": "AttributeError", "gist": "'float' object has no attribute"}] * 2
    )


# Two that tell themselves, of which one form is tabled under a name of its own.
TABLED_ALIKE = {
    ("gaussian_kl", "sigma is kept within bounds"): "sigma is clipped",
    ("kl_weight", "an argument is changed in place"): "epoch is changed in place",
}


def local_verdict(baked: dict[str, Any], name: str, function: Callable[..., Any]) -> Verdict:
    """What a student's own check says about a function."""
    exercise = problems.public(STEM).exercise(name)
    extended, examples = answer_tables.with_table(exercise, bank(exercise.checks, 1), baked[name])
    recognise = answer_tables.table_recogniser(exercise, baked[name])
    return run(extended, LocalSubject({name: function}), examples, recognise=recognise, seed=1, tries=0)


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_the_local_check_names_tabled_mistakes(baked: dict[str, Any], name: str, mistake: str) -> None:
    """A student's own check breaks for every known mistake, and calls each tabled one by its name and no other."""
    known = next(one for one in problems.mistakes(STEM, name) if one.name == mistake)
    found = local_verdict(baked, name, known.function)
    assert not found.passed
    named = {finding.mistake for finding in found.findings if not finding.passed}
    assert named == {TABLED_ALIKE.get((name, mistake), mistake)}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_local_check_passes_right_functions(baked: dict[str, Any], name: str) -> None:
    """A student's own check holds for the reference and for every right variant."""
    for function in (getattr(solution, name), *problems.variants(STEM, name)):
        found = local_verdict(baked, name, function)
        assert found.passed, (function.__name__, found.first_failed)


@pytest.mark.parametrize("name", ["gaussian_kl", "kl_from_log_var"])
def test_numbers_that_are_right_are_not_called_wrong(baked: dict[str, Any], name: str) -> None:
    """A function that gives right numbers but changes its arguments breaks conduct, not the worked values."""

    def in_place(*args: Any) -> Any:
        found = getattr(solution, name)(*args)
        for argument in args:
            if isinstance(argument, np.ndarray):
                argument += 1
        return found

    by_check = {finding.check: finding for finding in local_verdict(baked, name, in_place).findings}
    assert not by_check["conduct"].passed
    assert by_check["worked values"].passed


def test_two_mistakes_at_once_have_no_name(baked: dict[str, Any]) -> None:
    """A KL with two known mistakes breaks the local check and is called by neither's name."""
    found = local_verdict(baked, "gaussian_kl", lambda mu, sigma: mu**2 + sigma**2 - 2 * np.log(sigma))
    assert not found.passed
    assert {finding.mistake for finding in found.findings} == {None}


def test_a_lookup_of_the_table_is_right_on_the_probes_alone(baked: dict[str, Any]) -> None:
    """A function that looks up the tabled right answers satisfies the worked values, and earns nothing when graded."""
    exercise = problems.public(STEM).exercise("gaussian_kl")
    answers = [one.value for one in answer_tables.seen(exercise, baked["gaussian_kl"]["right"])]
    keys = [repr(call.args) for call in exercise.probes]

    def lookup(*args: Any) -> Any:
        known = dict(zip(keys, answers, strict=True))
        return known.get(repr(args), np.zeros(np.broadcast_shapes(*map(np.shape, args))))

    found = local_verdict(baked, "gaussian_kl", lookup)
    assert next(one for one in found.findings if one.check == "worked values").passed
    graded = problems.examination(STEM, "gaussian_kl", 1)
    assert run(graded.exercise, LocalSubject({"gaussian_kl": lookup}), graded.bank, tries=0).points == 0


def callables_of_checks() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function in a module of the package that students receive."""
    for found in pkgutil.walk_packages(autograder.checks.__path__, "autograder.checks."):
        module = importlib.import_module(found.name)
        for name, thing in list(vars(module).items()):
            if inspect.isfunction(thing) and thing.__module__.startswith("autograder.checks"):
                yield f"{found.name}.{name}", thing


ORACLES: list[tuple[str, Callable[..., Any], tuple[Any, ...]]] = [
    ("gaussian_kl", oracles.gaussian_kl, (np.array([0.7, -1.3]), np.array([1.6, 0.4]))),
    ("kl_shift_spread", oracles.kl_shift_spread, (np.array([0.7, -1.3]), np.array([1.6, 0.4]))),
    ("kl_from_log_var", oracles.kl_from_log_var, (np.array([[0.7, -1.3]]), np.array([[1.6, 0.4]]))),
    ("kl_weight", oracles.kl_weight, (np.array([1.0, 3.0]), 7)),
    ("beta_vae_loss", oracles.beta_vae_loss, (np.array([0.7, 1.3]), np.array([1.6, 0.4]), 2.5)),
    ("active_units", oracles.active_units, (np.array([[0.7, 0.0]]), np.array([[1.6, 1.0]]), 0.02, 0.5)),
    ("reconstruction_loss", oracles.reconstruction_loss, (np.array([[0.7, 1.3]]), np.array([[1.6, 0.4]]))),
    ("reparameterise", oracles.reparameterise, (np.array([0.7, 1.3]), np.array([1.6, 0.4]), np.array([0.3, 2.0]))),
    ("reparameterise_backward", oracles.reparameterise_backward, (np.array([0.7]), np.array([1.6]), np.array([0.3]))),
    (
        "loss_gradients",
        oracles.loss_gradients,
        (np.array([[0.7, 1.3]]), np.array([[1.6], [0.4]]), np.array([[0.3, -0.9]])),
    ),
    ("pca_reconstruction_loss", oracles.pca_reconstruction_loss, (np.array([[0.7, 1.3], [0.2, 0.1], [2.0, 0.4]]), 1)),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "oracle", "arguments"), ORACLES, ids=[name for name, *_ in ORACLES])
def test_nothing_that_students_receive_returns_a_right_answer(
    name: str, oracle: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """No function in the modules that students receive, asked as the exercise is, gives the right value."""
    right = oracle(*arguments)
    tried = 0
    for where, function in callables_of_checks():
        # Copies: among what is called here are functions that change what they are given.
        for given_ in copy.deepcopy((arguments, (arguments,), (None, *arguments))):
            try:
                inspect.signature(function).bind(*given_)
            except TypeError:
                continue
            if any(word in where for word in ("notebook.", "registry.modules")):
                continue
            tried += 1
            try:
                value = function(*given_)
                equal = close(value, right)
            except Exception:
                continue
            assert not equal, f"{where} gives right answers to {name}"
    assert tried > 10


def test_the_search_for_right_answers_would_find_one() -> None:
    """The comparison above sees a right function for what it is."""
    for name, oracle, arguments in ORACLES:
        module = "linear_autoencoder" if name in ("loss_gradients", "pca_reconstruction_loss") else None
        found = getattr(importlib.import_module(f"solutions.{module}") if module else solution, name, None)
        if found is not None:
            assert close(found(*copy.deepcopy(arguments)), oracle(*arguments)), name


def test_stale_tables_do_not_pass_silently(baked: dict[str, Any]) -> None:
    """A table with fewer answers than the exercise has probes is an error, not a shorter check."""
    exercise = problems.public(STEM).exercise("gaussian_kl")
    longer = replace(exercise, probes=(*exercise.probes, Call((3.0, 1.0))))
    with pytest.raises(ValueError, match=r"shorter|longer"):
        answer_tables.with_table(longer, {}, baked["gaussian_kl"])


def test_answers_to_the_probes_are_found_wherever_they_stand(baked: dict[str, Any]) -> None:
    """A mistake is named by its answers to the probes, before, behind or among others, and not while one is wanting."""
    exercise = problems.public(STEM).exercise("gaussian_kl")
    recognise = answer_tables.table_recogniser(exercise, baked["gaussian_kl"])
    row = baked["gaussian_kl"]["mistakes"][0]
    probed = answer_tables.seen(exercise, row["answers"])
    others = [replace(one, call=Call(one.call.args, dict(one.call.kwargs))) for one in reversed(probed)]
    for answers in (probed, [*others, *probed], [*probed, *others], [*reversed(probed), *others]):
        named = recognise(answers, [])
        assert named is not None
        assert named.name == row["name"]
    assert recognise([*probed[1:], *others], []) is None
