"""The student's own check: laws and fixed numbers, never the final grade.

In a notebook, `check("gaussian_kl")` after the answer cell shows what holds and, for the first thing that does not, the
smallest input that breaks it; `progress()` at its end shows what is left. `python -m checks` does both in a terminal.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    raise ImportError("The checks need Python 3.11 or newer, and this is Python {}.{}.".format(*sys.version_info))

from .student.notebook import CheckFailed, check, needs, todo
from .student.progress import progress

__all__ = ["CheckFailed", "check", "needs", "progress", "todo"]
