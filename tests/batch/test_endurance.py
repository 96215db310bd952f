"""What a batch endures: kill -9, Ctrl-C, full disks, damaged logs, lost workers, a gradebook in use."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import subprocess
import time
from collections import Counter
from types import SimpleNamespace

import pytest

from autograder.batch.run import Options, grade_batch
from autograder.course.layout import Layout
from autograder.sandbox import Refused, open_sandbox
from tests.helpers.small_course import (
    CLASS,
    Silent,
    command,
    commands,
    descendants,
    environment,
    events,
    grade,
    hand_in_all,
    results,
    run,
    small_course,
    still_there,
    wait_until,
    written,
)

pytestmark = pytest.mark.slow


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
        # A quick machine may have ended it before.
        with contextlib.suppress(ProcessLookupError):
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
        open_sandbox(small.release, walls="namespaces").close()
    except Refused as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"needs bubblewrap: {error}")
    hand_in_all(small, ["slow"] * 4)
    process = subprocess.Popen(
        command("grade", "--jobs", "2", course=small), env=environment(), stderr=subprocess.DEVNULL
    )
    assert wait_until(lambda: len(descendants(process.pid)) >= 8)
    below = descendants(process.pid)
    process.kill()
    process.wait()
    assert wait_until(lambda: not still_there(below))
    assert run("grade", "--student", "s00", course=small).returncode == 0


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c(small: Layout, times: int) -> None:
    """Ctrl-C once ends the batch when what runs is graded, twice at once; both exit 130, leave nothing running, resume."""
    hand_in_all(small, ["slow"] * 10)
    pid = commands().start("grade", "--no-sandbox", "--jobs", "2", course=small)
    log = small.results / "vae.log.jsonl"
    assert wait_until(lambda: log.exists() and b'"verdict"' in log.read_bytes())
    time.sleep(0.3)
    below = descendants(pid)
    before, begun = len(events(small)), time.monotonic()
    for _ in range(times):
        os.killpg(pid, signal.SIGINT)
        time.sleep(0.1)
    assert commands().end() == 130
    assert commands().said().strip().startswith("Stopping when the submissions that run now are graded")
    assert "Traceback" not in commands().said()
    assert wait_until(lambda: not still_there(below))
    graded = len(events(small))
    if times == 1:
        # Two are always being graded; while this process waits for a core, one or the other more may be.
        assert before + 2 <= graded <= before + 4
        assert len(results(small)) == graded
    else:
        assert graded <= before + 3
        assert time.monotonic() - begun < 60
    assert graded < 10
    assert grade(small, "--jobs", "2").returncode == 0
    assert Counter(event["result"]["student"] for event in events(small)) == {f"s{place:02d}": 1 for place in range(10)}


def test_terminate(small: Layout) -> None:
    """A request to terminate (a cluster's time limit, a shutdown) stops at once, and the next run goes on."""
    hand_in_all(small, ["slow"] * 4)
    process = subprocess.Popen(
        command("grade", "--no-sandbox", course=small), env=environment(), stderr=subprocess.DEVNULL
    )
    assert wait_until(lambda: len(descendants(process.pid)) >= 2)
    process.terminate()
    assert process.wait(180) == 130


def test_second_grader(small: Layout) -> None:
    """While one grades, a second is refused with exit 2 and told which process it is; a dead one's lock is no lock."""
    hand_in_all(small, ["slow"] * 4)
    # What forks the second is ready before the first begins, or that might be done by then.
    commands()
    small.results.mkdir()
    (small.results / ".vae.lock").write_text("process 1 on elsewhere since long ago\n")
    process = subprocess.Popen(
        command("grade", "--no-sandbox", course=small), env=environment(), stderr=subprocess.DEVNULL
    )
    assert wait_until((small.results / "vae.log.jsonl").exists)
    second = grade(small)
    assert second.returncode == 2
    assert f"process {process.pid} on" in second.stderr
    assert second.stderr.count("\n") == 1
    assert process.wait(180) == 0


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
    clock = itertools.cycle(range(10**9, 0, -(10**6)))
    # Its own clock alone: whatever else is loaded meanwhile asks for the time too.
    monkeypatch.setattr("autograder.batch.journal.time", SimpleNamespace(time=lambda: float(next(clock))))
    assert grade_batch(small, Options(walls="none"), Silent()).fresh == 4
    before = written(small)
    assert grade_batch(small, Options(walls="none"), Silent()).fresh == 0
    assert grade_batch(small, Options(walls="none", force=True), Silent()).fresh == 4
    assert written(small) == before
