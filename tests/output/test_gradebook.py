"""What grading leaves behind for nbgrader: its own export, feedback, form grader and grading read it as theirs."""

from __future__ import annotations

import copy
import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.verdict import Finding, Verdict
from autograder.course.built_notebooks import SourceNotebook, load_sources
from autograder.course.layout import Layout
from autograder.grading.record import CellRecord, NotebookRecord, Record, State
from autograder.output.feedback.page import feedback_page
from autograder.output.gradebook import GradebookError, Locked, register_assignment, write_gradebook, write_grades
from autograder.output.gradebook.connection import nbgrader_of
from autograder.output.graded_notebook import autograded_notebook, checksum
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore")

HIDDEN = '\n### BEGIN HIDDEN TESTS\nfrom autograder import grade\ngrade("{}")\n### END HIDDEN TESTS'
EXERCISES = {"01_alpha": {"first": 4, "second": 2.5}, "02_beta": {"third": 3}}
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def cell(cell_id: str, source: str, kind: str = "code", **about: Any) -> dict[str, Any]:
    """A raw cell, with nbgrader's metadata where `about` says something."""
    made: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    if about:
        flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        made["metadata"]["nbgrader"] = flags | {"grade_id": cell_id} | about
    return made


def source_cells(stem: str, exercises: dict[str, float]) -> list[dict[str, Any]]:
    """The cells of a small instructor notebook; the second one ends with an answer that people grade."""
    cells = [
        cell(f"{stem}-1", f"# Notebook {stem}", "markdown"),
        cell("imports", "from checks import check", locked=True),
    ]
    for name, points in exercises.items():
        answer = f"def {name}(x):\n    ### BEGIN SOLUTION\n    return {len(name)} * x\n    ### END SOLUTION"
        cells.append(cell(name, answer, solution=True))
        check = f'check("{name}")' + HIDDEN.format(name)
        cells.append(cell(f"test_{name}", check, grade=True, locked=True, points=points))
    if stem == "02_beta":
        cells.append(cell("explain", "Why?", "markdown", grade=True, solution=True, points=0))
    return cells


def write_sources(layout: Layout, exercises: dict[str, dict[str, float]] = EXERCISES) -> tuple[SourceNotebook, ...]:
    """Write the instructor notebooks of a course and read them as the grader does."""
    layout.source.mkdir(parents=True, exist_ok=True)
    for stem, named in exercises.items():
        data = {"cells": source_cells(stem, named), "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
        (layout.source / f"{stem}.ipynb").write_text(json.dumps(data), encoding="utf-8")
    load_sources.cache_clear()
    return load_sources(layout.source)


def verdict(name: str, points: float, most: float) -> Verdict:
    """A verdict with one law and one hidden value check."""
    law = Finding("law", f"`{name}` is linear.", status="holds")
    right = Finding(
        "ordinary inputs", f"`{name}` is right.", "holds" if points == most else "breaks", True, points, most
    )
    if not right.passed:
        right = replace(right, example=f"{name}(x=1)", returned="7", expected="8", mistake="one too few", says="Count.")
    return Verdict(name, (law, right))


def book(source: SourceNotebook, points: dict[str, float], *, present: bool = True) -> NotebookRecord:
    """The record of a notebook: as released, with the given points."""
    cells = tuple(
        CellRecord(
            one.kind, one.grade_id, one.text, one.raw["cell_type"], "ran" if one.kind in ("answer", "locked") else ""
        )
        for one in source.cells
    )
    most = EXERCISES[source.stem]
    verdicts = tuple(verdict(name, points.get(name, 0.0), float(most[name])) for name in source.exercises)
    return NotebookRecord(source.stem, present, (), cells if present else (), verdicts)


def record(
    student: str, sources: Sequence[SourceNotebook], points: dict[str, float], state: State = "graded", absent: str = ""
) -> Record:
    """The record of a submission; `absent` lists stems that were not handed in."""
    books = tuple(book(one, points, present=one.stem not in absent) for one in sources)
    return Record(student, "vae", state, "key", books)


FULL = {"first": 4.0, "second": 2.5, "third": 3.0}
PART = {"first": 1.2345, "third": 3.0}


def class_of(sources: Sequence[SourceNotebook]) -> list[Record]:
    """A small class: in part right, all right, one notebook missing, nothing handed in."""
    return [
        record("Zoë Núñez-O’Brien", sources, FULL),
        record("ana", sources, PART),
        record("bo b", sources, {"first": 4.0}, absent="02_beta"),
        record("nil", sources, {}, state="missing", absent="01_alpha 02_beta"),
    ]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A course whose class was graded: notebooks, pages and gradebook as a batch leaves them. Only to be read."""
    layout = Layout(tmp_path_factory.mktemp("course") / "a course", "vae")
    sources = write_sources(layout)
    shutil.copy(ROOT / "nbgrader_config.py", layout.course)
    for one in class_of(sources):
        (layout.submitted / one.student / "vae").mkdir(parents=True)
        for notebook, source in zip(one.notebooks, sources, strict=True):
            page = layout.feedback / one.student / "vae" / f"{notebook.stem}.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(feedback_page(one, notebook, "Autoencoders"), encoding="utf-8")
            if notebook.present:
                path = layout.autograded / one.student / "vae" / f"{notebook.stem}.ipynb"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(autograded_notebook(one, notebook, source), encoding="utf-8")
    (layout.submitted / "ana" / "vae" / "timestamp.txt").write_text("2026-03-01 12:00:00.5 CET\n")
    assert write_gradebook(layout, class_of(sources)) == 3
    return layout


@pytest.fixture
def course(written: Layout, tmp_path: Path) -> Layout:
    """A copy of that course to change."""
    shutil.copytree(written.course, tmp_path / "course")
    load_sources.cache_clear()
    return Layout(tmp_path / "course", "vae")


def gradebook(layout: Layout) -> Any:
    """The gradebook as nbgrader itself sees it, to be closed."""
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{layout.gradebook}")


@pytest.fixture
def api(course: Layout) -> Any:
    """The interface of nbgrader to the course, which the form grader uses."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    with nbgrader_of(course, 1.0) as tools:
        settings = copy.deepcopy(tools.settings)
    settings.Exchange.root = str(course.course / "exchange")
    return NbGraderAPI(CourseDirectory(config=settings), config=settings)


def rows(layout: Layout, query: str) -> list[tuple[Any, ...]]:
    """Rows of the gradebook."""
    connection = sqlite3.connect(layout.gradebook)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


CELLS = """
    select n.name, n.kernelspec, s.name, s.cell_type, s.locked, s.source, s.checksum,
           group_concat(b.type), g.max_score, g.cell_type
    from source_cell s join notebook n on n.id = s.notebook_id
    left join base_cell b on b.notebook_id = n.id and b.name = s.name left join grade_cells g on g.id = b.id
    group by s.id order by n.name, s.name
"""


def test_registered_as_nbgrader_registers(course: Layout) -> None:
    """The assignment in the gradebook is what `nbgrader generate_assignment` itself records there."""
    ours = rows(course, CELLS)
    version = rows(course, "select * from alembic_version")
    course.gradebook.unlink()
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    with nbgrader_of(course, 1.0) as tools:
        place = Path.cwd()
        courses = CourseDirectory(config=tools.settings, assignment_id="vae")
        GenerateAssignment(coursedir=courses, config=tools.settings).start()
        os.chdir(place)
    assert ours == rows(course, CELLS)
    assert version == rows(course, "select * from alembic_version")
    assert register_assignment(course, load_sources(course.source)) is False


def test_export_has_the_scores(course: Layout) -> None:
    """`nbgrader export` writes every student with the points of the record, and 0 for who handed in nothing."""
    command = [sys.executable, "-m", "nbgrader", "export"]
    done = subprocess.run(command, cwd=course.course, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    with (course.course / "grades.csv").open(encoding="utf-8") as handle:
        told = {row["student_id"]: row for row in csv.DictReader(handle)}
    expected = {"Zoë Núñez-O’Brien": 9.5, "ana": 4.2345, "bo b": 4.0, "nil": 0.0}
    assert {name: float(row["score"]) for name, row in told.items()} == expected
    assert {float(row["max_score"]) for row in told.values()} == {9.5}
    assert told["ana"]["timestamp"].startswith("2026-03-01")


def test_formgrader_lists_them_as_graded(api: Any) -> None:
    """The form grader shows what was handed in as autograded, and nothing waits for people but the written answer."""
    listed = {one["student"]: one for one in api.get_submissions("vae")}
    assert {name for name, one in listed.items() if one["autograded"]} == {"Zoë Núñez-O’Brien", "ana", "bo b"}
    assert listed["ana"]["score"] == pytest.approx(4.2345)
    alpha = {one["student"]: one for one in api.get_notebook_submissions("vae", "01_alpha")}
    beta = {one["student"]: one for one in api.get_notebook_submissions("vae", "02_beta")}
    assert alpha.keys() == {"Zoë Núñez-O’Brien", "ana", "bo b"}
    assert beta.keys() == {"Zoë Núñez-O’Brien", "ana"}
    assert not any(one["needs_manual_grade"] for one in alpha.values())
    assert all(one["needs_manual_grade"] for one in beta.values())
    assert alpha["ana"]["failed_tests"]
    assert not alpha["Zoë Núñez-O’Brien"]["failed_tests"]


def test_formgrader_shows_a_notebook(course: Layout) -> None:
    """The page on which people grade opens for our notebooks, with the verdict in it."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader.handlers import template_path

    path = course.autograded / "ana" / "vae" / "01_alpha.ipynb"
    about = {"assignment_id": "vae", "notebook_id": "01_alpha", "submission_id": "1", "index": 0, "total": 1}
    about |= {"base_url": "", "student": "ana", "last_name": None, "first_name": None, "notebook_path": "x"}
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[template_path])
    page, _ = exporter.from_filename(str(path), resources=about)
    assert "one too few" in page
    assert "HIDDEN TESTS" not in page


def test_feedback_of_nbgrader(api: Any, course: Layout) -> None:
    """`nbgrader generate_feedback` may replace our pages: its own hold the verdict, the points, and no hidden test."""
    assert api.generate_feedback("vae", force=True)["success"]
    page = (course.feedback / "ana" / "vae" / "01_alpha.html").read_text(encoding="utf-8")
    assert "Score: 1.23 / 4.0" in page
    assert "Score: 1.23 / 6.5" in page
    assert "one too few" in page
    for hidden in ("HIDDEN TESTS", "from autograder", "return 5 * x"):
        assert hidden not in page
    other = (course.feedback / "bo b" / "vae" / "01_alpha.html").read_text(encoding="utf-8")
    assert "Score: 4.0 / 6.5" in other


def test_points_are_read_back(written: Layout) -> None:
    """What nbgrader reads from our notebooks is what we gave, and their fingerprints are nbgrader's."""
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.utils import compute_checksum, determine_grade, is_grade

    found: dict[str, float] = {}
    for path in sorted((written.autograded / "ana" / "vae").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        for one in notebook.cells:
            if "nbgrader" in one.metadata:
                assert one.metadata.nbgrader.checksum == compute_checksum(one)
            if is_grade(one) and one.cell_type == "code":
                found[one.metadata.nbgrader.grade_id] = determine_grade(one)[0]
    assert found == {"test_first": 1.2345, "test_second": 0.0, "test_third": 3.0}


def test_autograded_notebook_of_an_odd_submission(written: Layout) -> None:
    """Doubled cells, odd characters and cells that stopped still make a valid notebook, the same each time."""
    import nbformat

    source = load_sources(written.source)[0]
    whole = book(source, {"first": 2.0})
    odd = (
        CellRecord("answer", "first", "again = 1", status="raised", error="NameError", detail="no\ncell first, line 1"),
        CellRecord("free", "", "\ud800 \x1b[31m", "code", "timeout"),
        CellRecord("text", "", "text", "markdown"),
        CellRecord("free", "", "odd", "raw"),
    )
    notebook = replace(whole, cells=(*whole.cells, *odd, CellRecord("free", "", "x", "code", "ran", printed="hello\n")))
    text = autograded_notebook(record("ana", [source], {}), notebook, source)
    assert text == autograded_notebook(record("ana", [source], {}), notebook, source)
    assert text.endswith("}\n")
    node = nbformat.reads(text.encode().decode(), as_version=nbformat.NO_CONVERT)
    nbformat.validate(node)
    ids = [one.id for one in node.cells]
    assert len(set(ids)) == len(ids)
    names = [one.metadata.nbgrader.grade_id for one in node.cells if "nbgrader" in one.metadata]
    assert len(set(names)) == len(names)
    raised, stopped = node.cells[-5].outputs[0], node.cells[-4].outputs[0]
    assert raised.traceback == ["cell first, line 1", "NameError: no"]
    assert stopped.ename == "Timeout"
    assert node.cells[-1].outputs[0].text == "hello\n"
    assert "HIDDEN" not in text


def test_markup_in_text_cells_is_text(written: Layout) -> None:
    """What a student writes into a text cell cannot run where nbgrader's pages show it; Markdown and formulas are kept."""
    import nbformat
    from nbconvert import HTMLExporter

    source = load_sources(written.source)[0]
    words = (
        "**bold** $a<1$, $1 < b$ <script>alert(1)</script><img src=x onerror=alert(1)><!-- x --></div> "
        "[a](javascript:alert(1)) [b](&#106;avascript:alert(1)) [c](JaVaScRiPt&colon;alert(1)) [d](data:text/html,x) "
        "$\\href{javascript:alert(1)}{x}$ ![image.png](attachment:image.png) [e](javascript\\:alert(1)) "
        "[f](data\\:text/html,x) [g][h] ![y](attachment\\:b.png) $\\href{javascr\tipt:alert(1)}{x}$ "
        "[ok](https://example.org/a) [i](javascript:\xa0alert(1)) [j](<\tjavascript: alert(1)>) "
        "$\\def\\a#1{\\href{javascript#1alert(1)}{x}}\\a:$ $\\mmlToken{mi}[href='x']{y} \\style{a}{b} \\classes$\n\n"
        "[h]: vbscript\\:x"
    )
    whole = book(source, {"first": 2.0})
    ours = next(cell for cell in source.cells if cell.kind == "text")
    text = "<details>ours</details>"
    raw = {**ours.raw, "source": text}
    source = replace(source, cells=tuple(replace(cell, raw=raw) if cell is ours else cell for cell in source.cells))
    free = (CellRecord("free", "", words, "markdown"), CellRecord("text", "", text, "markdown"))
    notebook = replace(whole, cells=(*whole.cells, *free))
    *_, shown, kept = json.loads(autograded_notebook(record("ana", [source], {}), notebook, source))["cells"]
    said = "".join(shown["source"])
    assert said.startswith(
        "**bold** $a<1$, $1 < b$ < script>alert(1)< /script>< img src=x onerror=alert(1)>< !-- x -->< /div>"
    )
    assert not re.search(r"<[A-Za-z/!?]|&[#A-Za-z]|script:|data:|attachment:", said)
    assert "".join(kept["source"]) == text
    page, _ = HTMLExporter().from_notebook_node(
        nbformat.from_dict({"cells": [{**shown, "source": said}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    assert "alert(1)</script>" not in page
    assert "javascript:" not in said.lower()
    assert not re.search(r"\\(href|style|mmlToken)", page)
    assert "\\classes" in page
    links = re.findall(r'<a [^>]*href="([^"]*)"', page)
    assert "https://example.org/a" in links
    schemes = [re.match(r"[\x00-\x20]*([a-z][a-z0-9+.\s-]*):", link, re.I) for link in links]
    assert {found[1] for found in schemes if found} == {"https"}
    assert not re.search(r"[a-z]:alert", page)


def test_formulas_in_verdicts_make_no_links(written: Layout) -> None:
    """The message of a student's error, which a verdict shows, gives MathJax no link, class or style to make."""
    source = load_sources(written.source)[0]
    whole = book(source, {})
    evil = "ValueError: $\\href{javascript:alert(1)}{x} \\cssId{a}{b}$"
    verdicts = tuple(
        replace(one, findings=tuple(replace(finding, returned=evil) for finding in one.findings))
        for one in whole.verdicts
    )
    shown = json.loads(autograded_notebook(record("ana", [source], {}), replace(whole, verdicts=verdicts), source))
    pages = [
        "".join(out["data"].get("text/html", ""))
        for one in shown["cells"]
        for out in one.get("outputs", [])
        if "data" in out
    ]
    assert any("alert(1)" in page for page in pages)
    assert not any(re.search(r"\\(href|cssId)", page) for page in pages)


def test_checksum_of_every_kind_of_cell(written: Layout) -> None:
    """Our fingerprint is nbgrader's for answers, checks, locked and written cells alike."""
    from nbformat import from_dict
    from nbgrader.utils import compute_checksum

    raws = [cell(*one[:2], **one[2]) for one in KINDS]
    for raw in raws:
        about = raw["metadata"]["nbgrader"]
        assert checksum(raw["source"], raw["cell_type"], about) == compute_checksum(from_dict(raw))


KINDS: list[tuple[str, str, dict[str, Any]]] = [
    ("a", "x = 1", {"solution": True}),
    ("b", "é", {"grade": True, "locked": True, "points": 2.50}),
    ("c", "text", {"kind": "markdown", "grade": True, "solution": True, "points": 0}),
    ("d", "", {"locked": True}),
]


def test_what_people_set_survives(course: Layout) -> None:
    """Manual scores, comments, extra credit, penalties and extensions stay; a changed score under one asks for review."""
    sources = load_sources(course.source)
    with gradebook(course) as opened:
        for name in ("test_first", "test_second"):
            grade = opened.find_grade(name, "01_alpha", "vae", "ana")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.0, 0.5, False
        opened.find_comment("first", "01_alpha", "vae", "ana").manual_comment = "Well tried."
        opened.find_comment("second", "01_alpha", "vae", "ana").auto_comment = "No response."
        opened.find_submission_notebook("01_alpha", "vae", "ana").late_submission_penalty = 0.25
        written = opened.find_grade("explain", "02_beta", "vae", "ana")
        written.manual_score, written.needs_manual_grade = 0.0, False
        opened.db.commit()
        opened.grant_extension("vae", "ana", days=2)
    assert write_grades(course, [record("ana", sources, {**PART, "first": 4.0})]) == 1
    with gradebook(course) as opened:
        first = opened.find_grade("test_first", "01_alpha", "vae", "ana")
        assert (first.auto_score, first.manual_score, first.extra_credit) == (4.0, 2.0, 0.5)
        assert first.needs_manual_grade
        assert not opened.find_grade("test_second", "01_alpha", "vae", "ana").needs_manual_grade
        assert not opened.find_grade("explain", "02_beta", "vae", "ana").needs_manual_grade
        assert opened.find_comment("first", "01_alpha", "vae", "ana").comment == "Well tried."
        assert opened.find_comment("second", "01_alpha", "vae", "ana").comment is None
        assert opened.find_submission_notebook("01_alpha", "vae", "ana").late_submission_penalty == 0.25
        assert opened.find_submission("vae", "ana").extension.days == 2


def test_missing_submissions(course: Layout) -> None:
    """Who handed in nothing is known without a submission, gets one with the first notebook, and 0 when it is gone."""
    sources = load_sources(course.source)
    nil = "select count(*) from submitted_assignment where student_id = 'nil'"
    points = "select sum(auto_score) from grade g join submitted_notebook n on n.id = g.notebook_id "
    points += "join submitted_assignment a on a.id = n.assignment_id where a.student_id = 'nil'"
    assert rows(course, "select id from student where id = 'nil'") == [("nil",)]
    assert rows(course, nil) == [(0,)]
    assert write_grades(course, [record("nil", sources, FULL)]) == 1
    assert (rows(course, nil), rows(course, points)) == ([(1,)], [(9.5,)])
    assert write_grades(course, class_of(sources)) == 4
    assert (rows(course, nil), rows(course, points)) == ([(1,)], [(0.0,)])


def test_writing_again_changes_nothing(course: Layout) -> None:
    """The same records leave the gradebook as it is, row by row, with the records that come out of results alone too."""
    before = [rows(course, f"select * from {name} order by id") for name in ("student", "grade", "comment")]
    sources = load_sources(course.source)
    records = class_of(sources)
    write_gradebook(course, records)
    present = {one.student: [book.stem for book in one.notebooks if book.present] for one in records}
    for read in (Record.from_result, Record.points_of_result):
        write_grades(course, [read(one.result(), present[one.student]) for one in records])
    assert before == [rows(course, f"select * from {name} order by id") for name in ("student", "grade", "comment")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01 12:00:00.500000 UTC", datetime(2026, 3, 1, 12, 0, 0, 500000)),
        ("2026-03-01T12:00:00+01:00", datetime(2026, 3, 1, 11)),
        ("yesterday, I think", None),
        ("", None),
        ("\x00" * 5000, None),
        (None, None),
    ],
)
def test_timestamps(course: Layout, text: str | None, expected: datetime | None) -> None:
    """When a submission was handed in is read as nbgrader reads it; what is no time is no time, and no failure."""
    path = course.submitted / "ana" / "vae" / "timestamp.txt"
    path.unlink()
    if text is None:
        (course.submitted / "elsewhere.txt").write_text("2026-03-01 12:00:00 UTC")
        path.symlink_to(course.submitted / "elsewhere.txt")
    else:
        path.write_text(text)
    write_grades(course, [record("ana", load_sources(course.source), PART)])
    with gradebook(course) as opened:
        assert opened.find_submission("vae", "ana").timestamp == expected


def test_names_of_all_kinds(course: Layout) -> None:
    """Blanks, accents, quotes and even bytes that are no text make students with grades, each one its own."""
    sources = load_sources(course.source)
    names = ["anna maria", "Ñandú", "O'Neil; drop table grade", "bad\udcff", "bad\udcfe", "x" * 200, "%_*[a]"]
    assert write_grades(course, [record(name, sources, FULL) for name in names]) == len(names)
    assert len(rows(course, "select id from student")) == 4 + len(names)


def test_many_records_in_few_statements(course: Layout) -> None:
    """The number of statements grows with the hundreds of records, not with the records."""
    from sqlalchemy import Engine, event

    sources = load_sources(course.source)
    seen: list[str] = []

    def watch(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", watch)
    try:
        write_grades(course, (record(f"s{number:04}", sources, PART) for number in range(1000)))
    finally:
        event.remove(Engine, "before_cursor_execute", watch)
    assert rows(course, "select count(*) from submitted_assignment") == [(1003,)]
    assert len(seen) < 60


def test_locked_is_named_and_loses_nothing(course: Layout) -> None:
    """A gradebook that another process holds is said to be held after a bounded wait; the same call later works."""
    sources = load_sources(course.source)
    better = [record("ana", sources, FULL)]
    other = sqlite3.connect(course.gradebook, isolation_level=None)
    other.execute("begin exclusive")
    with pytest.raises(Locked, match="Another process holds the gradebook"):
        write_grades(course, better, wait=0.1)
    with pytest.raises(Locked):
        write_gradebook(course, better, wait=0.1)
    other.execute("rollback")
    other.execute("begin immediate")
    with pytest.raises(Locked):
        write_grades(course, better, wait=0.1)
    other.close()
    assert write_grades(course, better, wait=0.1) == 1
    with gradebook(course) as opened:
        assert opened.find_submission("vae", "ana").score == 9.5


def test_changed_cells(course: Layout) -> None:
    """With submissions, texts and points of cells may change and notebooks be added; cells and notebooks cannot go."""
    changed = {"01_alpha": {"first": 5, "second": 2.5}, "02_beta": {"third": 3}}
    assert register_assignment(course, write_sources(course, changed)) is True
    assert rows(course, "select max_score from grade_cells order by max_score") == [(0,), (2.5,), (3,), (5,)]
    more = {**changed, "03_gamma": {"fourth": 1}}
    sources = write_sources(course, more)
    assert register_assignment(course, sources) is True
    write_grades(course, [record("ana", sources[:2], FULL)])
    with gradebook(course) as opened:
        assert opened.find_grade("test_fourth", "03_gamma", "vae", "ana").auto_score == 0
    renamed = {**changed, "01_alpha": {"first": 5, "other": 2.5}}
    before = rows(course, CELLS)
    (course.source / "03_gamma.ipynb").unlink()
    with pytest.raises(GradebookError) as caught:
        register_assignment(course, write_sources(course, renamed))
    assert "the notebook 03_gamma is gone" in str(caught.value)
    assert "01_alpha is now without second, test_second, with the new other, test_other" in str(caught.value)
    assert "nbgrader db assignment remove vae --force" in str(caught.value)
    assert rows(course, CELLS) == before


def test_changed_cells_without_submissions(tmp_path: Path) -> None:
    """Before anything was handed in, the assignment follows the built notebooks, and no settings are needed."""
    layout = Layout(tmp_path, "vae")
    register_assignment(layout, write_sources(layout, {**EXERCISES, "03_gamma": {"fourth": 1}}))
    (layout.source / "03_gamma.ipynb").unlink()
    assert register_assignment(layout, write_sources(layout, {**EXERCISES, "02_beta": {"other": 1}})) is True
    assert rows(layout, "select name from notebook order by name") == [("01_alpha",), ("02_beta",)]
    assert rows(layout, "select count(*) from base_cell where name = 'test_third'") == [(0,)]


def test_the_settings_say_where_the_gradebook_is(course: Layout) -> None:
    """CourseDirectory.db_url of nbgrader_config.py is followed; a relative file is meant from the course folder."""
    settings = course.course / "nbgrader_config.py"
    settings.write_text("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///marks/book.db'\n")
    sources = load_sources(course.source)
    with pytest.raises(GradebookError, match="cannot be used: unable to open"):
        write_gradebook(course, class_of(sources))
    (course.course / "marks").mkdir()
    before = course.gradebook.read_bytes()
    assert write_gradebook(course, class_of(sources)) == 3
    assert (course.course / "marks" / "book.db").is_file()
    assert course.gradebook.read_bytes() == before


def test_unknown_assignment_or_cell(course: Layout) -> None:
    """Grades for what the gradebook does not know are refused with a sentence, and nothing of them is written."""
    sources = load_sources(course.source)
    with pytest.raises(GradebookError, match="does not know the assignment other"):
        write_grades(Layout(course.course, "other"), class_of(sources))
    strange = replace(
        record("new", sources, FULL), notebooks=(NotebookRecord("01_alpha", True, (), (), (verdict("zeta", 1, 1),)),)
    )
    with pytest.raises(GradebookError, match="does not know the cell test_zeta of 01_alpha"):
        write_grades(course, [record("ana", sources, FULL), strange])
    assert rows(course, "select count(*) from student where id = 'new'") == [(0,)]
    course.gradebook.unlink()
    with pytest.raises(GradebookError, match="does not know the assignment vae"):
        write_grades(course, class_of(sources))


def test_nbgrader_is_imported_late(course: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting up costs no nbgrader, and where it is missing a sentence says how to get it."""
    code = "import sys, autograder.output.gradebook, autograder.output.graded_notebook\n"
    code += "sys.exit('nbgrader' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    with pytest.raises(GradebookError, match="pip install nbgrader"):
        write_grades(course, [])
