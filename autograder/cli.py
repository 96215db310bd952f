"""The command `autograder`: thin, and quick to start; every command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import __doc__ as about
from .layout import Layout

USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors that people can mend come out as one sentence."""
    # One thread of linear algebra a process: the workers are what runs in parallel.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        print("autograder: stopped", file=sys.stderr)
        code = 130
    except (ValueError, OSError, RuntimeError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        code = USAGE if isinstance(error, ValueError) else 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autograder", description=about.split("\n\n")[0])
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.add_argument(
            "--course", type=Path, default=Path(), metavar="DIR", help="the course folder (default: here)"
        )
        made.add_argument("--assignment", default="vae", metavar="NAME", help="the assignment (default: vae)")
        made.set_defaults(run=run)
        return made

    build = command("build", _build, "Build the notebooks: assignments + solutions -> source_nbs/ -> release/.")
    build.add_argument("--check", action="store_true", help="write nothing; exit 1 and say which files are not current")
    command("verify", _verify, "Check every promise made to authors, students and graders; 1 when one is broken.")
    grade = command("grade", _grade, "Grade the submissions in submitted/ that are new or changed.")
    grade.add_argument("--jobs", type=_jobs, default="1", metavar="N", help="submissions at once, or auto (default: 1)")
    grade.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this student; may be repeated"
    )
    grade.add_argument("--no-sandbox", action="store_true", help="without walls: only for submissions you trust")
    grade.add_argument("--force", action="store_true", help="grade anew what has a verdict already")
    grade.add_argument("--json", action="store_true", help="print the summary as JSON to standard output")
    grade.add_argument("-v", "--verbose", action="store_true", help="a line for every submission")
    demo = command("demo", _demo, "Build the release, invent a class of 24, grade it, and say which pages to open.")
    demo.add_argument("--jobs", type=_jobs, default="auto", metavar="N", help="submissions at once (default: auto)")
    matrix = command("matrix", _matrix, "Grade the grader: all known mistakes and right variants, over many seeds.")
    matrix.add_argument("--seeds", type=int, default=20, metavar="N", help="course seeds to try (default: 20)")
    matrix.add_argument("--jobs", type=_jobs, default="auto", metavar="N", help="exercises at once (default: auto)")
    matrix.add_argument("--page", type=Path, metavar="FILE", help="also write the whole matrix as Markdown")
    return parser


def _jobs(text: str) -> int:
    if text == "auto":
        return max(1, len(os.sched_getaffinity(0)))
    try:
        jobs = int(text)
    except ValueError:
        jobs = 0
    if jobs < 1:
        raise argparse.ArgumentTypeError(f"must be auto or a number from 1 up, but is {text!r}")
    return jobs


def _layout(options: argparse.Namespace) -> Layout:
    course = options.course.resolve()
    if not course.is_dir():
        raise ValueError(f"There is no folder {options.course}: name the course folder with --course.")
    layout = Layout(course, options.assignment)
    if not layout.texts.is_dir() and not layout.source.is_dir():
        raise ValueError(
            f"{course} is no course folder with an assignment {options.assignment!r}: "
            f"it has neither assignments/{options.assignment}/ nor source_nbs/{options.assignment}/. "
            "Go to the course folder, or name it with --course."
        )
    return layout


def _build(options: argparse.Namespace) -> int:
    from .build import build, stale

    layout = _layout(options)
    if not options.check:
        build(layout.course, layout.assignment)
        print(f"Built {layout.source} and {layout.release}.")
        return 0
    faults = stale(layout.course, layout.assignment)
    for fault in faults:
        print(f"not current: {fault}")
    print("Run `autograder build` and commit the result." if faults else "source_nbs/ and release/ are current.")
    return 1 if faults else 0


def _verify(options: argparse.Namespace) -> int:
    from .verify import verify

    faults = 0
    for promise in verify(_layout(options)):
        print(f"{'broken' if promise.faults else 'kept'}: {promise.text}")
        for fault in promise.faults:
            faults += 1
            print(f"    {fault}")
    return 1 if faults else 0


def _grade(options: argparse.Namespace) -> int:
    import json

    from .batch import Options, grade_batch
    from .progress import Shown, console, print_summary

    layout = _layout(options)
    to = console()
    shown = Shown(to, options.verbose)
    chosen = Options(options.jobs, tuple(options.student), not options.no_sandbox, options.force)
    try:
        summary = grade_batch(layout, chosen, shown)
    finally:
        shown.end()
    print_summary(summary, layout, to)
    if options.json:
        told = {"states": summary.states, "graded_now": summary.fresh, "failures": summary.failures}
        print(json.dumps(told, ensure_ascii=False, sort_keys=True))
    return summary.exit_code


def _demo(options: argparse.Namespace) -> int:
    from .demo import demo

    return demo(_layout(options), options.jobs)


def _matrix(options: argparse.Namespace) -> int:
    import time

    from .matrix import examine_all, page, sums

    begun = time.perf_counter()
    if options.seeds < 1:
        raise ValueError(f"--seeds must be 1 or more, but is {options.seeds}.")
    matrices = examine_all(_layout(options).stems(), range(options.seeds), options.jobs)
    print(sums(matrices))
    print(f"{time.perf_counter() - begun:.0f} seconds")
    if options.page:
        options.page.write_text(page(matrices), encoding="utf-8")
    faults = [fault for one in matrices for fault in one.faults]
    for fault in faults:
        print(fault)
    return 1 if faults else 0
