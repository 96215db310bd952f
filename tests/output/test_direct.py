"""The gradebook written without nbgrader: the same rows as by way of nbgrader, or that way is taken."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.batch import conclude
from autograder.batch.conclude import needs_nbgrader, update_gradebook
from autograder.batch.journal import Journal, LoggedVerdict
from autograder.course.built_notebooks import SourceNotebook, load_sources
from autograder.course.layout import Layout
from autograder.grading.record import Record
from autograder.output import gradebook as books
from autograder.output.gradebook import (
    GradebookError,
    Locked,
    NotDirect,
    registered_state,
    write_directly,
    write_gradebook,
)
from autograder.output.gradebook.connection import _newest_revision
from autograder.output.gradebook.direct import SCHEMA, parse_utc
from tests.conftest import ROOT
from tests.output.test_gradebook import FULL, PART, class_of, record, rows, write_sources

pytestmark = pytest.mark.filterwarnings("ignore")

NAMES = ["Zoë Núñez-O’Brien", "ana", "bo b", "nil", "new\udcff", "O'Neil; drop table grade"]
TIMES = [
    "2026-03-01 12:00:00.5 CET",
    "2026-02-28T23:00:00+01:00",
    "0009-01-01 00:00:00 UTC",
    "no time",
    "",
    "2026-03-01",
]
# Everything but ids, which are drawn anew each time.
DUMP = """
    select a.student_id, a.timestamp, a.extension, n.name, b.flagged, b.late_submission_penalty, c.name, c.type, {}
    from submitted_assignment a join submitted_notebook b on b.assignment_id = a.id join notebook n on n.id = b.notebook_id
    join {} g on g.notebook_id = b.id join base_cell c on c.id = g.cell_id order by 1, 4, 7
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A course whose class was graded. Only to be read."""
    layout = Layout(tmp_path_factory.mktemp("direct") / "course", "vae")
    sources = write_sources(layout)
    shutil.copy(ROOT / "nbgrader_config.py", layout.course)
    for name in NAMES:
        (layout.submitted / name / "vae").mkdir(parents=True)
    write_gradebook(layout, class_of(sources))
    return layout


@pytest.fixture
def course(graded: Layout, tmp_path: Path) -> Layout:
    """A copy of that course to change."""
    return copied(graded, tmp_path / "copy")


def copied(layout: Layout, place: Path) -> Layout:
    """A copy of a course."""
    shutil.copytree(layout.course, place)
    load_sources.cache_clear()
    return Layout(place, "vae")


def dump(layout: Layout) -> list[Any]:
    """All that a gradebook says of submissions and students."""
    grade = "g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade, typeof(g.auto_score)"
    return [
        rows(layout, DUMP.format(grade, "grade")),
        rows(layout, DUMP.format("g.auto_comment, g.manual_comment", "comment")),
        rows(layout, "select * from student order by id"),
        rows(layout, "select student_id, timestamp, extension, typeof(timestamp) from submitted_assignment order by 1"),
        rows(layout, "select count(*) from submitted_notebook"),
        rows(layout, "select name, duedate, course_id from assignment"),
    ]


def by_hand(layout: Layout, statements: list[str]) -> None:
    """What people and other programs do to a gradebook between two batches."""
    with contextlib.closing(sqlite3.connect(layout.gradebook)) as book, book:
        for statement in statements:
            book.execute(statement)


GRADES = """from grade g join base_cell c on c.id = g.cell_id join submitted_notebook b on b.id = g.notebook_id
            join submitted_assignment a on a.id = b.assignment_id"""
PLACES = st.tuples(st.sampled_from(NAMES[:3]), st.sampled_from(["test_first", "test_second", "test_third", "explain"]))
POINTS = st.sampled_from([0.0, 1.0, 1.2345, 4.0])


def one_grade(place: tuple[str, str], change: str) -> str:
    """A statement that changes one grade."""
    return f"update grade set {change} where id in (select g.id {GRADES} where a.student_id = '{place[0]}' and c.name = '{place[1]}')"


EDITS = st.one_of(
    st.builds(
        lambda place, points, review: one_grade(place, f"manual_score = {points}, needs_manual_grade = {review}"),
        PLACES, POINTS, st.sampled_from([0, 1]),
    ),
    st.builds(lambda place, points: one_grade(place, f"extra_credit = {points}"), PLACES, POINTS),
    st.builds(lambda place: one_grade(place, "auto_score = null, needs_manual_grade = 1"), PLACES),
    st.sampled_from(
        [
            "update comment set auto_comment = 'No response.'",
            "update comment set manual_comment = 'Well tried.'",
            "update submitted_notebook set flagged = 1",
            "update submitted_notebook set late_submission_penalty = 0.25",
            "update submitted_assignment set extension = '1970-01-03 00:00:00.000000'",
            "update submitted_assignment set timestamp = null",
            "update student set first_name = 'Ana', lms_user_id = '7'",
            "delete from grade where rowid = 3",
            "delete from comment where rowid = 2",
        ]
    ),
)  # fmt: skip
LATE = st.sampled_from(["null", "'2026-03-05 00:00:00.000000'", "'2026-03-01 10:00:00.000000'"])
VERDICTS = st.fixed_dictionaries(
    {},
    optional={
        name: st.tuples(
            st.sampled_from([FULL, PART, {}]),
            st.sampled_from(["graded", "crashed", "missing"]),
            st.sampled_from(["", "01_alpha", "02_beta", "01_alpha 02_beta"]),
            st.sampled_from([None, "", "abc", "def"]),
            st.sampled_from(TIMES),
        )
        for name in NAMES
    },
)


def records_of(layout: Layout, sources: tuple[SourceNotebook, ...], drawn: dict[str, Any]) -> list[Record]:
    """Records of a class, whose submissions say when they were handed in."""
    made = []
    for name, (points, state, absent, words, time) in drawn.items():
        (layout.submitted / name / "vae" / "timestamp.txt").write_text(time)
        one = record(name, sources, points, state, "01_alpha 02_beta" if state == "missing" else absent)
        marked = {} if words is None else {"explain": words}
        notebooks = [replace(book, written=marked if book.stem == "02_beta" else {}) for book in one.notebooks]
        made.append(replace(one, notebooks=tuple(notebooks)))
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.lists(EDITS, max_size=4), VERDICTS), min_size=1, max_size=3), LATE)
def test_both_roads_write_the_same_rows(graded: Layout, batches: list[Any], due: str) -> None:
    """Whatever people did and whoever is graded: scores, comments, extra credit, reviews, times and penalties are the same."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = (copied(graded, Path(folder) / name) for name in ("direct", "nbgrader"))
        sources = load_sources(one.source)
        registered = registered_state(one)
        assert registered is not None
        for edits, drawn in batches:
            edits = [*edits, f"update assignment set duedate = {due}"]
            for layout in (one, other):
                by_hand(layout, edits)
                made = records_of(layout, sources, drawn)
                if layout is one:
                    with contextlib.suppress(NotDirect):
                        write_directly(layout, made, registered)
                        continue
                write_gradebook(layout, made)
            assert dump(one) == dump(other)
            assert registered_state(one) == registered


def test_the_schema_is_the_newest_of_nbgrader() -> None:
    """The version of the tables that is known here is that of the installed nbgrader: otherwise nobody is spared its start."""
    assert _newest_revision() == SCHEMA


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.sampled_from(TIMES),
        st.text(max_size=30),
        st.builds(
            lambda when, zone: f"{when}{zone}",
            st.datetimes(),
            st.sampled_from(["", " UTC", " CET", " 3600", " Europe/Berlin", "+02:00", "Z", " XYZ", " -0500"]),
        ),
    )
)
def test_times_are_read_as_nbgrader_reads_them(text: str) -> None:
    """The same time, or an error where nbgrader raises one."""
    from nbgrader.utils import parse_utc as theirs

    def outcome(read: Callable[[str], Any]) -> Any:
        try:
            return read(text)
        except (ValueError, OverflowError, TypeError) as error:
            return type(error)

    assert outcome(parse_utc) == outcome(theirs)


@pytest.mark.parametrize(
    "change",
    [
        "update alembic_version set version_num = '167914646830'",
        "delete from alembic_version",
        "delete from assignment",
        "alter table grade add column more text",
        "update grade_cells set max_score = 9",
        "update source_cell set checksum = 'other'",
        "update notebook set kernelspec = '{}'",
        "delete from solution_cells",
        "create trigger t after insert on grade begin select 1; end",
        "update assignment set duedate = 'soon'",
        "update assignment set duedate = '2026-01-01 00:00:00.000000'",
    ],
)
def test_what_nbgrader_must_be_asked_is_left_to_it(course: Layout, change: str) -> None:
    """Another schema, other cells, something due and somebody late: not one row is written on this road."""
    registered = registered_state(course)
    assert registered is not None
    by_hand(course, ["update submitted_assignment set timestamp = '2026-03-01 12:00:00.000000'", change])
    before = course.gradebook.read_bytes()
    with pytest.raises(NotDirect):
        write_directly(course, [record("new", load_sources(course.source), FULL)], registered)
    assert course.gradebook.read_bytes() == before


@pytest.mark.parametrize(
    ("line", "direct"),
    [
        ("c.CourseDirectory.db_url = 'sqlite:///marks.db'", False),
        ("c['CourseDirectory']['db_url'] = 'sqlite:///marks.db'", False),
        ("c.CourseDirectory = type(c)(db_url='sqlite:///marks.db')", False),
        ("c.merge({'CourseDirectory': {'course_id': 'x'}})", False),
        ("load_subconfig('other.py')", False),
        ("setattr(c.CourseDirectory, 'db' + '_url', 'x')", False),
        ("this is no Python", False),
        ("c.Execute.timeout = 70", True),
    ],
)
def test_settings_that_may_have_it_elsewhere(course: Layout, line: str, direct: bool) -> None:
    """Where the settings name a place, or take in what may name one, only nbgrader is asked where the gradebook is."""
    path = course.course / "nbgrader_config.py"
    path.write_text(f"{path.read_text()}\n{line}\n")
    assert (registered_state(course) is not None) == direct


def test_no_gradebook_is_made(course: Layout) -> None:
    """Where the file is gone or is no gradebook, nothing is made in its place."""
    registered = registered_state(course)
    assert registered is not None
    course.gradebook.unlink()
    with pytest.raises(NotDirect):
        write_directly(course, [], registered)
    assert not course.gradebook.exists()
    course.gradebook.write_bytes(b"no database at all, whatever its name says" * 100)
    assert registered_state(course) is None
    with pytest.raises(NotDirect):
        write_directly(course, [], registered)


def test_held_by_another_program(course: Layout) -> None:
    """A gradebook that somebody holds is waited for and named, as on the other road; nothing of it is lost."""
    registered = registered_state(course)
    assert registered is not None
    sources = load_sources(course.source)
    other = sqlite3.connect(course.gradebook, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(Locked, match="Another process holds the gradebook"):
        write_directly(course, [record("ana", sources, FULL)], registered, wait=0.1)
    other.close()
    assert write_directly(course, [record("ana", sources, FULL)], registered, wait=0.1) == 1


def test_a_chunk_is_written_whole_or_not_at_all(course: Layout) -> None:
    """Points for a cell that the gradebook does not know are refused in the same words, and nobody's points are written."""
    registered = registered_state(course)
    assert registered is not None
    sources = load_sources(course.source)
    strange = replace(record("new\udcff", sources, FULL), notebooks=record("x", sources, FULL).notebooks)
    verdicts = tuple(replace(one, exercise="zeta") for one in strange.notebooks[0].verdicts)
    strange = replace(strange, notebooks=(replace(strange.notebooks[0], verdicts=verdicts),))
    before = dump(course)
    with pytest.raises(GradebookError, match="does not know the cell test_zeta of 01_alpha"):
        write_directly(course, [record("ana", sources, FULL), strange], registered)
    assert dump(course) == before


@pytest.mark.parametrize("road", ["direct", "by nbgrader"])
def test_no_table_that_grows_is_read_whole(course: Layout, road: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement of either road finds the rows of a chunk by an index: a cohort ten times as large takes ten times as long."""
    registered = registered_state(course)
    assert registered is not None
    plain, said = sqlite3.connect, []

    def traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = plain(*args, **kwargs)
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    # SQLAlchemy has it under another name.
    monkeypatch.setattr(sqlite3.dbapi2, "connect", traced)
    class_again = class_of(load_sources(course.source))
    if road == "direct":
        write_directly(course, class_again, registered)
    else:
        write_gradebook(course, class_again)
    monkeypatch.undo()
    asked = {one for one in said if re.match(r"\s*(select|update|insert)\b", one, re.IGNORECASE)}
    growing = re.compile(r"SCAN (student|submitted_assignment|submitted_notebook|grade|comment)\b")
    with contextlib.closing(sqlite3.connect(course.gradebook)) as book:
        plans = {one: [row[3] for row in book.execute(f"explain query plan {one}")] for one in asked}
    assert sum("submitted_notebook" in one for one in asked) >= 3
    assert {one: plan for one, plan in plans.items() if any(map(growing.search, plan))} == {}


@pytest.fixture
def journal(course: Layout) -> Iterator[Journal]:
    """The log of the class."""
    course.results.mkdir()
    with Journal(course.results / "vae.log.jsonl") as log:
        keep(log, course, PART)
        yield log


def keep(log: Journal, layout: Layout, points: dict[str, float]) -> None:
    """Write a verdict on ana into the log."""
    one = record("ana", load_sources(layout.source), points)
    log.verdicts([LoggedVerdict(one.result(), [book.stem for book in one.notebooks])])


def test_a_batch_takes_the_short_road_where_it_can(
    course: Layout, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First nbgrader, then not, until settings or cells change, the mark is lost, or --force asks for it."""
    ways: list[str] = []

    def watch(name: str) -> None:
        real = getattr(books, name)

        def seen(*arguments: Any, **named: Any) -> Any:
            done = real(*arguments, **named)
            ways.append(name)
            return done

        monkeypatch.setattr(books, name, seen)

    watch("write_directly")
    watch("write_gradebook")

    def score() -> Any:
        return rows(course, "select sum(auto_score) " + GRADES + " where a.student_id = 'ana'")[0][0]

    def batch(digest: str, always: bool = False) -> list[str]:
        early = needs_nbgrader(course, always)
        ways.clear()
        assert update_gradebook(course, journal, ["ana"], digest, 1.0, always)
        assert needs_nbgrader(course, False) is False
        assert early == ("write_gradebook" in ways)
        return list(ways)

    assert batch("one") == ["write_gradebook"]
    keep(journal, course, FULL)
    assert batch("two") == ["write_directly"]
    assert score() == 9.5
    assert not update_gradebook(course, journal, ["ana"], "two", 1.0, False)
    assert batch("two", always=True) == ["write_gradebook"]
    settings_file = course.course / "nbgrader_config.py"
    settings_file.write_text(settings_file.read_text() + "\nc.Execute.timeout = 70\n")
    assert batch("three") == ["write_gradebook"]
    conclude._Mark.path(course).unlink()
    assert batch("three") == ["write_gradebook"]
    keep(journal, course, PART)
    by_hand(course, ["update grade_cells set max_score = 9 where max_score = 4"])
    ways.clear()
    assert update_gradebook(course, journal, ["ana"], "four", 1.0, False)
    assert ways == ["write_gradebook"]
    assert rows(course, "select max(max_score) from grade_cells") == [(4,)]
    assert score() == 4.2345
    conclude._Mark.path(course).write_text('["a", null]')
    assert batch("five") == ["write_gradebook"]


def test_lateness_comes_to_nbgrader(course: Layout, journal: Journal) -> None:
    """Somebody who becomes late by what is written now pays what the plug-in says, though the road began without it."""
    path = course.course / "nbgrader_config.py"
    path.write_text(f"{path.read_text()}\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    by_hand(course, ["update assignment set duedate = '2026-03-01 12:00:00.000000'"])
    update_gradebook(course, journal, ["ana"], "one", 1.0, False)
    assert not needs_nbgrader(course, False)
    (course.submitted / "ana" / "vae" / "timestamp.txt").write_text(datetime(2026, 3, 2).isoformat())
    keep(journal, course, FULL)
    update_gradebook(course, journal, ["ana"], "two", 1.0, False)
    penalties = (
        "select late_submission_penalty from submitted_notebook b join submitted_assignment a on a.id = b.assignment_id"
    )
    assert sorted(rows(course, penalties + " where a.student_id = 'ana'")) == [(3.0,), (6.5,)]


def test_the_short_road_starts_no_nbgrader(course: Layout) -> None:
    """Writing on it imports neither nbgrader nor SQLAlchemy, and importing it neither."""
    code = (
        "import sys; from pathlib import Path; from autograder.course.layout import Layout\n"
        "from autograder.output.gradebook import registered_state, write_directly\n"
        f"layout = Layout(Path({str(course.course)!r}), 'vae')\n"
        "write_directly(layout, [], registered_state(layout))\n"
        "sys.exit(bool({'nbgrader', 'sqlalchemy', 'traitlets'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
