"""The commands by who uses them; every one imports what it needs when it runs, so that the help is quick."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from ..course.layout import STEM, Layout
from ..course.own_checks import use_course_checks
from .help import MORE

Command = Callable[[argparse.Namespace], int]
Add = Callable[[str, Command, str], argparse.ArgumentParser]


def adder(parser: argparse.ArgumentParser) -> Add:
    """Give the function that adds a command, with the options that all of them have, to a parser."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=MORE[name].strip("\n"),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.add_argument(
            "--course", type=Path, default=Path(), metavar="DIR", help="the course folder (default: here)"
        )
        made.add_argument("--assignment", metavar="NAME", help="the assignment (default: the only one there is)")
        made.set_defaults(run=run)
        return made

    return add


def jobs(text: str) -> int:
    """Read a number of things done at once; `auto` is one a core."""
    if text == "auto":
        return max(1, len(os.sched_getaffinity(0)))
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be auto or a number from 1 up, but is {text!r}")
    return number


def layout_of(options: argparse.Namespace) -> Layout:
    """Find the course folder and the assignment that are meant; raises ValueError when they are not there."""
    course = options.course.resolve()
    if not course.is_dir():
        raise ValueError(f"There is no folder {options.course}: name the course folder with --course.")
    layout = Layout(course, options.assignment or _only_assignment(course))
    if not layout.texts.is_dir() and not layout.source.is_dir():
        raise ValueError(
            f"{course} is no course folder with an assignment {options.assignment!r}: "
            f"it has neither assignments/{options.assignment}/ nor source_nbs/{options.assignment}/. "
            "Go to the course folder, or name it with --course."
        )
    use_course_checks(course)
    return layout


def _only_assignment(course: Path) -> str:
    """The assignment of a course folder that has one; raises ValueError where it has none, or several."""
    texts = {path.parent.name for path in course.glob("assignments/*/*.md") if STEM.fullmatch(path.stem)}
    found = sorted(texts or {path.parent.name for path in course.glob("source_nbs/*/*.ipynb")})
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"{course} has several assignments: name one of them with --assignment: {', '.join(found)}.")
    raise ValueError(
        f"{course} is no course folder: there is no assignment in its assignments/, nor in source_nbs/. Go to the course "
        "folder, or name it with --course."
    )
