"""What lecturers look at and hand on: report, export, send."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from .arguments import Add, layout_of


def register(command: Add) -> None:
    """Add these commands."""
    made = command("report", report, "Write report/index.html: how the class did, for its lecturer.")
    made.add_argument("--anonymous", action="store_true", help="numbers in place of student ids")
    made.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: report/index.html)")
    made = command("name", name, "Name a group of the class report, for all who behave so; points stay as they are.")
    made.add_argument("group", metavar="GROUP", help="the group, as the class report has it")
    made.add_argument("words", nargs="*", metavar="NAME SENTENCE", help="what it is called, and what students read")
    made.add_argument("--remove", action="store_true", help="take its name away")
    _export(
        command(
            "export", export, "Write points or pages for Canvas, Moodle or a spreadsheet; nothing is sent anywhere."
        )
    )
    _send(command("send", send, "Attach the pages of an export to the submissions in Canvas, as comments."))


def _send(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", type=Path, metavar="FOLDER", help="what `autograder export --format canvas-comments` made")
    add("--url", required=True, metavar="URL", help="the address of your Canvas: https://canvas.example.org")
    add("--course-id", type=int, required=True, metavar="N", help="the number after /courses/ in its address")
    add("--assignment-id", type=int, required=True, metavar="N", help="the number after /assignments/")
    add("--really", action="store_true", help="send (default: only say what would be sent)")


class _Formats:
    """The names of the export formats, looked up only when one is asked for: commands are quick to start."""

    def __iter__(self) -> Iterator[str]:
        from ..output.export import FORMATS

        return iter(FORMATS)


def _export(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    text = "%(choices)s; moodle: its offline worksheet; csv: a column per exercise; canvas-comments, moodle-feedback: pages"
    add("--format", choices=_Formats(), required=True, metavar="FORMAT", help=text)
    add("--out", type=Path, required=True, metavar="FILE", help="the file (canvas-comments: the folder) to write")
    text = "the file downloaded there, to fill in (moodle needs it; the others find mistakes in names by it)"
    add("--from", type=Path, metavar="FILE", dest="roster", help=text)
    text = "gradebook: with points by hand and late penalties; results: the grader's alone (default: auto: the "
    add(
        "--points", choices=("auto", "gradebook", "results"), default="auto", help=f"{text}gradebook, if it is current)"
    )
    add("--column", default="", metavar="NAME", help="the column of the points, as 'Title (1234)' in Canvas")
    add("--id-column", default="", metavar="NAME", help="the column by which students' folders are named")
    add("--out-of", type=float, metavar="N", help="convert the total to this maximum")
    add("--cap", action="store_true", help="cut what extra credit lifts above the maximum")
    add("--skip-unknown", action="store_true", help="leave out, by name, who is not in the file of --from")
    text = "who is in the file of --from without a submission: left as they are, or given 0 (default: leave)"
    add("--absent", choices=("leave", "zero"), default="leave", help=text)
    add("--excel", action="store_true", help="begin a csv with the mark by which Excel knows UTF-8")


def export(options: argparse.Namespace) -> int:
    """Write one file for another tool, and say what is in it and what is not."""
    import sys
    from dataclasses import fields

    from ..batch.console import one_line
    from ..output.export import Request, export

    request = Request(**{field.name: getattr(options, field.name) for field in fields(Request)})
    written = export(layout_of(options), request)
    print(f"{request.out}: {written.students} students, points from {written.source}.", file=sys.stderr)
    for note in written.notes:
        print(one_line(note), file=sys.stderr)
    return 0


def send(options: argparse.Namespace) -> int:
    """Say what would be sent, or send it; 1 where somebody could not be reached."""
    from ..batch.console import one_line
    from ..output.export.canvas_send import Target, send

    target = Target(options.url, options.course_id, options.assignment_id)
    faults = send(options.folder, target, really=options.really, say=lambda text: print(one_line(text), flush=True))
    if not options.really:
        print("Nothing was sent. With --really it is.")
    return 1 if faults else 0


def report(options: argparse.Namespace) -> int:
    """Write the report on a class."""
    from ..output.class_report.page import write_report

    print(write_report(layout_of(options), anonymous=options.anonymous, output=options.out))
    return 0


def name(options: argparse.Namespace) -> int:
    """Give a group a name, another one, or none."""
    from ..output.naming import give_name, take_name

    layout, group = layout_of(options), options.group
    if options.remove and not options.words:
        take_name(layout, group)
        print(f"{group} has no name any more. `autograder regrade` takes it from all who had it.")
    elif not options.remove and len(options.words) == 2:
        path = give_name(layout, group, *options.words)
        print(f"{group} is named in {path}. `autograder regrade` brings the name to all who behave so.")
    else:
        raise ValueError(
            'The command must be `autograder name GROUP "NAME" "SENTENCE"` or `autograder name GROUP --remove`, but has '
            f"{len(options.words)} texts{' and --remove' if options.remove else ''}. Put each text into quotation marks."
        )
    return 0
