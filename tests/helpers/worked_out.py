"""What is worked out once for the exercises, for all processes of a test run."""

from __future__ import annotations

from typing import Any

from autograder.problems import CourseCache


class OfEachSeed(CourseCache):
    """A cache that keeps what belongs to several seeds: a course has one."""

    def load(self, name: str, seed: int) -> Any:
        """What was stored for this seed; raises LookupError."""
        return CourseCache(self.folder / str(seed), self.key).load(name, seed)

    def store(self, name: str, seed: int, value: Any) -> None:
        """Store it beside that of other seeds."""
        CourseCache(self.folder / str(seed), self.key).store(name, seed, value)
