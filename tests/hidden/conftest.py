"""What is worked out once for the exercises serves all processes that run these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.problems import CourseCache, use_cache


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder of this run, the same in all its processes."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if hasattr(request.config, "workerinput") else own) / "worked_out"


@pytest.fixture(autouse=True, scope="module")
def one_cache(shared: Path) -> Iterator[None]:
    """Keep banks and tables for the other tests of this folder."""
    use_cache(CourseCache(shared, "tests"))
    yield
    use_cache(None)
