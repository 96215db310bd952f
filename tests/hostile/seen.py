"""Looking at what grading wrote: is it plain, harmless, and free of what nobody should see?"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from .batch import MARK, ROOT, SECRET

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FORBIDDEN = {"script", "img", "iframe", "object", "embed", "svg", "form", "input", "base", "link", "audio", "video"}


def secrets(course: Path) -> set[str]:
    """Lines of hidden checks, marks of others, the course's seed: what must stand in nobody's outputs."""
    lines = {
        line.strip()
        for path in (ROOT / "autograder" / "hidden").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("from .", "def _", "_")) and len(line) > 25
    }
    settings = (course / "assignments" / "vae" / "assignment.toml").read_text(encoding="utf-8")
    seed = re.search(r"seed = (\d+)", settings)
    return {*lines, MARK, SECRET, "BEGIN HIDDEN TESTS", "root:x:0", *([seed.group(1)] if seed else [])}


class _Page(HTMLParser):
    """Collects what a page could do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FORBIDDEN:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "src":
                self.faults.append(f"{name}={value}")
            if name == "href" and not re.fullmatch(r"(#[\w-]+|[\w-]+\.html)", value or ""):
                self.faults.append(f"href={value}")

    def handle_data(self, data: str) -> None:
        if _CONTROL.search(data):
            self.faults.append(f"control characters in {data[:80]!r}")


def page_faults(text: str) -> list[str]:
    """What a page of HTML holds that could do anything."""
    page = _Page()
    page.feed(text)
    page.close()
    return page.faults


def faults(outputs: dict[str, bytes]) -> list[str]:
    """What is wrong with the files written about one student."""
    found = []
    for name, content in outputs.items():
        text = content.decode("utf-8", "surrogateescape" if name == "results" else "strict")
        if name.endswith(".html"):
            found += [f"{name}: {fault}" for fault in page_faults(text)]
        elif name.endswith(".ipynb"):
            for output in cell_outputs(json.loads(text)):
                found += [f"{name}: {fault}" for fault in _output_faults(output)]
        else:
            said = [check["message"] for one in json.loads(text)["exercises"] for check in one["checks"]]
            found += [f"{name}: control characters in {one[:80]!r}" for one in said if _CONTROL.search(one)]
    return found


def cell_outputs(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All outputs of a notebook."""
    for cell in notebook["cells"]:
        yield from cell.get("outputs", [])


def printed(outputs: dict[str, bytes]) -> str:
    """What the student's cells printed, as the graded notebook keeps it."""
    books = [json.loads(content) for name, content in outputs.items() if name.endswith(".ipynb")]
    streams = (one["text"] for book in books for one in cell_outputs(book) if one["output_type"] == "stream")
    return "".join(line for lines in streams for line in lines)


def _output_faults(output: dict[str, Any]) -> list[str]:
    data = output.get("data", {})
    texts = [output.get("text", ""), output.get("traceback", ""), data.get("text/plain", ""), output.get("ename", "")]
    whole = "".join("".join(text) for text in texts)
    found = [f"control characters in {whole[:80]!r}"] if _CONTROL.search(whole) else []
    return found + page_faults("".join(data.get("text/html", "")))


def scores(gradebook: Path) -> dict[str, float]:
    """Every student's points in nbgrader's database, automatic and manual together."""
    query = """
        SELECT submitted_assignment.student_id, SUM(COALESCE(grade.manual_score, grade.auto_score, 0)) FROM grade
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        GROUP BY submitted_assignment.student_id
    """
    with sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True) as connection:
        return dict(connection.execute(query).fetchall())
