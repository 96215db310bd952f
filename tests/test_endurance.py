"""What a batch endures: kill -9, Ctrl-C, full disks, damaged logs, lost workers, a gradebook in use."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from autograder import batch, crew
from autograder.batch import Options, grade_batch
from autograder.journal import Journal
from autograder.layout import Layout
from autograder.sandbox import Refused, open_sandbox
from autograder.worker import Done, Lost, Worker
from tests.small_course import (
    command,
    commands,
    descendants,
    environment,
    events,
    grade,
    hand_in,
    hand_in_all,
    results,
    run,
    small_course,
    still_there,
    wait_until,
    written,
)

CLASS = ["right", "wrong", "unwritten", "crash"]


class Silent:
    """Progress that nobody sees."""

    def begin(self, total: int) -> None:
        """Say nothing."""

    def done(self, student: str, state: str, fresh: bool) -> None:
        """Say nothing."""

    def failed(self, student: str, reason: str) -> None:
        """Say nothing."""


@pytest.fixture
def small(tmp_path: Path) -> Layout:
    """A small course folder of the test's own."""
    return small_course(tmp_path / "course")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an uninterrupted run writes of the class that the kill test grades."""
    layout = small_course(tmp_path_factory.mktemp("whole") / "course")
    hand_in_all(layout, CLASS * 5)
    assert grade(layout, "--jobs", "2").returncode == 0
    return written(layout)


def test_twenty_kills(small: Layout, uninterrupted: dict[str, bytes]) -> None:
    """Killed twenty times at random moments, a batch loses no verdict, makes none twice, and ends in the same bytes."""
    students = hand_in_all(small, CLASS * 5)
    dice = random.Random(20)
    log = small.results / "vae.log.jsonl"
    kept: dict[str, object] = {}
    for turn in range(20):
        pid = commands().start("grade", "--no-sandbox", "--jobs", "2", course=small)
        if turn % 2 and len(kept) < len(students):
            before = len(kept)
            wait_until(lambda before=before: log.exists() and log.read_bytes().count(b'"verdict"') > before, 2.0)
            time.sleep(dice.uniform(0.0, 0.05))
        else:
            time.sleep(dice.uniform(0.0, 0.8))
        below = descendants(pid)
        os.kill(pid, signal.SIGKILL)
        assert commands().end() in (-signal.SIGKILL, 0)
        assert wait_until(lambda below=below: not still_there(below)), "a worker outlived the batch"
        now = {event["result"]["student"]: event for event in events(small)} if log.exists() else {}
        assert kept == {student: now.get(student) for student in kept}
        kept = dict(now)
    commands().start("grade", "--no-sandbox", "--jobs", "2", course=small)
    assert commands().end() == 0
    assert Counter(event["result"]["student"] for event in events(small)) == dict.fromkeys(students, 1)
    assert written(small) == uninterrupted


def test_no_walled_process_outlives_kill(small: Layout) -> None:
    """Behind bubblewrap too nothing runs on after kill -9 of the command, and the next one is not locked out."""
    try:
        open_sandbox(small.release, walls=True).close()
    except Refused as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"needs bubblewrap: {error}")
    hand_in_all(small, ["slow"] * 4)
    process = subprocess.Popen(
        command("grade", "--jobs", "2", course=small), env=environment(), stderr=subprocess.DEVNULL
    )
    assert wait_until(lambda: len(descendants(process.pid)) >= 8, 60)
    below = descendants(process.pid)
    process.kill()
    process.wait()
    assert wait_until(lambda: not still_there(below))
    assert run("grade", "--student", "s00", course=small).returncode == 0


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c(small: Layout, times: int) -> None:
    """Ctrl-C once ends the batch when what runs is graded, twice at once; both exit 130, leave nothing running, resume."""
    hand_in_all(small, ["slow"] * 8)
    pid = commands().start("grade", "--no-sandbox", "--jobs", "2", course=small)
    log = small.results / "vae.log.jsonl"
    assert wait_until(lambda: log.exists() and b'"verdict"' in log.read_bytes(), 60)
    time.sleep(0.3)
    below = descendants(pid)
    begun = time.monotonic()
    for _ in range(times):
        os.killpg(pid, signal.SIGINT)
        time.sleep(0.1)
    assert commands().end() == 130
    assert commands().said().strip().startswith("Stopping when the submissions that run now are graded")
    assert "Traceback" not in commands().said()
    assert wait_until(lambda: not still_there(below))
    graded = len(events(small))
    if times == 1:
        assert 3 <= graded <= 6
        assert len(results(small)) == graded
    else:
        assert graded <= 4
        assert time.monotonic() - begun < 10
    assert grade(small, "--jobs", "2").returncode == 0
    assert Counter(event["result"]["student"] for event in events(small)) == {f"s{place:02d}": 1 for place in range(8)}


def test_terminate(small: Layout) -> None:
    """A request to terminate (a cluster's time limit, a shutdown) stops at once, and the next run goes on."""
    hand_in_all(small, ["slow"] * 4)
    process = subprocess.Popen(
        command("grade", "--no-sandbox", course=small), env=environment(), stderr=subprocess.DEVNULL
    )
    assert wait_until(lambda: len(descendants(process.pid)) >= 2, 60)
    process.terminate()
    assert process.wait(20) == 130


def test_second_grader(small: Layout) -> None:
    """While one grades, a second is refused with exit 2 and told which process it is; a dead one's lock is no lock."""
    hand_in_all(small, ["slow"] * 3)
    small.results.mkdir()
    (small.results / ".vae.lock").write_text("process 1 on elsewhere since long ago\n")
    process = subprocess.Popen(
        command("grade", "--no-sandbox", course=small), env=environment(), stderr=subprocess.DEVNULL
    )
    assert wait_until(lambda: (small.results / "vae.log.jsonl").exists(), 60)
    second = grade(small)
    assert second.returncode == 2
    assert f"process {process.pid} on" in second.stderr
    assert second.stderr.count("\n") == 1
    assert process.wait(60) == 0


def test_cut_and_garbled_log(small: Layout) -> None:
    """A log cut off in its last line and garbled in the middle costs the verdicts that stood there, and nothing else."""
    hand_in_all(small, CLASS)
    assert grade(small).returncode == 0
    before = written(small)
    log = small.results / "vae.log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    verdicts = [place for place, line in enumerate(lines) if b'"event": "verdict"' in line]
    lines[verdicts[0]] = b'{"event": "verdict", "resu' + lines[verdicts[1]]
    lines[verdicts[1]] = b"\x00\xff\xfe" * 50 + b"\n"
    del lines[verdicts[3] + 1 :]
    lines[-1] = lines[-1][:-20]
    log.write_bytes(b"".join(lines) + b"")
    again = grade(small)
    assert again.returncode == 0
    assert "2 damaged lines" in again.stderr or "1 damaged lines" in again.stderr
    assert "2 graded now" in again.stderr
    assert written(small) == before


def test_pages_lost_in_power_cut(small: Layout) -> None:
    """Pages that did not reach the disk (empty, cut, of another verdict, gone) are written again; the verdict stays."""
    students = hand_in_all(small, ["right", "wrong", "right", "right", "right", "right"])
    assert grade(small).returncode == 0
    before = written(small)
    page = [small.feedback / student / "vae" / "03_gaussian_kl.html" for student in students]
    page[0].write_bytes(b"")
    page[2].write_bytes(page[1].read_bytes())
    page[3].unlink()
    (small.autograded / students[4] / "vae" / "03_gaussian_kl.ipynb").write_bytes(b'{"cells": [')
    again = grade(small)
    assert "4 graded now, 2 unchanged" in again.stderr
    assert written(small) == before
    foreign = b"<!DOCTYPE html><html>what nbgrader generate_feedback wrote</html>\n"
    page[5].write_bytes(foreign)
    assert "0 graded now" in grade(small).stderr
    assert page[5].read_bytes() == foreign


def test_clock_jumps(small: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that jumps years back and forth changes nothing but the times in the log."""
    hand_in_all(small, CLASS)
    clock = iter(range(10**9, 0, -(10**6)))
    monkeypatch.setattr("autograder.journal.time.time", lambda: float(next(clock)))
    assert grade_batch(small, Options(walls=False), Silent()).fresh == 4
    before = written(small)
    assert grade_batch(small, Options(walls=False), Silent()).fresh == 0
    assert grade_batch(small, Options(walls=False, force=True), Silent()).fresh == 4
    assert written(small) == before


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))


def test_file_too_large(small: Layout) -> None:
    """When the log cannot grow, the command says so in one sentence with exit 1; what it holds is kept, and it goes on."""
    hand_in_all(small, CLASS * 5)
    line = command("grade", "--no-sandbox", "--jobs", "2", course=small)
    first = subprocess.run(
        line, env=environment(), capture_output=True, text=True, preexec_fn=_limit_files, check=False
    )
    assert first.returncode == 1
    assert first.stderr.count("\n") == 1
    assert "vae.log.jsonl cannot be written (File too large)" in first.stderr
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
    assert results(small)["ann"]["score"] == 5


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
    hand_in_all(small, ["slow"] * 3)
    process = subprocess.Popen(
        command("grade", "--no-sandbox", course=small), env=environment(), stderr=subprocess.DEVNULL
    )
    log = small.results / "vae.log.jsonl"
    assert wait_until(lambda: log.exists() and b'"verdict"' in log.read_bytes(), 60)
    worker = min(descendants(process.pid))
    os.kill(worker, signal.SIGKILL)
    assert process.wait(60) == 0
    assert len(results(small)) == 3
    assert [event["reason"] for event in events(small, "retry")] == [
        "the worker process that graded it was ended by signal 9"
    ]


@pytest.mark.parametrize("end", ["kill", "memory", "fault", "disk"])
def test_poisonous_submission(small: Layout, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """A submission that ends every worker is tried twice and reported; everyone else is graded, and it gets no verdict."""
    hand_in_all(small, [*CLASS, "right", "right"])
    whole = Worker.grade

    def poisonous(self: Worker, student: str) -> Done | Lost:
        if student == "s01" and end == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(self, student)

    def broken(self: Worker, *about: object) -> Done:
        if getattr(about[0], "student", "") == "s01" and end != "kill":
            raise {"memory": MemoryError(), "fault": KeyError("x"), "disk": OSError(28, "No space")}[end]
        return original(self, *about)  # type: ignore[arg-type]

    original = Worker._examine
    monkeypatch.setattr(Worker, "grade", poisonous)
    monkeypatch.setattr(Worker, "_examine", broken)
    summary = grade_batch(small, Options(jobs=2, walls=False), Silent())
    assert summary.exit_code == 1
    assert list(summary.failures) == ["s01"]
    assert sorted(results(small)) == ["s00", "s02", "s03", "s04", "s05"]
    assert len(events(small, "retry")) == len(events(small, "failed")) == 1
    monkeypatch.undo()
    assert grade_batch(small, Options(walls=False), Silent()).fresh == 1
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
    grade_batch(small, Options(walls=False), Silent())
    template = events(small)[0]["result"]
    with Journal(small.results / "vae.log.jsonl") as journal:
        fill = "x" * 50_000
        for place in range(2000):
            student = f"t{place:04d}"
            (small.submitted / student).mkdir()
            journal.note("verdict", result={**template, "student": student, "fill": fill}, present=[])
    monkeypatch.setattr(batch, "update_gradebook", lambda *about: False)
    tracemalloc.start()
    try:
        with Journal(small.results / "vae.log.jsonl") as journal:
            batch.finish(small, journal, ["ann"], Options(), batch.Summary())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (small.results / "vae.jsonl").stat().st_size > 100_000_000
    assert most < 4_000_000


def test_worker_that_never_ends(small: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that hangs through a fault of our own is ended after a time beyond all limits, and reported as lost."""
    hand_in(small, "ann")
    monkeypatch.setattr(Worker, "grade", lambda self, student: time.sleep(60))
    monkeypatch.setattr(crew, "_FACTOR", 0.0)
    summary = grade_batch(small, Options(walls=False), Silent())
    assert summary.failures == {"ann": "the worker process that graded it did not come to an end and was ended"}
    assert not json.loads((small.results / "vae.jsonl").read_bytes() or b"null")


def test_nothing_to_do(small: Layout) -> None:
    """With nothing to do the command neither draws examples nor reads nbgrader, and is done in well under 1.5 s."""
    hand_in_all(small, CLASS)
    assert grade(small).returncode == 0
    line = [sys.executable, "-X", "importtime", *command("grade", "--no-sandbox", course=small)[1:]]
    done = subprocess.run(line, env=environment(), capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert "autograder.batch" in imported
    assert not imported & {"hypothesis", "nbgrader", "sqlalchemy", "autograder.grading", "autograder.crew"}
