"""nbgrader's form grader on what we leave, in a browser: it lists, shows and keeps; what people enter survives."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.course.layout import Layout
from tests.helpers.nbgrader_course import exported, graded, ours
from tests.helpers.small_course import (
    STEM,
    commands,
    environment,
    hand_in,
    results,
    set_seed,
    small_course,
    sql,
    states,
    wait_until,
)

pytestmark = pytest.mark.xdist_group("nbgrader")

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


@dataclass
class FormGrader:
    """The form grader of a course in a browser."""

    layout: Layout
    page: Any
    url: str

    def open(self, path: str) -> None:
        """Open one of its pages and wait until its table is there."""
        self.page.goto(f"{self.url}/formgrader/{path}")

    def table(self) -> list[list[str]]:
        """The rows of the table on its page, once they are loaded."""
        self.page.wait_for_function("!document.body.innerText.includes('Loading, please wait')")
        rows = self.page.locator("#main-table tr").all()
        return [[cell.inner_text().strip() for cell in row.locator("td").all()] for row in rows]

    def notebook(self, student: str) -> None:
        """Open a student's notebook as one does who grades by hand, and wait until scores and comments are loaded."""
        query = """select n.id from submitted_notebook n join submitted_assignment a on a.id = n.assignment_id
                   where a.student_id = ?"""
        self.open(f"submissions/{sql(self.layout, query, student)[0][0]}/")
        self.page.wait_for_function("formgrader.grades.loaded && formgrader.comments.loaded")

    def picture(self, name: str) -> None:
        """Keep a screenshot where FORMGRADER_PICTURES says, for people to look at."""
        if folder := os.environ.get("FORMGRADER_PICTURES"):
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def needed(what: str) -> None:
    """Skip for want of something; in CI it must not be wanting."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"needs a browser: {what} is not installed")


@pytest.fixture(scope="module")
def form_grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FormGrader]:
    """The form grader on a graded class of three: right, with a known mistake, half unwritten."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        needed("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        needed("playwright")
    folder = tmp_path_factory.mktemp("formgrader")
    layout = small_course(folder / "course")
    for student in ("right", "wrong", "unwritten"):
        hand_in(layout, student, student)
    (layout.submitted / "wrong" / "vae" / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC\n")
    with (layout.course / "nbgrader_config.py").open("a") as settings:
        # The page looks for the exchange, and makes it where there is none.
        settings.write(f"\nc.Exchange.root = {str(folder / 'exchange')!r}\n")
    graded(layout)
    with server(layout, folder) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        # What a page asks of the network (MathJax) is refused: grading must not need it.
        page.route(lambda address: not address.startswith(url), lambda route: route.abort())
        page.set_default_timeout(120_000)
        yield FormGrader(layout, page, url)
        browser.close()


@contextmanager
def server(layout: Layout, folder: Path) -> Iterator[str]:
    """A Jupyter server with nbgrader's extension in the course folder; its processes end with it."""
    places = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    settings = [
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True",
        "--IdentityProvider.token=",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
        f"--ServerApp.root_dir={layout.course}",
    ]
    log = folder / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *settings],
            cwd=layout.course,
            env=environment(HOME=str(folder), **places),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        # It takes the first free port itself and writes it down: one chosen here might be taken until it is up.
        about = folder / "runtime" / f"jpserver-{process.pid}.json"
        assert wait_until(lambda: process.poll() is not None or answers(about))
        assert process.poll() is None, log.read_text()[-3000:]
        yield address(about)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def address(about: Path) -> str:
    """Where the server listens that wrote this about itself."""
    return f"http://127.0.0.1:{json.loads(about.read_text(encoding='utf-8'))['port']}"


def answers(about: Path) -> bool:
    """Whether that server answers."""
    try:
        with urllib.request.urlopen(f"{address(about)}/api/status", timeout=60) as reply:
            return bool(reply.status == 200)
    except (OSError, ValueError):
        return False


def test_the_form_grader_lists_our_submissions(form_grader: FormGrader) -> None:
    """Assignments, submissions and notebooks are listed with our points, and none waits for nbgrader to grade it."""
    form_grader.open("manage_assignments")
    assert [row[0] for row in form_grader.table()] == ["vae"]
    form_grader.picture("assignments")
    form_grader.open("manage_submissions/vae")
    listed = {row[1]: row for row in form_grader.table()}
    form_grader.picture("submissions")
    told = {student: (row[3], row[4]) for student, row in listed.items()}
    most = results(form_grader.layout)["right"]["max_score"]
    expected = {name: ("graded", f"{score:g} / {most:g}") for name, (_, score) in states(form_grader.layout).items()}
    assert told == expected
    assert listed["wrong"][2].startswith("2026-03-01")
    form_grader.open(f"gradebook/vae/{STEM}")
    assert sorted(row[2] for row in form_grader.table()) == sorted(score for _, score in expected.values())
    form_grader.picture("notebooks")


def test_what_people_enter_survives_a_regrade(form_grader: FormGrader) -> None:
    """A comment and points typed into the form grader stay through `autograder regrade --yes`, and count in both exports."""
    layout, page = form_grader.layout, form_grader.page
    form_grader.notebook("wrong")
    verdict = page.locator("#notebook-container").first.inner_text()
    assert "beta weighs the reconstruction" in verdict
    assert "beta_vae_loss(reconstruction=1, kl=2, beta=0)" in verdict
    assert "HIDDEN TESTS" not in page.content()
    assert "from autograder" not in page.content()
    points = {one["name"]: one["points"] for one in results(layout)["wrong"]["exercises"]}
    score, comment = page.locator("#test_beta_vae_loss"), page.locator("#beta_vae_loss-comment")
    assert float(score.get_attribute("placeholder")) == pytest.approx(points["beta_vae_loss"], abs=0.01)
    form_grader.picture("notebook")
    with page.expect_response(lambda reply: "/api/grade/" in reply.url and reply.request.method == "PUT"):
        score.fill("0.5")
        score.blur()
    with page.expect_response(lambda reply: "/api/comment/" in reply.url and reply.request.method == "PUT"):
        comment.fill("Größer als σ? Look again.")
        comment.blur()
    set_seed(layout, 99)
    done = commands().run("regrade", "--yes", "--no-sandbox", course=layout)
    assert done.returncode == 0, done.stderr
    assert "graded again" in done.stderr
    form_grader.notebook("wrong")
    assert page.locator("#test_beta_vae_loss").input_value() == "0.5"
    assert page.locator("#beta_vae_loss-comment").input_value() == "Größer als σ? Look again."
    form_grader.picture("after")
    assert sql(layout, "select count(*) from grade where manual_score is not null") == [(1,)]
    total = pytest.approx(0.5 + points["kl_weight"])
    theirs, told = exported(layout), ours(layout)
    assert {name: float(row["score"]) for name, row in theirs.items()} == {
        name: float(row["score"]) for name, row in told.items()
    }
    assert float(told["wrong"]["score"]) == total
    assert told["wrong"]["by_hand"] == "yes"


def test_the_form_grader_shows_what_we_wrote_last(form_grader: FormGrader) -> None:
    """A submission handed in while the form grader runs is in its list after the next `autograder grade`."""
    hand_in(form_grader.layout, "later")
    graded(form_grader.layout)
    form_grader.open("manage_submissions/vae")
    listed = {row[1]: row[3] for row in form_grader.table()}
    assert listed["later"] == "graded"
