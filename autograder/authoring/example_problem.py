"""The files of a small problem that works, and of one exercise more, for authors to change piece by piece.

In each text STEM, MODULE, NAME, TITLE and ORDINAL stand for what is asked for.
"""

from __future__ import annotations

EXERCISE_TEXT = """\
## Exercise ORDINAL: the root mean square

The typical size of numbers that may be positive or negative: the square root of the mean of their squares.

**Write** `NAME(x)` for a vector `x`.

<details><summary>Hint</summary>

Read the three words from the back: first square, then take the mean, then the root.

</details>

```python exercise="NAME"
# The build puts the answer cell here, and the check cell below it.
```
"""

TEXT = f"""\
# TITLE

One paragraph: what this notebook is about, and why it is worth the time.

**You will learn** what a root mean square is. **Time** about 5 minutes. **Points** {{points}}, for {{exercises}}.

```python setup="imports"
import matplotlib.pyplot as plt
import numpy as np

from checks import check, needs, todo
```

{EXERCISE_TEXT}
A picture waits for the function it needs; a cell like this one is not run when grading.

```python draws="MODULE_growth"
with needs("NAME"):
    scales = np.linspace(0, 3, 31)
    numbers = np.array([1.0, -2.0, 0.5])
    plt.figure(figsize=(6, 3))
    plt.plot(scales, [NAME(scale * numbers) for scale in scales])
    plt.xlabel("factor")
    plt.ylabel("root mean square")
    plt.show()
```

## Think it over

What happens to the root mean square when every number changes its sign?
"""

FUNCTION = '''\
def NAME(x: np.ndarray) -> float:
    """Return the root mean square of some numbers.

    x: (n,), at least one number.
    """
    return float(np.sqrt(np.mean(x**2)))
'''

SOLUTION = f'''\
"""Reference solutions of STEM: numpy only."""

from __future__ import annotations

import numpy as np


{FUNCTION}'''

EXERCISE_CHECKS = '''\
"""Public checks of `NAME`: laws that students may see; nothing here returns a right answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import answer_form
from ..examples import arrays, hundredths, shapes
from ..exercise import Call, Exercise, Fault
from ..judges import close, conduct, law

NUMBERS = arrays(shapes(1, 5), hundredths(-3, 3)).map(lambda x: (x,))
FEW = ((np.array([1.0, 2.0]),), (np.array([-3.0]),))


def _within(example: Any, size: Any) -> Fault | None:
    largest = np.abs(example[0]).max()
    return None if -1e-6 <= size <= largest * (1 + 1e-6) + 1e-6 else Fault(f"between 0 and {largest:g}", size)


def _grows_along(example: Any, size: Any, doubled: Any) -> Fault | None:
    told = "Twice the numbers must have twice the root mean square."
    return None if close(doubled, 2 * size) else Fault(2 * size, doubled, 1, told)


EXERCISE = Exercise(
    name="NAME",
    points=4,
    parameters=("x",),
    form=answer_form.one("size", lambda x: [()]),
    read="“Exercise ORDINAL: the root mean square”",
    checks=(
        law("within", "It lies between 0 and the largest size.", _within, first=FEW, examples=NUMBERS),
        law(
            "grows along",
            "It grows as the numbers do.",
            _grows_along,
            calls=lambda example: [Call(example), Call((2 * example[0],))],
            first=FEW,
            examples=NUMBERS,
        ),
        conduct(0.5, first=FEW, examples=NUMBERS),
    ),
    # Fixed calls whose answers tell the known mistakes apart.
    probes=(Call((np.array([1.0, 2.0]),)), Call((np.array([0.3, -1.7, 2.2]),)), Call((np.array([-3.0]),))),
)
'''

CHECKS = '''\
"""Public checks of STEM: one module an exercise."""

from __future__ import annotations

from ..exercise import Problem
from . import NAME

PROBLEM = Problem(
    "STEM",
    "TITLE",
    (
        NAME.EXERCISE,
    ),
)
'''

EXERCISE_HIDDEN = '''\
"""Hidden checks of `NAME`, its known mistakes (the first whose answers fit gives its name) and right variants."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...checks.examples import arrays, hundredths
from ...checks.MODULE.NAME import FEW, NUMBERS
from ..mistakes.catalogue import Catalogue
from ..values import values

CATALOGUE = Catalogue()
mistake, variant = CATALOGUE.of("NAME")


def oracle(x: Any) -> float:
    """The right value by another way than the reference solution takes: the two watch each other."""
    return math.sqrt(math.fsum(one * one for one in x.tolist()) / len(x))


CHECKS = (
    values("several numbers", "The value is right.", oracle, points=2.5, first=FEW[:1], examples=NUMBERS),
    values(
        "one number",
        "A single number is no special case.",
        oracle,
        points=1,
        first=FEW[1:],
        examples=arrays((1,), hundredths(-9, 9)).map(lambda x: (x,)),
    ),
)


@mistake("the root is missing", "This is the mean of the squares; its root is still to be taken.", share=0.3)
def no_root(x: Any) -> Any:
    return np.mean(x**2)


@mistake("the sum for the mean", "The squares are summed; divide by how many there are.")
def summed(x: Any) -> Any:
    return np.sqrt(np.sum(x**2))


@mistake("sizes instead of squares", "This is the mean size; square before you take the mean.")
def mean_size(x: Any) -> Any:
    return np.mean(np.abs(x))


@mistake("the mean was taken off", "This is a standard deviation: it measures from the mean, not from 0.")
def centred(x: Any) -> Any:
    return np.std(x)


@mistake("x is changed in place", "The squares overwrite the caller's array; make a new one.")
def in_place(x: Any) -> Any:
    size = np.sqrt(np.mean(x * x))
    x *= x
    return size


@variant
def by_norm(x: Any) -> Any:
    return np.linalg.norm(x) / np.sqrt(len(x))


@variant
def by_product(x: Any) -> Any:
    return (x @ x / x.size) ** 0.5
'''

HIDDEN = '''\
"""Hidden half of STEM, gathered from one module an exercise: never shipped."""

from __future__ import annotations

from ...checks.MODULE import PROBLEM
from ..gathering import gathered

CHECKS, CATALOGUE, BUILDS_ON, SERVED = gathered(__name__, PROBLEM)
'''

SETTINGS = """\
# What an instructor sets for this assignment; docs/instructor.md explains every line.
title = "TITLE"

# Hidden inputs are drawn from this number: change it for every course, and keep it from students.
seed = 1
"""
