"""Known mistakes in `reconstruction_loss`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..catalogue import Catalogue

CATALOGUE = Catalogue()
mistake = CATALOGUE.mistake

SLIP = 0.3


@mistake(
    "reconstruction_loss",
    "averaged over the dimensions as well",
    "Everything was averaged, so the loss is too small by the number of dimensions: those are to be summed.",
    share=SLIP,
)
def loss_mean_of_all(X: Any, X_hat: Any) -> Any:
    return np.mean((X - X_hat) ** 2)


@mistake(
    "reconstruction_loss",
    "summed over the samples as well",
    "Everything was summed, so the loss grows with the number of samples: those are to be averaged.",
    share=SLIP,
)
def loss_sum_of_all(X: Any, X_hat: Any) -> Any:
    return np.sum((X - X_hat) ** 2)


@mistake(
    "reconstruction_loss",
    "the two axes are mixed up",
    "The samples were summed and the dimensions averaged. It is the other way round: rows are samples.",
    share=SLIP,
)
def loss_axes_swapped(X: Any, X_hat: Any) -> Any:
    return np.mean(np.sum((X - X_hat) ** 2, axis=0))


@mistake(
    "reconstruction_loss",
    "a factor of one half too many",
    "Every value is half of what it should be. Here the squared error stands without a factor.",
    share=SLIP,
)
def loss_half(X: Any, X_hat: Any) -> Any:
    return 0.5 * np.mean(np.sum((X - X_hat) ** 2, axis=1))


@mistake("reconstruction_loss", "a factor of two too many", "Every value is twice what it should be.", share=SLIP)
def loss_double(X: Any, X_hat: Any) -> Any:
    return 2 * np.mean(np.sum((X - X_hat) ** 2, axis=1))


@mistake(
    "reconstruction_loss",
    "the sign is turned round",
    "Every value is the negative of what it should be. An error is never negative.",
    share=SLIP,
)
def loss_negative(X: Any, X_hat: Any) -> Any:
    return -np.mean(np.sum((X - X_hat) ** 2, axis=1))


@mistake("reconstruction_loss", "a root of the mean was taken", "This is a root mean square. The loss stays squared.")
def loss_rms(X: Any, X_hat: Any) -> Any:
    return np.sqrt(np.mean((X - X_hat) ** 2))


@mistake(
    "reconstruction_loss",
    "a root of the loss was taken",
    "The value is the root of what it should be. The loss stays squared.",
)
def loss_root(X: Any, X_hat: Any) -> Any:
    return np.sqrt(np.mean(np.sum((X - X_hat) ** 2, axis=1)))


@mistake(
    "reconstruction_loss",
    "the length of the whole error",
    "This is the norm of the whole matrix. The loss is squared, and averaged over the samples.",
)
def loss_norm(X: Any, X_hat: Any) -> Any:
    return np.linalg.norm(X - X_hat)


@mistake(
    "reconstruction_loss",
    "lengths instead of squared lengths",
    "The distances of the samples were averaged. Their squares are asked for.",
)
def loss_mean_distance(X: Any, X_hat: Any) -> Any:
    return np.mean(np.linalg.norm(X - X_hat, axis=1))


@mistake(
    "reconstruction_loss",
    "absolute errors instead of squared ones",
    "The errors were made positive by their absolute value. Squares are asked for.",
)
def loss_absolute(X: Any, X_hat: Any) -> Any:
    return np.mean(np.sum(np.abs(X - X_hat), axis=1))


@mistake(
    "reconstruction_loss",
    "absolute errors, all averaged",
    "This is a mean absolute error. Squares are asked for, summed over the dimensions.",
)
def loss_mean_absolute(X: Any, X_hat: Any) -> Any:
    return np.mean(np.abs(X - X_hat))


@mistake(
    "reconstruction_loss",
    "the errors are not squared",
    "Errors of opposite sign cancel each other. Each has to be squared before anything is added.",
)
def loss_signed(X: Any, X_hat: Any) -> Any:
    return np.mean(np.sum(X - X_hat, axis=1))


@mistake(
    "reconstruction_loss",
    "squared after the sum",
    "The errors of a sample were added first and squared then, so that they cancel. Square each, then add.",
)
def loss_squared_late(X: Any, X_hat: Any) -> Any:
    return np.mean(np.sum(X - X_hat, axis=1) ** 2)


@mistake(
    "reconstruction_loss",
    "one number for each sample",
    "The average over the samples is missing: one number is asked for.",
    share=SLIP,
)
def loss_per_sample(X: Any, X_hat: Any) -> Any:
    return np.sum((X - X_hat) ** 2, axis=1)


@mistake(
    "reconstruction_loss",
    "one number for each dimension",
    "The sum over the dimensions is missing: one number is asked for.",
    share=SLIP,
)
def loss_per_dimension(X: Any, X_hat: Any) -> Any:
    return np.mean((X - X_hat) ** 2, axis=0)


@mistake(
    "reconstruction_loss",
    "nothing is added up",
    "There is one number for each sample and dimension. One number in all is asked for.",
    share=SLIP,
)
def loss_entries(X: Any, X_hat: Any) -> Any:
    return (X - X_hat) ** 2


@mistake(
    "reconstruction_loss",
    "divided by n - 1",
    "One less than the number of samples was divided by, as in an estimate of a variance. An average divides by their number.",
    share=SLIP,
)
def loss_ddof(X: Any, X_hat: Any) -> Any:
    return np.sum((X - X_hat) ** 2) / (len(X) - 1)


@mistake(
    "reconstruction_loss",
    "relative to the size of the data",
    "The error was divided by the size of X. The error itself is asked for.",
)
def loss_relative(X: Any, X_hat: Any) -> Any:
    return np.sum((X - X_hat) ** 2) / np.sum(X**2)


@mistake(
    "reconstruction_loss",
    "the average error is taken out",
    "The mean of the errors was subtracted: a reconstruction that is off by a constant would cost nothing.",
)
def loss_variance(X: Any, X_hat: Any) -> Any:
    return np.sum(np.var(X - X_hat, axis=0))


@mistake(
    "reconstruction_loss",
    "the worst sample instead of the average",
    "The largest of the samples' errors came back. Their average is asked for.",
)
def loss_worst(X: Any, X_hat: Any) -> Any:
    return np.max(np.sum((X - X_hat) ** 2, axis=1))


@mistake(
    "reconstruction_loss",
    "only the first sample",
    "The loss of the first sample came back. The average over all of them is asked for.",
)
def loss_first(X: Any, X_hat: Any) -> Any:
    return np.sum((X[0] - X_hat[0]) ** 2)


@mistake(
    "reconstruction_loss",
    "a cross entropy",
    "This is the cross entropy of pixels between 0 and 1. The squared error is asked for.",
)
def loss_cross_entropy(X: Any, X_hat: Any) -> Any:
    p = np.clip(X_hat, 1e-7, 1 - 1e-7)
    return -np.mean(np.sum(X * np.log(p) + (1 - X) * np.log(1 - p), axis=1))


@mistake("reconstruction_loss", "X is changed in place", "-= changed the caller's array. Make a new one.")
def loss_in_place(X: Any, X_hat: Any) -> Any:
    X -= X_hat
    return np.mean(np.sum(X**2, axis=1))


@mistake(
    "reconstruction_loss",
    "computed in float16",
    "Half precision has three digits and overflows above 65504. Leave the arrays as they come.",
)
def loss_float16(X: Any, X_hat: Any) -> Any:
    error = X.astype(np.float16) - X_hat.astype(np.float16)
    return np.mean(np.sum(error**2, axis=1))
