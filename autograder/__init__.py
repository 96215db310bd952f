"""Grade the exercises of a chapter on autoencoders: closed forms as judges, verdicts outside the student's process.

`grade` is the one name a check cell imports when plain nbgrader executes it; everything else is behind the command
`autograder`.
"""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["grade"]


def grade(name: str) -> float:
    """Grade the exercise `name` of the notebook that calls this, show the verdict, and return its points.

    The hidden line of a check cell under plain nbgrader: it runs in the student's kernel, so use it for code you trust.
    """
    from .grading.in_kernel import grade_here

    namespace: dict[str, Any] = sys._getframe(1).f_globals
    return grade_here(name, namespace)
