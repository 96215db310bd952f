"""What the one writer of a batch needs for cohorts of several sizes, time and memory: python -m benchmarks.writer [2000 20000].

A few submissions are graded for real, without walls; their verdicts go under as many names as asked through pages, log, results
and gradebook, each size in a process of its own. No sandbox, no cluster: what is measured is what no further machine takes over.
"""

from __future__ import annotations

import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from autograder.batch.conclude import update_gradebook, write_results
from autograder.batch.journal import Journal
from autograder.batch.model import BatchSpec, Graded
from autograder.batch.run import store
from autograder.batch.worker import Worker, load_banks
from autograder.course.layout import Layout
from autograder.course.settings import load_config

from .batch import machine
from .cohort import course, fill_course
from .scale import named, timed

_SAMPLE = 10
_AT_ONCE = 4
# Pages cost the same whoever they are of, and half a megabyte of disk each.
_WITH_PAGES = 400


def main() -> None:
    """Grade the sample, and measure each size in a process of its own."""
    sizes = sys.argv[1:] or ["2000", "20000"]
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        layout = course(Path(folder) / "course")
        fill_course(layout, _SAMPLE)
        spec = BatchSpec.of(layout, load_config(layout), "none")
        load_banks(spec)
        worker = Worker(spec)
        done = [worker.grade(f"s{place:06d}") for place in range(_SAMPLE)]
        worker.close()
        sample = Path(folder) / "sample"
        sample.write_bytes(pickle.dumps(done))
        for size in sizes:
            for made in (layout.results, layout.feedback, layout.autograded):
                shutil.rmtree(made, ignore_errors=True)
            layout.gradebook.unlink(missing_ok=True)
            subprocess.run([sys.executable, "-m", __spec__.name, str(layout.course), str(sample), size], check=True)


def measure(layout: Layout, sample: Path, size: int) -> None:
    """Print what this process needs for so many verdicts."""
    done: list[Graded] = pickle.loads(sample.read_bytes())
    everyone = [f"k{place:06d}" for place in range(size)]
    layout.results.mkdir()
    log = layout.results / f"{layout.assignment}.log.jsonl"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{size} verdicts; {peak} MB before the first", flush=True)
    with Journal(log) as journal:
        first, others = everyone[:_WITH_PAGES], everyone[_WITH_PAGES:]
        tell(f"pages and log, of {len(first)}", timed(lambda: keep(layout, journal, verdicts(done, first))), len(first))
        bare = [replace(one, pages={}) for one in done]
        if others:
            tell("log alone, of the others", timed(lambda: keep(layout, journal, verdicts(bare, others))), len(others))
    with Journal(log) as journal:
        digest: list[str] = []
        tell("results", timed(lambda: digest.append(write_results(layout, journal, everyone, everyone).digest)), size)
        for what, said in (("gradebook, all new", "1"), ("gradebook again, nothing new, without nbgrader", "2")):
            tell(what, timed(lambda said=said: update_gradebook(layout, journal, everyone, said, 30.0, False)), size)  # type: ignore[misc]
    tell("read the log at the start", timed(lambda: Journal(log).close()), size)
    print(f"  log {log.stat().st_size >> 20} MB, gradebook {layout.gradebook.stat().st_size >> 20} MB", flush=True)


def keep(layout: Layout, journal: Journal, some: Iterator[Graded]) -> None:
    """Write verdicts as they come from workers, a few at a time."""
    while group := list(islice(some, _AT_ONCE)):
        store(layout, journal, group)


def verdicts(done: list[Graded], everyone: list[str]) -> Iterator[Graded]:
    """The verdicts of the sample, over and over, under everyone's name."""
    for place, student in enumerate(everyone):
        yield named(done[place % len(done)], student)


def tell(what: str, seconds: tuple[float, float], size: int) -> None:
    """Print one row: milliseconds a submission, computing and in all, and the peak of memory so far."""
    wall, computing = (1000 * one / size for one in seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"  {what:<48} {computing:6.2f} ms computing, {wall:6.2f} ms in all; peak {peak} MB", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 4 and Path(sys.argv[1]).is_dir():
        measure(Layout(Path(sys.argv[1]), "vae"), Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
