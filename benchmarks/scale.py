"""What a submission costs at every station of a batch: `python -m benchmarks.scale [graded] [kept]`; see docs/scaling.md."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from autograder.batch.conclude import update_gradebook, write_results
from autograder.batch.console import ProgressBar, console
from autograder.batch.dask_pool import parcel
from autograder.batch.interrupts import Stop
from autograder.batch.journal import Journal
from autograder.batch.model import BatchSpec, Graded, Pool
from autograder.batch.pending import pack, unpack
from autograder.batch.run import store
from autograder.batch.scheduler import Scheduler
from autograder.batch.worker import Worker, load_banks
from autograder.course.settings import load_config
from benchmarks.cohort import course, fill_course


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and computing seconds of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main(graded: int = 60, kept: int = 2000) -> None:
    """Grade a few submissions for real, and send their verdicts under many names through the rest of the way."""
    folder = Path(tempfile.mkdtemp(prefix="scale-"))
    try:
        measure(folder, graded, kept)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, graded: int, kept: int) -> None:
    """Print the table."""
    layout = course(folder / "course")
    fill_course(layout, graded)
    config = load_config(layout)
    spec = BatchSpec.of(layout, config, "namespaces")
    print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    tell("draw the examples, once a batch", timed(lambda: load_banks(spec)), 1)
    worker = Worker(spec)
    done: list[Graded] = []
    for place in range(graded):
        said = worker.grade(f"s{place:06d}")
        assert isinstance(said, Graded), said
        done.append(said)
    worker.close()
    late = sorted(one.seconds for one in done[graded // 3 :])
    print(
        f"grade, behind the wall: median {1e3 * median(late):.0f} ms, mean {1e3 * sum(late) / len(late):.0f} ms a submission"
    )
    lines = [len(json.dumps(one.result)) for one in done]
    print(
        f"a line of results: {sum(lines) / graded / 1e3:.0f} kB; pages and notebooks: {size(done) / graded / 1e3:.0f} kB"
    )
    print(f"on the wire from a cluster: {sum(len(pack(one)) for one in done) / graded / 1e3:.0f} kB")
    tell("read and pack for a cluster", timed(lambda: [parcel(layout, one.student) for one in done]), graded)
    packed = [pack(one) for one in done]
    tell("unpack what comes back from a cluster", timed(lambda: [unpack(one) for one in packed]), graded)
    copies = [named(done[place % graded], f"k{place:06d}") for place in range(kept)]
    for place, one in enumerate(copies):
        shutil.copytree(
            layout.submitted / f"s{place % graded:06d}", layout.submitted / one.student, copy_function=os.link
        )
    keep(spec, copies, kept)


def keep(spec: BatchSpec, copies: list[Graded], kept: int) -> None:
    """Measure what the one writer does."""
    layout, everyone = spec.layout, [one.student for one in copies]
    layout.results.mkdir(exist_ok=True)
    with Journal(layout.results / "vae.log.jsonl") as journal:

        def stored() -> None:
            for place in range(0, kept, 4):
                store(layout, journal, copies[place : place + 4])

        tell("write pages and log (4 at a time)", timed(stored), kept)
        digest = ""

        def results() -> None:
            nonlocal digest
            digest = write_results(layout, journal, everyone, everyone).digest

        tell("write the results", timed(results), kept)
        book = timed(lambda: update_gradebook(layout, journal, everyone, digest, 30.0, True))
        tell("write the gradebook", book, kept)
        tell(
            "write it again, unchanged",
            timed(lambda: update_gradebook(layout, journal, everyone, digest, 30.0, True)),
            kept,
        )
    with Journal(layout.results / "vae.log.jsonl") as journal:
        scheduler = Scheduler(spec, journal, ProgressBar(console()), no_pool, force=False)
        tell("look whether anything changed", timed(lambda: scheduler.grade(everyone, Stop(), lambda graded: {})), kept)
    tell("read the log at the start", timed(lambda: Journal(layout.results / "vae.log.jsonl").close()), kept)


def no_pool(waiting: int) -> Pool:
    """Fail: nothing is to be graded anew here."""
    raise AssertionError(f"{waiting} submissions would be graded again")


def named(done: Graded, student: str) -> Graded:
    """The same verdict for another student."""
    return replace(done, student=student, result={**done.result, "student": student})


def size(done: list[Graded]) -> int:
    """Bytes of all files."""
    return sum(len(content or b"") for one in done for content in one.pages.values())


def tell(what: str, seconds: tuple[float, float], count: int) -> None:
    """Print one row."""
    each = "" if count == 1 else f", {1e3 * seconds[0] / count:.2f} ms ({1e3 * seconds[1] / count:.2f} computing) each"
    print(f"{what}: {seconds[0]:.1f} s ({seconds[1]:.1f} s computing){each}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
