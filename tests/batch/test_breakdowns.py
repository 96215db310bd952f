"""What a batch endures of its machine: full disks, files in the way, a gradebook in use, workers that are lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter

import pytest

from autograder.batch import local_pool, run
from autograder.batch.journal import Journal
from autograder.batch.model import Failed, Graded
from autograder.batch.run import Options, grade_batch
from autograder.batch.worker import Worker
from autograder.course.layout import Layout
from tests.helpers.small_course import (
    CLASS,
    Silent,
    command,
    descendants,
    environment,
    events,
    grade,
    hand_in,
    hand_in_all,
    results,
    sql,
    states,
    wait_until,
)


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))


def test_file_too_large(small: Layout) -> None:
    """When the log cannot grow, the command says so in one sentence with exit 1; what it holds is kept, and it goes on."""
    hand_in_all(small, CLASS * 5)
    line = command("grade", "--no-sandbox", "--jobs", "2", course=small)
    # What measures coverage has files of its own to write, and says so.
    unmeasured = {name: value for name, value in environment().items() if not name.startswith("COVERAGE")}
    first = subprocess.run(line, env=unmeasured, capture_output=True, text=True, preexec_fn=_limit_files, check=False)
    assert first.returncode == 1
    # On a busy machine the progress of the batch is said before.
    (said,) = [line for line in first.stderr.splitlines() if " of 20 submissions, " not in line]
    assert "vae.log.jsonl cannot be written (File too large)" in said
    kept = {event["result"]["student"]: event["time"] for event in events(small)}
    assert 0 < len(kept) < 20
    assert grade(small).returncode == 0
    times = {event["result"]["student"]: event["time"] for event in events(small)}
    assert len(times) == 20
    assert kept.items() <= times.items()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.parametrize("folder", ["results", "feedback"])
def test_full_disk(small: Layout, folder: str) -> None:
    """A full disk is named in one sentence with exit 1; no verdict in the log is lost, and with space the batch ends."""
    hand_in_all(small, CLASS * 3)
    place = small.course / folder
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        first = grade(small)
        assert first.returncode == 1
        assert first.stderr.count("\n") == 1
        assert "No space left on device" in first.stderr
        kept = [event["result"]["student"] for event in events(small)]
        assert kept
        subprocess.run(["mount", "-o", "remount,size=8m", place], check=True)
        assert grade(small).returncode == 0
        assert Counter(event["result"]["student"] for event in events(small)).most_common(1)[0][1] == 1
        assert len(results(small)) == 12
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("broken", ["results", "results/vae.jsonl", "results/vae.log.jsonl", "feedback", "autograded"])
def test_not_writable(small: Layout, broken: str) -> None:
    """Where a file stands for a folder or a folder for a file, it is named in one sentence with exit 1; mended, it goes on."""
    hand_in(small, "ann")
    path = small.course / broken
    path.parent.mkdir(exist_ok=True)
    if broken.endswith(".jsonl"):
        path.mkdir()
    else:
        path.write_text("I am a file.")
    first = grade(small)
    assert first.returncode == 1
    assert first.stderr.count("\n") == 1
    assert f"{broken} cannot be written" in first.stderr
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert grade(small).returncode == 0
    assert results(small)["ann"]["score"] == 4


def test_gradebook_in_use(small: Layout) -> None:
    """A gradebook locked by another program is waited for, then named with exit 1; the verdicts stand, the grades follow."""
    hand_in_all(small, CLASS)
    assert grade(small, "--student", "s00").returncode == 0
    other = sqlite3.connect(small.gradebook, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    first = grade(small, "--wait", "0.2")
    assert first.returncode == 1
    assert "Another process holds the gradebook" in first.stderr
    assert len(results(small)) == 4
    other.execute("ROLLBACK")
    other.close()
    second = grade(small)
    assert second.returncode == 0
    assert "0 graded now, 4 unchanged" in second.stderr
    with sqlite3.connect(small.gradebook) as book:
        assert book.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (4,)
    book.close()


def test_worker_killed_once(small: Layout) -> None:
    """A worker killed from outside is replaced and its submission graded by another: exit 0, and the log says retry."""
    hand_in_all(small, ["slow"] * 4)
    process = subprocess.Popen(
        command("grade", "--no-sandbox", course=small), env=environment(), stderr=subprocess.DEVNULL
    )
    log = small.results / "vae.log.jsonl"
    assert wait_until(lambda: log.exists() and b'"verdict"' in log.read_bytes())
    worker = min(descendants(process.pid))
    os.kill(worker, signal.SIGKILL)
    assert process.wait(180) == 0
    assert len(results(small)) == 4
    assert [event["reason"] for event in events(small, "retry")] == [
        "the worker process that graded it was ended by signal 9"
    ]


@pytest.mark.parametrize("end", ["kill", "memory", "fault", "disk"])
def test_poisonous_submission(small: Layout, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """A submission that ends every worker is tried twice and reported; everyone else is graded, and it gets no verdict."""
    hand_in_all(small, [*CLASS, "right", "right"])
    whole = Worker.grade

    def poisonous(self: Worker, student: str) -> Graded | Failed:
        if student == "s01" and end == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(self, student)

    def broken(self: Worker, *about: object) -> Graded:
        if getattr(about[0], "student", "") == "s01" and end != "kill":
            raise {"memory": MemoryError(), "fault": KeyError("x"), "disk": OSError(28, "No space")}[end]
        return original(self, *about)  # type: ignore[arg-type]

    original = Worker._examine
    monkeypatch.setattr(Worker, "grade", poisonous)
    monkeypatch.setattr(Worker, "_examine", broken)
    summary = grade_batch(small, Options(jobs=2, walls="none"), Silent())
    assert summary.exit_code == 1
    assert list(summary.failures) == ["s01"]
    assert sorted(results(small)) == ["s00", "s02", "s03", "s04", "s05"]
    assert len(events(small, "retry")) == len(events(small, "failed")) == 1
    monkeypatch.undo()
    assert grade_batch(small, Options(walls="none"), Silent()).fresh == 1
    assert len(results(small)) == 6


def test_feedback_of_one_cannot_be_written(small: Layout) -> None:
    """Where one student's feedback folder is a file, that student is reported with exit 1, and everyone else is graded."""
    hand_in_all(small, CLASS)
    small.feedback.mkdir()
    (small.feedback / "s02").write_text("I am a file.")
    first = grade(small)
    assert first.returncode == 1
    assert "No verdict on s02: its feedback cannot be written" in first.stderr
    assert sorted(results(small)) == ["s00", "s01", "s03"]


def test_memory_is_flat(small: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results stream from the log: thousands of long verdicts cost the batch less memory than a hundredth of them."""
    import tracemalloc

    hand_in(small, "ann")
    grade_batch(small, Options(walls="none"), Silent())
    template = events(small)[0]["result"]
    with Journal(small.results / "vae.log.jsonl") as journal:
        fill = "x" * 50_000
        for place in range(2000):
            student = f"t{place:04d}"
            (small.submitted / student).mkdir()
            journal.note("verdict", result={**template, "student": student, "fill": fill}, present=[])
    monkeypatch.setattr(run, "update_gradebook", lambda *about: False)
    tracemalloc.start()
    try:
        with Journal(small.results / "vae.log.jsonl") as journal:
            run.finish(small, journal, ["ann"], Options(), run.Summary())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (small.results / "vae.jsonl").stat().st_size > 100_000_000
    assert most < 4_000_000


def test_worker_that_never_ends(small: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that hangs through a fault of our own is ended after a time beyond all limits, and reported as lost."""
    hand_in(small, "ann")
    monkeypatch.setattr(Worker, "grade", lambda self, student: time.sleep(60))
    monkeypatch.setattr(local_pool, "_FACTOR", 0.0)
    summary = grade_batch(small, Options(walls="none"), Silent())
    assert summary.failures == {"ann": "the worker process that graded it did not come to an end and was ended"}
    assert not json.loads((small.results / "vae.jsonl").read_bytes() or b"null")


def test_nothing_to_do(small: Layout) -> None:
    """With nothing to do the command neither draws examples nor reads nbgrader, and is done in well under 1.5 s."""
    hand_in_all(small, CLASS)
    assert grade(small).returncode == 0
    line = [sys.executable, "-X", "importtime", *command("grade", "--no-sandbox", course=small)[1:]]
    done = subprocess.run(line, env=environment(), capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert "autograder.batch.run" in imported
    assert not imported & {
        "hypothesis",
        "nbgrader",
        "sqlalchemy",
        "autograder.grading.examiner",
        "autograder.batch.local_pool",
    }


def test_folders_that_are_one_name_to_the_gradebook(small: Layout) -> None:
    """Two folders whose names differ in a control character are graded and named, and everybody else is in the gradebook."""
    for student in ("a\x01b", "a\x02b", "other"):
        hand_in(small, student)
    done = grade(small)
    assert done.returncode == 1
    assert "'a\\x01b', 'a\\x02b' are one name to the gradebook" in done.stderr
    assert {state for state, _ in states(small).values()} == {"graded"}
    assert len(states(small)) == 3
    assert sql(small, "select student_id from submitted_assignment") == [("other",)]
    (small.submitted / "a\x02b").rename(small.submitted / "ac")
    assert grade(small).returncode == 0
    assert len(sql(small, "select student_id from submitted_assignment")) == 3
