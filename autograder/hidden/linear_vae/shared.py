"""What several exercises' mistakes of linear_vae share: the share of a slip, and recognising another default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...checks.exercise import Answer, Call
from ...checks.judges import close
from ..mistakes.catalogue import Function, Tell
from ..mistakes.conduct import in_place

SLIP = 0.3


def default(exact: Function, given: int = 0, same: Callable[[Any, Any], bool] = close) -> Tell:
    """Recognise answers that are right wherever beta is given, and wrong where it is left out.

    `given` is the number of positional arguments before beta; 0 stands for one less than the most that any call has.
    """

    def tell(calls: Sequence[Call], answers: Sequence[Answer]) -> bool:
        before = given or max(len(call.args) for call in calls) - 1
        said = [len(call.args) > before or "beta" in call.kwargs for call in calls]

        def right(told: bool) -> Iterator[bool]:
            # One after another: right values take long, and most answers are wrong at the first.
            for call, answer, one in zip(calls, answers, said, strict=True):
                if one == told:
                    yield same(answer.value, exact(*call.args, **call.kwargs))

        return all(right(told=True)) and not all(right(told=False))

    return tell


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
        "another beta where none is given",
        "Where beta is left out, it is 1.",
        ("1.0", "0.5"),
        tell=default(exact, 2),
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
