"""What graders run: grade, regrade."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from . import Add, jobs, layout_of

if TYPE_CHECKING:
    from ..batch import Options


def register(command: Add) -> None:
    """Add these commands."""
    _shared(command("grade", grade, "Grade the submissions in submitted/ that are new or changed."))
    again = command("regrade", regrade, "After a change of checks: say whose points change, and write it after a yes.")
    _shared(again)
    again.add_argument("--diff", action="store_true", help="also say which checks and mistakes differ")
    again.add_argument("--yes", action="store_true", help="write without asking")


def _shared(parser: argparse.ArgumentParser) -> None:
    """Add what `grade` and `regrade` share."""
    add = parser.add_argument
    add("--jobs", type=jobs, default="1", metavar="N", help="submissions at once, or auto (default: 1)")
    add("--student", action="append", default=[], metavar="ID", help="only this student; may be repeated")
    add("--no-sandbox", action="store_true", help="without walls: only for submissions you trust")
    add("--force", action="store_true", help="grade anew what has a verdict already")
    add("--scheduler", default="", metavar="ADDRESS", help="grade on the dask.distributed cluster at this address")
    add("--local-cluster", type=jobs, default=0, metavar="N", help="the same on N processes of this machine, for trial")
    add("--wait", type=float, default=30.0, metavar="SECONDS", help="for a gradebook in use (default: 30)")
    add("--json", action="store_true", help="print the summary as JSON to standard output")
    add("-v", "--verbose", action="store_true", help="a line for every submission")


def grade(options: argparse.Namespace) -> int:
    """Grade what is new or changed."""
    import json

    from ..batch import Stuck, grade_batch
    from ..progress import Shown, console, print_summary
    from ..sandbox import Refused

    layout = layout_of(options)
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
    from ..batch import Options

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


def regrade(options: argparse.Namespace) -> int:
    """Say what would change, and write it after a yes."""
    from ..batch import Stuck
    from ..progress import Shown, console
    from ..regrade import regrade as grade_again
    from ..sandbox import Refused

    layout = layout_of(options)
    to = console()
    shown = Shown(to, options.verbose)
    try:
        return grade_again(
            layout, _chosen(options), shown, to, details=options.diff, yes=options.yes, as_json=options.json
        )
    except Refused as error:
        raise Stuck(str(error)) from error
    finally:
        shown.end()
