"""What runs on Gradescope for each submission: `python -m autograder.batch.gradescope.run /autograder`."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from ...course.built_notebooks import load_sources
from ...course.layout import Layout
from ...course.own_checks import use_course_checks
from ...course.settings import load_config
from ...files.atomic import encoded, write_atomically
from ...grading.record import Record
from ...sandbox import Infrastructure, Refused, Sandbox, Session, open_sandbox
from .bundle import ABOUT, CACHE, COURSE
from .results import failure, results

STUDENT = "submission"
"""In place of a student's name: what Gradescope knows of people is not needed, and is not read."""
_AGAIN = "This says nothing about your submission. Hand it in again, and if it happens again, tell your instructor."


def main(root: Path) -> int:
    """Grade root/submission, write root/results/results.json; 0 where there is a verdict."""
    begun = time.perf_counter()
    code = 1
    try:
        made = results(_graded(root), time.perf_counter() - begun)
        code = 0
    except Refused as error:
        print(error)
        made = failure(f"The autograder could not confine the submission, and so did not run it. {_AGAIN}")
    except (Infrastructure, OSError, MemoryError) as error:
        print(f"{type(error).__name__}: {error}")
        made = failure(f"The machine failed the autograder. {_AGAIN}")
    except Exception:
        # Standard output is the instructors' alone; whatever the fault is, students get a file.
        traceback.print_exc(file=sys.stdout)
        made = failure(f"The autograder itself has a fault. {_AGAIN}")
    _write(root, made)
    return code


def _graded(root: Path) -> Record:
    from ...grading.examiner import Context, grade_submission
    from ...problems import CourseCache, use_built_numbers, use_cache
    from ...sandbox.tiers import best, tier
    from ...submission.reading import read_submission
    from ..keys import base_key, verdict_key

    source = root / "source"
    about = json.loads((source / ABOUT).read_text(encoding="utf-8"))
    layout = Layout(source / COURSE, about["assignment"])
    use_course_checks(layout.course)
    config, sources = load_config(layout), load_sources(layout.source)
    use_built_numbers(layout.source, config)
    use_cache(CourseCache(source / CACHE, about["key"]))
    walls = (tier(about["walls"]) if about["walls"] else best()).name
    submission = read_submission(STUDENT, root / "submission", sources)
    key = verdict_key(base_key(layout, config, walls), submission.digest)
    with ExitStack() as stack:

        @cache
        def sandbox() -> Sandbox:
            # Not before it is needed: where nothing was handed in, nothing has to start.
            return stack.enter_context(open_sandbox(layout.release, walls=walls, limits=config.limits))

        def session(files: Mapping[str, bytes]) -> Session:
            return sandbox().session(dict(files))

        return grade_submission(submission, session, Context(layout.assignment, config.seed, walls), key)


def _write(root: Path, made: dict[str, Any]) -> None:
    write_atomically(
        root / "results" / "results.json", [encoded(json.dumps(made, ensure_ascii=False, indent=1) + "\n")]
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
