"""The end of a batch: results and gradebook made from the log, and what of that can be skipped."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..course.layout import Layout
from ..files.atomic import encoded, write_atomically
from ..files.text import clean
from ..grading.record import Record
from ..output.gradebook.state import file_stamp
from ..output.results import results_path
from .journal import Journal


def write_results(
    layout: Layout, journal: Journal, everyone: Sequence[str], asked: Sequence[str]
) -> tuple[Counter[str], str]:
    """Write a line for everyone who has a verdict; returns the states of those asked for, and a digest of it all.

    Raises OSError; the results of before are then still there.
    """
    states: Counter[str] = Counter()
    total = hashlib.sha256()
    wanted = set(asked)

    def lines() -> Iterator[bytes]:
        for result, present in journal.results(everyone):
            line = encoded(json.dumps(result, ensure_ascii=False)) + b"\n"
            total.update(line + json.dumps(present).encode())
            if result["student"] in wanted:
                states[result["state"]] += 1
            yield line

    write_atomically(results_path(layout), lines())
    return states, total.hexdigest()


def update_gradebook(
    layout: Layout, journal: Journal, everyone: Sequence[str], digest: str, wait: float, always: bool
) -> bool:
    """Write the grades unless the gradebook has them already; returns whether it did. Raises what the gradebook raises.

    Reading nbgrader's programs alone takes a second, so a mark in results/ keeps what was written last, and how the
    database looked then: when somebody changed it since (the form grader does), it is written again. Of a server that second
    is needed to ask it.
    """
    mark = layout.results / f".{layout.assignment}.gradebook"
    wanted = _wanted(layout, digest)
    kept = _read(mark)
    if not always and kept is not None and kept[0] == wanted and _same(layout, kept[1], wait):
        return False
    mark.unlink(missing_ok=True)
    from ..output.gradebook import gradebook_stamp, write_gradebook

    ambiguous = _ambiguous_names(everyone)
    written = [student for student in everyone if student not in ambiguous]
    records = (Record.from_result(*line) for line in journal.with_written(written))
    write_gradebook(layout, records, wait=wait)
    if ambiguous:
        raise RuntimeError(
            f"The folders {', '.join(map(ascii, ambiguous))} are one name to the gradebook, so none of them was written into it; "
            "everybody else was. Give them other names, then run the same command again."
        )
    write_atomically(mark, [json.dumps([wanted, gradebook_stamp(layout, wait=wait)]).encode()], sync=False)
    return True


def _ambiguous_names(students: Sequence[str]) -> list[str]:
    """Those whose names differ only in characters that no page and no database takes."""
    count = Counter(map(clean, students))
    return [student for student in students if count[clean(student)] > 1]


def _wanted(layout: Layout, digest: str) -> str:
    """Digest of everything that the gradebook is written from: verdicts, built notebooks, settings of nbgrader and ours."""
    total = hashlib.sha256(digest.encode())
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


def _read(mark: Path) -> list[Any] | None:
    """The digest and the stamp of the last writing; None where there are none."""
    try:
        found = json.loads(mark.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, list) and len(found) == 2 and isinstance(found[1], list | None) else None
