"""A cohort for measuring: a fixed mix of right, wrong and unfinished submissions in a course folder of its own.

`BENCH_NOTEBOOKS="03_gaussian_kl ..."` in the environment measures these notebooks alone.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from autograder.authoring.sample_submissions import answer_to, fill, reference_answers, released, write_submission
from autograder.course.layout import Layout
from autograder.problems import mistakes, public, variants

ROOT = Path(__file__).parent.parent


def course(target: Path) -> Layout:
    """Copy what a course folder needs from this repository."""
    for name in ("assignments", "source_nbs", "release"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, target / name)
    layout = Layout(target, "vae")
    only = os.environ.get("BENCH_NOTEBOOKS", "").split()
    for path in (*layout.source.glob("*.ipynb"), *layout.release.glob("*.ipynb")):
        if only and path.stem not in only:
            path.unlink()
    return layout


def without_pictures(layout: Layout) -> None:
    """Drop the cells that only draw, so that everybody runs the same cells."""
    for path in (*layout.source.glob("*.ipynb"), *layout.release.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"] = [cell for cell in notebook["cells"] if "draws" not in cell["metadata"].get("tags", [])]
        path.write_text(json.dumps(notebook), encoding="utf-8")


def fill_course(layout: Layout, count: int) -> None:
    """Write `count` submissions: of every ten, five right in different ways, four with mistakes, one half-written."""
    right = reference_answers(layout.source)
    every = [(stem, exercise) for stem in layout.stems() for exercise in public(stem).exercises]
    exercises = [(stem, exercise) for stem, exercise in every if exercise.name in right]
    for number in range(count):
        given = dict(right)
        kind = number % 10
        if kind < 5:
            for stem, exercise in exercises:
                name = exercise.name
                known = [one for one in variants(stem, name) if hasattr(one, "__code__")]
                if kind and known:
                    given[name] = answer_to(exercise, known[number % len(known)], right[name])
        elif kind < 9:
            for step in range(3):
                stem, exercise = exercises[(number + 5 * step) % len(exercises)]
                name, known_mistakes = exercise.name, mistakes(stem, exercise.name)
                given[name] = answer_to(exercise, known_mistakes[number % len(known_mistakes)].function, right[name])
        else:
            given = {name: text for turn, (name, text) in enumerate(right.items()) if turn % 2}
        notebooks = released(layout.release)
        fill(notebooks, given)
        write_submission(layout.submitted / f"s{number:06d}" / layout.assignment, notebooks)
