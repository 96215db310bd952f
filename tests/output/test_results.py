"""Results as data: what is written comes back, an older line is read too, and nothing reads our own sentences."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.rendering import LABELS, message
from autograder.checks.verdict import FORM, Finding, Status, Verdict
from autograder.course.layout import Layout
from autograder.grading.record import SCHEMA, UNWALLED, NotebookRecord, Record
from autograder.output.feedback.page import feedback_page
from autograder.output.results import NoResults, read_records, read_results
from tests.conftest import ROOT

FULL = Finding(
    "values",
    "It is right.",
    "breaks",
    True,
    0.5,
    2.0,
    example="one(x=[1,\n 2])",
    returned="Expected: 3",
    expected="What happened: 4",
    note="Because.\nNot asked any more, but asked.",
    mistake="a slip",
    says="It slipped.",
    read="“Part 1”",
    lines=(2, 7),
)
HELD = Finding(FORM, "It can be called.", "holds")
UNASKED = Finding("law", "It holds.", "unasked", note="Not asked: there is no answer yet.")


def form(status: Status, note: str, missing: str = "") -> Finding:
    return Finding(FORM, "It can be called.", status, note=note, read="“Part 1”", missing=missing)


VERDICTS = (
    Verdict("broken", (HELD, FULL)),
    Verdict("right", (HELD, replace(FULL, status="holds", points=2.0, note="Holds; half of its points count."))),
    Verdict("todo", (form("unwritten", "`todo` is not written yet.", "todo"), UNASKED)),
    Verdict("gone", (form("unwritten", "There is no `gone`."), UNASKED)),
    Verdict("uses", (form("unwritten", "`uses` uses `todo`, which is not written yet.", "todo"), UNASKED)),
    Verdict("stopped", (form("stopped", "The answer cell stopped with E: e"), UNASKED)),
    Verdict("constant", (form("breaks", "It must be a function."), UNASKED)),
    Verdict("slow", (replace(form("breaks", "It did not come back."), example="slow(x=1)"), UNASKED)),
)
RECORD = Record("ana", "vae", "graded", "key", (NotebookRecord("09_numbers", True, (), (), VERDICTS),))


def come_back(record: Record, present: tuple[str, ...] = ("09_numbers",)) -> Record:
    return Record.from_result(json.loads(json.dumps(record.result())), present)


@pytest.mark.parametrize("isolation", ["bubblewrap", "none"])
def test_a_record_comes_back_from_its_line(isolation: str) -> None:
    """Each part of each finding comes back through JSON, labels and line ends within it included, with walls or without."""
    record = replace(RECORD, isolation=isolation)
    assert come_back(record) == record


def test_points_come_back_alone() -> None:
    """Who needs points alone reads the same ones, by notebook and exercise, with what was handed in and written."""
    line, written = json.loads(json.dumps(RECORD.result())), {"09_numbers": {"why": "abc"}}
    whole, points = (read(line, ["09_numbers"], written) for read in (Record.from_result, Record.points_of_result))

    def told(record: Record) -> list[Any]:
        exercises = [[(one.exercise, one.points, one.max_points) for one in book.verdicts] for book in record.notebooks]
        books = [(book.stem, book.present, book.written) for book in record.notebooks]
        return [record.student, record.state, record.score, exercises, books]

    assert told(points) == told(whole)


@pytest.mark.parametrize("isolation", ["bubblewrap", "none"])
def test_a_page_can_be_made_from_results(isolation: str) -> None:
    """A record read back gives the same feedback page, as far as it has no cells and notes, which results do not keep."""
    record = replace(RECORD, isolation=isolation)
    again = come_back(record)
    assert feedback_page(again, again.notebooks[0], "A") == feedback_page(record, record.notebooks[0], "A")


def test_what_readers_outside_find_in_a_line() -> None:
    """A line has its schema, and each check what was laid down, its status, and those of its parts that are not empty."""
    line = replace(RECORD, isolation="none").result()
    assert (line["schema"], line["isolation"]) == (SCHEMA, "none") == (3, "none")
    assert line["isolation_lacks"] == ["a submission can do whatever the grader's user can"]
    assert replace(RECORD, isolation="namespaces").result()["isolation_lacks"] == []
    assert len(replace(RECORD, isolation="landlock").result()["isolation_lacks"]) == 3
    held, full = line["exercises"][0]["checks"]
    assert list(held) == [
        *("name", "hidden", "passed", "points", "max_points", "message", "mistake"),
        *("status", "must"),
    ]
    assert (held["passed"], held["status"], held["message"]) == (True, "holds", UNWALLED)
    assert (full["passed"], full["status"], full["message"]) == (False, "breaks", message(FULL))
    assert {part: full[part] for part in ("must", "example", "returned", "expected", "note", "says", "read")} == {
        part: getattr(FULL, part) for part in ("must", "example", "returned", "expected", "note", "says", "read")
    }


def test_a_line_of_the_first_schema_is_read() -> None:
    """A line without schema, status and parts keeps its points and whether checks hold, and its messages become notes."""
    line: dict[str, Any] = RECORD.result()
    for name in ("schema", "isolation"):
        del line[name]
    laid_down = ("name", "hidden", "passed", "points", "max_points", "message", "mistake")
    for exercise in line["exercises"]:
        exercise["checks"] = [{name: check[name] for name in laid_down} for check in exercise["checks"]]
    again = Record.from_result(line, ["09_numbers"])
    assert (again.score, again.max_score) == (RECORD.score, RECORD.max_score)
    findings = again.notebooks[0].verdicts[0].findings
    assert [finding.status for finding in findings] == ["holds", "breaks"]
    assert [finding.note for finding in findings] == ["", message(FULL)]


def test_how_exercises_stand(tmp_path: Path) -> None:
    """An answer that nothing was learnt about is silent; one that was shown or asked is wrong, unless all holds."""
    layout = Layout(tmp_path, "vae")
    layout.results.mkdir()
    (layout.results / "vae.jsonl").write_text(json.dumps(RECORD.result()) + "\n", encoding="utf-8")
    (one,) = read_results(layout)
    assert {name: result.standing for name, result in one.exercises.items()} == {
        **dict.fromkeys(("broken", "slow"), "wrong"),
        **dict.fromkeys(("todo", "gone", "uses", "stopped", "constant"), "silent"),
        "right": "right",
    }
    assert list(read_records(layout)) == [replace(come_back(RECORD, ()))]
    (layout.results / "vae.jsonl").write_text('{"student": "ana", "exercises": []}\n', encoding="utf-8")
    with pytest.raises(NoResults, match="Line 1 of"):
        read_results(layout)


# How our own sentences begin or end; the value is who may hold them against something that arrived, with the reason.
SENTENCES = [
    *LABELS.values(),
    UNWALLED,
    "not written yet",
    "Not looked at",
    "Not asked",
    "The answer cell",
    "This part needs",
]
ALLOWED: dict[str, str] = {}


def held_against(path: Path) -> list[str]:
    """Sentences of ours that a module compares with something, searches for, splits at, or puts into a pattern."""
    searches = {"startswith", "endswith", "removeprefix", "removesuffix", "split", "partition", "rpartition", "index"}
    searches |= {"find", "count", "compile", "match", "fullmatch", "search", "findall", "replace"}
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        inside: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            inside = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in searches:
            inside = list(node.args)
        texts = [
            one.value
            for each in inside
            for one in ast.walk(each)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        found += [text for text in texts for ours in SENTENCES if ours in text]
    return found


def test_nothing_reads_our_own_sentences() -> None:
    """No module compares, searches or splits what it or another says to people; statuses and fields are there for that."""
    modules = sorted((ROOT / "autograder").rglob("*.py"))
    reading = {str(path.relative_to(ROOT / "autograder")): held_against(path) for path in modules}
    assert {name: found for name, found in reading.items() if found and name not in ALLOWED} == {}
    assert all(reading[name] for name in ALLOWED)


@pytest.mark.parametrize(
    "text",
    [
        'x = note.endswith("is not written yet.")',
        'x = re.compile(r"Not asked\\b")',
        'x = said.get(1) == "What happened"',
    ],
)
def test_reading_our_own_sentences_would_be_found(tmp_path: Path, text: str) -> None:
    """Each way in which sentences were once read back is one that the search finds."""
    (tmp_path / "module.py").write_text(text, encoding="utf-8")
    assert held_against(tmp_path / "module.py")


def test_names_that_several_modules_use_are_spelt_once() -> None:
    """The first finding's name and the prefix of check cells are literals in one module each."""
    spelt: dict[str, list[str]] = {'"form"': [], '"test_"': []}
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for literal, where in spelt.items():
            if re.search(rf"(?<![\w-]){re.escape(literal)}", text):
                where.append(str(path.relative_to(ROOT / "autograder")))
    assert spelt == {'"form"': ["checks/verdict.py"], '"test_"': ["course/built_notebooks.py"]}
