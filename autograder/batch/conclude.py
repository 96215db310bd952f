"""The end of a batch: results and gradebook made from the log, and what of that can be skipped."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..course.built_notebooks import load_sources, points_of
from ..course.layout import Layout
from ..files.atomic import encoded, write_atomically
from ..files.text import clean
from ..grading.record import Record
from ..output.gradebook.state import file_stamp
from ..output.results import results_path
from .journal import Journal


@dataclass(frozen=True)
class Results:
    """What was written: the states of those asked for, a digest of all, and how many verdicts are out of other points than now."""

    states: Counter[str]
    digest: str
    outdated: int


def write_results(layout: Layout, journal: Journal, everyone: Sequence[str], asked: Sequence[str]) -> Results:
    """Write a line for everyone who has a verdict; raises OSError, the results of before are then still there."""
    states: Counter[str] = Counter()
    total = hashlib.sha256()
    wanted = set(asked)
    points = points_of(load_sources(layout.source))
    outdated = 0

    def lines() -> Iterator[bytes]:
        for result, present in journal.results(everyone):
            nonlocal outdated
            outdated += {one["name"]: one["max_points"] for one in result["exercises"]} != points
            line = encoded(json.dumps(result, ensure_ascii=False)) + b"\n"
            total.update(line + json.dumps(present).encode())
            if result["student"] in wanted:
                states[result["state"]] += 1
            yield line

    write_atomically(results_path(layout), lines())
    return Results(states, total.hexdigest(), outdated)


def update_gradebook(
    layout: Layout, journal: Journal, everyone: Sequence[str], digest: str, wait: float, always: bool
) -> bool:
    """Write the grades unless the gradebook has them already; returns whether it did. Raises what the gradebook raises.

    Reading nbgrader's programs alone takes a second, so a mark in results/ keeps what was written last, and how the
    database looked then: when somebody changed it since (the form grader does), it is written again. Of a server that second
    is needed to ask it. It keeps too how the assignment was registered: while that holds, nbgrader is not needed to write;
    with `always` it is asked all the same.
    """
    settled = _settled(layout)
    wanted = hashlib.sha256(f"{digest} {settled}".encode()).hexdigest()
    kept = _Mark.read(layout)
    if not always and kept is not None and kept.wanted == wanted and _same(layout, kept.stamp, wait):
        return False
    _Mark.path(layout).unlink(missing_ok=True)
    from ..output.gradebook import NotDirect, gradebook_stamp, registered_state, write_directly, write_gradebook

    ambiguous = _ambiguous_names(everyone)
    written = [student for student in everyone if student not in ambiguous]

    def records() -> Iterator[Record]:
        return (Record.points_of_result(*line) for line in journal.with_written(written))

    stamp: list[Any] | None = None
    registered = kept.registered if kept is not None and kept.settled == settled and not always else None
    if registered is not None:
        try:
            write_directly(layout, records(), registered, wait=wait)
            stamp = file_stamp(layout, layout.gradebook.name)
        except NotDirect:
            registered = None
    if registered is None:
        write_gradebook(layout, records(), wait=wait)
        stamp, registered = gradebook_stamp(layout, wait=wait), registered_state(layout, wait=wait)
    if ambiguous:
        raise RuntimeError(
            f"The folders {', '.join(map(ascii, ambiguous))} are one name to the gradebook, so none of them was written into it; "
            "everybody else was. Give them other names, then run the same command again."
        )
    _Mark(wanted, stamp, settled, registered).write(layout)
    return True


def needs_nbgrader(layout: Layout, always: bool) -> bool:
    """Whether the gradebook will hardly be written without nbgrader, so that loading it early saves time."""
    kept = _Mark.read(layout)
    return always or kept is None or kept.registered is None or kept.settled != _settled(layout)


def _ambiguous_names(students: Sequence[str]) -> list[str]:
    """Those whose names differ only in characters that no page and no database takes."""
    count = Counter(map(clean, students))
    return [student for student in students if count[clean(student)] > 1]


def _settled(layout: Layout) -> str:
    """Digest of what the gradebook is written from beside the verdicts: built notebooks, settings of nbgrader and ours."""
    total = hashlib.sha256()
    # The settings name plug-ins, which stand beside them; the assignment's file has the due date.
    settings = [*sorted(layout.course.glob("*.py")), layout.texts / "assignment.toml"]
    for path in [*sorted(layout.source.glob("*.ipynb")), *settings]:
        total.update(path.name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    return total.hexdigest()


def _same(layout: Layout, stamp: Any, wait: float) -> bool:
    """Whether the gradebook looks as it did; raises what the gradebook raises."""
    if stamp is None:
        return False
    if stamp[0]:
        return bool(file_stamp(layout, stamp[0]) == stamp)
    from ..output.gradebook import gradebook_stamp

    return bool(gradebook_stamp(layout, wait=wait) == stamp)


@dataclass(frozen=True)
class _Mark:
    """What was written last (a digest), how the gradebook looked then, and under which settings and cells it was registered.

    `registered` is None where only nbgrader can write it.
    """

    wanted: str
    stamp: list[Any] | None
    settled: str
    registered: str | None

    @staticmethod
    def path(layout: Layout) -> Path:
        return layout.results / f".{layout.assignment}.gradebook"

    @classmethod
    def read(cls, layout: Layout) -> _Mark | None:
        """The one of the last writing; None where there is none, or that of another version."""
        try:
            found = json.loads(cls.path(layout).read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(found, list) or len(found) != 4:
            return None
        mark = cls(*found)
        sound = isinstance(mark.stamp, list | None) and isinstance(mark.registered, str | None)
        return mark if sound else None

    def write(self, layout: Layout) -> None:
        line = json.dumps([self.wanted, self.stamp, self.settled, self.registered])
        write_atomically(self.path(layout), [line.encode()], sync=False)
