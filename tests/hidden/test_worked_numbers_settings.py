"""The settings of one's own in 01_worked_numbers: interesting, distinct, and worth what the chapter's numbers are not."""

from __future__ import annotations

import itertools
import json
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import problems
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.checks.verdict import Verdict
from autograder.checks.worked_numbers import POINTS, settings
from autograder.checks.worked_numbers.own import KINDS
from autograder.checks.worked_numbers.pools import POOLS
from autograder.course.built_notebooks import NoSources
from autograder.course.settings import Config
from autograder.hidden.worked_numbers.closed_forms import RIGHT, kl, state
from autograder.hidden.worked_numbers.own_answers import right
from autograder.problems.numbers import note_on_number
from solutions import worked_numbers as solution

STEM = "01_worked_numbers"
each_exercise = pytest.mark.parametrize("name", POOLS)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    problems.use_numbers(Config())


def graded(name: str, **variables: object) -> Verdict:
    """What the grader says of these variables."""
    one = problems.examination(STEM, name, 1)
    return run(one.exercise, LocalSubject(variables), one.bank, recognise=one.recognise)


def warm_up(name: str) -> dict[str, object]:
    """The right answers to the chapter's numbers."""
    return {one: RIGHT[one] for one in problems.load(STEM).exercise(name).variables if one in RIGHT}


@each_exercise
def test_every_setting_has_full_points(name: str) -> None:
    """In each setting that a number can choose, the right answers hold and have full points."""
    problems.use_numbers(Config(numbers="student"))
    numbers = {settings.places(number)[name]: number for number in range(1, 300)}
    assert set(numbers) == set(range(len(POOLS[name])))
    for place, number in numbers.items():
        found = graded(name, number=number, **warm_up(name), **right(name, POOLS[name][place]))
        assert found.passed, found.first_failed
        assert found.points == POINTS[name]


def test_what_is_built_counts(tmp_path: Path) -> None:
    """The grader asks with the numbers that the built notebooks gave, also after the seed was changed, and says so."""
    path = tmp_path / "data" / "own_numbers.json"
    path.parent.mkdir()
    assert problems.use_built_numbers(tmp_path, Config(seed=4)), "nothing is built: the settings count"
    path.write_bytes(settings.as_data("course", 3))
    assert problems.use_built_numbers(tmp_path, Config(seed=3))
    assert not problems.use_built_numbers(tmp_path, Config(seed=4))
    assert settings.setting("kl_by_hand") == settings.chosen("course", 3)["kl_by_hand"]
    assert not problems.use_built_numbers(tmp_path, Config(seed=3, numbers="chapter"))
    assert settings.kind() == "course"


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"numbers": "course", "places": {}}', '{"numbers": 1, "places": {}}']
)
def test_a_damaged_file_of_numbers_is_refused(tmp_path: Path, content: str) -> None:
    """Built numbers that cannot be read stop the grader with a sentence: other numbers would be other questions."""
    path = tmp_path / "data" / "own_numbers.json"
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NoSources, match="run `autograder build`, then grade again"):
        problems.use_built_numbers(tmp_path, Config())


def test_a_thousand_seeds_and_numbers_choose_from_the_pools() -> None:
    """Each of 1 000 seeds and of 1 000 numbers gets settings of the pools, of which there are four or more, all distinct."""
    for pool in POOLS.values():
        assert len(pool) >= 4
        assert all(one != other for place, one in enumerate(pool) for other in pool[:place])
    for seed in range(1000):
        for kind, number in (("course", seed), ("student", 1_000_000 + seed)):
            assert all(one in POOLS[name] for name, one in settings.chosen(kind, number).items())
        assert settings.chosen("chapter", seed) == {}


def test_settings_are_interesting() -> None:
    """A wrong guess at each ranking, a dimension active by its mean alone, crossovers well between whole epochs."""
    for one in POOLS["rank_by_kl"]:
        found = one["posteriors"]
        order = right("rank_by_kl", one)["my_ranking"]
        # Guessed is that the narrowest costs the most, as the eye has it.
        assert order.index("i") < order.index("iv")
        prices = sorted(kl(*pair) for pair in found.values())
        assert all(after > 1.1 * before for before, after in itertools.pairwise(prices))
    for one in POOLS["count_active_units"]:
        active = right("count_active_units", one)["my_active_dimensions"]
        assert any(one["variances"][j - 1] > 0.95 for j in active)
    for one in POOLS["annealing_by_numbers"]:
        assert 0.25 < right("annealing_by_numbers", one)["my_crossover_epoch"] % 1 < 0.75
    for one in POOLS["per_dimension_kl"]:
        assert {state(kl(*pair)) for pair in one["posterior"]} == {"active", "borderline", "collapsed"}


def test_the_chapter_alone_earns_a_third_at_most() -> None:
    """Right answers to the chapter's numbers, without the second part, earn at most 4 of the 12 points."""
    printed = {name: warm_up(name) for name in POINTS}
    assert 3 <= sum(graded(name, **one).points for name, one in printed.items()) <= 4
    printed["rank_by_kl"]["ranking"] = ("i", "iii", "iv", "ii")
    printed["annealing_by_numbers"]["crossover_epoch"] = 3
    assert sum(graded(name, **one).points for name, one in printed.items()) <= 4


@each_exercise
def test_each_part_costs_itself_alone(name: str) -> None:
    """A missing second part leaves the warm-up its points, and the other way round."""
    own = right(name, settings.setting(name))
    first, second = graded(name, **warm_up(name)).points, graded(name, **own).points
    assert 0 < first <= POINTS[name] / 3
    assert first + second == pytest.approx(POINTS[name])


@each_exercise
def test_the_reference_answers_fit_their_settings(name: str) -> None:
    """What the reference module computes for the first setting of a pool is the closed form's answer."""
    assert solution.own[name] == POOLS[name][0]
    exact = right(name, POOLS[name][0])
    for variable, kind in KINDS[name].items():
        assert kind.near(kind.read(variable, getattr(solution, variable)), exact[variable])


def test_the_chapter_can_carry_all_points() -> None:
    """With the chapter's numbers alone there are no `my_` variables, and twelve points all the same."""
    problems.use_numbers(Config(numbers="chapter"))
    for exercise in problems.load(STEM).exercises:
        assert not any(name.startswith("my_") for name in exercise.variables)
        assert graded(exercise.name, **warm_up(exercise.name)).points == POINTS[exercise.name]
    assert sum(POINTS.values()) == 12


def test_the_notebook_chooses_as_the_grader_does(tmp_path: Path) -> None:
    """The notebook's own cell gets the setting that the grader judges by, for the course and for a student's number."""
    source = Path(__file__).parents[2] / "assignments/vae/data/own_numbers.py"
    copy = tmp_path / "own_numbers.py"
    copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    for kind, number in (("course", 7), ("student", 0), ("student", 123456)):
        (tmp_path / "own_numbers.json").write_bytes(settings.as_data(kind, 7))
        told = runpy.run_path(str(copy))["own_settings"](f"no. {number}")
        assert told == json.loads(json.dumps(settings.chosen(kind, number)))


def test_a_foreign_number_is_told() -> None:
    """With numbers of each student, the grader says when none was typed in, or that of another folder."""
    assert note_on_number("s123", 7) == ""
    problems.use_numbers(Config(numbers="student"))
    assert note_on_number("s123", 123) == ""
    assert "No number" in note_on_number("s123", 0)
    assert "is 7, but the folder is that of s123" in note_on_number("s123", 7)
