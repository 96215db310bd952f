"""The checks of 05_latent_space: known mistakes are named, unknown ones lose points, right answers keep them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks import answer_tables
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.checks.registry import public_examination
from autograder.checks.verdict import Verdict
from autograder.hidden import oracles
from solutions import latent_space as solution

STEM = "05_latent_space"
EXERCISES = [exercise.name for exercise in problems.load(STEM).exercises]


def verdict(name: str, function: Callable[..., Any], seed: int = 1) -> Verdict:
    """The verdict on a function as the answer to an exercise."""
    one = problems.examination(STEM, name, seed)
    subject = LocalSubject({name: function})
    return run(one.exercise, subject, one.bank, recognise=one.recognise, seed=seed, tries=0)


def named(found: Verdict) -> str | None:
    """The first mistake named in a verdict."""
    return next((finding.mistake for finding in found.findings if finding.mistake), None)


def _wide(args: tuple[Any, ...], rows: Any) -> Any:
    return np.resize(rows, (len(args[0]), args[0].shape[1] + int(args[2])))


TRIVIAL: dict[str, Callable[..., Any]] = {
    "None": lambda *_, **__: None,
    "zero": lambda *_, **__: 0,
    "one": lambda *_, **__: 1.0,
    "first": lambda *args: args[0],
    "second": lambda *args: args[1],
    "both": lambda *args: args[:2],
    "first, once for each t": lambda *args: np.resize(args[0], (*np.shape(args[-1]), np.size(args[0]))),
    "second, once for each t": lambda *args: np.resize(args[1], (*np.shape(args[-1]), np.size(args[1]))),
    "zeros, once for each t": lambda *args: np.zeros((*np.shape(args[-1]), np.size(args[0]))),
    "random, once for each t": lambda *args: np.random.default_rng().normal(
        size=(*np.shape(args[-1]), np.size(args[0]))
    ),
    "zero table": lambda *args: np.zeros(args[:2]),
    "one table": lambda *args: np.ones(args[:2]),
    "random table": lambda *args: np.random.default_rng().normal(0.0, 1.2, size=args[:2]),
    "uniform table": lambda *args: args[2].random(args[:2]),
    "zero codes": lambda *args: (np.zeros(len(args[0]), int), np.zeros(args[0].shape)),
    "first code": lambda *args: (np.zeros(len(args[0]), int), np.resize(args[1][0], args[0].shape)),
    "first, and zeros": lambda *args: (np.zeros(len(args[0]), int), args[0]),
    "second, and ones": lambda *args: (np.ones(len(args[0]), int), args[0] * 0 + 1),
    "random codes": lambda *args: (
        np.random.default_rng().integers(0, len(args[1]), len(args[0])),
        np.random.default_rng().normal(size=args[0].shape),
    ),
    "zero rows": lambda *args: _wide(args, 0.0),
    "one rows": lambda *args: _wide(args, 1.0),
    "first again and again": lambda *args: _wide(args, args[0]),
    "first and zeros beside it": lambda *args: np.pad(args[0], ((0, 0), (0, int(args[2])))),
    "random rows": lambda *args: np.random.default_rng().normal(size=_wide(args, 0.0).shape),
}


def test_draws_from_elsewhere_cost_what_is_asked_of_the_rng() -> None:
    """Draws from N(0, I) that are not the rng's lose the points for the rng and for manners, and no others."""
    found = verdict("sample_prior", lambda n, k, rng: np.random.default_rng().standard_normal((n, k)))
    assert found.points == pytest.approx(0.55)
    assert {one.check for one in found.findings if not one.passed} == {"from the rng alone", "conduct", "rng alone"}


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("trivial", TRIVIAL)
def test_trivial_answers_earn_nothing(name: str, trivial: str) -> None:
    """Constants, zeros, arguments handed back and random numbers are worth 0 points."""
    assert verdict(name, TRIVIAL[trivial]).points == 0


def _slerp_with(threshold: float) -> Callable[..., Any]:
    def slerp(z_a: Any, z_b: Any, t: Any) -> Any:
        t = np.asarray(t)[..., None]
        lengths = np.linalg.norm(z_a) * np.linalg.norm(z_b)
        cosine = np.clip(z_a @ z_b / lengths, -1, 1) if lengths else 1.0
        if abs(cosine) > threshold:
            return (1 - t) * z_a + t * z_b
        angle = np.arccos(cosine)
        return (np.sin((1 - t) * angle) * z_a + np.sin(t * angle) * z_b) / np.sin(angle)

    return slerp


@pytest.mark.parametrize("threshold", [0.9985, 0.999, 0.9995, 1 - 1e-6, 1 - 1e-12])
def test_any_guard_between_the_cases_is_right(threshold: float) -> None:
    """Where slerp goes over to the straight path may be chosen freely between the cases that are asked."""
    assert verdict("slerp", _slerp_with(threshold)).passed


def test_a_guard_that_takes_ordinary_angles_is_wrong() -> None:
    """A straight path for angles up to 60 degrees is no longer slerp."""
    assert verdict("slerp", _slerp_with(0.5)).points < 5


def test_straight_path_for_slerp_earns_nothing() -> None:
    """`lerp` in the place of slerp is right in the degenerate cases and at the ends, but earns nothing by that alone."""
    assert verdict("slerp", solution.lerp).points == 0


def test_one_forgotten_case_costs_its_share() -> None:
    """A slerp that forgets opposite vectors loses the case's points, not the exercise."""
    found = verdict("slerp", next(one.function for one in problems.mistakes(STEM, "slerp") if "opposite" in one.name))
    assert 3 < found.points < 5


@pytest.mark.parametrize(
    "noise",
    [
        lambda n, k, rng: rng.uniform(-(3**0.5), 3**0.5, (n, k)),
        lambda n, k, rng: rng.standard_t(4, (n, k)),
        lambda n, k, rng: rng.standard_normal((n, k)) * 2,
        lambda n, k, rng: rng.standard_normal((n, k)) + 0.2,
        lambda n, k, rng: rng.standard_normal((n, k)) / k,
        lambda n, k, rng: np.cumsum(rng.standard_normal((n, k)), axis=0),
        lambda n, k, rng: rng.permuted(np.tile(rng.standard_normal(k), (n, 1)), axis=1),
        lambda n, k, rng: np.random.default_rng(rng.bit_generator.state["state"]["state"] % 2**32).standard_normal(
            (n, k)
        ),
    ],
)
def test_unseen_draws_are_caught(noise: Callable[..., Any]) -> None:
    """Draws that are not standard normal, not independent or not from a moving rng lose points."""
    assert verdict("sample_prior", noise).points < 1


def test_probes_tell_all_mistakes_apart() -> None:
    """On the probes, every two mistakes and the right answer differ, and of random functions no answer is tabled."""
    files = problems.tables([STEM], {name: getattr(oracles, name, None) for name in EXERCISES})
    told = answer_tables.unpacked(next(iter(files.values())))
    assert "nearest_code" in told
    assert told["sample_prior"]["right"] == []


@pytest.mark.parametrize("name", EXERCISES)
def test_own_check_holds_for_right_answers(name: str) -> None:
    """The student's own check has nothing to say against the reference, and the laws alone give no points."""
    one = public_examination(name, 1)
    found = run(one.exercise, LocalSubject({name: getattr(solution, name)}), one.bank)
    assert found.passed, found.first_failed
    assert found.points == 0


def test_oracle_and_reference_agree_on_paths() -> None:
    """Two derivations of slerp, by weights and by turning a direction, give the same path."""
    rng = np.random.default_rng(0)
    for k in (2, 3, 16):
        z_a, z_b = rng.normal(size=(2, k))
        t = np.linspace(0, 1, 7)
        assert np.allclose(solution.slerp(z_a, z_b, t), oracles.slerp(z_a, z_b, t), rtol=1e-9, atol=1e-12)
        assert oracles.slerp(z_a, z_b, 0.5).shape == (k,)


@pytest.mark.parametrize("seed", range(1, 9))
def test_no_path_of_its_own_has_its_name_whatever_the_last_bits(seed: int) -> None:
    """What an unguarded `slerp` gives where the vectors span no plane hangs on rounding; its name does not."""

    def unguarded(z_a: Any, z_b: Any, t: Any) -> Any:
        omega = np.arccos(np.clip(z_a @ z_b / (np.linalg.norm(z_a) * np.linalg.norm(z_b)), -1, 1))
        s = np.asarray(t)[..., None]
        return np.sin((1 - s) * omega) / np.sin(omega) * z_a + np.sin(s * omega) / np.sin(omega) * z_b

    found = verdict("slerp", unguarded, seed).mistake
    assert found is not None
    assert found.endswith("where the vectors span no plane")
