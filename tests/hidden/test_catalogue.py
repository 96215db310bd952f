from __future__ import annotations

import importlib
import importlib.util
import inspect
import itertools
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from autograder import problems
from autograder.authoring.kill_matrix import ExerciseMatrix, examine
from autograder.checks import registry
from autograder.checks.asking import FormedAnswer
from autograder.checks.diagnosis import NamedMistake
from autograder.checks.examine import run
from autograder.checks.exercise import Call, Exercise, Mistake, Rng
from autograder.checks.local_subject import LocalSubject
from autograder.checks.verdict import Verdict
from autograder.course.layout import module_name

SEEDS = (1, 2)
PROMISED = {
    "01_worked_numbers": 12,
    "02_linear_autoencoder": 24,
    "03_gaussian_kl": 20,
    "04_reparameterisation": 16,
    "05_latent_space": 13,
    "06_linear_vae": 15,
}
TWELVE = (
    "gaussian_kl",
    "kl_from_log_var",
    "loss_gradients",
    "reparameterise",
    "reparameterise_backward",
    "sample_posterior",
)
# Tighter than float32 can be: these exercises say so.
TIGHT = ("kl_from_log_var", "lerp", "slerp")

STEMS = [
    problem.stem
    for module, problem in registry.modules().items()
    if importlib.util.find_spec(f"autograder.hidden.{module}") is not None
]
EXERCISES = [(stem, exercise.name) for stem in STEMS for exercise in problems.public(stem).exercises]
FUNCTIONS = [(stem, name) for stem, name in EXERCISES if not problems.public(stem).exercise(name).variables]


def each(exercises: list[tuple[str, str]]) -> pytest.MarkDecorator:
    """Ask of each exercise by itself; what was worked out for one is not worked out again by another process."""
    marked = [pytest.param(stem, name, id=name) for stem, name in exercises]
    return pytest.mark.parametrize(("stem", "name"), marked)


each_exercise, each_function = each(EXERCISES), each(FUNCTIONS)


def seeds_of(stem: str, name: str) -> tuple[int, ...]:
    """The seeds that an exercise is tested under: fits train for minutes, and `make matrix` runs them under twenty."""
    return SEEDS[:1] if "fit" in name else SEEDS


@cache
def matrix(stem: str, name: str) -> ExerciseMatrix:
    """Every mistake and every variant of an exercise through its checks, once for all tests."""
    return examine(stem, name, seeds_of(stem, name))


def verdict(stem: str, name: str, function: Callable[..., Any], seed: int = SEEDS[0]) -> Verdict:
    """The verdict of the grader on a function."""
    one = problems.examination(stem, name, seed)
    subject = LocalSubject({name: function})
    return run(one.exercise, subject, one.bank, recognise=one.recognise, seed=seed, tries=0)


def by_the_list(stem: str, name: str, function: Callable[..., Any], seed: int) -> Verdict:
    """The same, with names of listed mistakes alone: whatever else has a name earns no share of the points."""
    one = problems.examination(stem, name, seed)

    def recognise(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
        return one.mechanisms["catalogue"](seen, failed) or one.mechanisms["checks"](seen, failed)

    return run(one.exercise, LocalSubject({name: function}), one.bank, recognise=recognise, seed=seed, tries=0)


def code_of(function: Any) -> str:
    """What a function is called in a failure."""
    return str(getattr(function, "__name__", type(function).__name__))


@each_exercise
def test_every_mistake_loses_points(stem: str, name: str) -> None:
    """Every known mistake loses points under every seed."""
    one = matrix(stem, name)
    kept = [row.mistake for row in one.rows if row.caught < one.seeds]
    assert kept == []


@each_exercise
def test_every_mistake_is_named_and_by_nothing_else(stem: str, name: str) -> None:
    """Every known mistake is called by its own name under every seed, and by no other."""
    one = matrix(stem, name)
    unnamed = {row.mistake: row.misnamed for row in one.rows if row.named < one.seeds or row.misnamed}
    assert unnamed == {}


@each_exercise
def test_every_right_variant_keeps_full_points(stem: str, name: str) -> None:
    """Every honest implementation has full points under every seed."""
    one = matrix(stem, name)
    assert one.failed_variants == set()
    assert one.right == one.variants == one.seeds * len(problems.variants(stem, name))


@each_exercise
def test_the_reference_keeps_full_points(stem: str, name: str) -> None:
    """The reference solution, which the checks do not know, has full points and every check holds."""
    solution = importlib.import_module(f"solutions.{module_name(stem)}")
    if problems.public(stem).exercise(name).variables:
        pytest.skip("variables are tested with the notebook they are set in")
    found = verdict(stem, name, getattr(solution, name))
    assert found.passed, found.first_failed
    assert found.points == found.max_points


@each_exercise
def test_points_add_up(stem: str, name: str) -> None:
    """The points of the checks, hundredths at the finest, sum to those of the exercise, and some checks earn."""
    exercise = problems.load(stem).exercise(name)
    points = [check.points for check in exercise.checks]
    assert sum(points) == pytest.approx(exercise.points, abs=1e-9)
    assert all(point == round(point, 2) >= 0 for point in points)
    assert any(check.earns and check.points > 0 for check in exercise.checks)
    assert all(not check.earns for check in problems.public(stem).exercise(name).checks)


@pytest.mark.parametrize("stem", STEMS)
def test_the_notebooks_points_are_those_promised(stem: str) -> None:
    """The exercises of a notebook give the points that were promised for it."""
    assert sum(exercise.points for exercise in problems.load(stem).exercises) == PROMISED[stem]


@each_exercise
def test_checks_have_names_and_say_what_must_hold(stem: str, name: str) -> None:
    """The checks of an exercise have different names, and each says in a sentence what must hold."""
    checks = problems.load(stem).exercise(name).checks
    names = [check.name for check in checks]
    assert len(set(names)) == len(names)
    assert "form" not in names
    assert all(check.must.endswith(".") for check in checks)


@each_exercise
def test_mistakes_are_enough_and_differ_in_name(stem: str, name: str) -> None:
    """An exercise knows at least six mistakes (twelve where most goes wrong); ways of making one of them say and share alike."""
    known = problems.mistakes(stem, name)
    names = {mistake.name for mistake in known}
    assert len({(mistake.name, mistake.says, mistake.share) for mistake in known}) == len(names)
    assert len(names) >= (12 if name in TWELVE else 6)


@each_exercise
def test_variants_are_enough(stem: str, name: str) -> None:
    """An exercise knows at least five different right implementations."""
    variants = problems.variants(stem, name)
    assert len({id(variant) for variant in variants}) >= 5


@each_exercise
def test_hidden_parts_belong_to_an_exercise(stem: str, name: str) -> None:
    """No hidden check, mistake or variant is written for an exercise that does not exist."""
    module = importlib.import_module(f"autograder.hidden.{module_name(stem)}")
    names = {exercise.name for exercise in problems.public(stem).exercises}
    assert set(module.CHECKS) <= names
    assert {mistake.exercise for mistake in module.CATALOGUE.mistakes} <= names
    assert set(module.CATALOGUE.variants) <= names
    assert all(check.hidden for check in module.CHECKS[name])


MISTAKES = [mistake for stem, name in EXERCISES for mistake in problems.mistakes(stem, name)]
_CODE = re.compile(r"\*\*|==|\breturn\b|\baxis *=|\w @ \w")


def words_of_the_solution(exercise: str) -> set[str]:
    """The functions of numpy that the reference solution of an exercise calls."""
    stem = next(stem for stem, name in EXERCISES if name == exercise)
    solution = importlib.import_module(f"solutions.{module_name(stem)}")
    function = getattr(solution, exercise, None)
    return set(re.findall(r"np\.[a-z_0-9.]+(?=\()", inspect.getsource(function))) if function else set()


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{mistake.exercise}: {mistake.name}" for mistake in MISTAKES])
def test_sentences_are_kind_and_give_no_code_away(mistake: Mistake) -> None:
    """A mistake's sentence is not empty, ends as one and holds no code of the solution; its name is no sentence."""
    assert mistake.says.strip() == mistake.says
    assert len(mistake.says) > 20
    assert mistake.says.endswith((".", "?"))
    told = f"{mistake.name} {mistake.says}"
    assert not _CODE.search(told), told
    assert not words_of_the_solution(mistake.exercise) & set(re.findall(r"np\.[a-z_0-9.]+[a-z_0-9]", told)), told
    assert mistake.name.strip() == mistake.name != ""
    assert not mistake.name.endswith(".")
    assert 0 <= mistake.share < 1


def shapes_asked(exercise: Exercise, args: Any, kwargs: Any) -> list[tuple[int, ...]]:
    """The shapes that an exercise asks for, part by part; Generators count as the Rng they stand for."""
    if exercise.name == "fit_linear_autoencoder":
        return [(args[0].shape[1], args[1]), (args[1], args[0].shape[1])]
    if exercise.name == "fit_linear_vae":
        return [(args[0].shape[1], args[1]), (args[1],), (args[1], args[0].shape[1])]
    form: Any = exercise.form
    return [part.shapes(*args, **kwargs)[0] for part in form.parts]


def parts_of(exercise: Exercise) -> int:
    """How many things an exercise asks for."""
    return len(getattr(exercise.form, "parts", "ab"))


def filled(exercise: Exercise, fill: Callable[[tuple[int, ...]], Any]) -> Callable[..., Any]:
    """A function that answers in the right shapes, filled without a look at the numbers."""

    def function(*args: Any, **kwargs: Any) -> Any:
        parts = [fill(shape) for shape in shapes_asked(exercise, args, kwargs)]
        return parts[0] if len(parts) == 1 else tuple(parts)

    return function


def constant(value: Any) -> Callable[..., Any]:
    """A function that always returns one value."""
    return lambda *_, **__: value


def handing_back(*places: int) -> Callable[..., Any]:
    """A function that returns the arguments at these places, alone or as a tuple."""
    return lambda *args, **__: args[places[0]] if len(places) == 1 else tuple(args[place] for place in places)


def partly(exercise: Exercise, fill: Callable[[tuple[int, ...]], Any], own: int, place: int) -> Callable[..., Any]:
    """A function that fills all parts of its answer but one, where it hands an argument back."""

    def function(*args: Any, **kwargs: Any) -> Any:
        parts = [fill(shape) for shape in shapes_asked(exercise, args, kwargs)]
        parts[own] = args[place]
        return tuple(parts)

    return function


def trivial(exercise: Exercise) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Answers that know nothing of the question."""
    draws = np.random.default_rng(5)
    for value in (None, 0, 0.0, 1.0, 2.0, np.nan, [], (), "", "0", True, np.zeros(1), (0.0, 0.0), (1.0, 1.0), ([], [])):
        yield f"always {value!r}", constant(value)
    yield "an error", lambda *_, **__: 1 / 0
    fills: dict[str, Callable[[tuple[int, ...]], Any]] = {
        "zeros": np.zeros,
        "ones": np.ones,
        "nan": lambda shape: np.full(shape, np.nan),
        "identity": lambda shape: np.eye(*shape) if len(shape) == 2 else np.ones(shape),
        "halves": lambda shape: np.full(shape, 0.5),
        # Not N(0, 1): that would answer `sample_prior` but for where the numbers come from.
        "random": lambda shape: 0.3 + 1.7 * draws.standard_normal(shape),
        "random booleans": lambda shape: draws.random(shape) < 0.5,
        "counted": lambda shape: np.arange(int(np.prod(shape))).reshape(shape),
    }
    for name, fill in fills.items():
        yield name, filled(exercise, fill)
    places = range(len(exercise.parameters))
    for place in places:
        yield f"argument {place}", handing_back(place)
        yield f"one less than argument {place}", lambda *args, place=place, **__: args[place] - 1
        yield f"the columns of argument {place}", lambda *args, place=place, **__: np.shape(args[place])[-1]
    for place in places[:-1]:
        yield f"what follows argument {place}", lambda *args, place=place, **__: args[place + 1 :]
    if parts_of(exercise) == 2:
        for pair in itertools.product(places, repeat=2):
            yield f"arguments {pair}", handing_back(*pair)
        for (name, fill), own, place in itertools.product(fills.items(), (0, 1), places):
            yield f"{name}, argument {place} as part {own}", partly(exercise, fill, own, place)


@each_function
def test_trivial_answers_earn_nothing(stem: str, name: str) -> None:
    """Constants, zeros, ones, arguments and their sizes, pairs of these, errors and random numbers earn exactly 0 points."""
    exercise = problems.load(stem).exercise(name)
    earned = {}
    for seed, (label, function) in itertools.product(SEEDS, trivial(exercise)):
        found = by_the_list(stem, name, function, seed)
        if found.points:
            earned[label] = {finding.check: finding.points for finding in found.findings if finding.points}
    assert earned == {}


def key_of(args: Any, kwargs: Any) -> Any:
    """What a lookup goes by: the bytes of the arguments."""
    return tuple(
        (np.asarray(value).dtype.str, np.shape(value), np.asarray(value).tobytes())
        for value in (*args, *kwargs.values())
        if not isinstance(value, (Rng, np.random.Generator))
    )


@each_function
def test_a_lookup_of_the_probes_earns_nothing(stem: str, name: str) -> None:
    """Right answers to the fixed questions that students have, and zeros to all others, earn exactly 0 points."""
    exercise = problems.load(stem).exercise(name)
    right = getattr(importlib.import_module(f"solutions.{module_name(stem)}"), name)
    answers = LocalSubject({name: right}).ask(name, exercise.probes)
    known = {
        key_of(call.args, call.kwargs): answer.value for call, answer in zip(exercise.probes, answers, strict=True)
    }
    zeros = filled(exercise, np.zeros)

    def lookup(*args: Any, **kwargs: Any) -> Any:
        key = key_of(args, kwargs)
        return known[key] if key in known else zeros(*args, **kwargs)

    if exercise.probes:
        first = exercise.probes[0]
        assert LocalSubject({name: lookup}).ask(name, [first])[0].value is not None
    assert verdict(stem, name, lookup).points == 0


@each_function
def test_probes_are_not_asked_when_grading(stem: str, name: str) -> None:
    """The questions whose answers students have are none of those that earn points when grading."""
    exercise = problems.load(stem).exercise(name)
    probes = {key_of(call.args, call.kwargs) for call in exercise.probes}
    one = problems.examination(stem, name, SEEDS[0])
    for check in exercise.checks:
        asked = [key_of(call.args, call.kwargs) for example in one.bank[check.name] for call in check.calls(example)]
        if check.earns:
            assert set(asked) - probes, f"«{check.name}» asks nothing but what students have the answers to"


def as_lists(value: Any) -> Any:
    """The same answer as plain Python lists and numbers."""
    if isinstance(value, (tuple, list)):
        return [as_lists(item) for item in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def _in_float32(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype.kind == "f" else array


HARMLESS: dict[str, Callable[[Any], Any]] = {
    "as it is": lambda value: value,
    "lists": as_lists,
    "column-major": lambda value: np.array(value, order="F"),
    "other byte order": lambda value: np.asarray(value).astype(np.asarray(value).dtype.newbyteorder(">")),
    "read-only": lambda value: np.broadcast_to(value, np.shape(value)),
    "long double": lambda value: np.asarray(value, np.longdouble),
    "float32": _in_float32,
}


def dressed(exercise: Exercise, form: str, value: Any) -> Any:
    """An answer in another dress, each of its parts for itself."""
    change = HARMLESS[form]
    return [change(part) for part in value] if parts_of(exercise) > 1 else change(value)


@each_function
def test_parts_may_come_as_one_array(stem: str, name: str) -> None:
    """Where the parts of an answer have one shape, an array that unpacks into them is as good as a tuple."""
    exercise = problems.examination(stem, name, SEEDS[0]).exercise

    def stacked(*args: Any, **kwargs: Any) -> Any:
        parts = problems.variants(stem, name)[0](*args, **kwargs)
        return np.array(parts) if len({np.shape(part) for part in parts}) == 1 else parts

    if parts_of(exercise) > 1:
        assert verdict(stem, name, stacked).passed


def prints(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function with debugging output."""

    def noisy(*args: Any, **kwargs: Any) -> Any:
        print("mu =", args)
        print("on standard error", file=sys.stderr)
        return function(*args, **kwargs)

    return noisy


def warns(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function with warnings of its own and numpy's."""

    def noisy(*args: Any, **kwargs: Any) -> Any:
        warnings.warn("something is odd", RuntimeWarning, stacklevel=1)
        np.log(np.zeros(1)) / np.zeros(1)
        return function(*args, **kwargs)

    return noisy


def slow(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function after work that leads nowhere, with private names and arguments by place."""

    def roundabout(*args: Any, **kwargs: Any) -> Any:
        for _ in range(3):
            unused = [np.array(value, copy=True) for value in args if isinstance(value, np.ndarray)]
            for value in unused:
                value += 1
        return function(*args, **kwargs)

    return roundabout


AROUND: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "alone": lambda function: function,
    "prints": prints,
    "warns": warns,
    "works on copies": slow,
}


@each_function
@settings(max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_harmless_habits_cost_nothing(stem: str, name: str, data: st.DataObject) -> None:
    """A right implementation that prints, warns, copies, or returns lists, float32 or odd layouts keeps full points."""
    exercise = problems.examination(stem, name, SEEDS[0]).exercise
    function = data.draw(st.sampled_from(problems.variants(stem, name)))
    forms = [form for form in HARMLESS if form != "float32" or name not in TIGHT]
    form = data.draw(st.sampled_from(forms))
    around = data.draw(st.sampled_from(sorted(AROUND)))
    inner = AROUND[around](function)
    found = verdict(stem, name, lambda *args, **kwargs: dressed(exercise, form, inner(*args, **kwargs)))
    assert found.points == found.max_points, (code_of(function), form, around, found.first_failed)
    assert found.passed


def test_an_unknown_notebook_is_told_in_a_sentence() -> None:
    """A stem without checks is refused with the file to write."""
    with pytest.raises(
        problems.UnknownProblem, match=r"There is no checks/nothing\.py for 09_nothing: write it in .*checks, "
    ):
        problems.public("09_nothing")


def test_calls_are_plain_data() -> None:
    """Every question of every bank is made of arrays, numbers, texts and Rng: what can be sent through a wall."""
    for stem, name in EXERCISES:
        one = problems.examination(stem, name, SEEDS[0])
        if one.exercise.variables:
            continue  # these are read by name, and nothing is sent
        for check in one.exercise.checks:
            for example in one.bank[check.name]:
                for call in check.calls(example):
                    assert isinstance(call, Call)
                    for value in (*call.args, *call.kwargs.values()):
                        assert isinstance(value, (np.ndarray, float, int, str, Rng)), (name, check.name, type(value))


@pytest.mark.parametrize(
    ("name", "function", "said"),
    [
        (
            "sample_posterior",
            lambda mu, sigma, n, rng: np.moveaxis(mu + 3 * sigma * rng.standard_normal((n, *mu.shape)), 0, -1),
            "the samples lie along the last axis",
        ),
        (
            "sample_posterior",
            lambda mu, sigma, n, rng: mu + 2 * sigma * rng.normal(size=n),
            "only n_samples numbers are drawn",
        ),
        (
            "reparameterise",
            lambda mu, sigma, eps: mu + sigma**2 * np.random.normal(size=np.shape(eps)),
            "the noise is drawn inside",
        ),
    ],
)
def test_what_answers_betray_is_named_in_the_grade_and_gives_nothing(name: str, function: Any, said: str) -> None:
    """A mistake that answers betray is named in the grade as in the notebook, and gives no share: more may be wrong."""
    found = verdict("04_reparameterisation", name, function)
    assert (found.mistake, found.points) == (said, 0.0)
