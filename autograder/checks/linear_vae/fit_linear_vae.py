"""`fit_linear_vae`: the form of the weights, what no right fit does, and every kind of data that grading asks about.

What is compared is what a fit does to the data and how wide its posteriors are, never its weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..answer_form import encoder_and_decoder, shape_words, type_words, unpacked
from ..betrayed import OTHER_CHANCE, ran_away, repeats_differ
from ..exercise import Answer, Call, Check, Exercise, Fault, Rng
from ..identity_cache import by_identity
from ..judges import again, close
from .inputs import centred

NAMES = ("W_enc", "log_var", "W_dec")
FINITE = "W_enc (d, k), log_var (k,) and W_dec (k, d), finite"
WIDTH, SAME = 0.15, 0.25
"""How far a posterior variance may be off relative to the best one; how alike two fits reconstruct."""

_FIRST = "students check it themselves: it says what kind of thing is wrong before the loss is measured."


class Weights:
    """The form of a fit's answer: three arrays of numbers; whether their shapes fit is left to a check."""

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return ((W_enc, log_var, W_dec), "") or (None, sentence)."""
        wanted = "must return 3 things, (W_enc, log_var, W_dec)"
        if value is None:
            return None, f"{wanted}, but nothing came back (None): is there a `return`?"
        items = unpacked(value, 3)
        if items is None:
            return None, f"{wanted}, but returned {type_words(value)}."
        arrays = []
        for name, item in zip(NAMES, items, strict=True):
            try:
                array = np.asarray(item)
            except (ValueError, TypeError):
                return None, f"`{name}` must be an array, but is {type_words(item)}."
            if array.ndim not in (1, 2):
                return (
                    None,
                    f"`{name}` must be an array of one or two dimensions, but came as {shape_words(array.shape)}.",
                )
            if array.dtype.kind not in "biuf":
                return None, f"`{name}` must hold real numbers, but holds values of dtype {array.dtype}."
            arrays.append(array.astype(np.float64))
        return tuple(arrays), ""


def _wanted(call: Call) -> dict[str, tuple[int, ...]]:
    """The shapes of the three parts, by their names."""
    d, k = call.args[0].shape[1], call.args[1]
    return {"W_enc (d, k)": (d, k), "log_var (k,)": (k,), "W_dec (k, d)": (k, d)}


def misfit(call: Call, weights: Any) -> str:
    """What is wrong with the shapes or the numbers of a fit; empty when nothing is."""
    for (name, shape), array in zip(_wanted(call).items(), weights, strict=True):
        if array.shape != shape:
            return f"`{name}` must be {shape_words(shape)}, but came as {shape_words(array.shape)}."
        if not np.all(np.isfinite(array)):
            return f"`{name}` must be finite, but holds nan or an infinite number: the training ran away."
    return ""


runs_away = ran_away(lambda call: tuple(_wanted(call).values()))


def arranged(call: Call, weights: Any) -> Any:
    """(W_enc, log_var, W_dec), whichever way round and in whichever order they came, log_var a matrix or not.

    None where they do not fit together.
    """
    flat = [place for place, part in enumerate(weights) if part.ndim == 1] or [1]
    widths = weights[flat[0]]
    one, other = (part for place, part in enumerate(weights) if place != flat[0])
    if len(flat) > 1 or widths.size not in widths.shape:
        return None
    found = encoder_and_decoder(call.args[0], one, other)
    return (found[0], np.ravel(widths), found[1]) if found and found[0].shape[1] == widths.size else None


def variances(log_var: Any) -> Any:
    """The posterior variances of a fit, smallest first."""
    return np.exp(np.clip(np.sort(log_var), -700, 700))


def _alike(call: Call, one: Any, other: Any) -> bool:
    """Whether two fits have the same shapes, posteriors about as wide, and means that are decoded to about the same."""
    if [part.shape for part in one] != [part.shape for part in other]:
        return False
    ours, theirs = arranged(call, one), arranged(call, other)
    if ours is None or theirs is None:
        return True
    X = call.args[0]
    with np.errstate(all="ignore"):
        off = X @ ours[0] @ ours[2] - X @ theirs[0] @ theirs[2]
        if not np.linalg.norm(off) <= SAME * np.linalg.norm(X):
            return False
    wide, other_wide = variances(ours[1]), variances(theirs[1])
    # The tabled fit has an error of its own.
    return bool(np.all(np.abs(wide - other_wide) <= 1.3 * WIDTH * np.minimum(wide, other_wide)))


def _apart(call: Call, right: Any, weights: Any) -> Fault | None:
    """How far a fit lies from a right one: in what the means are decoded to, and in the posterior variances."""
    if _alike(call, right, weights):
        return None
    wrong = misfit(call, weights)
    if wrong:
        return Fault(FINITE, weights, 0, wrong)
    X = call.args[0]
    with np.errstate(all="ignore"):
        off = float(np.linalg.norm(X @ weights[0] @ weights[2] - X @ right[0] @ right[2]) / np.linalg.norm(X))
    if not off <= SAME:
        told = (
            "Returned is the length of the difference between the decoded means and those of a right fit, divided by "
            "the length of the data."
        )
        return Fault(f"at most {SAME:g}", off, 0, told)
    wide, other = variances(weights[1]), variances(right[1])
    ratio = float(np.max(np.maximum(wide / other, other / wide)))
    told = (
        "The means are decoded well enough. Returned is the largest ratio of a posterior variance and that of a right "
        "fit, the larger one divided by the smaller one."
    )
    return Fault(f"at most {1 + 1.3 * WIDTH:g}", ratio, 0, told)


def _betrays(calls: Sequence[Call], answers: Sequence[Answer], right: Mapping[int, Any]) -> str:
    """What trainings that end anywhere show, beside right fits of the same data; "" where nothing known."""
    if any(answer.outcome != "returned" or answer.changed for answer in answers):
        return ""
    if runs_away(calls, answers):
        return "some weights are not finite"
    asked = list(zip(calls, answers, strict=True))
    if any(misfit(call, answer.value) for call, answer in asked):
        return ""
    known = list(
        {id(call): (call, answer.value, right[id(call)]) for call, answer in asked if id(call) in right}.values()
    )
    # Grading gives no right fits: it has ways of its own to tell what is wrong.
    if not known:
        return ""
    if all(_alike(call, exact, weights) for call, weights, exact in known):
        return OTHER_CHANCE if repeats_differ(calls, answers) else ""
    # Such trainings swing to and fro for ever: where they end is chance, and no table could hold it.
    if np.mean([far_codes(call.args[0], weights) for call, weights, _ in known]) >= 0.6:
        return "the codes spread far beyond the prior"
    if np.mean([nearly_a_point(weights, variances(exact[1])[0]) for _, weights, exact in known]) >= 0.7:
        return "the posterior is nearly a point"
    gained = [
        (_gained(call.args[0], weights) / _gained(call.args[0], exact), _alike(call, exact, weights))
        for call, weights, exact in known
        if _gained(call.args[0], exact) > 0.2
    ]
    if all(share < 0.2 for share, _ in gained):
        return "nothing is gained"
    ends = [(call, weights, exact) for call, weights, exact in known if not _alike(call, exact, weights)]
    early = all(0 < share < 1.02 or good for share, good in gained) and all(_turned(*one) for one in ends)
    return "the training stops short of the best fit" if early else ""


def far_codes(X: Any, weights: Any) -> bool:
    """Whether the codes spread far beyond the prior, and are decoded well."""
    return bool(np.max(np.mean((X @ weights[0]) ** 2, axis=0)) > 2.5 and _gained(X, weights) > 0.3)


def nearly_a_point(weights: Any, narrowest: float) -> bool:
    """Whether the posterior is far narrower than the `narrowest` variance that is right."""
    return bool(np.all(np.exp(weights[1]) < 0.2 * narrowest))


def _gained(X: Any, weights: Any) -> float:
    """How much of the data the decoded means explain: 1 is all, 0 is nothing."""
    with np.errstate(all="ignore"):
        return float(1 - np.sum((X - X @ weights[0] @ weights[2]) ** 2) / np.sum(X**2))


def _turned(call: Call, weights: Any, right: Any) -> bool:
    """Whether what is decoded lies in other directions than a right fit decodes to: a wrong price keeps the directions."""
    X = call.args[0]
    ours, theirs = (X @ one[0] @ one[2] for one in (weights, right))
    basis = np.linalg.svd(theirs, full_matrices=False)[2][: np.linalg.matrix_rank(theirs, 0.05 * np.linalg.norm(X))]
    return bool(np.linalg.norm(ours - ours @ basis.T @ basis) > 0.02 * np.linalg.norm(X))


def _shaped(calls: Sequence[Call], answers: Sequence[Answer]) -> Fault | None:
    for position, (call, answer) in enumerate(zip(calls, answers, strict=True)):
        wrong = misfit(call, answer.value)
        if wrong:
            return Fault(FINITE, answer.value, position, wrong)
    return None


def _shapes(example: Any, answers: Sequence[Answer]) -> Fault | None:
    return _shaped([asked(*example)], answers)


def _no_harm(example: Any, answers: Sequence[Answer]) -> Fault | None:
    """Right fits reconstruct no worse than zeros do, and no posterior is wider than the prior."""
    call, weights = asked(*example), answers[0].value
    wrong = _shaped([call], answers)
    if wrong:
        return wrong
    X = call.args[0]
    wide = float(variances(weights[1])[-1])
    if not wide <= 1 + WIDTH:
        words = f"at most 1, the variance of the prior ({100 * WIDTH:g} % more are allowed)"
        return Fault(words, wide, 0, "Returned is the largest posterior variance, exp(log_var).")
    with np.errstate(all="ignore"):
        left = float(np.linalg.norm(X - X @ weights[0] @ weights[2]))
    size = float(np.linalg.norm(X))
    if not left <= 1.02 * size:
        words = f"at most that of answering with zeros, {size:.6g} (2 % more are allowed)"
        return Fault(words, left, 0, "Returned is the length of X - X W_enc W_dec over all samples.")
    return None


def _price(example: Any, answers: Sequence[Answer]) -> Fault | None:
    """Where nothing is collapsed, a beta four times as large makes every posterior four times as wide."""
    wrong = _shaped(_priced(example), answers)
    if wrong:
        return wrong
    cheap, dear = (variances(answer.value[1]) for answer in answers)
    if np.all(dear > 2 * cheap):
        return None
    j = int(np.argmax(dear <= 2 * cheap))
    told = f"Your posterior variances, smallest first: number {j + 1} is {cheap[j]:.6g} at beta = 0.25 and {dear[j]:.6g} at beta = 1."
    return Fault("clearly wider posteriors at the larger beta", dear, 1, told)


def _plain(example: Any, answers: Sequence[Answer]) -> Fault | None:
    calls = _with_and_without(example)
    wrong = _shaped(calls, answers)
    if wrong:
        return wrong
    if _alike(calls[0], answers[0].value, answers[1].value):
        return None
    told = "The same data and an rng of the same seed, once with beta=1.0 and once without beta."
    return Fault("a fit that does the same as with beta=1.0", answers[1].value, 1, told)


def _conduct(example: Any, answers: Sequence[Answer]) -> Fault | None:
    for position, answer in enumerate(answers):
        if answer.changed:
            told = "It changed its arguments in place."
            return Fault("its arguments left as they were", answer.value, position, told)
    once, twice = answers[0].value, answers[1].value
    if close(twice, once) or not all(np.all(np.isfinite(part)) for part in (*once, *twice)):
        return None
    told = (
        "Asked twice with the same data and an rng of the same seed, it gave different weights: "
        "some of its random numbers come from elsewhere."
    )
    return Fault("the same weights as the first time", twice, 1, told)


@by_identity(256)
def asked(X: Any, k: int, *beta: float) -> Call:
    """The call for some data, the same each time: a fit takes long, and all checks share it, those of grading included."""
    given = "".join(f" at {one}" for one in beta)
    # Of one seed whether beta is given or not: only that may make a difference.
    return Call((X, k, Rng(7, f"{k} of {X.shape[1]} of {len(X)}{given}"), *beta))


def _with_and_without(example: Any) -> list[Call]:
    return [asked(*example, PLAIN), asked(*example)]


def _priced(example: Any) -> list[Call]:
    return [asked(*example, CHEAP), asked(*example, PLAIN)]


CHEAP, PLAIN = 0.25, 1.0
FEW = centred(5, (1.8, 0.9, 0.1), 1)
# A fit takes long: each asks about more than one thing, and what all directions are worth is asked of FEW.
SOME = (centred(40, (2.5, 0.7, 0.4, 0.2), 3), 3, 2.0)
"""One direction of three is worth its price."""
NONE = (centred(4, (1.5, 0.6), 5), 1, 4.0)
"""None is; one latent dimension, and hardly more samples than dimensions."""
CHEAPEST = (centred(200, (3.99, 3.6, 3.2, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.051), 6), 3, 0.2)
DEAREST = (centred(60, (3.9, 3.0, 1.4, 0.9, 0.4, 0.06), 7), 4, 4.0)
"""The ends of what may come."""
KINDS = (SOME, NONE, CHEAPEST, DEAREST)

FIT_LINEAR_VAE = Exercise(
    name="fit_linear_vae",
    points=4,
    parameters=("X", "k", "rng", "beta"),
    form=Weights(),
    read="“Exercise 3: train it”",
    checks=(
        Check(
            "shapes",
            "W_enc has shape (d, k), log_var (k,), W_dec (k, d), and all their numbers are finite.",
            lambda example: [asked(*example)],
            _shapes,
            first=((FEW, 2, PLAIN),),
            why=_FIRST,
        ),
        Check(
            "every kind of data",
            "No posterior is wider than the prior, and the means are decoded no worse than zeros would be.",
            lambda example: [asked(*example)],
            _no_harm,
            first=KINDS,
            why=_FIRST,
        ),
        Check(
            "price of a width",
            "A larger beta makes the posteriors wider.",
            _priced,
            _price,
            first=((FEW, 2),),
            why=_FIRST,
        ),
        Check(
            "beta is 1",
            "beta is 1 unless given.",
            _with_and_without,
            _plain,
            first=((FEW, 2),),
            why=_FIRST,
        ),
        Check(
            "conduct",
            "The function does not change X, and the same data with an rng of the same seed give the same weights.",
            lambda example: [asked(*example), again(asked(*example))],
            _conduct,
            first=((FEW, 2, PLAIN),),
            points=0.5,
            why="Right fits with bad manners lose these points and no others.",
        ),
    ),
    probes=(
        *(Call((X, k, Rng(3, "probe"), beta)) for X, k, beta in KINDS),
        Call((centred(6, (2.2, 1.1, 0.4), 8), 2, Rng(3, "probe without beta"))),
        # So few samples that even a KL summed over them leaves a direction worth its price.
        Call((centred(4, (3.9, 0.2), 9), 1, Rng(3, "probe of four"), 0.4)),
    ),
    alike=_alike,
    many=True,
    apart=_apart,
    betrays=_betrays,
)
