"""Slips are derived from right functions: one and two at once are named as such, and nothing is said where that is not certain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder import problems
from autograder.checks.asking import FormedAnswer
from autograder.checks.examine import run
from autograder.checks.exercise import Mistake
from autograder.checks.local_subject import LocalSubject
from autograder.hidden.mistakes.composition import SOMETHING_ELSE
from autograder.hidden.mistakes.operations import (
    Operation,
    Source,
    composed,
    known,
    on_answers,
    on_arguments,
    on_source,
)
from autograder.problems.examination import answers_of

Function = Callable[..., Any]
STEMS = {
    "gaussian_kl": "03_gaussian_kl",
    "kl_shift_spread": "03_gaussian_kl",
    "kl_from_log_var": "03_gaussian_kl",
    "reparameterise": "04_reparameterisation",
    "encode": "02_linear_autoencoder",
    "reconstruction_loss": "02_linear_autoencoder",
    "lerp": "05_latent_space",
}
each = pytest.mark.parametrize("name", STEMS)


def seen_of(name: str, function: Function) -> list[FormedAnswer]:
    """What a function answers to all that the grader asks."""
    one = problems.examination(STEMS[name], name, 1)
    return answers_of(one.exercise, function, one.composed.calls)


def said_of(name: str, function: Function) -> str:
    """The name of what operations explain; empty where they say nothing."""
    found = problems.examination(STEMS[name], name, 1).composed.recognise(seen_of(name, function))
    return found.name if found else ""


def kl(mu: Any, sigma: Any) -> Any:
    return 0.5 * (np.square(mu) + np.square(sigma) - 1) - np.log(sigma)


SLIPS: list[tuple[str, Function, str]] = [
    ("gaussian_kl", lambda mu, sigma: 2 * kl(mu, sigma), "the answer is twice what it should be"),
    ("gaussian_kl", lambda mu, sigma: kl(mu, np.sqrt(sigma)), "sigma is used under a square root"),
    ("gaussian_kl", lambda mu, sigma: np.sum(kl(mu, sigma)), "the answer is summed"),
    (
        "gaussian_kl",
        lambda mu, sigma: -kl(mu, np.square(sigma)),
        "sigma squared twice and the answer has the wrong sign",
    ),
    (
        "reconstruction_loss",
        lambda X, X_hat: np.sum((X - X_hat) ** 2),
        "the answer is multiplied by the number of samples",
    ),
    ("encode", lambda X, W_enc: (X @ W_enc)[::-1], "the answer is in reverse order"),
    (
        "lerp",
        lambda z_a, z_b, t: np.multiply.outer(t, z_a) + np.multiply.outer(1 - np.asarray(t), z_b),
        "z_a and z_b are exchanged",
    ),
    # A misconception that has an entry, together with an operation that has none.
    (
        "gaussian_kl",
        lambda mu, sigma: (mu + sigma**2 - 1 - 2 * np.log(sigma)) / 2 / np.log(2),
        "mu is not squared and the answer is in bits",
    ),
    (
        "kl_from_log_var",
        lambda mu, log_var: np.mean(mu**2 + np.exp(log_var / 2) - 1 - log_var, axis=1) / 2,
        "sigma where the variance belongs and the answer is divided by the number of columns",
    ),
    (
        "reconstruction_loss",
        lambda X, X_hat: np.sum(np.abs(X - X_hat)) / len(X) / 2,
        "absolute errors instead of squared ones and the answer is half of what it should be",
    ),
]


@pytest.mark.parametrize(("name", "function", "said"), SLIPS)
def test_slips_are_named_without_an_entry(name: str, function: Function, said: str) -> None:
    """A slip of arguments or answer has the name of its operation; two at once have both names and both sentences."""
    one = problems.examination(STEMS[name], name, 1)
    found = one.composed.recognise(seen_of(name, function))
    assert found is not None
    assert (found.name, found.share) == (said, 0.0)
    says = {slip.name: slip.says for slip in one.composed.operations}
    assert all(says[part] in found.says for part in says if part in said.split(" and "))


@each
def test_nothing_is_said_of_right_answers(name: str) -> None:
    """No right variant, in whatever form it answers, has the name of a slip."""
    variants = problems.variants(STEMS[name], name)
    assert len(variants) >= 3
    assert {one.__name__: said for one in variants if (said := said_of(name, one))} == {}


@each
def test_nothing_is_said_of_what_no_operation_explains(name: str) -> None:
    """Constants, noise, whole numbers, nothing at all and right answers with some noise have no name."""
    draws = np.random.default_rng(5)
    right = problems.variants(STEMS[name], name)[0]

    def changed(change: Callable[[Any], Any]) -> Function:
        def function(*args: Any, **kwargs: Any) -> Any:
            value = right(*args, **kwargs)
            return tuple(map(change, value)) if isinstance(value, tuple) else change(np.asarray(value, float))

        return function

    silent = {
        "zeros": changed(np.zeros_like),
        "a constant": changed(lambda part: np.full(np.shape(part), 0.731)),
        "noise": changed(lambda part: draws.standard_normal(np.shape(part))),
        "some noise": changed(lambda part: part * (1 + 1e-3 * draws.standard_normal(np.shape(part)))),
        "whole numbers": changed(np.sign),
        "nothing": lambda *args, **kwargs: None,
        "text": lambda *args, **kwargs: "0.5",
        "an error": raising,
        "an error for most": lambda *args, **kwargs: right(*args, **kwargs) if np.size(args[0]) < 3 else raising(),
    }
    assert {label: said for label, function in silent.items() if (said := said_of(name, function))} == {}


@pytest.mark.parametrize(
    ("stem", "name"), [("02_linear_autoencoder", "loss_gradients"), ("04_reparameterisation", "negative_elbo")]
)
def test_nothing_is_said_of_errors(stem: str, name: str) -> None:
    """A slip that always raises explains nothing, although it raises the very error that a function raises each time."""

    def function(*args: Any, **kwargs: Any) -> Any:
        raise ValueError("operands do not fit")

    one = problems.examination(stem, name, 1)
    assert one.composed.recognise(answers_of(one.exercise, function, one.composed.calls)) is None


def test_nobody_is_asked_where_answers_are_drawn_or_many() -> None:
    """Exercises of draws, of fits and of variables have no operations: there is no one right answer to change."""
    for stem, name in (
        ("04_reparameterisation", "sample_posterior"),
        ("02_linear_autoencoder", "fit_linear_autoencoder"),
        ("01_worked_numbers", "kl_by_hand"),
    ):
        one = problems.examination(stem, name, 1).composed
        assert one.operations == ()
        assert len(one.worked_out()[0]) == 0


def test_without_right_variants_there_is_nothing_to_say() -> None:
    """An exercise that has no right variant yet has no operations, an empty table, and no names."""
    one = replace(problems.examination(STEMS["encode"], "encode", 1).composed, rights=())
    assert one.operations == ()
    assert len(one.worked_out()[0]) == 0
    assert one.recognise(seen_of("encode", lambda X, W_enc: 2 * (X @ W_enc))) is None


def test_the_grade_names_two_slips_that_are_in_no_list() -> None:
    """The verdict on an unlisted pair of slips has a name made of both, and gives no points for it."""
    name = "kl_from_log_var"
    one = problems.examination(STEMS[name], name, 1)

    def wrong(mu: Any, log_var: Any) -> Any:
        return kl(mu, np.exp(log_var)).sum(axis=1) / mu.shape[1]

    found = run(one.exercise, LocalSubject({name: wrong}), one.bank, recognise=one.recognise, seed=1, tries=0)
    assert found.mistake == "log_var read as log sigma and the answer is divided by the number of columns"
    assert found.mistake not in {mistake.name for mistake in problems.mistakes(STEMS[name], name)}
    assert found.points == 0


def test_the_table_is_small_and_always_the_same() -> None:
    """What is kept of an exercise takes less than 300 kB, and working it out again gives the same numbers."""
    one = problems.examination(STEMS["encode"], "encode", 1).composed
    first, second = one.worked_out(), one.worked_out()
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert 500 < len(first[0]) == len(first[1])
    assert first[0].nbytes + first[1].nbytes < 300_000


def raising(*args: Any, **kwargs: Any) -> Any:
    """What many operations lead to as well."""
    raise ValueError("operands do not fit")


def doubly(x: float) -> float:
    """Two factors in one term."""
    return 2 * x * 3


def shifted(x: Any, y: Any) -> Any:
    return 2.0 * x - y**2


def test_operations_come_in_their_order() -> None:
    """Arguments are changed first, the value last; each change sees what the one before it left."""
    doubled = Operation("doubled", "", before=lambda args: (2 * args[0], *args[1:]))
    added = Operation("added", "", after=lambda value, args: value + args[0])
    negated = Operation("negated", "", after=lambda value, args: -value)
    assert composed(shifted, [added, doubled])(1.0, 3.0) == 4 - 9 + 1
    assert composed(shifted, [added, negated])(1.0, 3.0) == -(2 - 9 + 1)
    assert composed(shifted, [negated, added])(1.0, 3.0) == -(2 - 9) + 1


def test_operations_on_arguments_follow_their_types() -> None:
    """Whole numbers are left alone, numbers are not transposed, and only what has one shape is exchanged."""
    names = {
        one.name for one in on_arguments(["x", "y", "k"], [(np.ones(3), np.ones(3), 2), (np.ones(2), np.ones(2), 1)])
    }
    assert {"x is used squared", "y is used transposed", "x and y are exchanged"} <= names
    assert not any("k" in name.split() for name in names)
    apart = {one.name for one in on_arguments(["x", "y"], [(1.0, np.ones(3))])}
    assert "x is used halved" in apart
    assert not apart & {"x is used transposed", "x and y are exchanged"}


def test_operations_on_answers_follow_their_parts() -> None:
    """A tuple has operations of each part, of all parts and of their order; a number has none of axes."""
    several = {one.name for one in on_answers(["shift", "spread"], [(1.0, 2.0)])}
    assert {"`shift` is squared", "every part has the wrong sign", "the parts are exchanged"} <= several
    one = {one.name for one in on_answers(["loss"], [1.0])}
    assert "the answer is squared" in one
    assert not one & {"the answer is transposed", "the parts are exchanged"}


def test_operations_on_source_change_one_place_each() -> None:
    """Each edit of the source is a function of its own, named by what kind of thing was changed; the right one stays as it is."""
    found = {one.name: composed(shifted, [one])(1.0, 3.0) for one in on_source(shifted)}
    assert found["a square is missing"] == 2 - 3
    assert found["a term has the wrong sign"] == 2 + 9
    assert found["y stands where x belongs"] == 6 - 9
    assert shifted(1.0, 3.0) == 2 - 9


def test_two_places_of_one_source_are_changed_together() -> None:
    """Two edits make one function, whichever is named first; where one takes the other's place away, there is none."""
    edits = {one.name: one for one in on_source(shifted)}
    square, sign = edits["a square is missing"], edits["a term has the wrong sign"]
    for some in ([square, sign], [sign, square]):
        assert composed(shifted, some)(1.0, 3.0) == 2 + 3
    missing = [one for one in on_source(shifted) if one.name == "a term is missing"]
    lost = [one for one in missing if composed(shifted, [one])(1.0, 3.0) == 2]
    assert composed(shifted, [lost[0], square])(1.0, 3.0) == 2
    doubled = Source(doubly)
    inner, outer = (edit for words, edit in doubled.edits() if words == "a constant factor is missing")
    with pytest.raises(ValueError, match="takes away"):
        doubled.with_edits([inner, replace(outer, number=9)])


def test_what_changes_its_arguments_gets_copies() -> None:
    """A known mistake that works in place leaves the questions of an exercise as they are."""

    def in_place(x: Any, k: int) -> Any:
        x *= 2
        return k * x

    (operation,) = known([Mistake("asked", "in place", "x was changed.", in_place)])
    asked = np.array([1.5, 2.5])
    assert operation.instead is not None
    assert operation.instead(asked, 3).tolist() == [9.0, 15.0]
    assert asked.tolist() == [1.5, 2.5]
    assert list(known([Mistake("asked", "told", "Said otherwise.", in_place, tell=lambda calls, answers: True)])) == []


def test_infinite_arguments_are_asked_about_by_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    """A slip that makes arguments infinite has no answer: LAPACK would write about it to the grader's terminal."""
    inverted = next(one for one in on_arguments(["X"], [(np.ones((2, 2)),)]) if one.name == "X is used inverted")
    slipped = composed(lambda X: np.linalg.svd(X, compute_uv=False), [inverted])
    with np.errstate(all="ignore"), pytest.raises(OverflowError, match="infinite"):
        slipped(np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert slipped(np.full((2, 2), 0.5)) == pytest.approx([4.0, 0.0], abs=1e-12)
    assert capfd.readouterr() == ("", "")


def test_functions_without_a_source_of_their_own_have_no_edits() -> None:
    """What was built in, or closes over other values, is not edited."""
    outer = 2.0

    def closing(x: float) -> float:
        return outer * x

    assert list(on_source(np.exp)) == list(on_source(closing)) == []


def test_what_is_said_of_an_argument_is_said_of_the_students_own() -> None:
    """With two arguments exchanged and one of them doubled, the one that is doubled in the student's answer is named."""
    name = "beta_vae_loss"
    one = problems.examination("03_gaussian_kl", name, 1)
    for doubled, function in (
        ("kl", lambda reconstruction, kl, beta=1.0: beta * reconstruction + 2 * kl),
        ("reconstruction", lambda reconstruction, kl, beta=1.0: 2 * beta * reconstruction + kl),
    ):
        subject = LocalSubject({name: function})
        found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=1, tries=0)
        assert found.mistake is not None
        assert f"{doubled} is used doubled" in found.mistake, found.mistake
        other = "kl" if doubled == "reconstruction" else "reconstruction"
        assert f"{other} is used doubled" not in found.mistake


def ramp_with_two_slips(epoch: Any, warmup: Any = 10) -> Any:
    return np.minimum(epoch / warmup, 1) if warmup else np.zeros(np.shape(epoch))


def last_code_from_one(z_e: Any, codebook: Any) -> Any:
    distances = np.sum((z_e[:, None] - codebook) ** 2, axis=2)
    nearest = len(codebook) - 1 - np.argmin(distances[:, ::-1], axis=1)
    return nearest + 1, codebook[nearest]


def more_than_the_fraction_in_rows(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
    return np.mean(kl(mu, sigma) > delta, axis=1) > fraction


def compared_directions_from_one(z_e: Any, codebook: Any) -> Any:
    nearest = np.argmax(z_e @ codebook.T, axis=1)
    return nearest, z_e


TWO_OF_THE_LIST: list[tuple[str, str, Function, str]] = [
    (
        "03_gaussian_kl",
        "kl_weight",
        ramp_with_two_slips,
        "the ramp is not stopped at 0 and no warm-up means weight 0",
    ),
    (
        "05_latent_space",
        "nearest_code",
        last_code_from_one,
        "the last of equally near codes and `indices` is 1 too large",
    ),
    (
        "05_latent_space",
        "nearest_code",
        compared_directions_from_one,
        "the largest product instead of the smallest distance and the encodings come back",
    ),
    (
        "03_gaussian_kl",
        "active_units",
        more_than_the_fraction_in_rows,
        "more than the fraction instead of at least and counted along the wrong axis",
    ),
]


def unguarded_in_two_ways(z_a: Any, z_b: Any, t: Any) -> Any:
    omega = np.arccos(np.dot(z_a, z_b) / (np.linalg.norm(z_a) * np.linalg.norm(z_b)))
    s = np.asarray(t)[..., None]
    if np.sin(omega) < 1e-6:
        return z_a + s * (z_b - z_a)
    return np.sin((1 - s) * omega) / np.sin(omega) * z_a + np.sin(s * omega) / np.sin(omega) * z_b


def ramp_that_fails_at_zero(epoch: Any, warmup: Any = 10) -> Any:
    return np.minimum(epoch / warmup, 1)


def taken_away_entry_by_entry(z_a: Any, z_b: Any, t: Any) -> Any:
    return (1 - t) * z_a - t * z_b


TWO_OF_THE_LIST += [
    # Many of its answers are errors: shapes that do not fit together.
    (
        "05_latent_space",
        "lerp",
        taken_away_entry_by_entry,
        "an array of t multiplies the vector entry by entry and z_b is taken away",
    ),
    # The second shows only where the answers have no good form: these count where they are explained, too.
    (
        "03_gaussian_kl",
        "kl_weight",
        ramp_that_fails_at_zero,
        "the ramp is not stopped at 0 and a warm-up of 0 is forgotten",
    ),
    (
        "05_latent_space",
        "slerp",
        unguarded_in_two_ways,
        "a zero vector has no direction and the cosine is not kept between -1 and 1",
    ),
]


@pytest.mark.parametrize(("stem", "name", "function", "said"), TWO_OF_THE_LIST)
def test_two_known_mistakes_are_named_as_both(stem: str, name: str, function: Function, said: str) -> None:
    """Two of the list at once: where one shows in few questions only, where answers are yes and no, where they are parts."""
    for seed in (1, 2):
        one = problems.examination(stem, name, seed)
        found = one.composed.recognise(answers_of(one.exercise, function, one.composed.calls))
        assert found is not None
        assert found.name == said


def test_no_right_variant_of_whole_numbers_is_named() -> None:
    """Where answers are yes and no, right ones have no name, and neither have answers that do not depend on the question."""
    one = problems.examination("03_gaussian_kl", "active_units", 1)

    def constant(mu: Any, sigma: Any, delta: Any = 0.01, fraction: Any = 0.5) -> Any:
        return np.ones(mu.shape[1], bool)

    for function in (*problems.variants("03_gaussian_kl", "active_units"), constant):
        assert one.composed.recognise(answers_of(one.exercise, function, one.composed.calls)) is None


def test_what_is_part_of_every_explanation_is_said() -> None:
    """Where two pairs explain the answers, the mistake that both have is named, and that there is more; else nothing is."""
    composed = problems.examination("03_gaussian_kl", "active_units", 1).composed
    half, some, every = (
        next(one for one in composed.operations if one.name == name)
        for name in ("the KL lost its one half", "any one sample is enough", "every sample is required")
    )
    found = composed._in_all([(half, some), (half, every)])
    assert found is not None
    assert (found.name, found.share) == (half.name, 0)
    assert found.says == f"{half.says} {SOMETHING_ELSE}"
    assert composed._in_all([(half,), (some,)]) is None
    assert composed._in_all([]) is None


def loss_guarded(X: Any, X_hat: Any) -> Any:
    squares = np.sum((X - X_hat) ** 2)
    return squares / (2 * (len(X) - 1)) if len(X) > 1 else squares / 2


def no_threshold_clipped(X: Any, k: Any, beta: Any = 1.0) -> Any:
    centred = X - X.mean(axis=0)
    variances = np.maximum(np.linalg.eigvalsh(centred.T @ centred / len(X))[::-1], 1e-12)
    return np.sum(beta / 2 * (1 + np.log(variances[:k] / (beta / 2)))) + np.sum(variances[k:])


def standardised_guarded(X: Any, k: Any) -> Any:
    spread = X.std(axis=0)
    spread[spread == 0] = 1
    Y = (X - X.mean(axis=0)) / spread
    return (np.linalg.svd(Y, compute_uv=False)[k:] ** 2).sum() / Y.size


def centred_guarded(X: Any, W_enc: Any, W_dec: Any) -> Any:
    X = X - X.mean(axis=0)
    Z = X @ W_enc
    error = (Z @ W_dec - X) * 2 / max(len(X) - 1, 1)
    return X.T @ (error @ W_dec.T), Z.T @ error


def standardised_transposed(X: Any, W_enc: Any) -> Any:
    scaled = X / (X.std(axis=0) + 1e-8)
    return np.array([scaled @ W_enc[:, j] for j in range(W_enc.shape[1])])


@pytest.mark.parametrize(
    ("stem", "name", "function", "said"),
    [
        (
            "02_linear_autoencoder",
            "loss_gradients",
            centred_guarded,
            "X is used centred and every part is divided by one sample too few",
        ),
        (
            "02_linear_autoencoder",
            "encode",
            standardised_transposed,
            "X is used divided by its standard deviation and the answer is transposed",
        ),
        (
            "02_linear_autoencoder",
            "reconstruction_loss",
            loss_guarded,
            "the answer is half of what it should be and the answer is divided by one sample too few",
        ),
        ("06_linear_vae", "best_vae_loss", no_threshold_clipped, "no direction ever collapses"),
        (
            "02_linear_autoencoder",
            "pca_reconstruction_loss",
            standardised_guarded,
            "the columns are standardised and the answer is divided by the number of columns",
        ),
    ],
)
def test_guards_hide_no_mistake(stem: str, name: str, function: Function, said: str) -> None:
    """Where a slip has no number for a few questions, whatever was done about these is no matter."""
    one = problems.examination(stem, name, 1)
    found = run(one.exercise, LocalSubject({name: function}), one.bank, recognise=one.recognise, seed=1, tries=0)
    assert found.mistake == said
    assert not any(SOMETHING_ELSE in finding.says for finding in found.findings)


def test_whole_numbers_hide_no_second_slip() -> None:
    """An array of whole numbers is named together with what else is wrong: many different ones tell as much as digits."""

    def whole_rows(X: Any, W_enc: Any) -> Any:
        found = np.zeros((len(X), W_enc.shape[1]), int)
        for i in range(len(X) - 1):
            found[i] = X[i] @ W_enc
        return found

    assert said_of("encode", whole_rows) == "the answer has zeros in its last row and the answer has lost its digits"


def test_what_explains_nearly_all_is_said_with_a_reserve() -> None:
    """Where two mistakes explain all but one question of many, they are named, and that there is more."""

    def late(epoch: Any, warmup: Any = 10) -> Any:
        if warmup <= 1:
            return np.where(np.asarray(epoch, float) >= warmup, 1.0, 0.0)
        return np.minimum(np.asarray(epoch, float) / (warmup - 1), 1.0)

    one = problems.examination("03_gaussian_kl", "kl_weight", 7)
    found = run(one.exercise, LocalSubject({"kl_weight": late}), one.bank, recognise=one.recognise, seed=7, tries=0)
    assert found.mistake == "the ramp is not stopped at 0 and one epoch too short"
    assert all(finding.says.endswith(SOMETHING_ELSE) for finding in found.findings if finding.mistake)


def test_a_rounded_ramp_is_not_curved() -> None:
    """A line that is rounded has steps: nobody is told that it is curved."""

    def rounded(epoch: Any, warmup: Any = 10) -> Any:
        if warmup < 2:
            return np.where(np.asarray(epoch) >= warmup, 1.0, 0.0)
        return np.round(np.clip(np.asarray(epoch) / (warmup - 1), 0, 1), 1)

    one = problems.examination("03_gaussian_kl", "kl_weight", 7)
    found = run(one.exercise, LocalSubject({"kl_weight": rounded}), one.bank, recognise=one.recognise, seed=7, tries=0)
    assert found.points < one.exercise.points
    assert found.mistake != "the ramp is curved"


def test_two_errors_of_one_type_are_two_mistakes() -> None:
    """Of a function that fails for arrays, nothing is said that belongs to a mistake which fails for another reason."""

    def builtin_minimum(epoch: Any, warmup: Any = 10) -> Any:
        return max(0.0, min(1.0, epoch / warmup))

    one = problems.examination("03_gaussian_kl", "kl_weight", 7)
    subject = LocalSubject({"kl_weight": builtin_minimum})
    found = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=7, tries=0)
    assert "list" not in (found.mistake or "")


@pytest.mark.parametrize(
    ("stem", "name", "function", "said"),
    [
        (
            "02_linear_autoencoder",
            "train_step",
            lambda X, W_enc, W_dec, rate: sequential(X, W_enc, W_dec, rate),
            "the decoder's gradient at the updated encoder and the gradients are not averaged over the samples",
        ),
        (
            "04_reparameterisation",
            "reparameterise",
            lambda mu, sigma, eps: np.sqrt(sigma) + mu * eps,
            "sigma is used under a square root and mu and sigma are swapped",
        ),
        (
            "04_reparameterisation",
            "reparameterise_backward",
            lambda dz, log_var, eps: (dz * eps * np.exp(0.5 * log_var), dz),
            "`dlog_var` is twice what it should be and the parts are exchanged",
        ),
        (
            "05_latent_space",
            "condition_on_label",
            lambda z, labels, n_classes: np.hstack([z, (2 * np.eye(n_classes) - 1)[labels][:, 1:]]),
            "-1 instead of 0 and the first class has no column",
        ),
    ],
)
def test_mistakes_that_do_the_same_alone_go_together(stem: str, name: str, function: Function, said: str) -> None:
    """Changes of one text, an argument that a known mistake changes as well, and parts that came in another order."""
    one = problems.examination(stem, name, 1)
    found = run(one.exercise, LocalSubject({name: function}), one.bank, recognise=one.recognise, seed=1, tries=0)
    assert found.mistake == said


def sequential(X: Any, W_enc: Any, W_dec: Any, rate: Any) -> Any:
    W_enc = W_enc - rate * 2 * X.T @ (X @ W_enc @ W_dec - X) @ W_dec.T
    Z = X @ W_enc
    return W_enc, W_dec - rate * 2 * Z.T @ (Z @ W_dec - X)
