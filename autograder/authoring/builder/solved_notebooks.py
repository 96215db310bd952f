"""Notebooks with the reference answers, run from top to bottom: for instructors, and for a look while writing."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from ...checks.student.notebook import RAISE_NOT_DRAWN, NotDrawn
from ...course.layout import Layout
from ...files.scratch import fresh_folder
from ..sample_submissions import fill, reference_answers, released, write_submission
from . import built_files
from .errors import BuildError
from .release import write_files
from .solution_source import BEGIN, END

SECONDS = 300
# The notebooks are to be looked at; code among the solutions would be taken for some.
_LEFT = ("checks", "data", "requirements.txt", "README.md", "__pycache__", ".ipynb_checkpoints")
Say = Callable[[str], None]


def write_solved(layout: Layout, say: Say) -> Path:
    """Replace `solutions/<assignment>/` by the students' notebooks with answers and outputs; returns that folder.

    nbgrader copies along what lies in source and release only, so that it never gets there. Raises BuildError where a cell
    stops or waits for a function, and then writes nothing.
    """
    target = layout.solutions / layout.assignment
    if (target / "__init__.py").exists():
        raise BuildError(f"{target}: a package of solutions has the name of the assignment; rename one of the two.")
    files = built_files(layout.course, layout.assignment)
    with tempfile.TemporaryDirectory(prefix="autograder-solved-") as place:
        folder = Path(place, layout.assignment)
        run_solved(files, layout.assignment, folder, (), say)
        try:
            fresh_folder(target)
        except ValueError as error:
            raise BuildError(str(error)) from None
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns(*_LEFT), dirs_exist_ok=True)
    return target


def run_solved(
    files: Mapping[str, bytes], assignment: str, folder: Path, stems: Collection[str], say: Say
) -> list[str]:
    """Write the students' folder of a build with the reference answers in it, and run its notebooks; extras last.

    `stems` are the notebooks to run, all and the extras when empty. Returns what was run, without endings.
    """
    release = f"release/{assignment}/"
    with tempfile.TemporaryDirectory() as source:
        write_files(Path(source), {name.rpartition("/")[2]: one for name, one in files.items() if _graded(name)})
        answers = {name: _unmarked(text) for name, text in reference_answers(Path(source)).items()}
    write_files(folder, {name.removeprefix(release): one for name, one in files.items() if name.startswith(release)})
    notebooks = released(folder)
    fill(notebooks, answers)
    write_submission(folder, notebooks)
    extras = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("extras/*.ipynb"))
    chosen = [stem for stem in notebooks if stem in stems] if stems else [*notebooks, *extras]
    for position, place in enumerate(chosen, 1):
        begun = time.monotonic()
        _run(folder / f"{place}.ipynb", place)
        say(f"{place}: run in {time.monotonic() - begun:.0f} s ({position} of {len(chosen)})")
    return chosen


def _graded(name: str) -> bool:
    return name.startswith("source_nbs/") and name.endswith(".ipynb") and "/extras/" not in name


def _unmarked(answer: str) -> str:
    return "\n".join(line for line in answer.splitlines() if line.strip() not in (BEGIN, END))


def _run(path: Path, place: str) -> None:
    """Run a notebook where it lies and write it with its outputs; raises BuildError for the first cell that fails."""
    import nbformat
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        # It warns of how it talks to this very process.
        extra_arguments=["--IPKernelApp.log_level=40"],
    )
    # One thread of linear algebra, no caches left behind; a picture is drawn into the notebook, wherever this runs.
    environment = {**os.environ, RAISE_NOT_DRAWN: "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("MPLBACKEND", None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            client.execute(env=environment)
    except CellExecutionError as error:
        if error.ename == NotDrawn.__name__:
            raise BuildError(
                f"{place}: {_where(notebook)} did not draw. {error.evalue} Mend it, or its solution."
            ) from error
        raise BuildError(f"{place}: {_where(notebook)} stops with {error.ename}: {error.evalue}. Mend it.") from error
    except CellTimeoutError as error:
        raise BuildError(f"{place}: {_where(notebook)} did not end within {SECONDS} seconds. Mend it.") from error
    except NoSuchKernel as error:
        raise BuildError(
            "Running notebooks needs a kernel `python3`; install it with `pip install jupyter`."
        ) from error
    except DeadKernelError as error:
        raise BuildError(f"{place}: {_where(notebook)} ended the kernel. Mend it.") from error
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def _where(notebook: Any) -> str:
    """The cell that was run last."""
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.execution_count is not None]
    failed = [cell for cell in ran if any(output.output_type == "error" for output in cell.outputs)]
    return f"the cell `{(failed or ran or notebook.cells)[-1].id}`"


def as_page(path: Path) -> str:
    """A notebook as one HTML page, its pictures from beside it."""
    from nbconvert import HTMLExporter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body, _ = HTMLExporter().from_filename(str(path))
    return str(body)
