"""What `python -m checks` does: find the notebooks, run them, say what came of it, pack them."""

from __future__ import annotations

import contextlib
import difflib
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..exercise import Exercise, Problem
from ..registry import modules
from ..rendering import as_text
from ..verdict import Verdict
from . import machine_report, progress
from .file_watcher import LIMIT, NotebookRun, watch
from .hand_in import NotPacked, pack
from .notebook import FOOTER, TITLE
from .notebook_file import Unreadable, read

_WIDEST = 100

Found = dict[str, tuple[Problem, Path]]
"""Notebooks by the names they are handed in under."""


class Refused(Exception):
    """There is nothing to check or to pack; the message says why and what to do."""


class Terminal:
    """One call of `python -m checks`, for the notebooks that lie beside the package."""

    def __init__(self, folder: Path, *, brief: bool = False, seconds: float = LIMIT) -> None:
        """`folder` is the unzipped release; `seconds` is what one cell may take."""
        self._folder, self._brief, self._seconds = folder, brief, seconds
        self._outcomes: dict[str, machine_report.Outcome] = {}
        self._problems = {problem.stem: problem for problem in sorted(modules().values(), key=_stem)}
        if not self._problems:
            raise Refused(f"{folder / 'checks'} holds no checks of exercises: unzip the whole release once more.")

    def main(self, asked: Sequence[str], out: Path | None) -> int:
        """Check the notebooks asked for, or all, and pack them where a zip file is asked for; return the exit code."""
        files = self._named(asked) if asked else self._all()
        if out is None:
            done = [self._check(problem, path) for problem, path in files.values()]
            self._say(f"\n{FOOTER}")
            return 0 if all(done) else 1
        self._brief = True
        try:
            done = [self._check(problem, path) for problem, path in files.values()]
        except KeyboardInterrupt:
            done = []
            print("\nChecking was stopped. Packing goes on.")
        except Exception as error:
            # Handing in must not fail because checking does.
            done = []
            print(f"\nThe checks themselves failed ({type(error).__name__}: {error}). Packing goes on.")
        self._before_packing(done, files, partly=bool(asked))
        try:
            print(*pack({name: path for name, (_, path) in files.items()}, out), sep="\n")
        except NotPacked as error:
            raise Refused(str(error)) from error
        return 0

    def report(self) -> dict[str, Any]:
        """What was found so far, for programs."""
        return machine_report.report(list(self._problems.values()), self._outcomes)

    # Finding

    def _all(self) -> Found:
        """The notebooks of the release by name; one that was renamed stands in for its own name."""
        files: Found = {}
        strangers = self._strangers()
        for stem, problem in self._problems.items():
            name = f"{stem}.ipynb"
            path = self._folder / name
            if path.is_file():
                files[name] = (problem, path)
                continue
            copies = [one for one, found in strangers.items() if found is problem]
            if len(copies) == 1:
                self._say(f"{name} is called {copies[0].name} here. Please give it back its own name.")
                files[name] = (problem, copies[0])
            else:
                several = f"; {_listed(copies)} look like it, and only one of them can be it" if copies else ""
                self._say(f"{name} is not in this folder{several}.")
        if not files:
            raise Refused(
                f"There is none of the notebooks in {self._folder}: unzip the whole release, and keep the notebooks "
                "beside the folder checks/."
            )
        for path, found in strangers.items():
            if found is not None and f"{found.stem}.ipynb" in files and files[f"{found.stem}.ipynb"][1] != path:
                self._say(f"{path.name} is left out: only {found.stem}.ipynb is looked at.")
        return files

    def _named(self, asked: Iterable[str]) -> Found:
        files: Found = {}
        for text in asked:
            path = self._place(text)
            try:
                problem = self._problems.get(path.stem) or self._of(path)
            except Unreadable as error:
                raise Refused(str(error)) from error
            if problem is None:
                raise Refused(f"{path.name} holds none of the exercises. {self._present()}")
            name = f"{problem.stem}.ipynb"
            if name in files:
                raise Refused(f"{files[name][1].name} and {path.name} hold the same exercises: name one of them.")
            if name != path.name:
                self._say(f"{path.name} holds the exercises of {name}. Please give it that name before you hand it in.")
            files[name] = (problem, path)
        return files

    def _place(self, text: str) -> Path:
        """The file that is meant: as typed, with its ending, or in the release's folder."""
        for path in (Path(text), Path(f"{text}.ipynb"), self._folder / text, self._folder / f"{text}.ipynb"):
            if path.is_file():
                return path
        near = difflib.get_close_matches(Path(text).name, [path.name for path in self._folder.glob("*.ipynb")], n=1)
        hint = f"Did you mean {near[0]}?" if near else self._present()
        raise Refused(f"There is no notebook {text}. {hint}")

    def _present(self) -> str:
        names = sorted(path.name for path in self._folder.glob("*.ipynb"))
        return f"In {self._folder} there are {', '.join(names)}." if names else f"{self._folder} holds no notebooks."

    def _of(self, path: Path) -> Problem | None:
        """The problem most of whose exercises a notebook holds; None where it holds none."""
        names = {cell.name for cell in read(path) if cell.name}
        held = {stem: sum(one.name in names for one in p.exercises) for stem, p in self._problems.items()}
        best = max(held, key=lambda stem: held[stem])
        return self._problems[best] if held[best] else None

    def _strangers(self) -> dict[Path, Problem | None]:
        """Notebooks that have none of the known names, with the problem whose exercises they hold."""
        paths = sorted(self._folder.glob("*.ipynb"))
        found: dict[Path, Problem | None] = {}
        for path in paths:
            if path.stem not in self._problems:
                with contextlib.suppress(Unreadable):
                    found[path] = self._of(path)
        return found

    # Checking

    def _check(self, problem: Problem, path: Path) -> bool:
        """Run one notebook, print its tables and what is left; return whether all of it holds."""
        title = f"{path.name}: {problem.title}"
        print() if self._brief else print(f"\n{title}\n{'=' * len(title)}")
        try:
            # What a notebook reads lies beside it, or where the release is.
            place = path.resolve().parent
            report = watch(path, place if (place / "checks").is_dir() else self._folder, self, self._seconds)
        except Unreadable as error:
            self._outcomes[f"{problem.stem}.ipynb"] = str(error)
            self._say(str(error))
            return False
        self._outcomes[f"{problem.stem}.ipynb"] = report
        lines = [_line(one, report) for one in problem.exercises]
        if self._brief:
            self._say(progress.as_text(title, lines))
            for sentence in report.notes:
                self._say(f"  ! {sentence}")
        else:
            self._say(f"\n{path.name}: {progress.count(lines)}.")
        return not report.notes and all(line.state == progress.HOLDS for line in lines)

    def verdict(self, verdict: Verdict) -> None:
        """Print the table of one exercise."""
        if not self._brief:
            self._say(f"\n{as_text(verdict, TITLE)}")

    def note(self, sentence: str) -> None:
        """Print what happened beside the checks."""
        if not self._brief:
            self._say(f"\n! {sentence}")

    def wait(self, title: str) -> None:
        """Say what takes long."""
        self._say(f"  ... still at {title}; it may take {self._seconds:g} seconds (--limit)")

    # Packing

    def _before_packing(self, done: Sequence[bool], files: Found, *, partly: bool) -> None:
        print()
        missing = [f"{stem}.ipynb" for stem in self._problems if f"{stem}.ipynb" not in files]
        if missing and partly:
            self._say(f"Only what you named is packed, not {', '.join(missing)}.")
        elif missing:
            self._say(f"Not packed, because not there: {', '.join(missing)}.")
        if not all(done):
            self._say(
                "Not everything holds yet (see above). You may hand in all the same: each exercise is graded alone."
            )

    def _say(self, text: str) -> None:
        """Print lines no longer than the terminal is wide, what is wrapped below what it belongs to."""
        width = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns) if sys.stdout.isatty() else _WIDEST
        for line in text.split("\n"):
            indent = " " * (len(line) - len(line.lstrip()) + 4)
            print(textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False) if line.strip() else "")
        sys.stdout.flush()


def _line(exercise: Exercise, report: NotebookRun) -> progress.Line:
    name, worth = progress.heading(exercise), progress.worth(exercise)
    if exercise.name in report.stopped:
        return progress.Line(name, progress.BREAKS, "its answer cell does not run to its end", worth)
    if exercise.name in report.verdicts:
        return progress.line(report.verdicts[exercise.name], name, worth)
    return progress.Line(name, progress.BREAKS, "could not be checked", worth)


def _stem(problem: Problem) -> str:
    return problem.stem


def _listed(paths: Sequence[Path]) -> str:
    return " and ".join(path.name for path in paths)
