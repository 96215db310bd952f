"""The checks of 01_worked_numbers: read as meant, judged by the closed form, and no number of it in the release."""

from __future__ import annotations

import ast
import importlib
import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from autograder import problems
from autograder.authoring import sample_submissions
from autograder.checks import answer_tables, registry
from autograder.checks.asking import ask_and_check_form
from autograder.checks.examine import run
from autograder.checks.exercise import Call
from autograder.checks.local_subject import LocalSubject
from autograder.checks.rendering import message
from autograder.checks.verdict import Verdict
from autograder.checks.worked_numbers import POINTS, variable_types
from autograder.checks.worked_numbers import settings as worked_settings
from autograder.checks.worked_numbers.variable_types import Number, Ranking, Row, Share, Table, Unfit, Whole, Word
from autograder.hidden.worked_numbers.closed_forms import PRINTED, RIGHT
from autograder.hidden.worked_numbers.own_answers import right as own_right
from solutions import worked_numbers as solution

STEM = "01_worked_numbers"
EXERCISES = {exercise.name: exercise for exercise in problems.load(STEM).exercises}
CROSSOVERS = ("narrow_crossover", "crossover_epoch")
Path_ = tuple[Any, ...]


def verdict(name: str, variables: dict[str, Any], *, public: bool = False) -> Verdict:
    """What the grader (or the student's own check) says about variables."""
    one = registry.public_examination(name, 1) if public else problems.examination(STEM, name, 1)
    return run(one.exercise, LocalSubject(variables), one.bank, recognise=one.recognise)


def right(name: str, **changes: Any) -> dict[str, Any]:
    """The right variables of an exercise, some of them changed."""
    own = own_right(name, worked_settings.setting(name))
    return {**{one: RIGHT.get(one, own.get(one)) for one in EXERCISES[name].variables}, **changes}


def numbers(name: str) -> Iterator[tuple[Path_, float]]:
    """Where in the variables of an exercise a number stands, and which."""

    def below(value: Any, path: Path_) -> Iterator[tuple[Path_, float]]:
        if isinstance(value, float):
            yield path, value
        elif isinstance(value, (dict, tuple)):
            for step, item in value.items() if isinstance(value, dict) else enumerate(value):
                yield from below(item, (*path, step))

    # The second part has its own tests; here the chapter's numbers are changed one by one.
    yield from below({name: value for name, value in right(name).items() if name in RIGHT}, ())


def changed(value: Any, path: Path_, change: Callable[[float], Any]) -> Any:
    """The same variables with one number changed."""
    if not path:
        return change(value)
    step, *rest = path
    if isinstance(value, dict):
        return {**value, step: changed(value[step], tuple(rest), change)}
    return tuple(changed(item, tuple(rest), change) if place == step else item for place, item in enumerate(value))


NUMBERS = [(name, path) for name in EXERCISES for path, _ in numbers(name)]
each_exercise = pytest.mark.parametrize("name", EXERCISES)
each_number = pytest.mark.parametrize(("name", "path"), NUMBERS, ids=[f"{path}" for _, path in NUMBERS])


def test_points_of_the_exercises() -> None:
    """The ten exercises give twelve points, more where more is to be worked out."""
    assert {name: exercise.points for name, exercise in EXERCISES.items()} == POINTS
    assert sum(POINTS.values()) == 12


@each_exercise
def test_the_reference_answers_are_right(name: str) -> None:
    """What the reference module sets has full points, every check holds, and so it does in the student's own check."""
    answers = right(name) | {one: getattr(solution, one) for one in EXERCISES[name].variables if one in RIGHT}
    found = verdict(name, answers)
    assert found.passed, found.first_failed
    assert found.points == found.max_points == POINTS[name]
    assert verdict(name, answers, public=True).passed


def test_sections_set_what_is_checked() -> None:
    """Each exercise has a section in the reference module."""
    source = Path(solution.__file__).read_text(encoding="utf-8")
    assert [line.split(": ")[1] for line in source.splitlines() if line.startswith("# exercise")] == list(EXERCISES)


# Tolerances


@each_number
def test_rounding_is_right_and_more_is_wrong(name: str, path: Path_) -> None:
    """A number off by 0.0051 is right, by 0.0053 wrong; a crossover within 2 % is right, and further off wrong."""
    exact = dict(numbers(name))[path]
    inside, outside = (0.0051, 0.0053) if path[0] not in CROSSOVERS else (0.0199 * exact, 0.0201 * exact)
    for sign in (1, -1):
        near = verdict(name, changed(right(name), path, lambda number: number + sign * inside))  # noqa: B023
        assert near.passed, near.first_failed
        assert near.points == near.max_points
        far = changed(right(name), path, lambda number: number + sign * outside)  # noqa: B023
        if PRINTED.get(path[0]) is None or sign > 0:
            assert verdict(name, far).points < POINTS[name]


@each_exercise
@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_all_numbers_may_be_rounded_at_once(name: str, data: st.DataObject) -> None:
    """No law and no check minds when every number is off by what rounding explains."""
    answers: Any = right(name)
    for path, exact in numbers(name):
        reach = 0.0051 if path[0] not in CROSSOVERS else 0.0199 * exact
        off = reach * data.draw(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]))
        answers = changed(answers, path, lambda number, off=off: number + off)
    found = verdict(name, answers)
    assert found.passed, found.first_failed


@pytest.mark.parametrize(
    ("name", "path", "value", "good"),
    [
        ("per_dimension_kl", ("total_kl",), 1.89, True),
        ("per_dimension_kl", ("total_kl",), np.float32(1.89), True),
        ("per_dimension_kl", ("total_kl",), 1.8898, False),
        ("per_dimension_kl", ("total_kl",), 1.88, False),
        ("beta_balance", ("kl_share", 0.5), 0.73, True),
        ("beta_balance", ("kl_share", 0.5), 73, True),
        ("beta_balance", ("kl_share", 0.5), "73 %", True),
        ("beta_balance", ("kl_share", 0.5), 0.735, True),
        ("beta_balance", ("kl_share", 0.5), 73.5, True),
        ("beta_balance", ("kl_share", 0.5), 0.7298, False),
        ("beta_balance", ("kl_share", 0.5), 72, False),
        ("beta_balance", ("kl_share", 1.0), 84.7, True),
        ("beta_balance", ("kl_share", 4.0), 95.7, True),
        ("beta_balance", ("kl_share", 4.0), 0.735, False),
        ("rank_by_kl", ("narrow_crossover",), 0.0333, True),
        ("rank_by_kl", ("narrow_crossover",), 0.033, True),
        ("rank_by_kl", ("narrow_crossover",), 0.03, False),
        ("annealing_by_numbers", ("crossover_epoch",), 3.3, True),
        ("annealing_by_numbers", ("crossover_epoch",), 3.33, True),
        ("annealing_by_numbers", ("crossover_epoch",), 3.4, True),
        ("annealing_by_numbers", ("crossover_epoch",), 3, False),
        ("annealing_by_numbers", ("crossover_epoch",), 4, False),
        ("annealing_by_numbers", ("crossover_epoch",), 3.5, False),
    ],
)
def test_what_the_chapter_prints_on_the_way(name: str, path: Path_, value: Any, good: bool) -> None:
    """Values that the chapter prints by rounding on the way are right as they are printed, and nothing around them is."""
    assert (verdict(name, changed(right(name), path, lambda _: value)).points == POINTS[name]) is good


# Reading


@pytest.mark.parametrize(
    ("kind", "raw", "canonical"),
    [
        (Number(), 2, 2.0),
        (Number(), np.float32(0.5), 0.5),
        (Number(), np.array(0.5), 0.5),
        (Number(), np.array([0.5]), 0.5),
        (Number(), [0.5], 0.5),
        (Number(), " −0.3 ", -0.3),
        (Share(), 0.25, 0.25),
        (Share(), 25, 0.25),
        (Share(), "25 %", 0.25),
        (Share(), "0.5%", 0.005),
        (Share(), 1, 1.0),
        (Word(("lower beta", "x")), " Lower_β ", "lower beta"),
        (Word(("memorising",)), np.str_("Memorizing"), "memorising"),
        (Word(("organised",)), np.array("ORGANISED"), "organised"),
        (Row(("a", "b"), Number()), [1, 2], (1.0, 2.0)),
        (Row(("a", "b"), Number()), np.array([[1], [2]]), (1.0, 2.0)),
        (Row(("a", "b"), Number()), {"B": 2, "A": 1}, (1.0, 2.0)),
        (Row((1.0, 2.0), Number()), {1: 1, 2: 2}, (1.0, 2.0)),
        (Table((0.5, 1.0), Number()), {"0.5": 1, 1: 2, 7: "whatever"}, {0.5: 1.0, 1.0: 2.0}),
        (Table((0.5, 1.0), Number()), {np.float64(0.5): 1, "β = 1.0": 2}, {0.5: 1.0, 1.0: 2.0}),
        (Table((0.5,), Number()), {".5": 1}, {0.5: 1.0}),
        (Table(("i", "ii"), Number()), {"(I)": 1, "ii.": 2}, {"i": 1.0, "ii": 2.0}),
        (Table(("i", "ii"), Number()), {1: 1, "2": 2}, {"i": 1.0, "ii": 2.0}),
        (Table(("A", "B"), Number()), {"run a": 1, " b": 2}, {"A": 1.0, "B": 2.0}),
        (Ranking(("i", "ii")), "(ii) < (i)", ("ii", "i")),
        (Ranking(("i", "ii")), np.array(["II", " i "]), ("ii", "i")),
        (Ranking(("i", "ii")), [2, 1], ("ii", "i")),
        (Whole(), [3, 1, 3], frozenset({1, 3})),
        (Whole(), np.array([1.0, 3.0]), frozenset({1, 3})),
        (Whole(), {}, frozenset()),
        (Whole(), ("1", np.int8(3)), frozenset({1, 3})),
    ],
)
def test_answers_are_read_as_they_are_meant(kind: Any, raw: Any, canonical: Any) -> None:
    """Other types, spellings and keys that can mean one thing only are read as that."""
    found = kind.read("`x`", raw)
    assert found == canonical
    assert isinstance(found, type(canonical))


@pytest.mark.parametrize(
    ("kind", "raw", "says"),
    [
        (Number(), None, "`x` must be a number, but is None."),
        (Number(), "about 3", "`x` must be a number, but is 'about 3'."),
        (Number(), True, "`x` must be a number, but is True."),
        (Number(), 1j, "`x` must be a number, but is 0+1j."),
        (Number(), [1, 2], "`x` must be a number, but is a list of 2."),
        (Number(), np.arange(3), "`x` must be a number, but is an array of shape (3,)."),
        (Number(), math.nan, "`x` must be a finite number, but is nan."),
        (Number(), 10**400, "`x` must be a finite number, but is about 10^400."),
        (Word(("a", "b")), "c", '`x` must be one of "a", "b", but is \'c\'.'),
        (Word(("a", "b")), "a" + " " * 80 + "b", None),
        (Row(("a", "b"), Number()), {1.0, 2.0}, "`x` must be (a, b), in this order, but is a set of 2."),
        (Row(("a", "b"), Number()), (1, 2, 3), "`x` must be (a, b), in this order, but is a tuple of 3."),
        (Row((1.0, 2.0), Number()), 5, "`x` must be 2 values, one a dimension, in this order, but is 5."),
        (Row(("a", "b"), Number()), (1, None), "`x`, number 2 of 2, must be a number, but is None."),
        (Table(("i",), Number()), (1,), '`x` must be a dict with the keys "i", but is a tuple of 1.'),
        (Table((0.5, 1.0), Number()), {0.5: 1}, "`x` must have an entry for each of 0.5, 1; 1 is missing."),
        (Table((1.0,), Number()), {1: 1, "1": 2}, "`x` must have one entry for 1, but has two."),
        (Table(("A",), Number()), {"A": "?"}, "`x`, entry \"A\", must be a number, but is '?'."),
        (
            Table(("A",), Number()),
            {(1, 2): 3, True: 4, math.nan: 5},
            '`x` must have an entry for each of "A"; "A" is missing.',
        ),
        (Ranking(("i", "ii")), ("i", "i"), "`x` must hold each of \"i\", \"ii\" once, in order, but is ('i', 'i')."),
        (Ranking(("i", "ii")), 7, '`x` must hold each of "i", "ii" once, in order, but is 7.'),
        (Whole(), 5, "`x` must be a set of whole numbers, such as {1, 2}, but is 5."),
        (Whole(), {1.5}, "`x` must hold whole numbers, but holds 1.5."),
        (Whole(), {"one"}, "A member of `x` must be a number, but is 'one'."),
        (Whole(), range(5000), None),
        (Whole(), list(range(5000)), "`x` must be a set of whole numbers, such as {1, 2}, but is a list of 5000."),
    ],
)
def test_what_cannot_be_read_is_told(kind: Any, raw: Any, says: str | None) -> None:
    """What cannot be meant is told in a sentence: what must hold, and what arrived."""
    with pytest.raises(Unfit) as error:
        kind.read("`x`", raw)
    if says is not None:
        assert str(error.value) == says


ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.complex_numbers(),
        st.text(max_size=8),
        st.sampled_from([np.zeros(0), np.zeros((2, 2)), np.array(["i", "ii"]), np.float32(1), np.bool_(True)]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner, inner),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers(0, 20), st.floats()), inner, max_size=4),
        st.frozensets(st.one_of(st.integers(), st.text(max_size=3)), max_size=4),
    ),
    max_leaves=8,
)


@each_exercise
@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_that_is_typed_in_is_an_accident(name: str, data: st.DataObject) -> None:
    """Whatever plain data stands in the variables, there is a verdict with a sentence, and never full points."""
    found = verdict(name, {variable: data.draw(ANYTHING) for variable in EXERCISES[name].variables})
    assert found.points < POINTS[name]
    assert found.first_failed is not None
    assert message(found.first_failed)


# Points


def fillings(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Answers of the right form that know nothing: one number, one word, one order for everything."""

    def filled(kind: Any, number: float, word: int) -> Any:
        if isinstance(kind, Table):
            return {key: filled(kind.of, number, word) for key in kind.entries}
        if isinstance(kind, Row):
            return tuple(filled(kind.of, number, word) for _ in kind.places)
        if isinstance(kind, Word):
            return kind.allowed[word % len(kind.allowed)]
        if isinstance(kind, Ranking):
            return kind.labels[::-1]
        return {number} if isinstance(kind, Whole) else number

    given = (0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 10.0, 0.09, 0.3, -0.3, 1.2, 0.4, 1.5, 50.0)
    for number, word in itertools.product(given, range(3)):
        yield f"{number} {word}", {key: filled(kind, number, word) for key, kind in EXERCISES[name].form.kinds.items()}  # type: ignore[attr-defined]


@each_exercise
def test_what_knows_nothing_earns_nothing(name: str) -> None:
    """Zeros, ones, numbers of the question and one word for everything earn exactly 0 points."""
    earned = {label: found.points for label, one in fillings(name) if (found := verdict(name, one)).points}
    assert earned == {}


def test_sets_that_know_nothing_earn_nothing() -> None:
    """All dimensions, none, halves of them and the first two earn exactly 0 points."""
    whole = set(range(1, 9))
    for one, other in itertools.permutations([whole, set(), {1, 2, 3, 4}, {5, 6, 7, 8}, {1, 2}], 2):
        assert verdict("count_active_units", {"active_dimensions": one, "removable_dimensions": other}).points == 0
    same = {"active_dimensions": whole, "removable_dimensions": whole}
    assert verdict("count_active_units", same).points == 0


WHOLE = {
    "loss_by_numbers": 2,
    "kl_by_hand": 2,
    "beta_balance": 2,
    "reparameterise_by_hand": 2,
    "rank_by_kl": 3,
    "per_dimension_kl": 3,
    "count_active_units": 2,
    "annealing_by_numbers": 2,
    "diagnose_runs": 1,
    "read_interpolations": 1,
}
"""What all of the chapter's numbers count in the rows below: only their parts matter."""


@pytest.mark.parametrize(
    ("name", "variables", "points"),
    [
        ("loss_by_numbers", {"first_loss": (0.09, 0.5, 0.59)}, 1),
        ("loss_by_numbers", {"second_loss": (1, 0, 1), "first_loss": "?"}, 1),
        ("kl_by_hand", {"kl_settings": {"i": (0, 0, 0), "ii": (0.5, 0, 0.5)}}, 1),
        ("kl_by_hand", {"kl_settings": {"i": (0, 0, 0), "iii": (0, 0.81, 0.81), "ii": (1, 2, 3)}}, 1),
        ("kl_by_hand", {"kl_settings": {"i": (0, 0, 0)}}, 0),
        ("beta_balance", {"beta_losses": {0.5: 0.34, 1: 0.59, 4: 2.09}}, 1),
        ("beta_balance", {"beta_losses": {1: 0.59, 4: 2.09}, "kl_share": {0.5: 73, 1: 85}}, 1),
        ("reparameterise_by_hand", {"z": 0.14}, 1),
        ("reparameterise_by_hand", {"z": 0.14, "dz_dmu": 1, "dz_dsigma": 7}, 1),
        ("reparameterise_by_hand", {"dz_dmu": 1}, 0),
        ("rank_by_kl", {"ranking": "i < ii < iii < iv"}, 1.5),
        ("rank_by_kl", {"narrow_crossover": 0.0333, "ranking": ("i", "iii", "iv", "ii")}, 1.5),
        ("per_dimension_kl", {"total_kl": 1.895}, 0.75),
        ("per_dimension_kl", {"dimension_kl": (1.44, 0, 0.03, 9)}, 0.75),
        ("per_dimension_kl", {"dimension_kl": (1.44, 0, 0.03, 0.42), "total_kl": 9, "dimension_state": 3}, 1.5),
        ("count_active_units", {"active_dimensions": {1, 3, 5, 7, 8}}, 1),
        ("count_active_units", {"active_dimensions": {1, 3, 5, 7}, "removable_dimensions": {2, 4, 6, 8}}, 0),
        ("annealing_by_numbers", {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6}, "crossover_epoch": 0}, 0.75),
        ("annealing_by_numbers", {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 2.8}, "crossover_epoch": 3.33}, 1.5),
        ("annealing_by_numbers", {"annealed_loss": {10: 1.6, 20: 1.6}}, 0),
        ("diagnose_runs", {"diagnosis": {"A": "posterior collapse", "B": "healthy", "C": "healthy"}}, 0.3),
        ("diagnose_runs", {"remedy": {"A": "lower beta", "B": "raise beta"}}, 0.4),
        ("read_interpolations", {"reading": {1: "organised", 2: "empty gap", 3: "empty gap"}}, 0.3),
    ],
)
def test_part_of_an_answer_gets_part_of_the_points(name: str, variables: dict[str, Any], points: float) -> None:
    """Each variable, and each group of entries, earns for itself; what is missing or unreadable costs its own part."""
    found, whole = verdict(name, variables), {one: RIGHT[one] for one in EXERCISES[name].variables if one in RIGHT}
    warm_up = verdict(name, whole).points
    assert found.points == pytest.approx(points / WHOLE[name] * warm_up, abs=0.02)
    assert not found.unwritten


@each_exercise
def test_nothing_set_is_not_written_yet(name: str) -> None:
    """Without variables there is nothing to check, and the message names the first that is missing."""
    for public in (False, True):
        found = verdict(name, {}, public=public)
        assert found.unwritten
        assert found.points == 0
        assert f"`{EXERCISES[name].variables[0]}`" in found.findings[0].note


@each_exercise
def test_variables_set_to_nothing_are_told_so(name: str) -> None:
    """None is no answer, and the message shows which variable it stands in."""
    found = verdict(name, dict.fromkeys(EXERCISES[name].variables))
    assert found.points == 0
    first = EXERCISES[name].variables[0]
    assert f"`{first}`" in found.findings[0].note
    assert found.findings[0].returned.startswith(f"{first} = None")


# Mistakes


@each_exercise
def test_mistakes_are_of_good_form_and_all_different(name: str) -> None:
    """Every known mistake can be read, or nothing of it; no two that can, nor one and the right answer, are alike."""
    # The second part has slips of its own, which follow its setting.
    calls = [Call((variable,)) for variable in EXERCISES[name].variables if variable in RIGHT]
    seen = {
        mistake.name: problems.answers_of(EXERCISES[name], mistake.function, calls)
        for mistake in problems.mistakes(STEM, name)
    }
    seen["right"] = ask_and_check_form(EXERCISES[name], LocalSubject(right(name)), calls)
    for answers in seen.values():
        assert len({bool(one.problem) for one in answers}) == 1
    assert not any(one.problem for one in seen["right"])
    read = {mistake: answers for mistake, answers in seen.items() if not answers[0].problem}
    for (one, first), (other, second) in itertools.combinations(read.items(), 2):
        same = [EXERCISES[name].form.alike(a.call, a.value, b.value) for a, b in zip(first, second, strict=True)]  # type: ignore[attr-defined]
        assert not all(same), f"«{one}» and «{other}»"


@each_exercise
def test_variants_hold_in_the_students_own_check(name: str) -> None:
    """Every right variant passes the public laws."""
    for function in problems.variants(STEM, name):
        found = verdict(name, {**right(name), **function()}, public=True)
        assert found.passed, (function.__name__, found.first_failed)


def named(found: Verdict) -> dict[str, str | None]:
    """The mistake that each failed check shows."""
    return {finding.check: finding.mistake for finding in found.findings if not finding.passed}


def test_two_mistakes_are_each_named_where_they_are() -> None:
    """Of two variables with a mistake each, every failed check shows its own, and what is unknown stays without a name."""
    found = verdict(
        "annealing_by_numbers",
        right("annealing_by_numbers", annealed_loss={1: 0.52, 5: 1.0, 10: 1.6, 20: 2.8}, crossover_epoch=4),
    )
    assert named(found) == {
        "clamped": "the ramp is not clamped",
        "past the ramp": "the ramp is not clamped",
        "crossover": "the crossover is the whole epoch after",
    }
    found = verdict("reparameterise_by_hand", {"z": 0.86, "dz_dmu": 1, "dz_dsigma": 55})
    assert named(found)["the derivatives"] is None


def test_the_share_of_a_slip_is_given_where_the_slip_is() -> None:
    """A mean in place of the sum earns its share for the sum, and nothing for other numbers that are wrong."""
    found = verdict(
        "per_dimension_kl",
        {"dimension_kl": (7, 7, 7, 7), "total_kl": 0.4738, "dimension_state": ("active",) * 4},
    )
    (sum_,) = [finding for finding in found.findings if finding.points]
    assert sum_.check == "the sum"
    assert sum_.points == pytest.approx(0.3 * sum_.max_points, abs=0.01)


def test_the_printed_ranking_is_explained_kindly() -> None:
    """The order of the chapter earns nothing, and its sentence says that the page is wrong and that the formula decides."""
    found = verdict("rank_by_kl", {"ranking": ("(i)", "(iii)", "(iv)", "(ii)"), "narrow_crossover": 0.2})
    finding = next(one for one in found.findings if one.check == "ranking")
    assert found.points == 0
    assert finding.mistake == "the order that is printed in the chapter"
    for words in ("the page is wrong", "The formula decides"):
        assert words in finding.says


def test_the_printed_epoch_and_the_next_one_are_explained() -> None:
    """Epoch 3 and epoch 4 as the crossover are each called by name."""
    for epoch, word in ((3, "around epoch 3"), (4, "first whole epoch after")):
        found = verdict("annealing_by_numbers", right("annealing_by_numbers", crossover_epoch=epoch))
        assert word in next(one.says for one in found.findings if one.check == "crossover")
        crossover = next(one for one in found.findings if one.check == "crossover")
        assert found.points == pytest.approx(found.max_points - crossover.max_points, abs=0.001)


# The release


GIVEN = {
    # What the texts of the exercises give, and bounds that they print.
    *(0.0, 0.5, 1.0, 1.2, -0.3, 0.01, 0.1, 4.0, 10.0, 5.0, 20.0, 2.0, 3.0, 8.0, 9.0)
}


def test_no_right_number_is_in_the_public_checks() -> None:
    """No number of the public modules is a right answer that the text does not give; the pools hold questions alone."""
    folder = Path(variable_types.__file__).parent
    written = {
        float(node.value)
        for path in folder.glob("*.py")
        if path.stem != "pools"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    }
    secret = {
        exact for name in EXERCISES for _, exact in numbers(name) if all(abs(exact - one) > 1e-9 for one in GIVEN)
    }
    assert len(secret) > 15
    assert {(one, exact) for one in written for exact in secret if abs(one - exact) < 1e-4} == set()


def test_no_right_word_is_told_by_the_public_checks() -> None:
    """The public modules hold no dict and no tuple that is a right answer in words."""
    folder = Path(variable_types.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Dict, ast.Tuple, ast.Set)):
                try:
                    value = ast.literal_eval(node)
                except ValueError:
                    continue
                for name in ("dimension_state", "diagnosis", "remedy", "active_dimensions", "removable_dimensions"):
                    assert value != RIGHT[name], path


def test_no_table_of_numbers_is_baked() -> None:
    """The numbers are the answers, so the release holds no table of right or mistaken ones here: what it holds is sealed."""
    ((name, content),) = problems.tables([STEM], {}).items()
    assert name == "tables/worked_numbers.json.gz"
    assert {exercise: set(table) for exercise, table in answer_tables.unpacked(content).items()} == {
        exercise: {answer_tables.SEALED} for exercise in EXERCISES
    }
    assert all(not exercise.probes for exercise in EXERCISES.values())


@each_exercise
def test_the_students_own_check_tells_no_value(name: str) -> None:
    """Whatever known mistake is checked locally, no right number that the text does not give is in what is said."""
    secret = [f"{exact:.3g}" for _, exact in numbers(name) if all(abs(exact - one) > 1e-9 for one in GIVEN)]
    exercise = registry.public_examination(name, 1).exercise
    assert not any(check.hidden or check.points or check.earns for check in exercise.checks)
    words = " ".join(check.must for check in exercise.checks)
    assert not [number for number in secret if number in words]


# The machinery for variables


def test_a_mistake_makes_an_answer_cell() -> None:
    """A function that returns variables becomes a cell that sets them, as a student would write it."""
    for name in EXERCISES:
        for function in [*problems.variants(STEM, name), *(one.function for one in problems.mistakes(STEM, name))]:
            cell = sample_submissions.as_answer(function, name)
            assert "return {" not in cell.splitlines()[-1]
            namespace: dict[str, Any] = {"np": np}
            exec(cell, namespace)
            assert verdict(name, namespace).points == verdict(name, function()).points


def test_what_returns_no_dict_makes_no_cell() -> None:
    """A function without parameters that does not end with a dict of variables is refused with a sentence."""

    def nothing() -> Any:
        return 3

    with pytest.raises(TypeError, match="nothing does not end with a dict of variables"):
        sample_submissions.as_answer(nothing, "nothing")


def test_a_table_can_be_asked_in_part() -> None:
    """A call that names entries is content with these, and says nothing about the others."""
    form = EXERCISES["annealing_by_numbers"].form
    some = Call(("annealed_loss",), {"entries": (1.0, 5.0)})
    assert form.normalise(some, {"annealed_loss": {"1": 2, 5: 3}}) == ({"annealed_loss": {1.0: 2.0, 5.0: 3.0}}, "")
    assert form.normalise(Call(("annealed_loss",)), {"annealed_loss": {1: 2, 5: 3}})[0] is None


def test_checks_of_the_module_are_the_problems() -> None:
    """The hidden module writes checks for the exercises of the problem and for no others, each hidden."""
    hidden = importlib.import_module("autograder.hidden.worked_numbers")
    assert list(hidden.CHECKS) == list(EXERCISES)
    assert all(check.hidden and check.why for checks in hidden.CHECKS.values() for check in checks)
