"""What code behind the walls cannot do, however it tries."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import autograder.sandbox
from autograder.sandbox import Cell, Limits, Outcome, Refused, Sandbox, Session, launch, open_sandbox

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


@pytest.fixture(scope="module")
def sandbox(release: Path) -> Iterator[Sandbox]:
    """One sandbox with all walls."""
    with open_sandbox(release, walls=True, limits=LIMITS) as opened:
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


REFUSED = {
    "fork": "import os; os.fork()",
    "spawn": "import subprocess; subprocess.run(['/bin/true'])",
    "shell": "import os; assert os.system('true') == 0",
    "exec": "import os; os.execv('/bin/true', ['true'])",
    "multiprocessing": "import multiprocessing as m; p = m.Process(target=print); p.start()",
    "tcp": "import socket; socket.create_connection(('127.0.0.1', 80), 1)",
    "unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "udp": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "names": "import socket; socket.gethostbyname('example.org')",
    "write root": "open('/x', 'w')",
    "write usr": "open('/usr/x', 'w')",
    "write packages": "import numpy; open(numpy.__file__, 'a')",
    "write data": "open('data/numbers.txt', 'a')",
    "new data": "open('data/more.txt', 'w')",
    "replace data": "import os; os.rename('data', 'x')",
    "write dev": "open('/dev/x', 'w')",
    "write proc": "open('/proc/x', 'w')",
    "proc self": "open('/proc/self/status')",
    "secret": "open('/release-data/../secret.txt')",
    "passwords": "open('/etc/shadow')",
    "file too large": "open('big', 'wb').write(b'x' * (9 << 20))",
    "memory": "x = bytearray(1 << 30)",
    "signal parent": "import os, signal; os.kill(os.getppid() or 2, signal.SIGKILL)",
    "memfd": "import os; os.memfd_create('x')",
    "raise limits": "import resource as r; r.setrlimit(r.RLIMIT_AS, (1 << 40, 1 << 40))",
    "become root": "import os; os.setuid(0)",
    "chroot": "import os; os.chroot('.')",
    "device": "import os, stat; os.mknod('d', 0o666 | stat.S_IFBLK, os.makedev(8, 0))",
    "file lock": "import fcntl; fcntl.flock(open('data/numbers.txt'), fcntl.LOCK_SH)",
    "range lock": "import fcntl; fcntl.lockf(open('data/numbers.txt'), fcntl.LOCK_SH)",
    "threads": "import threading, time\nfor _ in range(50): threading.Thread(target=time.sleep, args=(1,)).start()",
}


@pytest.mark.parametrize("attack", REFUSED)
def test_the_attempt_raises(session: Session, attack: str) -> None:
    """Each of these ends in an ordinary error in the student's cell, and the session goes on."""
    outcome = run(session, REFUSED[attack])
    assert outcome.status == "raised", outcome
    assert run(session, "x = 1").status == "ran"


def test_raw_system_calls_are_denied(session: Session) -> None:
    """Calls that numpy's notebooks never need fail with EPERM or ENOSYS even when made directly."""
    if os.uname().machine != "x86_64":
        pytest.skip("the numbers are those of x86-64")
    denied = {
        "ptrace": 101,
        "unshare": 272,
        "mount": 165,
        "shmget": 29,
        "bpf": 321,
        "io_uring_setup": 425,
        "clone3": 435,
    }
    denied |= {
        "flock": 73,
        "inotify_init1": 294,
        "userfaultfd": 323,
        "keyctl": 250,
        "setns": 308,
        "vfork": 58,
        "process_vm_readv": 310,
    }
    numbers = list(denied.values())
    found = tell(
        session,
        f"""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        found = []
        for number in {numbers} + [0x40000000 + 41]:
            result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 5)
            found.append((result, ctypes.get_errno()))
        """,
    )
    assert isinstance(found, list)
    assert all(result == -1 and errno in (1, 38) for result, errno in found), found


def test_the_file_system_shows_the_release_data_and_nothing_of_the_course(release: Path) -> None:
    """A walk over everything readable finds neither grader nor course, and /proc is empty."""
    package = Path(autograder.sandbox.__file__).parents[1]
    # An interpreter's packages are tens of thousands of files: looked through behind the wall, at leisure.
    unhurried = replace(LIMITS, cell_seconds=120, submission_seconds=240)
    with open_sandbox(release, walls=True, limits=unhurried) as patient, patient.session() as session:
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


def test_the_process_holds_nothing_of_ours(session: Session) -> None:
    """Neither modules, objects, environment, descriptors nor arguments tell of the grader."""
    found = tell(
        session,
        """
        import sys, os, gc
        open_ones = []
        for number in range(64):
            try: os.fstat(number); open_ones.append(number)
            except OSError: pass
        found = {
            'modules': [n for n, m in sys.modules.items() if m and n.split('.')[0] in ('autograder', 'solutions')],
            'environment': sorted(os.environ), 'descriptors': open_ones, 'arguments': sys.argv,
            'user': os.getuid(), 'pid': os.getpid(),
        }
        """,
    )
    assert isinstance(found, dict)
    assert found["modules"] == []
    assert found["descriptors"] == [0, 1, 2, 3]
    assert found["user"] == 1000
    assert found["pid"] == 1
    assert "SECRET" not in str(found["environment"])
    assert not any("/" in item for item in found["arguments"])


def test_scratch_is_bounded_in_bytes_and_files(session: Session) -> None:
    """Filling the disk fills 16 MB, and making files ends at 200; /tmp and /dev/shm are the same scratch."""
    found = tell(
        session,
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


def test_scratch_starts_empty(sandbox: Sandbox) -> None:
    """What one submission leaves behind the next does not see."""
    for _ in range(2):
        with sandbox.session() as session:
            assert tell(
                session, "import os\nfound = sorted(os.listdir('.') + os.listdir('/tmp'))\nopen('left', 'w').close()"
            ) == ["data"]


def test_a_memory_bomb_ends_itself(session: Session) -> None:
    """Memory grows to its bound, then raises; the session lives."""
    assert run(session, "x = []\nwhile True: x.append(bytearray(1 << 20))").error == "MemoryError"
    assert tell(session, "x = None\nfound = 1") == 1


def test_killing_everything_kills_nothing(session: Session, sandbox: Sandbox) -> None:
    """Signals to all, to the group and to itself reach nobody outside, and not even the child."""
    process = sandbox._host._process
    outcome = run(
        session,
        "import os, signal\nfor p in (-1, 0, 1):\n    try: os.kill(p, signal.SIGKILL)\n    except OSError: pass",
    )
    assert outcome.status == "ran"
    assert sandbox._host._process is process
    assert sandbox._host.alive()
    with sandbox.session() as other:
        assert run(other, "x = 1").status == "ran"


def test_dying_by_segfault_is_named(session: Session) -> None:
    """The outcome says which signal ended the process."""
    assert "SIGSEGV" in run(session, "import ctypes; ctypes.string_at(0)").detail


def test_endless_cpu_in_threads_is_ended(sandbox: Sandbox, tmp_path: Path) -> None:
    """Threads left spinning spend the submission's CPU time and end with it."""
    limits = Limits(cell_seconds=30, submission_seconds=1, wall_extra=5)
    with open_sandbox(tmp_path, walls=True, limits=limits) as opened, opened.session() as session:
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


def test_nothing_is_left_when_the_grader_is_killed(tmp_path: Path) -> None:
    """SIGKILL of the grader ends the warm process, its children and what they run."""
    mark = f"nobody_{os.getpid()}_killed"
    source = (
        "import sys, time\nfrom pathlib import Path\nfrom autograder.sandbox import *\n"
        "with open_sandbox(Path(sys.argv[1]), walls=True, preload=[sys.argv[2]]) as b, b.session() as s:\n"
        "    print('up', flush=True)\n    s.run([Cell('x', 'while True: pass')])\n"
    )
    root = Path(autograder.sandbox.__file__).parents[2]
    grader = subprocess.Popen([sys.executable, "-c", source, str(tmp_path), mark], stdout=subprocess.PIPE, cwd=root)
    assert grader.stdout is not None
    assert grader.stdout.readline() == b"up\n"
    assert _processes(mark)
    grader.kill()
    grader.wait()
    grader.stdout.close()
    assert _gone(mark)


def test_nothing_is_left_after_closing(tmp_path: Path) -> None:
    """A closed sandbox leaves no process."""
    mark = f"nobody_{os.getpid()}_closed"
    with open_sandbox(tmp_path, walls=True, limits=LIMITS, preload=[mark]) as opened, opened.session() as session:
        run(session, "x = 1")
        assert _processes(mark)
    assert _gone(mark)


def test_what_cannot_be_had_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without bubblewrap the sandbox says what to install; no half of a wall is ever used."""
    monkeypatch.setattr(shutil, "which", lambda *_: None)
    with pytest.raises(Refused, match="apt install bubblewrap"):
        open_sandbox(tmp_path, walls=True)


def test_refused_namespaces_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bubblewrap that may not make namespaces leads to the sentence about them."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda *_: str(fake))
    with pytest.raises(Refused, match=r"user namespaces|cannot reach"):
        open_sandbox(tmp_path, walls=True)


def test_the_runtime_travels_without_a_folder_of_ours() -> None:
    """What is sent into the sandbox are the runtime's modules alone; they import nothing of ours but one another."""
    names = [name for name, _ in json.loads(launch.runtime())]
    assert "session" not in names
    for name, source in json.loads(launch.runtime()):
        assert "from .." not in source, name
        assert "import autograder" not in source, name


def test_descriptors_sent_along_are_dropped(session: Session) -> None:
    """A descriptor passed over the child's socket is not taken by the grader."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    source = "import socket, os\ns = socket.socket(fileno=os.dup(3))\nsocket.send_fds(s, [b'x'], [0, 1, 2])"
    assert session.run([Cell("x", source)])[0].status == "died"
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_a_course_where_submissions_may_read_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A course below /usr, or inside the environment, would lie open with gradebook and submissions: it is refused."""
    monkeypatch.setattr(launch, "_SYSTEM", (*launch._SYSTEM, str(tmp_path / "visible")))
    course = tmp_path / "visible" / "course"
    (course / "release" / "vae").mkdir(parents=True)
    link = tmp_path / "elsewhere"
    link.symlink_to(course)
    for folder in (course, link):
        with pytest.raises(Refused, match="move the course folder elsewhere"):
            open_sandbox(folder / "release" / "vae", walls=True)
