"""What several exercises' mistakes of linear_vae share: the share of a slip, and slips of a spectrum."""

from __future__ import annotations

from collections.abc import Callable

from ..mistakes.catalogue import Function
from ..mistakes.conduct import in_place, left_out

SLIP = 0.3


def slips_of_spectrum(edited: Callable[..., None], exact: Function, share: float = 0.0) -> None:
    """Register what goes wrong on the way from the data to their variances and to half of beta, as edits of such a function.

    `exact` gives right answers; `share` of the points is left to a slip of a factor.
    """
    edited(
        "X is changed in place",
        "The caller's data are different afterwards: -=, *= or an assignment into X. Work on a copy.",
        ("centred = X - X.mean(axis=0)", "X -= X.mean(axis=0)\n    centred = X"),
        tell=in_place(exact),
    )
    edited(
        "beta means something else when left out",
        "Where beta is left out, it must mean 1.",
        ("1.0", "0.5"),
        tell=left_out(exact),
    )
    edited(
        "beta instead of half of beta",
        "The squared error has no factor one half, the KL has one: so the threshold is half of beta.",
        ("beta / 2", "beta"),
        share=share,
    )
    edited("a quarter of beta", "There is one factor ½ too many before beta.", ("2", "4"), share=share)
    edited("twice beta", "beta was doubled where it is to be halved.", ("beta / 2", "2 * beta"))
    edited("beta has no effect", "The answer is the same for every beta.", ("beta / 2", "0.5"))
    edited(
        "the data are not centred",
        "X arrives as it is. The variances are those around the mean: without centring, the mean itself counts as a direction.",
        ("X - X.mean(axis=0)", "X"),
    )
    edited(
        "one mean for all columns",
        "The average of the whole matrix was subtracted. Every column has a mean of its own.",
        ("axis=0", ""),
    )
    edited(
        "rows are centred instead of columns",
        "Every sample lost its own mean. The mean of a column, over the samples, is to be subtracted.",
        ("axis=0", "axis=1, keepdims=True"),
    )
    edited(
        "divided by n - 1",
        "One less than the number of samples was divided by, as np.cov does. The loss averages over the samples.",
        ("len(X)", "(len(X) - 1)"),
        share=share,
    )
    edited(
        "not averaged over the samples",
        "The variances grow with the number of samples: they are to be averaged.",
        ("centred / len(X)", "centred"),
    )
    edited(
        "averaged over the dimensions as well",
        "The variances were divided by the number of columns too.",
        ("len(X)", "X.size"),
    )
    edited(
        "singular values are not squared",
        "Singular values were averaged. The variances are their squares, averaged over the samples.",
        (
            "np.linalg.eigvalsh(centred.T @ centred / len(X))",
            "np.linalg.eigvalsh(centred.T @ centred).clip(0) ** 0.5 / len(X)",
        ),
    )
    edited("roots of the variances", "Standard deviations stand where variances belong.", ("(0)", "(0) ** 0.5"))
    edited(
        "the columns are standardised",
        "Every column was divided by its standard deviation first, which makes other directions of it.",
        ("X - X.mean(axis=0)", "(X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-12)"),
    )
    edited(
        "variances of the columns",
        "The variances of the columns were taken. Directions are combinations of columns: PCA finds them.",
        ("np.linalg.eigvalsh(centred.T @ centred / len(X))", "np.mean(centred**2, axis=0)"),
    )
