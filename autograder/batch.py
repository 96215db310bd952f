"""Grade many submissions: several at once, resumable after any end, one writer of results and gradebook."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from .alone import Busy, alone
from .config import FILE, load_config
from .engine import Batch, Options, Progress, Stuck, Summary, named_errors
from .finish import update_gradebook, write_results
from .journal import Journal, Line
from .keys import base_key, key_parts
from .layout import Layout
from .notebooks import load_sources
from .pages import mark_of, write_pages
from .points import not_built
from .stopping import Stop, StopNow, stoppable

if TYPE_CHECKING:
    from .worker import Done

__all__ = [
    "Busy",
    "Options",
    "Progress",
    "Stuck",
    "Summary",
    "UsageError",
    "default_jobs",
    "grade_batch",
    "students_of",
]

# What no other submission escapes either: going on would only fail every one of them.
_HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EFBIG}


class UsageError(ValueError):
    """The command cannot do what was asked; the message says what must hold and what to do."""


def students_of(layout: Layout, asked: Sequence[str] = ()) -> list[str]:
    """The students with a folder in submitted/, or those asked for; raises UsageError for one who has none."""
    if not layout.submitted.is_dir():
        raise UsageError(
            f"There is no folder {layout.submitted}. Put submissions into submitted/<student>/{layout.assignment}/, "
            "or name the course folder with --course."
        )
    there = sorted(path.name for path in layout.submitted.iterdir() if path.is_dir() and not path.name.startswith("."))
    unknown = sorted(set(asked) - set(there))
    if unknown:
        raise UsageError(f"There is no folder for {', '.join(unknown)} in {layout.submitted}.")
    return sorted(set(asked)) if asked else there


def default_jobs() -> int:
    """As many workers as this process may use cores."""
    return max(1, len(os.sched_getaffinity(0)))


def grade_batch(layout: Layout, options: Options, progress: Progress) -> Summary:
    """Grade what is new or changed in submitted/, write results and gradebook; raises UsageError, Refused, Stuck."""
    students = students_of(layout, options.students)
    with opened(layout, options, progress) as (batch, stop):
        journal, summary = batch.journal, batch.summary
        note_start(batch, len(students))
        try:
            batch.grade(students, stop, lambda done: store(layout, journal, done))
            finish(layout, journal, students, options, summary)
        except StopNow:
            summary.interrupted = True
        with named_errors(journal.path):
            journal.note("end", fresh=summary.fresh, failed=len(summary.failures), interrupted=summary.interrupted)
    return summary


@contextmanager
def opened(layout: Layout, options: Options, progress: Progress) -> Iterator[tuple[Batch, Stop]]:
    """Hold the lock and the log of a course folder, prepared to grade; raises UsageError, Busy, Stuck."""
    from .worker import Job

    sources = load_sources(layout.source)
    config = load_config(layout)
    job = Job(layout, config, base_key(layout, config, _isolation(options)), options.walls)
    log = layout.results / f"{layout.assignment}.log.jsonl"
    with ExitStack() as stack:
        stop = stack.enter_context(stoppable())
        with named_errors(log):
            lock = stack.enter_context(alone(layout))
            _must_be_writable(layout)
            journal = stack.enter_context(Journal(log))
        batch = Batch(job, options, journal, progress, [lock])
        if journal.damaged:
            batch.summary.notes.append(
                f"{journal.damaged} damaged lines in {log} were left out; what they were about is graded again."
            )
        if not (layout.texts / FILE).is_file():
            batch.summary.notes.append(
                f"There is no {layout.texts / FILE}: the hidden inputs were drawn from seed 0, which everybody can know. "
                "Copy that file from where the notebooks were built, before points count."
            )
        if told := not_built(config, {name: one for source in sources for name, one in source.points.items()}):
            batch.summary.notes.append(told)
        yield batch, stop


def _isolation(options: Options) -> str:
    return "bubblewrap" if options.walls else "none"


def _must_be_writable(layout: Layout) -> None:
    """Raise OSError before anything is graded where results or pages could not be written; makes no folder."""
    for folder in (layout.results, layout.feedback, layout.autograded):
        trial = (folder if os.path.lexists(folder) else layout.course) / f".{layout.assignment}.trial"
        try:
            trial.write_bytes(b"x")
            trial.unlink()
        except OSError as error:
            error.filename = str(folder)
            raise


def note_start(batch: Batch, students: int, event: str = "start") -> None:
    """Write into the log what is about to be graded, and by what."""
    job, journal = batch.job, batch.journal
    parts = key_parts(job.layout, job.config, _isolation(batch.options))
    with named_errors(journal.path):
        journal.note(event, students=students, jobs=batch.options.jobs, grader=parts)


def store(layout: Layout, journal: Journal, done: Sequence[Done]) -> dict[str, str]:
    """Write the files of these verdicts, then the verdicts, and wait until those are on the disk; raises Stuck.

    Returns whose files could not be written, and why.
    """
    lines, failed = [], {}
    with named_errors(journal.path):
        for one in done:
            try:
                write_pages(layout, one.student, one.pages)
            except OSError as error:
                if error.errno in _HOPELESS:
                    raise
                failed[one.student] = f"its feedback cannot be written: {error}"
            else:
                lines.append(Line(one.result, one.present, one.seconds, mark_of(one.pages), one.spent))
        journal.verdicts(lines)
    return failed


def finish(layout: Layout, journal: Journal, students: Sequence[str], options: Options, summary: Summary) -> None:
    """Write results and gradebook from the log, for every student who still has a folder; raises Stuck."""
    everyone = students_of(layout)
    counted = [student for student in students if student not in summary.failures]
    with named_errors(layout.results):
        summary.states, digest = write_results(layout, journal, everyone, counted)
        try:
            update_gradebook(layout, journal, everyone, digest, options.wait, options.force)
        except RuntimeError as error:
            summary.trouble.append(str(error))
