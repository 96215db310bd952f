"""Grade many submissions: several at once, resumable after any end, one writer of results and gradebook."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from ..course.built_notebooks import load_sources, not_built, points_of, written_points_of
from ..course.layout import Layout
from ..course.links import must_have_no_lost_links
from ..course.settings import FILE, Config, load_config, note_on_seed
from ..output.student_files import mark_of, write_pages
from ..sandbox.tiers import best, lacks, strongest, tier, weaker
from .conclude import needs_nbgrader, update_gradebook, write_results
from .interrupts import Stop, StopNow, stoppable
from .journal import Journal, LoggedVerdict
from .lock import Busy, course_lock
from .model import BatchAborted, BatchSpec, Graded, Options, Pool, Progress, Summary, named_errors
from .scheduler import Scheduler

__all__ = [
    "BatchAborted",
    "Busy",
    "Options",
    "Progress",
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


def students_of(layout: Layout, asked: Sequence[str] = (), excepted: Sequence[str] = ()) -> list[str]:
    """The students with a folder in submitted/, or those asked for, but for the excepted.

    Raises UsageError for one who has none.
    """
    if not layout.submitted.is_dir():
        raise UsageError(
            f"There is no folder {layout.submitted}. Put submissions into submitted/<student>/{layout.assignment}/, "
            "or name the course folder with --course."
        )
    there = sorted(path.name for path in layout.submitted.iterdir() if path.is_dir() and not path.name.startswith("."))
    unknown = sorted({*asked, *excepted} - set(there))
    if unknown:
        raise UsageError(f"There is no folder for {', '.join(unknown)} in {layout.submitted}.")
    return sorted(set(asked or there) - set(excepted))


def default_jobs() -> int:
    """As many workers as this process may use cores."""
    return max(1, len(os.sched_getaffinity(0)))


def grade_batch(layout: Layout, options: Options, progress: Progress) -> Summary:
    """Grade what is new or changed in submitted/, write results and gradebook; raises UsageError, Refused, BatchAborted."""
    students = students_of(layout, options.students, options.excepted)
    with opened(layout, options, progress) as (scheduler, stop):
        journal, summary = scheduler.journal, scheduler.summary
        note_start(scheduler, options, len(students))
        try:
            if needs_nbgrader(layout, options.force):
                scheduler.meanwhile.append(load_gradebook)
            scheduler.grade(students, stop, lambda done: store(layout, journal, done))
            finish(layout, journal, students, options, summary)
        except StopNow:
            summary.interrupted = True
        with named_errors(journal.path):
            journal.note("end", fresh=summary.fresh, failed=len(summary.failures), interrupted=summary.interrupted)
    return summary


@contextmanager
def opened(layout: Layout, options: Options, progress: Progress) -> Iterator[tuple[Scheduler, Stop]]:
    """Hold the lock and the log of a course folder, prepared to grade; raises UsageError, Busy, BatchAborted."""
    must_have_no_lost_links(layout)
    load_sources(layout.source)
    config = load_config(layout)
    spec = BatchSpec.of(layout, config, chosen_walls(options.walls))
    log = layout.results / f"{layout.assignment}.log.jsonl"
    with ExitStack() as stack:
        stop = stack.enter_context(stoppable())
        with named_errors(log):
            lock = stack.enter_context(course_lock(layout))
            _must_be_writable(layout)
            journal = stack.enter_context(Journal(log))

        def numbers() -> None:
            from ..problems import use_built_numbers

            if not use_built_numbers(layout.source, config):
                scheduler.summary.notes.append(not_built(Config(), {}, numbers=False))

        def pool(waiting: int) -> Pool:
            # Not before there is something to grade: whoever has nothing to do does not wait for the problems to be read.
            if waiting == 1 and not options.scheduler and not options.local_cluster:
                # A worker and its sandbox start now, on two cores.
                scheduler.when_idle.append(numbers)
            else:
                numbers()
            return open_pool(spec, options, waiting, [lock])

        scheduler = Scheduler(spec, journal, progress, pool, options.force)
        scheduler.summary.notes += _notes(layout, config, journal, spec.walls)
        yield scheduler, stop


def load_gradebook() -> None:
    """Load what writes the gradebook; nobody waits for it while submissions are being graded."""
    from ..output.gradebook import load_nbgrader

    load_nbgrader()


def _notes(layout: Layout, config: Config, journal: Journal, walls: str) -> list[str]:
    """What a grader should know before points count, each in a sentence."""
    told = []
    if journal.damaged:
        told.append(
            f"{journal.damaged} damaged lines in {journal.path} were left out; what they were about is graded again."
        )
    if not (layout.texts / FILE).is_file():
        told.append(
            f"There is no {layout.texts / FILE}: the hidden inputs were drawn from seed 0, which everybody can know. "
            "Copy that file from where the notebooks were built, before points count."
        )
    sources = load_sources(layout.source)
    told += [note_on_seed(config), not_built(config, points_of(sources), written=written_points_of(sources))]
    return list(filter(None, [*told, note_on_walls(journal, walls)]))


def chosen_walls(asked: str) -> str:
    """The tier that is asked for, or the best that this machine can have; raises ValueError, Refused."""
    return tier(asked).name if asked else best().name


def note_on_walls(journal: Journal, walls: str) -> str:
    """Say what the walls of this batch lack, and whether the log knows better ones; empty where they lack nothing."""
    before = strongest(journal.isolations)
    lacking = "; ".join(lacks(walls))
    if not weaker(walls, before):
        return f"The walls are {walls}, which are not the strongest: {lacking}." if lacking and walls != "none" else ""
    return (
        f"This course was graded behind the walls {before} before; this time they are {walls}, which are weaker ({lacking}). "
        f"To insist on the stronger ones: --walls {before}. `autograder doctor` says what this machine lacks."
    )


def open_pool(spec: BatchSpec, options: Options, waiting: int, private: Sequence[int]) -> Pool:
    """The workers that the options ask for, for so many submissions; none of them keeps the descriptors `private`.

    Raises BatchAborted where a cluster cannot be had.
    """
    # Loaded here and nowhere else: whoever runs a batch in which nothing is new waits for no grader and no cluster.
    if options.scheduler or options.local_cluster:
        from .dask_pool import DaskPool
        from .worker import fill_cache

        # Once here, and sent along, instead of once in every worker.
        fill_cache(spec)
        return DaskPool(spec, options.scheduler, options.local_cluster)
    from .local_pool import LocalPool

    if waiting > 1:
        from .worker import load_banks

        load_banks(spec)
    return LocalPool(spec, min(options.jobs, waiting), private, loaded=waiting > 1)


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


def note_start(scheduler: Scheduler, options: Options, students: int, event: str = "start") -> None:
    """Write into the log what is about to be graded, and by what."""
    spec, journal = scheduler.spec, scheduler.journal
    with named_errors(journal.path):
        journal.note(event, students=students, jobs=options.jobs, grader=spec.parts)


def store(layout: Layout, journal: Journal, done: Sequence[Graded]) -> dict[str, str]:
    """Write the files of these verdicts, then the verdicts, and wait until those are on the disk; raises BatchAborted.

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
                mark = mark_of(one.pages)
                lines.append(LoggedVerdict(one.result, one.present, one.seconds, mark, one.spent, one.written))
        journal.verdicts(lines)
    return failed


def finish(layout: Layout, journal: Journal, students: Sequence[str], options: Options, summary: Summary) -> None:
    """Write results and gradebook from the log, for every student who still has a folder; raises BatchAborted."""
    everyone = students_of(layout)
    counted = [student for student in students if student not in summary.failures]
    with named_errors(layout.results):
        written = write_results(layout, journal, everyone, counted)
        summary.states = written.states
        if written.outdated:
            whose = "verdict is" if written.outdated == 1 else "verdicts are"
            summary.notes.append(
                f"{written.outdated} {whose} out of other points than the notebooks give now: run `autograder grade` for everybody."
            )
        try:
            update_gradebook(layout, journal, everyone, written.digest, options.wait, options.force)
        except RuntimeError as error:
            summary.trouble.append(str(error))
