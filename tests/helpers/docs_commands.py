"""Commands in documents: blocks of ```console below a mark that says where they are run, and what they print.

| mark | what is done with the block |
|---|---|
| `<!-- run -->`, `<!-- run: 1 -->` | run in a small course, and ends with that exit code |
| `<!-- run as a student -->`, with a code too | run in a copy of the release |
| `<!-- run by: tests/test_x.py::test_y -->` | run there, because it takes more than a small course |
| `<!-- not run: why -->` | nothing |

A line that begins with "$ " is a command; the lines below it are what it prints, where "…" stands for anything, alone
for any lines. Nothing below a command: its output is not compared. All blocks of a document are run in order.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.layout import Layout
from tests.conftest import ROOT
from tests.helpers.toy_course import hand_in, toy_course

DOCUMENTS = sorted(
    [
        *ROOT.glob("docs/**/*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")),
        *ROOT.glob("assignments/vae/data/*.md"),
    ]
)
STUDENT = "run as a student"
_MARK = re.compile(rf"<!-- (run by|{STUDENT}|run|not run)(?:: (.+))? -->")
_SPOKEN = re.compile(
    r"`(?:\.venv/bin/)?((?:autograder|nbgrader|make|python -m|pip|jupyter|dask|git|rm|chmod|apt-get) [^`\n]+)`"
)


@dataclass
class Command:
    """One command of a document: where it stands, how it is marked, what it must print, and the code it must end with."""

    words: str
    line: int
    code: int = 0
    prints: list[str] = field(default_factory=list)
    mark: str = "run"
    because: str = ""


def blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """The fenced blocks of a document: the number of the first line, the language, and the lines within."""
    lines = text.splitlines()
    place = 0
    while place < len(lines):
        fence = re.match(r" *(`{3,})(.*)", lines[place])
        place += 1
        if fence:
            end = next(at for at in range(place, len(lines)) if lines[at].strip() == fence[1])
            yield place, fence[2].strip(), lines[place:end]
            place = end + 1


def every_command(text: str) -> list[Command]:
    """All commands of a document's blocks, those without a mark under the mark ""."""
    found: list[Command] = []
    lines = text.splitlines()
    for first, language, inside in blocks(text):
        if language != "console":
            continue
        mark = _MARK.fullmatch(lines[first - 2]) if first > 1 else None
        kind, because = (mark[1], mark[2] or "") if mark else ("", "")
        code = int(because or 0) if kind in ("run", STUDENT) else 0
        for place, line in enumerate(inside, first + 1):
            if line.startswith("$ "):
                found.append(Command(line[2:], place, code, mark=kind, because=because))
            else:
                found[-1].prints.append(line)
    return found


def commands(text: str) -> list[Command]:
    """The commands of a document that are run by its own test, in order."""
    return [command for command in every_command(text) if command.mark in ("run", STUDENT)]


def spoken(text: str) -> list[str]:
    """The commands that are spoken of in sentences and tables, outside blocks."""
    inside = {line for first, _, lines in blocks(text) for line in range(first, first + len(lines) + 1)}
    return [
        found.replace("\\|", "|")
        for number, line in enumerate(text.splitlines(), 1)
        if number not in inside
        for found in _SPOKEN.findall(line)
    ]


def gist(words: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """What a command does, and its options: the program with its sub-command or module, and the names of what begins with `--`."""
    parts = [part.removeprefix(".venv/bin/") for part in shlex.split(words, comments=True)]
    length = 3 if parts[:2] == ["python", "-m"] else 2 if parts[0] not in ("rm", "chmod") else 1
    return tuple(parts[:length]), frozenset(part.split("=")[0] for part in parts[length:] if part.startswith("--"))


def prints(command: Command, said: str) -> bool:
    """Whether a command printed what its document shows."""
    if not command.prints:
        return True
    parts = [
        r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, re.split(r" ?… ?", line))) + r"\n"
        for line in command.prints
    ]
    return re.fullmatch("".join(parts), said if said.endswith("\n") else said + "\n") is not None


def course(target: Path) -> Layout:
    """A small course whose assignment is called `vae`, as documents call theirs, built, with three submissions."""
    layout = toy_course(target)
    (target / "assignments" / layout.assignment).rename(target / "assignments" / "vae")
    layout = Layout(target, "vae")
    done = run(layout.course, Command("autograder build", 0))
    assert done.returncode == 0, done.stderr
    hand_in(layout, "ada")
    hand_in(layout, "bob", {"centre": "def centre(x):\n    return x.sum()"})
    hand_in(layout, "jdoe")
    return layout


def release(target: Path) -> Path:
    """The release as a student unzips it."""
    shutil.copytree(ROOT / "release" / "vae", target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def run(folder: Path, command: Command) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell in a folder; `autograder` and `python`, there and in `.venv/bin`, are those of this test."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    for name, words in (("autograder", f"'{sys.executable}' -m autograder"), ("python", f"'{sys.executable}'")):
        script = programs / name
        script.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path} | ({} if command.mark == STUDENT else {"PYTHONPATH": str(ROOT)})
    return subprocess.run(
        ["/bin/sh", "-c", command.words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
