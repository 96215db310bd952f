"""The autograder of this very course for Gradescope, set up by its own script from the package registry: `make test-gradescope`."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from pathlib import Path

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.batch.gradescope.bundle import CACHE
from autograder.cli import main
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from tests.batch.test_gradescope import must_keep_the_rules, unpack
from tests.conftest import ROOT


def test_set_up_and_graded(tmp_path: Path) -> None:
    """setup.sh installs what is in the zip; the reference answers get all points, and what the zip has is not worked out again."""
    root, layout = tmp_path / "autograder", Layout(ROOT, "vae")
    assert main(["bundle", "gradescope", "--course", str(ROOT), "--out", str(tmp_path / "a.zip")]) == 0
    unpack(tmp_path / "a.zip", root / "source")
    notebooks = released(layout.release)
    fill(notebooks, reference_answers(layout.source))
    write_submission(root / "submission", notebooks)
    names = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    where = {**names, "AUTOGRADER_ROOT": str(root), "AUTOGRADER_HOME": str(tmp_path / "home")}
    subprocess.run([root / "source" / "setup.sh"], cwd=root, env=where, check=True, timeout=1800)
    cache = {path.name: path.stat().st_mtime_ns for path in (root / "source" / CACHE).iterdir()}
    exercises = {f"{one.stem}.{name}.examples" for one in load_sources(layout.source) for name in one.exercises}
    assert exercises <= cache.keys()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([root / "source" / "run_autograder"], cwd=root, env=where, check=True, timeout=600)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    must_keep_the_rules(told)
    most = sum(test["max_score"] for test in told["tests"])
    assert round(sum(test["score"] for test in told["tests"]), 4) == round(most, 4) == 100
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{spent:.1f} s of computing outside the walls, {told['execution_time']} s in all")
    assert {path.name: path.stat().st_mtime_ns for path in (root / "source" / CACHE).iterdir()} == cache
