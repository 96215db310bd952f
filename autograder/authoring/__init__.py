"""What authors use while they write a problem: a working start, and a look at what students will see."""

from __future__ import annotations

from .new_problem import add_exercise, create
from .preview import preview

__all__ = ["add_exercise", "create", "preview"]
