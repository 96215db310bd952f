"""A machine with a hub for a test: docs/hub.md carried out below a folder, with Unix users of the test's own."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import psutil
import pytest
import requests
from packaging.specifiers import SpecifierSet

from tests.conftest import ROOT, copy_course
from tests.helpers import fresh
from tests.helpers.docs_commands import blocks, every_command
from tests.helpers.small_course import wait_until

PAGE = ROOT / "docs" / "hub.md"
STUDENTS, INSTRUCTOR = ("ada", "bob"), "tutor"
PEOPLE = (*STUDENTS, INSTRUCTOR)
NOBODY = 65_534
# Users cannot write into the environment: what all their servers import is compiled once.
_IMPORTED = (
    "jupyterhub.singleuser, jupyterlab.labapp, notebook.app, nbgrader.apps, ipykernel.kernelapp, matplotlib.pyplot"
)
WARM = f"/opt/hub/bin/python -c 'import {_IMPORTED}'"
_MADE_BY = "make test-hub of process "


def needs_what_a_hub_needs() -> None:
    """Skip without root, useradd or npm, which CI does not allow."""
    missing = "root, who makes the users" if os.geteuid() else ""
    missing = missing or ", ".join(name for name in ("useradd", "npm", "node") if shutil.which(name) is None)
    if missing and os.environ.get("CI"):
        pytest.fail(f"There is no {missing}.")
    if missing:
        pytest.skip(f"needs {missing}")


def everybodys_python() -> str:
    """A Python, 3.11 or newer, that every user of this machine can run: that of the tests may lie in root's home."""
    asks = "import sys, venv, ssl; sys.exit(sys.version_info < (3, 11))"
    found = [sys._base_executable, *sorted(map(str, Path("/usr/bin").glob("python3*")), key=len)]  # type: ignore[attr-defined]
    for python in found:
        with contextlib.suppress(OSError):
            who = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}
            if (
                subprocess.run([python, "-c", asks], capture_output=True, timeout=60, check=False, **who).returncode
                == 0
            ):  # type: ignore[call-overload]
                return str(python)
    pytest.fail(
        "No Python 3.11 or newer that every user may run was found: install python3 where everybody can read it."
    )


def constraints_for(python: str, target: Path) -> Path:
    """Write those lines of constraints.txt that this Python can have: a release may ask for a newer one than ours."""
    told = subprocess.run([python, "-c", "import platform; print(platform.python_version())"], capture_output=True)
    version = told.stdout.decode().strip()
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    target.write_text("".join(f"{line}\n" for line in lines if _fits(line, version)), encoding="utf-8")
    return target


def _fits(line: str, version: str) -> bool:
    try:
        wanted = metadata(line.partition("==")[0])["Requires-Python"]
    except (PackageNotFoundError, ValueError):
        return True
    return not wanted or SpecifierSet(wanted).contains(version)


def section(heading: str) -> str:
    """A section of the page, by its heading."""
    return PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def told(heading: str) -> list[str]:
    """The commands of a section that this test runs, in order."""
    return [one.words for one in every_command(section(heading)) if one.mark == "run by"]


def files(heading: str) -> list[str]:
    """The settings of a section, in order."""
    found = [inside for _, language, inside in blocks(section(heading)) if language in ("python", "json")]
    return ["\n".join(inside) + "\n" for inside in found]


@dataclass
class Machine:
    """What the recipe made: everything below one folder, and users whose names nobody else has."""

    root: Path
    python: str
    constraints: Path
    ports: Sequence[int]
    names: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    course: Path = Path()

    @property
    def url(self) -> str:
        """Where the hub answers."""
        return f"http://127.0.0.1:{self.ports[0]}"

    def here(self, text: str) -> str:
        """What the page says, said of this machine."""
        text = re.sub(r"(?<![\w/])/(opt|srv|home)/", rf"{self.root}/\1/", text)
        text = re.sub(r"\b(ada|bob|tutor)\b", lambda found: self.names[found[1]], text)
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self.ports[0]}")
        text = text.replace("--constraint constraints.txt", f"--constraint {self.constraints}")
        text = text.replace("python3 -m venv", f"{self.python} -m venv --without-pip")
        text = re.sub(r"(\S+/bin/python) -m pip", rf"{sys.executable} -m pip --python \1", text)
        made_by = f"'{_MADE_BY}{os.getpid()}'"
        return text.replace("useradd ", f"useradd --base-dir {self.root}/home --comment {made_by} ")

    def home(self, person: str) -> Path:
        """A person's home."""
        return self.root / "home" / self.names[person]

    def run(self, command: str, folder: Path = ROOT) -> None:
        """Run a command of the page as root; one that fails fails the test, without a registry it is skipped."""
        quiet = {"PIP_QUIET": "1", "PIP_RETRIES": "10", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COMPILE": "1"}
        done = fresh.run("/bin/sh", "-ec", self.here(command), folder=folder, PIP_ROOT_USER_ACTION="ignore", **quiet)
        if done.returncode != 0 and re.search("NewConnectionError|ENOTFOUND", done.stderr) and not os.environ.get("CI"):
            pytest.skip("the package registry cannot be reached")
        assert done.returncode == 0, f"{command}\n{done.stdout[-1000:]}{done.stderr[-3000:]}"

    def give(self, person: str, *paths: Path) -> None:
        """Give files to a person, with all that is below them."""
        about = pwd.getpwnam(self.names[person])
        for path in paths:
            subprocess.run(["chown", "-hR", f"{about.pw_uid}:{about.pw_gid}", path], check=True, timeout=120)


@contextlib.contextmanager
def hub() -> Iterator[Machine]:
    """Carry out the page up to a hub that answers; in the end no process, user or file of it is left."""
    needs_what_a_hub_needs()
    _clear_what_was_left()
    root = Path(tempfile.mkdtemp(prefix="hub-"))
    names = {name: f"{name}-{os.getpid()}" for name in PEOPLE}
    try:
        python = everybodys_python()
        root.chmod(0o755)
        (root / "home").mkdir(exist_ok=True)
        machine = Machine(root, python, constraints_for(python, root / "constraints.txt"), _free_ports(3))
        machine.names = names
        _make_users(machine)
        _install(machine)
        with _running(machine):
            yield machine
    finally:
        _remove_users(list(names.values()))
        shutil.rmtree(root, ignore_errors=True)


def _make_users(machine: Machine) -> None:
    for command in told("Set up"):
        if command.startswith("useradd "):
            machine.run(command)
    machine.passwords = {name: secrets.token_urlsafe(12) for name in PEOPLE}
    lines = "".join(f"{machine.names[name]}:{word}\n" for name, word in machine.passwords.items())
    subprocess.run(["chpasswd"], input=lines, text=True, check=True, timeout=60)
    # Whatever the clone has that grading needs, and the wheel.
    machine.course = machine.home(INSTRUCTOR) / "course"
    copy_course(machine.course)
    wheel = fresh.wheel(machine.root / "wheel")
    (machine.course / "dist").mkdir()
    shutil.copy(wheel, machine.course / "dist")
    shutil.copy(ROOT / "constraints.txt", machine.course)


def _install(machine: Machine) -> None:
    """Make both environments at once, as root, whose cache pip may use; then give the instructor what is his."""
    home = machine.home(INSTRUCTOR)
    own = [
        one.replace("~", f"/home/{INSTRUCTOR}") for one in told("The instructor") if re.search(r"-m (venv|pip)", one)
    ]
    of_hub = [one for one in told("Set up") if not one.startswith("useradd ") and not _starts(one)]

    def all_of(commands: list[str], folder: Path) -> None:
        for command in commands:
            machine.run(command, folder)

    with ThreadPoolExecutor(2) as both:
        waiting = [both.submit(all_of, [*of_hub, WARM], ROOT), both.submit(all_of, own, machine.course)]
        for one in waiting:
            one.result()
    everybody, of_the_hub = files("Set up")
    (machine.root / "srv" / "nbgrader" / "nbgrader_config.py").write_text(machine.here(everybody), encoding="utf-8")
    ports = [
        f'c.JupyterHub.hub_bind_url = "http://127.0.0.1:{machine.ports[1]}"',
        f'c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{machine.ports[2]}"',
    ]
    settings = machine.here(of_the_hub) + "\n".join(["", *ports, ""])
    (machine.root / "srv" / "jupyterhub" / "jupyterhub_config.py").write_text(settings, encoding="utf-8")
    (home / ".jupyter").mkdir()
    for name, text in zip(("jupyter_server_config.json", "nbgrader_config.py"), files("The instructor"), strict=True):
        (home / ".jupyter" / name).write_text(machine.here(text), encoding="utf-8")
    machine.give(INSTRUCTOR, home)


@contextlib.contextmanager
def _running(machine: Machine) -> Iterator[None]:
    """Start the hub and wait until it answers; it ends its proxy and its users' servers itself, or they are ended."""
    (command,) = filter(_starts, told("Set up"))
    said = machine.root / "srv" / "jupyterhub" / "log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            ["/bin/sh", "-c", machine.here(command)],
            env=fresh.bare(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        assert wait_until(lambda: process.poll() is not None or _answers(machine)), said.read_text()[-3000:]
        assert process.poll() is None, said.read_text(errors="replace")[-3000:]
        yield
    finally:
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _end(family)


def _starts(command: str) -> bool:
    return command.endswith("--config jupyterhub_config.py")


def _answers(machine: Machine) -> bool:
    try:
        return bool(requests.get(f"{machine.url}/hub/health", timeout=10).status_code == 200)
    except requests.RequestException:
        return False


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=20)


def _remove_users(names: Sequence[str]) -> None:
    """Remove users with all that they run; their homes are elsewhere removed."""
    there = {about.pw_name: about.pw_uid for about in pwd.getpwall() if about.pw_name in names}
    for _ in range(3):
        running = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.NoSuchProcess):
                if process.uids().real in there.values():
                    running.append(process)
        _end(running)
    for name in there:
        subprocess.run(["userdel", "--force", name], check=True, capture_output=True, timeout=60)


def _clear_what_was_left() -> None:
    """Remove the users of a run that was killed, with the folder of their homes and all that runs from there."""
    for about in pwd.getpwall():
        made = re.fullmatch(_MADE_BY + r"(\d+)", about.pw_gecos)
        if made and not psutil.pid_exists(int(made[1])):
            _remove_users([about.pw_name])
            folder = Path(about.pw_dir).parents[1]
            if folder.parent == Path(tempfile.gettempdir()) and folder.name.startswith("hub-"):
                _end([one for one in psutil.process_iter() if _runs_from(one, folder)])
                shutil.rmtree(folder, ignore_errors=True)


def _runs_from(process: psutil.Process, folder: Path) -> bool:
    """Whether the program of a process lies in a folder."""
    try:
        return any(word.startswith(f"{folder}/") for word in process.cmdline()[:2])
    except psutil.Error:
        return False
