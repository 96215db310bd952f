"""What `python -m checks` found, for programs: a JSON file of our own schema, and the result file of Classroom 50."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..exercise import Problem
from ..rendering import message
from ..verdict import Verdict
from .file_watcher import NotebookRun
from .progress import BREAKS, HOLDS, UNWRITTEN, state

SCHEMA = 1
ABSENT = "no notebook"
STATES = (HOLDS, BREAKS, UNWRITTEN, ABSENT)
CLASSROOM = "classroom50/result/v1"
_NEEDED = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")


class NotWritten(Exception):
    """The file cannot be made; the message says why and what to do."""


Outcome = NotebookRun | str
"""What came of a notebook, or the sentence why it could not be run."""


def report(problems: Sequence[Problem], done: Mapping[str, Outcome], error: str = "") -> dict[str, Any]:
    """The report on the notebooks `done`, by their own names; the others of `problems` are said to be absent."""
    notebooks = [_notebook(problem, done.get(f"{problem.stem}.ipynb")) for problem in problems]
    states = [one["state"] for notebook in notebooks for one in notebook["exercises"]]
    # What was said beside the checks (a cell that hangs, say) is no success either.
    quiet = not any(notebook["notes"] for notebook in notebooks)
    return {
        "schema": SCHEMA,
        "checks": "public",
        "error": error,
        "passed": bool(states) and not error and quiet and all(one == HOLDS for one in states),
        "hold": states.count(HOLDS),
        "exercises": len(states),
        "notebooks": notebooks,
    }


def _notebook(problem: Problem, outcome: Outcome | None) -> dict[str, Any]:
    ran = outcome if isinstance(outcome, NotebookRun) else NotebookRun()
    return {
        "name": f"{problem.stem}.ipynb",
        "title": problem.title,
        "present": outcome is not None,
        "notes": [outcome] if isinstance(outcome, str) else list(ran.notes),
        "exercises": [
            _exercise(one.name, ran.verdicts.get(one.name), one.name in ran.stopped, outcome is not None)
            for one in problem.exercises
        ],
    }


def _exercise(name: str, verdict: Verdict | None, stopped: bool, present: bool) -> dict[str, Any]:
    findings = verdict.findings if verdict else ()
    how = ABSENT if not present else BREAKS if stopped or verdict is None else state(verdict)
    failed = verdict.first_failed if verdict else None
    return {
        "name": name,
        "state": how,
        "held": sum(finding.passed for finding in findings),
        "of": len(findings),
        "mistake": verdict.mistake if verdict else None,
        "message": "the answer cell does not run to its end" if stopped else message(failed) if failed else "",
        "checks": [{"name": one.check, "status": one.status, "must": one.must} for one in findings],
    }


def classroom_result(told: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The result of Classroom 50: one point for each exercise whose checks all hold; raises NotWritten.

    The contract is that of foundation50/classroom50, wiki/Advanced-Autograding.md: whole numbers, and whatever else a
    test says is kept.
    """
    missing = [name for name in _NEEDED if not environment.get(name)]
    if missing:
        raise NotWritten(
            f"The runner of Classroom 50 sets {', '.join(_NEEDED)}, but here there is no {', '.join(missing)}. Elsewhere use "
            "--json FILE."
        )
    tests = [
        {
            "test-name": f"{notebook['name'].removesuffix('.ipynb')}: {one['name']}",
            "passed": one["state"] == HOLDS,
            "score": int(one["state"] == HOLDS),
            "max-score": 1,
            "output": one["message"],
        }
        for notebook in told["notebooks"]
        for one in notebook["exercises"]
    ]
    return {
        "schema": CLASSROOM,
        "classroom": environment["CLASSROOM"],
        "assignment": environment["ASSIGNMENT"],
        "submission": environment["SUBMISSION_TAG"],
        "commit": environment["COMMIT_URL"],
        "release": environment["RELEASE_URL"],
        "review": environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        "datetime": _handed_in(),
        "score": sum(one["score"] for one in tests),
        "max-score": len(tests),
        "tests": tests,
    }


def _handed_in() -> str:
    """When the commit was made that is checked, or now where nobody can say."""
    try:
        asked = subprocess.run(
            ["git", "show", "--no-patch", "--format=%ct", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        seconds = float(asked.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return _iso(datetime.now(UTC))
    return _iso(datetime.fromtimestamp(seconds, UTC))


def _iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file, whole or not at all; raises NotWritten."""
    part = path.with_name(f".{path.name}.part")
    try:
        try:
            part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritten(f"{path} cannot be written ({error.strerror}): choose another place.") from error
