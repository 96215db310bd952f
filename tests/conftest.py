from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograder.course.layout import Layout
from autograder.course.own_checks import use_course_checks
from autograder.course.settings import Config
from autograder.problems import use_cache, use_numbers
from autograder.sandbox import Limits, Refused, Sandbox, open_sandbox
from tests.helpers.worked_out import OfEachSeed

ROOT = Path(__file__).parent.parent
# Short for what never ends, yet many times what honest work takes, also where the machine is slow or shared.
QUICK = Limits(cell_seconds=4, call_seconds=2, exercise_seconds=12, submission_seconds=120, wall_extra=5)

# How long an example takes is the machine's doing; outside CI hypothesis would go by it.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# nbgrader starts alembic by name, and tests may run without the environment being activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Where a machine sets it, each of the many processes that tests start would compile all its packages anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Files that take longest, by what they do: begun first, or one core is idle while the other works through the last.
LONGEST = (
    "checks/student/test_jupyterlab",
    "repository/test_fresh_clone",
    "repository/test_docs_commands",
    "grading/test_in_kernel",
    "course/test_own_course",
    "hostile/test_attacks",
    "sandbox/test_session",
    "hidden/test_catalogue",
    "repository/test_wheel",
    "batch/test_endurance",
    "batch/test_run",
    "authoring/test_verify",
    "authoring/test_demo",
    "output/test_nbgrader_tools",
    "batch/test_dask_pool",
    "batch/test_breakdowns",
    "checks/student/test_terminal",
    "checks/test_names_in_the_notebook",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    places = {ROOT / "tests" / f"{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


def needs_bubblewrap() -> None:
    """Skip a test that needs walls where there are none to be had, which CI does not allow."""
    if shutil.which("bwrap") is None and not os.environ.get("CI"):
        pytest.skip("needs bubblewrap: bwrap is not installed")


def copy_course(target: Path) -> Layout:
    """Copy what a course folder needs from this repository; the built folders are the committed ones."""
    for name in ("assignments", "source_nbs", "release", "solutions"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, target / name)
    return Layout(target, "vae")


@pytest.fixture(scope="session")
def committed() -> Layout:
    """The repository itself as a course folder: only to be read."""
    return Layout(ROOT, "vae")


@pytest.fixture(scope="module", autouse=True)
def _same_beginning() -> Iterator[None]:
    """Have each file of tests begin with the problems and numbers of a new process, whatever ran before it."""
    yield
    use_course_checks(ROOT)
    # Forgets what was kept of other numbers as well.
    use_numbers(Config())


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder of this run, the same in all its processes."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if hasattr(request.config, "workerinput") else own) / "worked_out"


@pytest.fixture(scope="module")
def one_cache(shared: Path) -> Iterator[None]:
    """Keep banks and tables for all tests that ask exercises."""
    use_cache(OfEachSeed(shared, "tests"))
    yield
    use_cache(None)


@pytest.fixture
def course(tmp_path: Path) -> Layout:
    """A course folder of the test's own."""
    return copy_course(tmp_path / "course")


@pytest.fixture
def small(tmp_path: Path) -> Layout:
    """A small course folder of the test's own."""
    # It is built from this module's own folders.
    from tests.helpers.small_course import small_course

    return small_course(tmp_path / "course")


@pytest.fixture(scope="session")
def toy_built(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The toy course, built by the command: only to be read."""
    from tests.helpers.toy_course import run, toy_course

    layout = toy_course(tmp_path_factory.mktemp("toy") / "course")
    done = run(layout, "build")
    assert (done.returncode, done.stderr) == (0, "")
    return layout


@pytest.fixture
def toy(toy_built: Layout, tmp_path: Path) -> Iterator[Layout]:
    """A built toy course of the test's own; what the process used of it is forgotten afterwards."""
    shutil.copytree(toy_built.course, tmp_path / "course")
    yield Layout(tmp_path / "course", toy_built.assignment)
    use_course_checks(ROOT)


@pytest.fixture(scope="session")
def walled(committed: Layout) -> Iterator[Sandbox]:
    """A sandbox with walls; skipped with a reason where bubblewrap cannot be had, which CI does not allow."""
    try:
        sandbox = open_sandbox(committed.release, walls="namespaces", limits=QUICK)
    except Refused as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"needs bubblewrap: {error}")
    with sandbox:
        yield sandbox
