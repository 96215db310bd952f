"""What stands behind the walls, and how they are raised; what is tried against them stands in tests/hostile/walls.py."""

from __future__ import annotations

import json
import os
import re
import shutil
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import autograder.sandbox
from autograder.sandbox import Cell, Limits, Outcome, Refused, Sandbox, Session, open_sandbox
from autograder.sandbox.tiers import interpreter, warm_process

LIMITS = Limits(
    cell_seconds=4, call_seconds=1, submission_seconds=20, memory_mb=256, scratch_mb=16, file_mb=8, files=200, threads=8
)

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed: apt install bubblewrap"
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with data, and a file beside it that is none of a submission's business."""
    folder = tmp_path_factory.mktemp("course") / "release"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "numbers.txt").write_text("1 2 3")
    (folder / "secret.txt").write_text("hidden")
    return folder


@pytest.fixture(scope="module", params=["namespaces", "bubblewrap+landlock"])
def sandbox(request: pytest.FixtureRequest, release: Path) -> Iterator[Sandbox]:
    """One sandbox of each tier that the machine of the tests can have."""
    with open_sandbox(release, walls=request.param, limits=LIMITS) as opened:
        yield opened


@pytest.fixture(scope="module")
def namespaces(release: Path) -> Iterator[Sandbox]:
    """The strongest tier."""
    with open_sandbox(release, walls="namespaces", limits=LIMITS) as opened:
        yield opened


@pytest.fixture(scope="module")
def landlock(release: Path) -> Iterator[Sandbox]:
    """A tier whose children are held by Landlock."""
    with open_sandbox(release, walls="bubblewrap+landlock", limits=LIMITS) as opened:
        yield opened


@pytest.fixture
def apart(namespaces: Sandbox) -> Iterator[Session]:
    """A fresh child in namespaces of its own."""
    with namespaces.session() as opened:
        yield opened


@pytest.fixture
def fenced(landlock: Sandbox) -> Iterator[Session]:
    """A fresh child behind Landlock."""
    with landlock.session() as opened:
        yield opened


@pytest.fixture
def session(sandbox: Sandbox) -> Iterator[Session]:
    """A fresh child."""
    with sandbox.session() as opened:
        yield opened


def run(session: Session, source: str) -> Outcome:
    """Run one cell."""
    return session.run([Cell("cell", textwrap.dedent(source))])[0]


def tell(session: Session, source: str) -> object:
    """Run a cell that leaves its finding in `found`."""
    outcome = run(session, source)
    assert outcome.status == "ran", outcome
    return session.read(["found"])[0].value


def test_the_file_system_shows_the_release_data_and_nothing_of_the_course(release: Path) -> None:
    """A walk over everything readable finds neither grader nor course, and /proc is empty."""
    package = Path(autograder.sandbox.__file__).parents[1]
    # An interpreter's packages are tens of thousands of files: looked through behind the wall, at leisure.
    unhurried = replace(LIMITS, cell_seconds=120, submission_seconds=240)
    with open_sandbox(release, walls="namespaces", limits=unhurried) as patient, patient.session() as session:
        found = tell(
            session,
            f"""
            import os
            told = ({str(package) + "/"!r}, '/autograder/', '/solutions', '/secret.txt', '/proc/', '/scratch/')
            seen, found = 0, []
            for folder, folders, files in os.walk('/'):
                if folder.startswith(('/usr/', '/dev')):
                    folders.clear()
                for name in (*files, *folders):
                    seen += 1
                    path = os.path.join(folder, name)
                    if any(part in path for part in told):
                        found.append(path)
            found = [seen, found]
            """,
        )
    assert isinstance(found, list)
    seen, paths = found
    assert seen > 100
    assert not [path for path in paths if path.startswith("/proc/")]
    assert not [path for path in paths if path.endswith("/secret.txt")]
    assert not [
        path for path in paths if path.startswith(str(package) + "/") or "/autograder/" in path or "/solutions" in path
    ]
    assert "/scratch/home/data/numbers.txt" in paths


def test_a_child_in_namespaces_is_the_first_of_its_processes(apart: Session) -> None:
    """With namespaces a child is pid 1: killing it ends whatever it started."""
    assert tell(apart, "import os\nfound = os.getpid()") == 1


def test_scratch_is_bounded_in_bytes_and_files(apart: Session) -> None:
    """Filling the disk fills 16 MB, and making files ends at 200; /tmp and /dev/shm are the same scratch."""
    found = tell(
        apart,
        """
        import os
        found = {}
        size = 0
        try:
            for n in range(100):
                with open(('/tmp/', '/dev/shm/', '')[n % 3] + f'{n}.bin', 'wb') as f: size += f.write(b'x' * (1 << 20))
        except OSError as e: found['size'] = (size >> 20, e.errno)
        for folder in ('/tmp/', '/dev/shm/', './'):
            for name in os.listdir(folder):
                if name.endswith('.bin'): os.unlink(folder + name)
        try:
            for n in range(1000): open(f'{n}.txt', 'w').close()
        except OSError as e: found['files'] = (n, e.errno)
        """,
    )
    assert isinstance(found, dict)
    assert found["size"][0] <= 16
    assert found["size"][1] == 28
    assert found["files"][0] <= 200


def test_a_fenced_child_sees_its_own_scratch_alone(fenced: Session) -> None:
    """With Landlock the temporary folder of all is closed, and the child's own takes its place."""
    found = tell(
        fenced,
        """
        import os, tempfile
        found = [sorted(os.listdir('.'))]
        try: found.append(os.listdir('/tmp'))
        except OSError as error: found.append(error.errno)
        with tempfile.NamedTemporaryFile('w+') as file: found.append(file.write('abc'))
        """,
    )
    assert found == [["data"], 13, 3]


def test_scratch_starts_empty(sandbox: Sandbox) -> None:
    """What one submission leaves behind the next does not see."""
    look = "import os\nfound = sorted(os.listdir('.') + os.listdir(os.environ['TMPDIR']))\nopen('left', 'w').close()"
    for _ in range(2):
        with sandbox.session() as session:
            assert tell(session, look) == ["data"]


def test_endless_cpu_in_threads_is_ended(tmp_path: Path) -> None:
    """Threads left spinning spend the submission's CPU time and end with it."""
    limits = Limits(cell_seconds=30, submission_seconds=1, wall_extra=5)
    with open_sandbox(tmp_path, walls="namespaces", limits=limits) as opened, opened.session() as session:
        spin = "import threading, time\ndef spin():\n    while True: pass\n"
        source = spin + "for _ in range(3): threading.Thread(target=spin).start()"
        session.run([Cell("a", source)])
        start = time.monotonic()
        while session.alive and time.monotonic() - start < 15:
            session.run([Cell("b", "time.sleep(0.2)")])
        assert not session.alive or session.run([Cell("c", "1")])[0].status == "skipped"


def _processes(mark: str) -> set[str]:
    """Processes of the sandbox that was started with this name among the modules to preload."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f'"{mark}"'.encode() in (entry / "cmdline").read_bytes():
                    found.add(entry.name)
            except OSError:
                continue
    return found


def _gone(mark: str) -> bool:
    """Whether all of them end, which takes the kernel a moment."""
    until = time.monotonic() + 60
    while _processes(mark) and time.monotonic() < until:
        time.sleep(0.02)
    return not _processes(mark)


def test_nothing_is_left_after_closing(tmp_path: Path) -> None:
    """A closed sandbox leaves no process."""
    mark = f"nobody_{os.getpid()}_closed"
    with (
        open_sandbox(tmp_path, walls="namespaces", limits=LIMITS, preload=[mark]) as opened,
        opened.session() as session,
    ):
        run(session, "x = 1")
        assert _processes(mark)
    assert _gone(mark)


def test_what_cannot_be_had_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without bubblewrap the sandbox says what to install; no half of a wall is ever used."""
    monkeypatch.setattr(shutil, "which", lambda *_: None)
    with pytest.raises(Refused, match="apt install bubblewrap"):
        open_sandbox(tmp_path, walls="namespaces")


def test_refused_namespaces_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bubblewrap that may not make namespaces leads to the sentence about them."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda *_: str(fake))
    with pytest.raises(Refused, match=r"user namespaces|cannot reach"):
        open_sandbox(tmp_path, walls="namespaces")


def test_the_runtime_travels_without_a_folder_of_ours() -> None:
    """What is sent into the sandbox are the runtime's modules alone; they import nothing of ours but one another."""
    shipped = json.loads(warm_process.runtime())
    assert {name.split(".")[1] for name in shipped if "." in name} == {"limits", "codec", "confined"}
    for name, (source, _) in shipped.items():
        assert "import autograder" not in source, name
        assert not re.search(r"from \.\.\.|from \.\.(?!codec|limits)", source), name


def test_descriptors_sent_along_are_dropped(session: Session) -> None:
    """A descriptor passed over the child's socket is not taken by the grader."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    source = "import socket, os\ns = socket.socket(fileno=os.dup(3))\nsocket.send_fds(s, [b'x'], [0, 1, 2])"
    assert session.run([Cell("x", source)])[0].status == "died"
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_a_course_where_submissions_may_read_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A course below /usr, or inside the environment, would lie open with gradebook and submissions: it is refused."""
    monkeypatch.setattr(interpreter, "SYSTEM", (*interpreter.SYSTEM, str(tmp_path / "visible")))
    course = tmp_path / "visible" / "course"
    (course / "release" / "vae").mkdir(parents=True)
    link = tmp_path / "elsewhere"
    link.symlink_to(course)
    for folder in (course, link):
        with pytest.raises(Refused, match="move the course folder elsewhere"):
            open_sandbox(folder / "release" / "vae", walls="namespaces")
