"""The end of a batch: results and gradebook made from the log, and what of that can be skipped."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from .journal import Journal, encoded, write_atomically
from .layout import Layout
from .record import Record
from .report.text import clean

WAIT = 30.0


def results_path(layout: Layout) -> Any:
    """Where the results of an assignment stand."""
    return layout.results / f"{layout.assignment}.jsonl"


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
    database looked then: when somebody changed it since (the form grader does), it is written again.
    """
    mark = layout.results / f".{layout.assignment}.gradebook"
    wanted = _wanted(layout, digest)
    if not always and _stands(layout) is not None and _read(mark) == [wanted, _stands(layout)]:
        return False
    mark.unlink(missing_ok=True)
    from .course import write_gradebook

    twins = _twins(everyone)
    written = [student for student in everyone if student not in twins]
    records = (Record.from_result(result, present) for result, present in journal.results(written))
    write_gradebook(layout, records, wait=wait)
    if twins:
        raise RuntimeError(
            f"The folders {', '.join(map(ascii, twins))} are one name to the gradebook, so none of them was written into it; "
            "everybody else was. Give them other names, then run the same command again."
        )
    write_atomically(mark, [json.dumps([wanted, _stands(layout)]).encode()], sync=False)
    return True


def _twins(students: Sequence[str]) -> list[str]:
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


def _stands(layout: Layout) -> list[int] | None:
    """How the database's file looks, None where there is none (it may be elsewhere: then it is always written)."""
    try:
        about = layout.gradebook.stat()
    except OSError:
        return None
    return [about.st_size, about.st_mtime_ns, about.st_ino]


def _read(mark: Any) -> Any:
    try:
        return json.loads(mark.read_bytes())
    except (OSError, ValueError):
        return None
