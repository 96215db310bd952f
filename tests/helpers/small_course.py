"""A course of two quick exercises with a class to order, and the command run on it: for tests of batches."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.course.layout import Layout
from tests.conftest import ROOT

STEM = "03_gaussian_kl"
KEPT = ("beta_vae_loss", "kl_weight")
RIGHT = "right"
ANSWERS = {
    RIGHT: {},
    "wrong": {
        "beta_vae_loss": "def beta_vae_loss(reconstruction, kl, beta=1.0):\n    return beta * reconstruction + kl"
    },
    "unwritten": {"kl_weight": "todo()"},
    "crash": {"kl_weight": "import os\nos._exit(3)"},
    "slow": {"kl_weight": "import time\ntime.sleep(1.5)\ndef kl_weight(epoch, warmup=10):\n    return 1.0"},
}
CLASS = ["right", "wrong", "unwritten", "crash"]


class Silent:
    """Progress that nobody sees."""

    def begin(self, total: int) -> None:
        """Say nothing."""

    def unchanged(self, student: str) -> None:
        """Say nothing."""

    def graded(self, student: str, state: str) -> None:
        """Say nothing."""

    def failed(self, student: str, reason: str) -> None:
        """Say nothing."""


def small_course(target: Path, seed: int = 5) -> Layout:
    """Make a course folder with one notebook of two exercises that are quick to draw and to grade."""
    layout = Layout(target, "vae")
    layout.texts.mkdir(parents=True)
    (layout.texts / f"{STEM}.md").write_text("", encoding="utf-8")
    set_seed(layout, seed)
    shutil.copy(ROOT / "nbgrader_config.py", target)
    for name in ("source_nbs", "release"):
        notebook = json.loads((ROOT / name / "vae" / f"{STEM}.ipynb").read_text(encoding="utf-8"))
        notebook["cells"] = [cell for cell in notebook["cells"] if _kept(cell)]
        (target / name / "vae").mkdir(parents=True)
        (target / name / "vae" / f"{STEM}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return layout


def _kept(cell: dict[str, Any]) -> bool:
    name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removeprefix("test_")
    return name in (*KEPT, "imports")


def set_seed(layout: Layout, seed: int) -> None:
    """Set the seed of the course."""
    limits = "\n[limits]\ncell_seconds = 3\ncall_seconds = 2\n"
    (layout.texts / "assignment.toml").write_text(f'title = "Small"\nseed = {seed}\n{limits}', encoding="utf-8")


def hand_in(layout: Layout, student: str, kind: str = RIGHT) -> None:
    """Write a student's submission of a kind."""
    notebooks = released(layout.release)
    fill(notebooks, {**reference_answers(layout.source), **ANSWERS[kind]})
    write_submission(layout.submitted / student / layout.assignment, notebooks)


def hand_in_all(layout: Layout, kinds: Sequence[str], prefix: str = "s") -> list[str]:
    """Write a submission of each kind; returns the students."""
    students = [f"{prefix}{place:02d}" for place in range(len(kinds))]
    for student, kind in zip(students, kinds, strict=True):
        hand_in(layout, student, kind)
    return students


def command(*arguments: str, course: Layout) -> list[str]:
    """The command line of `autograder ... --no-sandbox --jobs 2` on a course."""
    return [sys.executable, "-m", "autograder", *arguments, "--course", str(course.course)]


def environment(**more: str) -> dict[str, str]:
    """The environment of a command."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def run(*arguments: str, course: Layout, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the real command to its end, in a process of its own from the start, with further environment variables."""
    line = command(*arguments, course=course)
    return subprocess.run(
        line,
        env=environment(**more),
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=600,
        check=False,
    )


def grade(course: Layout, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `autograder grade` without walls, which are tested elsewhere."""
    return commands().run("grade", "--no-sandbox", *arguments, course=course)


def written(layout: Layout) -> dict[str, bytes]:
    """Everything that must be the same again: results, feedback, graded notebooks."""
    found = {"results": (layout.results / "vae.jsonl").read_bytes()}
    for folder in (layout.feedback, layout.autograded):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found[os.fsdecode(os.path.relpath(path, layout.course))] = path.read_bytes()
    return found


def results(layout: Layout) -> dict[str, dict[str, Any]]:
    """The results file by student."""
    lines = (layout.results / "vae.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["student"]: one for one in map(json.loads, lines)}


def states(layout: Layout) -> dict[str, tuple[str, float]]:
    """State and points by student."""
    return {student: (one["state"], one["score"]) for student, one in results(layout).items()}


def sql(layout: Layout, text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run one statement on the gradebook."""
    with contextlib.closing(sqlite3.connect(layout.gradebook)) as book, book:
        return book.execute(text, values).fetchall()


def events(layout: Layout, kind: str = "verdict") -> list[Mapping[str, Any]]:
    """The events of a kind in the log, in order; lines that are none are skipped."""
    found = []
    for line in (layout.results / "vae.log.jsonl").read_bytes().splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event["event"] == kind:
            found.append(event)
    return found


_FORKER = """
import json, os, sys
from autograder import cli
from autograder.batch import console, local_pool, regrade, worker
from autograder.output.gradebook import connection
from autograder.course.layout import Layout
from autograder.problems import examination
from pathlib import Path
with connection.nbgrader_of(Layout(Path("/nowhere"), "none"), 1.0):
    pass
for name in ("beta_vae_loss", "kl_weight"):
    examination("03_gaussian_kl", name, 5)
print("ready", flush=True)
for line in sys.stdin:
    arguments, folder = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.setpgid(0, 0)
        try:
            code = cli.main(arguments)
        except SystemExit as end:
            code = end.code
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)
    print("started", pid, flush=True)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Commands:
    """Runs the command by forking a process that has imported everything: the same command, without the seconds before it."""

    def __init__(self) -> None:
        """Start the process that is forked."""
        self._folder = tempfile.TemporaryDirectory()
        line = [sys.executable, "-c", _FORKER]
        self._process = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
        )
        self._running: int | None = None
        atexit.register(self.close)
        assert self._line() == ["ready"]

    def _line(self) -> list[str]:
        assert self._process.stdout is not None
        return self._process.stdout.readline().split()

    def start(self, *arguments: str, course: Layout) -> int:
        """Start `autograder ...` in a process group of its own, and return its process id."""
        assert self._process.stdin is not None
        if self._running is not None:
            # A test that failed midway left it: its exit code must not be read as what comes next.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running, signal.SIGKILL)
            self.end()
        line = json.dumps([[*arguments, "--course", str(course.course)], self._folder.name])
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        word, pid = self._line()
        assert word == "started"
        self._running = int(pid)
        return self._running

    def end(self) -> int:
        """Wait for the end of the command that was started, and return its exit code, below 0 for a signal."""
        word, code = self._line()
        assert word == "ended"
        self._running = None
        return int(code)

    def said(self, where: str = "err") -> str:
        """What the last command wrote."""
        return Path(self._folder.name, where).read_text(encoding="utf-8")

    def run(self, *arguments: str, course: Layout) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        self.start(*arguments, course=course)
        return subprocess.CompletedProcess(arguments, self.end(), self.said("out"), self.said())

    def close(self) -> None:
        """End the process that is forked."""
        self._process.communicate()
        self._folder.cleanup()


@cache
def commands() -> Commands:
    """The one process that commands are forked from."""
    return Commands()


def descendants(pid: int) -> dict[int, str]:
    """The processes below a process, each with what tells it from a later one of the same number."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (about := _about(int(entry.name))):
            parents.setdefault(int(about[1]), []).append(int(entry.name))
    found: dict[int, str] = {}
    waiting = list(parents.get(pid, []))
    while waiting:
        one = waiting.pop()
        if about := _about(one):
            found[one] = about[19]
        waiting += parents.get(one, [])
    return found


def _about(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def still_there(processes: Mapping[int, str]) -> list[int]:
    """Those of the processes that run on."""
    return [
        pid for pid, born in processes.items() if (about := _about(pid)) and about[19] == born and about[0] not in "ZX"
    ]


def asleep(pid: int) -> bool:
    """Whether a process waits for something: it neither runs nor would if there were a core for it."""
    return (_about(pid) or "?")[0] == "S"


def wait_until(holds: Callable[[], object], seconds: float = 180.0) -> bool:
    """Wait until something holds; returns whether it came to that, for which a busy machine may take long."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
