"""Commands in documents: blocks of ```console, marked `<!-- run -->` or `<!-- not run: why -->`, and what they print.

A line that begins with "$ " is a command; the lines below it are what it prints, where "…" stands for anything, alone
for any lines. Nothing below a command: its output is not compared. `<!-- run: 1 -->` expects another exit code than 0.
All blocks of a document run in one course folder, in order.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from autograder.layout import Layout
from tests.conftest import ROOT
from tests.toy_course import hand_in, toy_course

DOCUMENTS = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
_MARK = re.compile(r"<!-- (run|not run)(?:: (.+))? -->")


@dataclass
class Command:
    """One command of a document, where it stands, what it must print, and the code it must end with."""

    words: str
    line: int
    code: int = 0
    prints: list[str] = field(default_factory=list)


def unmarked(text: str) -> list[int]:
    """The lines where a block of commands begins that no mark stands above."""
    lines = text.splitlines()
    return [
        number
        for number, line in enumerate(lines, 1)
        if line.startswith("```console") and (number < 2 or not _MARK.fullmatch(lines[number - 2]))
    ]


def commands(text: str) -> list[Command]:
    """The commands of a document that are to be run, in order."""
    found: list[Command] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        mark = _MARK.fullmatch(line)
        if mark is None or mark[1] != "run":
            continue
        for place in range(number + 2, lines.index("```", number + 2)):
            if lines[place].startswith("$ "):
                found.append(Command(lines[place][2:], place + 1, int(mark[2] or 0)))
            else:
                found[-1].prints.append(lines[place])
    return found


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
    """A small course whose assignment is called `vae`, as documents call theirs, built, with two submissions."""
    layout = toy_course(target)
    (target / "assignments" / layout.assignment).rename(target / "assignments" / "vae")
    layout = Layout(target, "vae")
    done = run(layout, Command("autograder build", 0), target.parent / "bin")
    assert done.returncode == 0, done.stderr
    hand_in(layout, "ada")
    hand_in(layout, "bob", {"centre": "def centre(x):\n    return x.sum()"})
    return layout


def run(layout: Layout, command: Command, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell in the course folder; `autograder` and `python` are those of this test."""
    folder.mkdir(exist_ok=True)
    for name, words in (("autograder", f"'{sys.executable}' -m autograder"), ("python", f"'{sys.executable}'")):
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    path = os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["/bin/sh", "-c", command.words],
        cwd=layout.course,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
