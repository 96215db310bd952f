"""Grading on a cluster: a real dask scheduler with workers in processes of their own."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.batch.model import BatchSpec, Graded
from autograder.course.layout import Layout
from tests.helpers.small_course import (
    command,
    environment,
    events,
    grade,
    hand_in_all,
    results,
    run,
    small_course,
    wait_until,
    written,
)

pytest.importorskip("distributed", reason="needs dask.distributed (the extra `cluster`)")
KINDS = ["slow", "right", "wrong", "crash"]


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a process."""
    process.kill()
    process.wait()


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, Callable[[], subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and what starts one worker for it; each is a process of its own."""
    place = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment()}

    def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "dask", name, *arguments]
        process: subprocess.Popen[bytes] = subprocess.Popen(line, **quiet)  # type: ignore[call-overload]
        stack.callback(ended, process)
        return process

    with ExitStack() as stack:
        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place))
        # The file is there before it is whole.
        assert wait_until(lambda: place.exists() and place.read_bytes().endswith(b"}"))
        address = json.loads(place.read_text())["address"]
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path))
        yield address, lambda: start("worker", address, *options)


@pytest.mark.slow
def test_worker_killed_midway(
    small: Layout, tmp_path: Path, scheduler: tuple[str, Callable[[], subprocess.Popen[bytes]]]
) -> None:
    """One of two workers is killed midway and another joins: everyone is graded once, and the bytes are those of one machine."""
    address, start_worker = scheduler
    first, _ = start_worker(), start_worker()
    students = hand_in_all(small, KINDS * 4)
    line = command("grade", "--no-sandbox", "--scheduler", address, course=small)
    process = subprocess.Popen(line, env=environment(), stderr=subprocess.PIPE, text=True)
    log = small.results / "vae.log.jsonl"
    assert wait_until(lambda: log.exists() and log.read_bytes().count(b'"verdict"') >= 3)
    first.kill()
    start_worker()
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert Counter(event["result"]["student"] for event in events(small)) == dict.fromkeys(students, 1)
    other = small_course(tmp_path / "other")
    hand_in_all(other, KINDS * 4)
    assert grade(other, "--jobs", "2").returncode == 0
    assert written(small) == written(other)


def test_a_worker_works_nothing_out_that_the_cache_has(small: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The course's cache travels whole, for the grader's eyes only; with it a worker draws no example, asks no known mistake."""
    from autograder.batch import dask_pool, pending, worker
    from autograder.course.settings import load_config
    from autograder.problems import examination, use_cache

    hand_in_all(small, ["wrong"])
    spec = BatchSpec.of(small, load_config(small), "none")
    examination.cache_clear()
    worker.fill_cache(spec)
    kept = {path.name: path.read_bytes() for path in worker.cache_folder(small).iterdir()}
    assert {"03_gaussian_kl.beta_vae_loss.examples", "03_gaussian_kl.beta_vae_loss.known"} <= kept.keys()
    here = worker.Worker(spec)
    expected = here.grade("s00")
    here.close()

    asked: list[str] = []
    module = sys.modules["autograder.problems.examination"]
    monkeypatch.setattr(module, "drawn_for", lambda checks, seed: asked.append("examples"))
    monkeypatch.setattr(module.AnswersOfKnown, "rows", lambda known: asked.append("known"))
    examination.cache_clear()
    course = pickle.loads(pickle.dumps(dask_pool.CourseOnWorker(spec, local=False)))
    course.setup(None)
    try:
        there = worker.cache_folder(course._spec.layout)
        assert {path.name: path.read_bytes() for path in there.iterdir()} == kept
        assert oct(there.stat().st_mode)[-3:] == "700"
        reply = course.grade("s00", dask_pool.parcel(small, "s00"))
    finally:
        course.teardown(None)
        examination.cache_clear()
        use_cache(None)
    assert asked == []
    assert isinstance(expected, Graded)
    said = pending.unpack(reply.packed)
    assert (said.result, said.pages) == (expected.result, expected.pages)
    assert said.result["score"] == 3


def test_local_cluster(small: Layout) -> None:
    """`--local-cluster 2` grades with two processes of its own and leaves none behind; a second run has nothing to do."""
    hand_in_all(small, ["right", "wrong", "unwritten"])
    done = run("grade", "--no-sandbox", "--local-cluster", "2", course=small)
    assert done.returncode == 0, done.stderr
    assert {student: one["score"] for student, one in results(small).items()} == {"s00": 4, "s01": 3, "s02": 1}
    assert "Traceback" not in done.stderr
    assert "0 graded now" in grade(small).stderr


def test_leaving_while_a_worker_waits_for_an_answer(
    small: Layout, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A local cluster ends without a word, also while its workers wait for the scheduler to answer them."""
    from distributed import Scheduler

    from autograder.batch.dask_pool import DaskPool
    from autograder.course.settings import load_config

    asked, ended = threading.Event(), asyncio.Event()
    answer, close = Scheduler.heartbeat_worker, Scheduler.close

    async def answer_late() -> None:
        asked.set()
        await ended.wait()

    def heartbeat(self: Scheduler, **named: object) -> object:
        return answer_late() if "executing" in named else answer(self, **named)

    async def close_first(self: Scheduler, **named: object) -> None:
        await close(self, **named)
        ended.set()
        await asyncio.sleep(0.01)

    monkeypatch.setattr(Scheduler, "heartbeat_worker", heartbeat)
    monkeypatch.setattr(Scheduler, "close", close_first)
    pool = DaskPool(BatchSpec.of(small, load_config(small), "none"), "", 1)
    level = logging.getLogger("distributed").level
    try:
        assert asked.wait(60)
    finally:
        pool.close(at_once=False)
        logging.getLogger("distributed").setLevel(level)
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_ctrl_c_on_a_cluster(small: Layout) -> None:
    """Ctrl-C finishes what runs there as well, exits 130, and the next run goes on."""
    hand_in_all(small, ["slow"] * 12)
    process = subprocess.Popen(
        command("grade", "--no-sandbox", "--local-cluster", "1", course=small),
        env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    log = small.results / "vae.log.jsonl"
    assert wait_until(lambda: log.exists() and b'"verdict"' in log.read_bytes())
    time.sleep(0.2)
    before = len(events(small))
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert before + 1 <= len(results(small)) <= before + 6 < 12
    assert len(results(small)) == len(events(small))


def test_no_scheduler(small: Layout) -> None:
    """An address where nobody answers is named in one sentence with exit 1."""
    hand_in_all(small, ["right"])
    done = run("grade", "--no-sandbox", "--scheduler", "tcp://127.0.0.1:9", course=small)
    assert done.returncode == 1
    assert "There is no scheduler at tcp://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
