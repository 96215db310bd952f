"""What graders run: collect, grade, regrade, bundle, doctor."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..sandbox.tiers import NAMES as TIERS
from .arguments import Add, jobs, layout_of

if TYPE_CHECKING:
    from ..batch.run import Options


def register(command: Add) -> None:
    """Add these commands."""
    made = command(
        "collect", collect, "Fill submitted/ from cloned repositories, or a download of Moodle, Canvas, ILIAS."
    )
    made.add_argument("place", type=Path, metavar="FOLDER", help="a folder of students' folders, or a zip file")
    made.add_argument("--dry-run", action="store_true", help="only say what would be taken for what")
    made.add_argument(
        "--prefix", default="", metavar="TEXT", help="what folders' names begin with before the student's"
    )
    text = "take what differs from what is there; that moves to submitted/.replaced"
    made.add_argument("--replace", action="store_true", help=text)
    _shared(command("grade", grade, "Grade the submissions in submitted/ that are new or changed."))
    again = command("regrade", regrade, "After a change of checks: say whose points change, and write it after a yes.")
    _shared(again)
    again.add_argument("--diff", action="store_true", help="also say which checks and mistakes differ")
    again.add_argument("--yes", action="store_true", help="write without asking")
    made = command("bundle", bundle, "Make the zip file with which another place grades: an autograder for Gradescope.")
    made.add_argument("place", choices=("gradescope",), metavar="PLACE", help="gradescope")
    made.add_argument("--out", type=Path, metavar="FILE", help="the zip file (default: gradescope_NAME.zip)")
    text = "insist on these walls there (default: the best there are)"
    made.add_argument("--walls", choices=TIERS, default="", help=text)
    look = command("doctor", doctor, "Say what this machine has for grading, what is missing, and how to mend it.")
    look.add_argument("--tests", action="store_true", help="also what the tests of this package need")


def _shared(parser: argparse.ArgumentParser) -> None:
    """Add what `grade` and `regrade` share."""
    add = parser.add_argument
    add("--jobs", type=jobs, default="1", metavar="N", help="submissions at once, or auto (default: 1)")
    add("--student", action="append", default=[], metavar="ID", help="only this student; may be repeated")
    add(
        "--except", action="append", default=[], dest="excepted", metavar="ID", help="not this student; may be repeated"
    )
    walls = parser.add_mutually_exclusive_group()
    walls.add_argument("--walls", choices=TIERS, default="", help="insist on these walls (default: the best there are)")
    walls.add_argument("--no-sandbox", action="store_true", help="without walls: only for submissions you trust")
    add("--force", action="store_true", help="grade again what already has a verdict")
    add("--scheduler", default="", metavar="ADDRESS", help="grade on the dask.distributed cluster at this address")
    add("--local-cluster", type=jobs, default=0, metavar="N", help="the same on N processes of this machine, for trial")
    add("--wait", type=float, default=30.0, metavar="SECONDS", help="for a gradebook in use (default: 30)")
    add("--json", action="store_true", help="print the summary as JSON to standard output")
    add("-v", "--verbose", action="store_true", help="a line for every submission")


_OUTCOMES = {"taken": "+", "replaced": "~", "unchanged": "=", "kept": "!", "failed": "!"}


def collect(options: argparse.Namespace) -> int:
    """Say what is whose, and put it into submitted/; 1 where something was not taken."""
    from collections import Counter

    from ..batch.console import one_line
    from ..submission.collecting import files_of, place, sort

    layout = layout_of(options)
    outcomes: Counter[str] = Counter()
    with files_of(options.place) as (files, told):
        kind, piles, more = sort(files, layout.assignment, options.prefix)
        print(f"{options.place} is {kind}.")
        for pile in piles:
            done = place(layout, pile, replace=options.replace, dry=options.dry_run)
            outcomes[done.outcome] += 1
            what = f"{pile.notebooks} notebook{'' if pile.notebooks == 1 else 's'}"
            what += f", {done.others} other file{'' if done.others == 1 else 's'}" if done.others else ""
            said = done.why or (what if done.outcome != "unchanged" else f"{what}, as it is there already")
            print(one_line(f"{_OUTCOMES[done.outcome]} {done.folder.parent.name}  from {pile.where}: {said}"))
            if pile.left and not pile.fault:
                print(one_line(f"    not taken: {', '.join(pile.left[:6])}" + (" …" if len(pile.left) > 6 else "")))
    for sentence in [*told, *more]:
        print(one_line(sentence))
    taken = outcomes["taken"] + outcomes["replaced"]
    open_ = outcomes["kept"] + outcomes["failed"]
    words = "would be taken" if options.dry_run else "taken"
    print(
        f"{taken} {words}, {outcomes['unchanged']} there already, {open_} not taken. Nothing was changed in {options.place}."
    )
    return 1 if open_ else 0


def doctor(options: argparse.Namespace) -> int:
    """Print what was found; 0 where submissions can be confined, otherwise 1."""
    from itertools import chain

    from ..sandbox.machine import best_tier, readings
    from ..sandbox.versions import compared

    for reading in chain(readings(for_tests=options.tests), [compared(options.course)]):
        print(f"{'!' if reading.mend else ' '} {reading.name:<26} {reading.found}")
        if reading.mend:
            print(f"{'':<29}{reading.mend}")
    best = best_tier()
    print(f"\nSubmissions are graded behind the walls {best}." if best else "\nNo walls can be had here.")
    return 0 if best else 1


def bundle(options: argparse.Namespace) -> int:
    """Make the zip file, and say what to do with it."""
    from ..batch.gradescope import bundle as make

    layout = layout_of(options)
    out = options.out or Path(f"gradescope_{layout.assignment}.zip")
    told = make(layout, out, options.walls)
    print(f"{out}: {out.stat().st_size / 2**20:.1f} MB. Upload it as the autograder of a programming assignment.")
    for sentence in told:
        print(sentence)
    print("It holds the hidden checks and the seed: do not give it to students.")
    return 0


def grade(options: argparse.Namespace) -> int:
    """Grade what is new or changed."""
    import json

    from ..batch.console import ProgressBar, console, print_summary
    from ..batch.run import BatchAborted, grade_batch
    from ..sandbox import Refused

    layout = layout_of(options)
    to = console()
    shown = ProgressBar(to, options.verbose)
    try:
        summary = grade_batch(layout, _chosen(options), shown)
    except Refused as error:
        raise BatchAborted(str(error)) from error
    finally:
        shown.end()
    print_summary(summary, layout, to)
    if options.json:
        print(json.dumps(summary.as_dict(), sort_keys=True))
    return summary.exit_code


def _chosen(options: argparse.Namespace) -> Options:
    from ..batch.run import Options

    if options.scheduler and options.local_cluster:
        raise ValueError("--scheduler and --local-cluster exclude each other: name one cluster.")
    return Options(
        jobs=options.jobs,
        students=tuple(options.student),
        excepted=tuple(options.excepted),
        walls="none" if options.no_sandbox else options.walls,
        force=options.force,
        wait=options.wait,
        scheduler=options.scheduler,
        local_cluster=options.local_cluster,
    )


def regrade(options: argparse.Namespace) -> int:
    """Say what would change, and write it after a yes."""
    from ..batch.console import ProgressBar, console
    from ..batch.regrade import regrade as grade_again
    from ..batch.run import BatchAborted
    from ..sandbox import Refused

    layout = layout_of(options)
    to = console()
    shown = ProgressBar(to, options.verbose)
    try:
        return grade_again(
            layout, _chosen(options), shown, to, details=options.diff, yes=options.yes, as_json=options.json
        )
    except Refused as error:
        raise BatchAborted(str(error)) from error
    finally:
        shown.end()
