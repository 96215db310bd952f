"""Hidden checks of `reconstruction_loss`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np

from ...checks.examples import arrays
from ...checks.exercise import Check
from ...checks.linear_autoencoder.reconstruction_loss import TWINS, TWO_ROWS
from ...checks.linear_autoencoder.shared import ENTRIES
from .. import oracles
from ..mistakes.catalogue import Catalogue
from ..served import Served
from ..values import values, with_large
from .shared import NEARLY, SLIP, WHOLE

CHECKS: tuple[Check, ...] = (
    values(
        "ordinary inputs",
        "The loss is right, within 1e-5 relative.",
        oracles.reconstruction_loss,
        points=1.5,
        first=[TWO_ROWS, NEARLY],
        examples=TWINS,
    ),
    values(
        "one sample, one dimension",
        "A single sample or a single dimension is no special case.",
        oracles.reconstruction_loss,
        points=0.5,
        first=[(np.array([[3.0]]), np.array([[2.7]]))],
        examples=st.sampled_from([(1, 1), (1, 4), (5, 1)]).flatmap(
            lambda shape: st.tuples(arrays(shape, ENTRIES), arrays(shape, ENTRIES))
        ),
    ),
    values(
        "large values",
        "The loss is right for entries up to 10 and for many samples.",
        oracles.reconstruction_loss,
        points=0.75,
        first=[(np.array([[10.0, -10.0], [9.0, 8.0]]), np.array([[-10.0, 10.0], [-9.0, 7.0]]))],
        examples=st.tuples(st.integers(2, 40), st.integers(2, 8)).flatmap(
            lambda shape: st.tuples(arrays(shape, WHOLE), arrays(shape, WHOLE))
        ),
    ),
)
CHECKS = with_large(
    CHECKS,
    oracles.reconstruction_loss,
    lambda draw: (draw.uniform(-2, 2, (130, 14)), draw.uniform(-2, 2, (130, 14))),
    points=0.25,
)

SERVED = Served(oracles.reconstruction_loss, ("n d", "n d"))

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("reconstruction_loss")


@variant
def loss_of_samples(X: Any, X_hat: Any) -> Any:
    errors = (X - X_hat) ** 2
    of_samples = np.sum(errors, axis=1)
    return np.mean(of_samples)


edited = CATALOGUE.edits("reconstruction_loss", loss_of_samples)


edited(
    "averaged over the dimensions as well",
    "Everything was averaged, so the loss is too small by the number of dimensions: those are to be summed.",
    ("np.sum(errors, axis=1)", "np.mean(errors, axis=1)"),
    share=SLIP,
)
edited(
    "summed over the samples as well",
    "Everything was summed, so the loss grows with the number of samples: those are to be averaged.",
    ("np.mean(of_samples)", "np.sum(of_samples)"),
    share=SLIP,
)
edited(
    "the two axes are mixed up",
    "The samples were summed and the dimensions averaged. It is the other way round: rows are samples.",
    ("axis=1", "axis=0"),
    share=SLIP,
)
edited(
    "a factor of one half too many",
    "Every value is half of what it should be. Here the squared error has no factor.",
    ("return ", "return 0.5 * "),
    share=SLIP,
)
edited("a factor of two too many", "Every value is twice what it should be.", ("return ", "return 2 * "), share=SLIP)
edited(
    "the sign is turned round",
    "Every value is the negative of what it should be. An error is never negative.",
    ("return ", "return -"),
    share=SLIP,
)
edited(
    "a root of the mean was taken",
    "This is a root mean square. The loss stays squared.",
    ("np.sum(errors, axis=1)", "np.mean(errors, axis=1)"),
    ("np.mean(of_samples)", "np.sqrt(np.mean(of_samples))"),
)
edited(
    "a root of the loss was taken",
    "The value is the root of what it should be. The loss stays squared.",
    ("np.mean(of_samples)", "np.sqrt(np.mean(of_samples))"),
)
edited(
    "the length of the whole error",
    "This is the norm of the whole matrix. The loss is squared, and averaged over the samples.",
    ("np.mean(of_samples)", "np.sqrt(np.sum(of_samples))"),
)
edited(
    "lengths instead of squared lengths",
    "The distances of the samples were averaged. Their squares are required.",
    ("np.mean(of_samples)", "np.mean(np.sqrt(of_samples))"),
)
edited(
    "absolute errors instead of squared ones",
    "The errors were made positive by their absolute value. Squares are required.",
    ("(X - X_hat) ** 2", "np.abs(X - X_hat)"),
)
edited(
    "absolute errors, all averaged",
    "This is a mean absolute error. Squares are required, summed over the dimensions.",
    ("(X - X_hat) ** 2", "np.abs(X - X_hat)"),
    ("np.sum(errors, axis=1)", "np.mean(errors, axis=1)"),
)
edited(
    "the errors are not squared",
    "Errors of opposite sign cancel each other. Each has to be squared before anything is added.",
    ("(X - X_hat) ** 2", "X - X_hat"),
)
edited(
    "squared after the sum",
    "The errors of a sample were added first and squared then, so that they cancel. Square each, then add.",
    ("(X - X_hat) ** 2", "X - X_hat"),
    ("np.sum(errors, axis=1)", "np.sum(errors, axis=1) ** 2"),
)
edited(
    "one number for each sample",
    "The average over the samples is missing: one number is required.",
    ("np.mean(of_samples)", "of_samples"),
    share=SLIP,
)
edited(
    "one number for each dimension",
    "The sum over the dimensions is missing: one number is required.",
    ("np.sum(errors, axis=1)", "np.mean(errors, axis=0)"),
    ("np.mean(of_samples)", "of_samples"),
    share=SLIP,
)
edited(
    "nothing is added up",
    "There is one number for each sample and dimension. One number in all is required.",
    ("np.sum(errors, axis=1)", "errors"),
    ("np.mean(of_samples)", "of_samples"),
    share=SLIP,
)
edited(
    "divided by n - 1",
    "One less than the number of samples was divided by, as in an estimate of a variance. An average divides by their number.",
    ("np.mean(of_samples)", "np.sum(of_samples) / (len(X) - 1)"),
    share=SLIP,
)
edited(
    "relative to the size of the data",
    "The error was divided by the size of X. The error itself is required.",
    ("np.mean(of_samples)", "np.sum(of_samples) / np.sum(X**2)"),
)
edited(
    "the average error is taken out",
    "The mean of the errors was subtracted: a reconstruction that is off by a constant would cost nothing.",
    ("(X - X_hat) ** 2", "(X - X_hat - np.mean(X - X_hat, axis=0)) ** 2"),
)
edited(
    "the worst sample instead of the average",
    "The largest of the samples' errors came back. Their average is required.",
    ("np.mean(of_samples)", "np.max(of_samples)"),
)
edited(
    "only the first sample",
    "The loss of the first sample came back. The average over all of them is required.",
    ("np.mean(of_samples)", "of_samples[0]"),
)


@mistake("a cross entropy", "This is the cross entropy of pixels between 0 and 1. The squared error is required.")
def loss_cross_entropy(X: Any, X_hat: Any) -> Any:
    p = np.clip(X_hat, 1e-7, 1 - 1e-7)
    return -np.mean(np.sum(X * np.log(p) + (1 - X) * np.log(1 - p), axis=1))


edited(
    "X is changed in place",
    "-= changed the caller's array. Make a new one.",
    ("errors = (X - X_hat) ** 2", "X -= X_hat\n    errors = X**2"),
)
edited(
    "computed in float16",
    "Half precision has three digits and overflows above 65504. Leave the arrays as they come.",
    ("(X - X_hat) ** 2", "(X.astype(np.float16) - X_hat.astype(np.float16)) ** 2"),
)
edited(
    "a difference of squares",
    "X and X_hat were squared before they were subtracted. What is squared is their difference.",
    ("(X - X_hat) ** 2", "X**2 - X_hat**2"),
)
edited(
    "the last sample is left out",
    "The sum ends one sample too early. `range(n)` ends before n already.",
    ("np.mean(of_samples)", "np.sum(of_samples[:-1]) / len(X)"),
)
edited(
    "the last dimension is left out",
    "The sum ends one dimension too early. `range(d)` ends before d already.",
    ("(X - X_hat) ** 2", "(X - X_hat)[:, :-1] ** 2"),
)
edited(
    "only the last sample is added",
    "The sum is set again for every sample, so that the last one is left. Add with +=.",
    ("np.mean(of_samples)", "of_samples[-1] / len(X)"),
)
edited(
    "the loop returns at the first sample",
    "The loop is left after its first round, so that only the first sample is added up. Look at how far lines are indented.",
    ("np.mean(of_samples)", "of_samples[0] / len(X)"),
)
edited(
    "the root is taken before the division",
    "This is the length of the whole error, divided by the number of samples. No root belongs there.",
    ("np.mean(of_samples)", "np.sqrt(np.sum(of_samples)) / len(X)"),
)


@variant
def loss_einsum(X: Any, X_hat: Any) -> Any:
    error = X - X_hat
    return np.einsum("ij,ij->", error, error) / len(X)


@variant
def loss_loops(X: Any, X_hat: Any) -> Any:
    total = 0.0
    for x, x_hat in zip(X, X_hat, strict=True):
        total += sum((a - b) ** 2 for a, b in zip(x, x_hat, strict=True))
    return float(total / len(X))


@variant
def loss_mean_times_dimensions(X: Any, X_hat: Any) -> Any:
    return X.shape[1] * np.mean((X - X_hat) ** 2)


@variant
def loss_norms(X: Any, X_hat: Any) -> Any:
    return np.mean(np.linalg.norm(X_hat - X, axis=1) ** 2)


@variant
def loss_frobenius(X: Any, X_hat: Any) -> Any:
    return np.linalg.norm(X - X_hat) ** 2 / X.shape[0]


@variant
def loss_trace(X: Any, X_hat: Any) -> Any:
    error = X - X_hat
    return np.array(np.trace(error.T @ error) / len(X))


@variant
def loss_float32(X: Any, X_hat: Any) -> Any:
    return np.float32(np.sum(np.mean((X - X_hat) ** 2, axis=0)))
