"""Other points than a problem's own: shared out exactly, and never so that right answers earn less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks.examine import run
from autograder.checks.examples import bank
from autograder.checks.exercise import Call, Check, Exercise, Problem
from autograder.checks.local_subject import LocalSubject
from autograder.course.built_notebooks import not_built
from autograder.course.settings import Config
from autograder.problems import examination, examination_worth, load
from autograder.problems.points import SettingsError, as_assigned, validate_names, with_points

HUNDREDTHS = st.integers(1, 5000).map(lambda whole: whole / 100)


class AnyForm:
    """Takes every answer as it is."""

    def normalise(self, call: Call, value: object) -> tuple[object, str]:
        """Return the value."""
        return value, ""


def exercise(*points: float, earning: int = 1) -> Exercise:
    """An exercise with checks of these points, the last ones earning."""

    def judge(example: object, answers: object) -> None:
        return None

    checks = tuple(
        Check(
            f"check {place}",
            "",
            lambda one: [Call(one)],
            judge,
            ((1.0,),),
            points=one,
            earns=place >= len(points) - earning,
        )
        for place, one in enumerate(points)
    )
    return Exercise("one", round(sum(points), 2), ("x",), AnyForm(), checks, "")


def test_its_own_points_leave_an_exercise_as_it_is() -> None:
    """Without a setting, or with the points it has, nothing changes: not even the object."""
    one = exercise(0.5, 1.5)
    assert with_points(one, None) is one
    assert with_points(one, 2) is one
    assert examination_worth("03_gaussian_kl", "kl_weight", 3, 3.0) is examination("03_gaussian_kl", "kl_weight", 3)


@given(st.lists(HUNDREDTHS, min_size=1, max_size=7), st.integers(10, 10_000).map(lambda whole: whole / 100))
def test_shares_are_hundredths_that_add_up_and_keep_their_proportion(points: list[float], target: float) -> None:
    """The sum is exact in hundredths, and no check is further than one hundredth from its exact share."""
    one = exercise(*points, earning=len(points))
    scaled = with_points(one, target)
    shares = [check.points for check in scaled.checks]
    assert sum(round(share * 100) for share in shares) == round(target * 100)
    assert all(share == round(share, 2) >= 0 for share in shares)
    assert all(abs(share - own * target / sum(points)) < 0.0101 for share, own in zip(shares, points, strict=True))
    assert with_points(one, target) == scaled


@given(st.lists(HUNDREDTHS, min_size=2, max_size=7), st.sampled_from([0.5, 1, 2.75, 3.1, 7, 33.33, 100]))
def test_a_right_answer_earns_exactly_the_points(points: list[float], target: float) -> None:
    """Verdicts sum to the very number that nbgrader's cell has, without a trace of floating point."""
    try:
        scaled = with_points(exercise(*points), target)
    except SettingsError:
        assert target * min(points) < 0.05 * sum(points)
        return
    verdict = run(scaled, LocalSubject({"one": lambda x: x}), bank(scaled.checks, 1))
    assert (verdict.points, verdict.max_points) == (target, target)


def test_an_exercise_may_be_for_practice() -> None:
    """Worth 0, an exercise stays, is checked, and gives nothing."""
    scaled = with_points(exercise(0.5, 1.5), 0)
    verdict = run(scaled, LocalSubject({"one": lambda x: x}), bank(scaled.checks, 1))
    assert (verdict.points, verdict.max_points, verdict.passed) == (0, 0, True)


def test_too_few_points_are_refused() -> None:
    """Where no hundredth is left for the checks that earn, right answers could earn nothing: that is refused."""
    with pytest.raises(SettingsError, match=r"0\.01 points are too few for the checks of one; give more, or 0\."):
        with_points(exercise(5, 1), 0.01)
    with pytest.raises(SettingsError, match="no check of one gives points"):
        with_points(exercise(0, 0), 1)
    bare = Exercise("one", 2, (), AnyForm(), (), "")
    assert with_points(bare, 3).points == 3


@pytest.mark.parametrize("stem", ["02_linear_autoencoder", "03_gaussian_kl", "04_reparameterisation"])
def test_every_exercise_here_can_be_worth_anything(stem: str) -> None:
    """Every real exercise can be worth half a point or forty."""
    for one in load(stem).exercises:
        for target in (0.5, 1, 40):
            assert round(sum(check.points for check in with_points(one, target).checks), 6) == target


def test_exercises_left_out_are_gone() -> None:
    """The problem as asked has neither left-out exercises nor its own points where the settings say otherwise."""
    problem = load("03_gaussian_kl")
    asked = as_assigned(problem, Config(leave_out=("kl_weight",), points={"gaussian_kl": 9}))
    assert [one.name for one in asked.exercises] == [one.name for one in problem.exercises if one.name != "kl_weight"]
    assert asked.exercise("gaussian_kl").points == 9
    assert asked.exercise("active_units") is problem.exercise("active_units")
    assert as_assigned(problem, Config()) == problem


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (Config(leave_out=("two",)), "assignment.toml: leave_out names 'two', which is no exercise; there are one."),
        (Config(points={"two": 3}), "assignment.toml: points names 'two', which is no exercise; there are one."),
        (
            Config(leave_out=("one",)),
            "assignment.toml: leave_out leaves nothing to be graded; keep at least one exercise.",
        ),
        (Config(points={"one": 0}), "assignment.toml: every exercise is worth 0 points; give points to at least one."),
    ],
)
def test_settings_that_fit_no_problem_are_refused(config: Config, sentence: str) -> None:
    """What is named must be there, and something must be left to be graded."""
    with pytest.raises(SettingsError) as caught:
        validate_names(config, [Problem("01_one", "", (exercise(1, 1),))])
    assert str(caught.value) == sentence


def test_settings_that_are_not_built_are_said() -> None:
    """Points and exercises left out that the built notebooks do not follow are named; what they do not have is no matter."""
    built = {"one": 2.0, "two": 3.0}
    assert not_built(Config(points={"one": 2, "three": 4}, leave_out=("four",)), built) == ""
    assert "in numbers (or in seed, from which they follow): graded was" in not_built(Config(), built, numbers=False)
    asked = {"03_kl.2": 2.0, "03_kl.3": 1.0}
    assert not_built(Config(written=asked), built, written=asked) == ""
    told = not_built(Config(written={"03_kl.1": 1, "03_kl.2": 3}), built, written=asked)
    assert " in written 03_kl.1, written 03_kl.2, written 03_kl.3: graded was what is built." in told
    told = not_built(Config(points={"one": 2.5}, leave_out=("two",)), built)
    assert told.startswith("The built notebooks do not follow assignment.toml in two, one: graded was what is built.")
