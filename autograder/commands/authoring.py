"""What authors and instructors run: build, verify, demo, matrix."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import Add, jobs, layout_of


def register(command: Add) -> None:
    """Add these commands."""
    made = command("build", build, "Build the notebooks: assignments + solutions -> source_nbs/ -> release/.")
    made.add_argument("--check", action="store_true", help="write nothing; exit 1 and say which files are not current")
    command("verify", verify, "Check every promise made to authors, students and graders; 1 when one is broken.")
    made = command("demo", demo, "Build the release, invent a class of 24, grade it, and say which pages to open.")
    made.add_argument("--jobs", type=jobs, default="auto", metavar="N", help="submissions at once (default: auto)")
    made = command("matrix", matrix, "Grade the grader: all known mistakes and right variants, over many seeds.")
    made.add_argument("--seeds", type=int, default=20, metavar="N", help="course seeds to try (default: 20)")
    made.add_argument("--jobs", type=jobs, default="auto", metavar="N", help="exercises at once (default: auto)")
    made.add_argument("--stem", action="append", default=[], metavar="STEM", help="only this problem; may be repeated")
    made.add_argument("--page", type=Path, metavar="FILE", help="also write the whole matrix as Markdown")


def build(options: argparse.Namespace) -> int:
    """Build the notebooks, or say which are not current."""
    from ..build import build as build_all
    from ..build import stale

    layout = layout_of(options)
    if not options.check:
        build_all(layout.course, layout.assignment)
        print(f"Built {layout.source} and {layout.release}.")
        return 0
    faults = stale(layout.course, layout.assignment)
    for fault in faults:
        print(f"not current: {fault}")
    print("Run `autograder build` and commit the result." if faults else "source_nbs/ and release/ are current.")
    return 1 if faults else 0


def verify(options: argparse.Namespace) -> int:
    """Check the promises."""
    from ..verify import verify as promises

    faults = 0
    for promise in promises(layout_of(options)):
        print(f"{'broken' if promise.faults else 'kept'}: {promise.text}")
        for fault in promise.faults:
            faults += 1
            print(f"    {fault}")
    return 1 if faults else 0


def demo(options: argparse.Namespace) -> int:
    """Show the whole life of an assignment."""
    from ..demo import demo as show

    return show(layout_of(options), options.jobs)


def matrix(options: argparse.Namespace) -> int:
    """Grade the grader."""
    import time

    from ..matrix import all_stems, examine_all, page, sums

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
