"""What authors and instructors run: build, verify, demo, matrix."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..course.layout import Layout, module_name
from ..course.own_checks import own_files, use_course_checks
from .arguments import Add, jobs, layout_of


def register(command: Add) -> None:
    """Add these commands."""
    made = command("build", build, "Build the notebooks: assignments + solutions -> source_nbs/ -> release/.")
    made.add_argument("--check", action="store_true", help="write nothing; exit 1 and say which files are not current")
    made.add_argument(
        "--solved",
        action="store_true",
        help="also run the notebooks with the reference answers, into solutions/<assignment>/",
    )
    made = command("new", new, "Begin a problem, or one exercise more, as a small example that works.")
    made.add_argument("stem", metavar="STEM", nargs="?", help="its number and name, like 06_flows")
    made.add_argument("--exercise", metavar="NAME", help="begin an exercise of that name in the problem --problem")
    made.add_argument("--problem", metavar="STEM", help="the problem that gets the exercise, like 03_gaussian_kl")
    made = command(
        "preview", preview, "Build elsewhere, run with the reference answers, and open the pages in a browser."
    )
    made.add_argument("stem", metavar="STEM", nargs="*", help="only these notebooks (default: all, with the extras)")
    made.add_argument("--no-open", action="store_true", help="only print where the page is")
    command("verify", verify, "Check every promise made to authors, students and graders; 1 when one is broken.")
    made = command("mistakes", mistakes, "List the known mistakes of every exercise, and what students are told.")
    made.add_argument("stem", metavar="STEM", nargs="*", help="only these notebooks (default: all)")
    made.add_argument(
        "--into", type=Path, metavar="FILE", help="bring the table in this Markdown file up to date instead"
    )
    made = command("demo", demo, "Build the release, invent a class of 24, grade it, and say which pages to open.")
    made.add_argument("--jobs", type=jobs, default="auto", metavar="N", help="submissions at once (default: auto)")
    made = command("matrix", matrix, "Grade the grader: all known mistakes and right variants, over many seeds.")
    made.add_argument("--seeds", type=int, default=20, metavar="N", help="course seeds to try (default: 20)")
    made.add_argument("--jobs", type=jobs, default="auto", metavar="N", help="exercises at once (default: auto)")
    made.add_argument("--stem", action="append", default=[], metavar="STEM", help="only this problem; may be repeated")
    made.add_argument("--page", type=Path, metavar="FILE", help="also write the whole matrix as Markdown")


def build(options: argparse.Namespace) -> int:
    """Build the notebooks, or say which are not current."""
    from ..authoring.builder import build as build_all
    from ..authoring.builder import stale

    layout = layout_of(options)
    if options.check and options.solved:
        raise ValueError("--check writes nothing, and --solved is there to write: choose one.")
    if not options.check:
        build_all(layout.course, layout.assignment)
        print(f"Built {layout.source} and {layout.release}.")
        if options.solved:
            from ..authoring.builder.solved_notebooks import write_solved

            print(f"Solved: {write_solved(layout, print)}.")
        return 0
    faults = stale(layout.course, layout.assignment)
    for fault in faults:
        print(f"not current: {fault}")
    print("Run `autograder build` and commit the result." if faults else "source_nbs/ and release/ are current.")
    return 1 if faults else 0


def new(options: argparse.Namespace) -> int:
    """Write the files of a problem or of one exercise more, and say what to do next."""
    from ..authoring import add_exercise, create

    stem = options.problem if options.exercise else options.stem
    if not stem or (options.stem and options.exercise) or (options.problem and not options.exercise):
        raise ValueError(
            "Say what to begin: `autograder new STEM` a problem, `autograder new --exercise NAME --problem STEM` an exercise."
        )

    course = options.course.resolve()
    if not course.is_dir():
        raise ValueError(f"There is no folder {options.course}: name the course folder with --course.")
    if not options.assignment and not any(course.glob("assignments/*/*.md")) and not (course / "source_nbs").exists():
        raise ValueError(
            f"{course} has no assignment yet: `autograder new {stem} --assignment NAME` begins a course with one."
        )
    layout = Layout(course, options.assignment) if options.assignment else layout_of(options)
    if options.exercise:
        for path in add_exercise(layout, stem, options.exercise):
            print(f"wrote {path.relative_to(course)}")
        print(
            f"\nIt works as it is: `autograder build`, then `autograder matrix --stem {stem}`. Then make it yours: move its part "
            "of the text\nto its place, write the solution, its checks and the mistakes you expect (docs/author.md)."
        )
        return 0
    for path in create(layout, stem):
        print(f"wrote {path.relative_to(course)}")
    print(
        "\nIt works as it is: `autograder build`, then `autograder verify`. Look at it with "
        f"`autograder preview {stem}`.\nThen make it yours, one file at a time (docs/author.md says how): text, solution, "
        f"laws, hidden checks with the mistakes\nyou expect. `autograder matrix --stem {stem}` says whether each is caught "
        "and named."
    )
    return 0


def preview(options: argparse.Namespace) -> int:
    """Show the notebooks as students will see them when they are done."""
    import webbrowser

    from ..authoring import preview as show

    page = show(layout_of(options), options.stem, print)
    print(page)
    if not options.no_open and not webbrowser.open(page.as_uri()):
        print("No browser could be opened here: open that file yourself.")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Check the promises."""
    from ..authoring.verify import verify as promises
    from ..course.settings import ConfigError, load_config, note_on_seed

    faults, layout = 0, layout_of(options)
    for promise in promises(layout):
        print(f"{'broken' if promise.faults else 'kept'}: {promise.text}")
        for fault in promise.faults:
            faults += 1
            print(f"    {fault}")
    try:
        note = note_on_seed(load_config(layout))
    except ConfigError:
        # Which setting cannot be used was said among the promises.
        note = ""
    if note:
        print(f"note: {note}")
    return 1 if faults else 0


def demo(options: argparse.Namespace) -> int:
    """Show the whole life of an assignment."""
    from ..authoring.demo import demo as show

    return show(layout_of(options), options.jobs)


def mistakes(options: argparse.Namespace) -> int:
    """Say what the autograder recognises."""
    from ..authoring.mistake_list import listed, write_table

    layout = layout_of(options)
    unknown = sorted(set(options.stem) - set(layout.stems()))
    if unknown:
        raise ValueError(f"There is no notebook {unknown[0]}; there are {', '.join(layout.stems())}.")
    if options.into is None:
        print(listed(layout, options.stem))
    else:
        changed = write_table(layout, options.into)
        print(f"{options.into}: {'brought up to date' if changed else 'is up to date'}.")
    return 0


def matrix(options: argparse.Namespace) -> int:
    """Grade the grader."""
    import time

    from ..authoring.kill_matrix import all_stems, examine_all, page, sums, unneeded

    use_course_checks(options.course)
    begun = time.perf_counter()
    if options.seeds < 1:
        raise ValueError(f"--seeds must be 1 or more, but is {options.seeds}.")
    own = {path.stem if path.stem != "__init__" else path.parent.name for path in own_files(options.course)}
    stems = options.stem or [stem for stem in all_stems() if not own or module_name(stem) in own]
    matrices = examine_all(stems, range(options.seeds), options.jobs)
    print(sums(matrices))
    print(f"{time.perf_counter() - begun:.0f} seconds")
    for told in unneeded(matrices):
        print(told)
    if options.page:
        options.page.write_text(page(matrices), encoding="utf-8")
    faults = [fault for one in matrices for fault in one.faults]
    for fault in faults:
        print(fault)
    return 1 if faults else 0
