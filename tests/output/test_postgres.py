"""The gradebook on a server: nbgrader's database is PostgreSQL, and everything that people count on with a file holds there."""

from __future__ import annotations

import json
import os
import signal
import threading
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Grade, Gradebook

from autograder.course.layout import Layout
from autograder.output.gradebook import GradebookError, read_marks, register_assignment
from tests.conftest import ROOT
from tests.helpers import postgres
from tests.helpers.nbgrader_course import graded, ours
from tests.helpers.small_course import commands, hand_in, results, small_course, wait_until
from tests.output.test_form_grader import server as form_grader

pytestmark = [pytest.mark.xdist_group("nbgrader"), pytest.mark.filterwarnings("ignore")]

SCORES = """select s.student_id, sum(coalesce(g.manual_score, g.auto_score)) from submitted_assignment s
    join submitted_notebook n on n.assignment_id = s.id join grade g on g.notebook_id = n.id group by s.student_id"""
CELLS = """select s.student_id, c.name, g.id, g.auto_score, g.manual_score, g.needs_manual_grade from grade g
    join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id
    join base_cell c on c.id = g.cell_id"""


@pytest.fixture(scope="module")
def database() -> Iterator[postgres.Server]:
    """A server for this file."""
    with postgres.served() as server:
        yield server


def settings(layout: Layout, url: str) -> None:
    """Say in nbgrader's settings where the gradebook is, and that lateness costs everything."""
    text = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    text += f'\nc.CourseDirectory.db_url = "{url}"\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
    text += f"c.Exchange.root = {str(layout.course.parent / 'exchange')!r}\n"
    (layout.course / "nbgrader_config.py").write_text(text, encoding="utf-8")


def due(layout: Layout, limit: str = "call_seconds = 2") -> None:
    """Set the due date and a limit."""
    text = f'title = "Small"\nseed = 5\ndue = 2026-03-01T12:00:00Z\n[limits]\n{limit}\n'
    (layout.texts / "assignment.toml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def course(database: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A class of three, graded once: right, half unwritten, and right but late."""
    layout = small_course(tmp_path_factory.mktemp("postgres") / "course")
    settings(layout, database.create("vae"))
    due(layout)
    for student, kind in (("right", "right"), ("half", "unwritten"), ("late", "right")):
        hand_in(layout, student, kind)
    (layout.submitted / "late" / "vae" / "timestamp.txt").write_text("2026-03-02 12:00:00 UTC\n")
    graded(layout)
    return layout


def test_points_and_penalties_are_there(course: Layout, database: postgres.Server) -> None:
    """The server has the points of the results, the late submission loses its own, and no file is made."""
    told = results(course)
    assert dict(database.rows("vae", SCORES)) == {name: pytest.approx(one["score"]) for name, one in told.items()}
    assert not course.gradebook.exists()
    exported = {student: float(row["score"]) for student, row in ours(course).items()}
    assert exported == {name: pytest.approx(one["score"] * (name != "late")) for name, one in told.items()}
    assert told["late"]["score"] == told["right"]["score"] == told["right"]["max_score"]


def test_an_unchanged_gradebook_is_not_written(course: Layout, database: postgres.Server) -> None:
    """A second run writes nothing; after somebody's change, and after a row that is deleted, the next one writes."""
    mark = course.results / ".vae.gradebook"
    before = mark.stat()
    graded(course)
    assert mark.stat().st_mtime_ns == before.st_mtime_ns
    with database.connect("vae") as connection:
        connection.execute("update comment set manual_comment = 'Well done.' where id = (select min(id) from comment)")
    graded(course)
    changed = mark.stat()
    assert changed.st_mtime_ns != before.st_mtime_ns
    with database.connect("vae") as connection:
        connection.execute("update student set last_name = 'Right' where id = 'right'")
        connection.execute("delete from grade where id = (select max(id) from grade)")
    graded(course)
    assert mark.stat().st_mtime_ns != changed.st_mtime_ns
    assert len(database.rows("vae", "select id from grade")) == 3 * 2
    assert database.rows("vae", "select last_name from student where id = 'right'") == [("Right",)]


def put(address: str, cell: str, points: float) -> bool:
    """Send what the form grader's page sends when somebody types points; whether they were taken."""
    data = json.dumps({"manual_score": points}).encode()
    request = urllib.request.Request(f"{address}/formgrader/api/grade/{cell}", data, method="PUT")
    for name, value in (("Content-Type", "application/json"), ("Cookie", "_xsrf=ab"), ("X-XSRFToken", "ab")):
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=120) as reply:
        return bool(reply.status == 200)


def test_two_form_graders_while_grading_again(course: Layout, database: postgres.Server, tmp_path: Path) -> None:
    """Two form graders enter points while `regrade` writes others: points by hand stay and count, and wait for a review."""
    cells = {(student, name): row for student, name, *row in database.rows("vae", CELLS)}
    said: list[tuple[str, object]] = []
    ended = threading.Event()

    def enter(student: str, send: Callable[[str, float], object]) -> None:
        """Type other points over and over until grading has ended, then those that count."""
        points, mine = 0.0, cells[student, "test_kl_weight"][0]
        while not ended.is_set():
            points = (points + 0.25) % 2
            said.append((student, send(mine, points)))
        said.append((student, send(mine, 0.75)))

    def by_nbgrader(mine: str, points: float) -> bool:
        """What the form grader does itself, here by another program that holds a connection of its own."""
        with book.db() as session:
            session.query(Grade).filter(Grade.id == mine).one().manual_score = points
            session.commit()
        return True

    # Other limits: everybody is graded again. Another answer: the points of the grader change below those by hand.
    due(course, "call_seconds = 3")
    hand_in(course, "right", "unwritten")
    with form_grader(course, tmp_path) as address, Gradebook(database.url("vae")) as book:
        hands = {"half": partial(put, address), "right": by_nbgrader}
        people = [threading.Thread(target=enter, args=one) for one in hands.items()]
        for one in people:
            one.start()
        assert wait_until(lambda: {student for student, _ in said} == hands.keys())
        done = commands().run("regrade", "--yes", "--no-sandbox", course=course)
        ended.set()
        for one in people:
            one.join(120)
        with urllib.request.urlopen(f"{address}/formgrader/api/submissions/vae", timeout=120) as reply:
            listed = {one["student"]: one for one in json.loads(reply.read())}
    assert done.returncode == 0, done.stderr
    assert "3 graded now" in done.stderr
    assert all(answer for _, answer in said)
    after = {(student, name): row for student, name, *row in database.rows("vae", CELLS)}
    points = {one["name"]: one["points"] for one in results(course)["right"]["exercises"]}
    _, automatic, manual, review = after["right", "test_kl_weight"]
    assert automatic == points["kl_weight"] != cells["right", "test_kl_weight"][1]
    assert (manual, review) == (0.75, True)
    assert after["half", "test_kl_weight"] == [*cells["half", "test_kl_weight"][:2], 0.75, False]
    assert listed["right"]["score"] == pytest.approx(0.75 + points["beta_vae_loss"])
    assert listed["right"]["needs_manual_grade"]
    assert not listed["half"]["needs_manual_grade"]


def test_a_lock_is_waited_for(course: Layout, database: postgres.Server) -> None:
    """What another is about to write is waited for, or named with exit 1 after `--wait` seconds; in the end both have written."""
    cells = {(student, name): row for student, name, *row in database.rows("vae", CELLS)}
    mine, before, *_ = cells["late", "test_kl_weight"]
    hand_in(course, "more")
    hand_in(course, "late", "unwritten")
    with database.connect("vae") as other:
        other.execute("update grade set manual_score = 0.25 where id = %s", [mine])
        done = commands().run("grade", "--no-sandbox", "--wait", "0.2", course=course)
        assert (done.returncode, "Another process holds the gradebook" in done.stderr) == (1, True), done.stderr
        assert ("more",) not in database.rows("vae", "select id from student")
        commands().start("grade", "--no-sandbox", "--wait", "120", course=course)
        assert wait_until(lambda: waiting(database))
    assert commands().end() == 0, commands().said()
    after = {(student, name): row for student, name, *row in database.rows("vae", CELLS)}
    assert before > 0
    assert after["late", "test_kl_weight"] == [mine, 0.0, 0.25, True]
    assert dict(database.rows("vae", SCORES))["more"] == pytest.approx(results(course)["more"]["score"])


def waiting(database: postgres.Server) -> list[tuple[Any, ...]]:
    """Who waits for a lock."""
    return database.rows("vae", "select pid from pg_stat_activity where wait_event_type = 'Lock'")


def test_killed_while_it_writes(course: Layout, database: postgres.Server) -> None:
    """A grader that is killed amid a transaction leaves the gradebook as it was, holds nothing, and the next run completes it."""
    hand_in(course, "last")
    before = database.rows("vae", f"{CELLS} order by g.id")
    with database.connect("vae") as other:
        other.execute("select * from grade for update")
        pid = commands().start("grade", "--no-sandbox", "--wait", "120", course=course)
        assert wait_until(lambda: waiting(database))
        os.killpg(pid, signal.SIGKILL)
        assert commands().end() == -signal.SIGKILL
    others = "select pid from pg_stat_activity where datname = 'vae' and pid <> pg_backend_pid()"
    assert wait_until(lambda: not database.rows("vae", others))
    assert database.rows("vae", f"{CELLS} order by g.id") == before
    graded(course)
    assert dict(database.rows("vae", SCORES))["last"] == pytest.approx(results(course)["last"]["score"])
    assert "last" in read_marks(course).submissions  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://grader:secret@/vae?host=/nowhere", "server /vae does not answer"),
        ("postgresql+no_such_driver://grader:secret@/vae", r"pip install 'vae-autograder\[postgres\]'"),
    ],
)
def test_what_is_wrong_with_the_address_is_said(tmp_path: Path, url: str, said: str) -> None:
    """A server that is not there, and a driver that is not installed, are named with what to do, and never the password."""
    layout = small_course(tmp_path / "course")
    settings(layout, url)
    with pytest.raises(GradebookError, match=said) as caught:
        register_assignment(layout, ())
    assert "secret" not in str(caught.value)
    assert "verdicts are kept" in str(caught.value)
