"""The command `autograder`: thin, and quick to start; every command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import __doc__ as about
from .layout import Layout

if TYPE_CHECKING:
    from .batch import Options

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
    _grading(command("grade", _grade, "Grade the submissions in submitted/ that are new or changed."))
    again = command("regrade", _regrade, "After a change of checks: say whose points change, and write it after a yes.")
    _grading(again)
    again.add_argument("--diff", action="store_true", help="also say which checks and mistakes differ")
    again.add_argument("--yes", action="store_true", help="write without asking")
    demo = command("demo", _demo, "Build the release, invent a class of 24, grade it, and say which pages to open.")
    demo.add_argument("--jobs", type=_jobs, default="auto", metavar="N", help="submissions at once (default: auto)")
    matrix = command("matrix", _matrix, "Grade the grader: all known mistakes and right variants, over many seeds.")
    matrix.add_argument("--seeds", type=int, default=20, metavar="N", help="course seeds to try (default: 20)")
    matrix.add_argument("--jobs", type=_jobs, default="auto", metavar="N", help="exercises at once (default: auto)")
    matrix.add_argument(
        "--stem", action="append", default=[], metavar="STEM", help="only this problem; may be repeated"
    )
    matrix.add_argument("--page", type=Path, metavar="FILE", help="also write the whole matrix as Markdown")
    return parser


def _grading(parser: argparse.ArgumentParser) -> None:
    """Add what `grade` and `regrade` share."""
    add = parser.add_argument
    add("--jobs", type=_jobs, default="1", metavar="N", help="submissions at once, or auto (default: 1)")
    add("--student", action="append", default=[], metavar="ID", help="only this student; may be repeated")
    add("--no-sandbox", action="store_true", help="without walls: only for submissions you trust")
    add("--force", action="store_true", help="grade anew what has a verdict already")
    add("--scheduler", default="", metavar="ADDRESS", help="grade on the dask.distributed cluster at this address")
    add(
        "--local-cluster", type=_jobs, default=0, metavar="N", help="the same on N processes of this machine, for trial"
    )
    add("--wait", type=float, default=30.0, metavar="SECONDS", help="for a gradebook in use (default: 30)")
    add("--json", action="store_true", help="print the summary as JSON to standard output")
    add("-v", "--verbose", action="store_true", help="a line for every submission")


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

    from .batch import Stuck, grade_batch
    from .progress import Shown, console, print_summary
    from .sandbox import Refused

    layout = _layout(options)
    to = console()
    shown = Shown(to, options.verbose)
    try:
        summary = grade_batch(layout, _chosen(options), shown)
    except Refused as error:
        raise Stuck(str(error)) from error
    finally:
        shown.end()
    print_summary(summary, layout, to)
    if options.json:
        print(json.dumps(summary.told(), sort_keys=True))
    return summary.exit_code


def _chosen(options: argparse.Namespace) -> Options:
    from .batch import Options

    if options.scheduler and options.local_cluster:
        raise ValueError("--scheduler and --local-cluster exclude each other: name one cluster.")
    return Options(
        jobs=options.jobs,
        students=tuple(options.student),
        walls=not options.no_sandbox,
        force=options.force,
        wait=options.wait,
        scheduler=options.scheduler,
        local_cluster=options.local_cluster,
    )


def _regrade(options: argparse.Namespace) -> int:
    from .batch import Stuck
    from .progress import Shown, console
    from .regrade import regrade
    from .sandbox import Refused

    layout = _layout(options)
    to = console()
    shown = Shown(to, options.verbose)
    try:
        return regrade(layout, _chosen(options), shown, to, details=options.diff, yes=options.yes, as_json=options.json)
    except Refused as error:
        raise Stuck(str(error)) from error
    finally:
        shown.end()


def _demo(options: argparse.Namespace) -> int:
    from .demo import demo

    return demo(_layout(options), options.jobs)


def _matrix(options: argparse.Namespace) -> int:
    import time

    from .matrix import all_stems, examine_all, page, sums

    begun = time.perf_counter()
    if options.seeds < 1:
        raise ValueError(f"--seeds must be 1 or more, but is {options.seeds}.")
    stems = options.stem or all_stems()
    matrices = examine_all(stems, range(options.seeds), options.jobs)
    print(sums(matrices))
    print(f"{time.perf_counter() - begun:.0f} seconds")
    if options.page:
        options.page.write_text(page(matrices), encoding="utf-8")
    faults = [fault for one in matrices for fault in one.faults]
    for fault in faults:
        print(fault)
    return 1 if faults else 0
