"""Nothing is wired to one assignment: a course elsewhere, with its own problems, lives its whole life by the commands."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.batch import keys
from autograder.checks.registry import modules
from autograder.course.layout import Layout
from autograder.course.own_checks import home_of, own_files, use_course_checks
from autograder.course.settings import load_config
from autograder.problems import UnknownProblem, load, public
from tests.conftest import ROOT
from tests.helpers.toy_course import cells, hand_in, points, results, run, settings

WRONG = {
    "rectangle": "area, diagonal = 12, 25",
    "centre": "def centre(x):\n    return x.sum()",
    "deviation": "def deviation(x):\n    return abs(x - centre(x)).mean()",
}
OTHER = (
    'title = "Other"\nseed = 7\nleave_out = ["deviation"]\n[points]\nrectangle = 7.5\n'
    "[limits]\ncell_seconds = 5\ncall_seconds = 2\n"
)


def test_students_get_the_courses_own_checks_and_no_others(toy_built: Layout) -> None:
    """Beside the core only the problems of this course are released, in the form in which the course has them."""
    found = {path.relative_to(toy_built.release).as_posix() for path in toy_built.release.rglob("*") if path.is_file()}
    own = {
        "checks/rectangle.py",
        "checks/spread/__init__.py",
        "checks/tables/rectangle.json.gz",
        "checks/tables/spread.json.gz",
    }
    assert own <= found
    assert not [path for path in found if "gaussian_kl" in path or "hidden" in path]
    assert (toy_built.release / "checks/spread/__init__.py").read_bytes() == (
        toy_built.course / "checks/spread/__init__.py"
    ).read_bytes()


def test_settings_reach_students(toy_built: Layout) -> None:
    """Title page and texts tell the date, the points and how many exercises there are."""
    page = (toy_built.release / "README.md").read_text(encoding="utf-8")
    assert "**Hand in by 1 December 2026, 23:59 (UTC+01:00).**" in page
    assert "Two notebooks, 10 points." in page
    assert "**Points** 7, for two exercises." in cells(toy_built.release / "02_spread.ipynb")["02_spread-1"]["source"]


def test_verify_keeps_every_promise(toy_built: Layout) -> None:
    """`autograder verify` holds in a foreign course as it does here."""
    done = run(toy_built, "verify")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "broken" not in done.stdout


def test_the_matrix_examines_the_courses_own_problems(toy_built: Layout) -> None:
    """`autograder matrix` in a foreign course grades its checks, not the autograder's."""
    done = run(toy_built, "matrix", "--seeds", "2", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names[1 : names.index("all")] == ["rectangle", "centre", "deviation"]
    assert "Operations explain" in done.stdout


def report(toy: Layout) -> str:
    """The page on the class."""
    assert run(toy, "report").returncode == 0
    return (toy.course / "report" / "index.html").read_text(encoding="utf-8")


def test_a_class_is_graded_and_regraded(toy: Layout) -> None:
    """Points, named mistakes, what follows from one, the due date; and after a change of settings a regrade says why."""
    hand_in(toy, "ada")
    hand_in(toy, "bob", WRONG)
    done = run(toy, "grade", "--no-sandbox")
    assert done.returncode == 0, done.stderr
    found = results(toy)
    assert points(found["ada"]) == {"rectangle": (3, 3), "centre": (2, 2), "deviation": (5, 5)}
    assert points(found["bob"]) == {"rectangle": (1, 3), "centre": (0, 2), "deviation": (5, 5)}
    named = {check["mistake"] for one in found["bob"]["exercises"] for check in one["checks"]} - {None}
    assert named == {"the root is missing", "the sum for the mean"}
    given = {check.get("given") for one in found["bob"]["exercises"] for check in one["checks"]} - {None}
    assert given == {"centre"}
    assert len(list(toy.feedback.rglob("*.html"))) == 6
    with contextlib.closing(sqlite3.connect(toy.gradebook)) as book:
        assert book.execute("select name, duedate from assignment").fetchall() == [
            ("spread", "2026-12-01 22:59:00.000000")
        ]

    settings(toy, OTHER)
    for words in (["grade"], ["regrade", "--diff"]):
        said = " ".join(run(toy, *words, "--no-sandbox").stderr.split())
        assert "do not follow assignment.toml in deviation, rectangle" in said
    assert run(toy, "build").returncode == 0
    again = run(toy, "regrade", "--diff", "--no-sandbox", "--json")
    told = json.loads(again.stdout.splitlines()[-1])
    assert told["because"] == ["the built notebooks or data"]
    assert {one["student"]: (one["before"], one["after"]) for one in told["changed"]} == {
        "ada": (10, 9.5),
        "bob": (6, 2.5),
    }
    one = run(toy, "grade", "--no-sandbox", "--student", "bob")
    assert "1 verdict is out of other points than the notebooks give now" in " ".join(one.stderr.split())
    assert "verdicts are of different notebooks: 1 out of 10 and 1 out of 9.5 points" in report(toy)


def test_left_out_exercises_and_other_points_from_the_start(toy: Layout) -> None:
    """Cells, sections, lines and drawings of what is left out go; points follow into notebooks, verdicts and gradebook."""
    settings(toy, OTHER)
    assert run(toy, "build").returncode == 0
    there = cells(toy.release / "02_spread.ipynb")
    assert list(there) == ["02_spread-1", "spread_imports", "spread_imports-1", "centre", "test_centre"]
    assert there["02_spread-1"]["source"].endswith("| centre | 2 |")
    assert "corner" not in str(cells(toy.release / "01_rectangle.ipynb"))
    assert not (toy.release / "extras").exists()
    assert run(toy, "verify").returncode == 0
    hand_in(toy, "ada")
    hand_in(toy, "bob", WRONG)
    assert run(toy, "grade", "--no-sandbox").returncode == 0
    assert points(results(toy)["ada"]) == {"rectangle": (7.5, 7.5), "centre": (2, 2)}
    assert points(results(toy)["bob"]) == {"rectangle": (2.5, 7.5), "centre": (0, 2)}
    with contextlib.closing(sqlite3.connect(toy.gradebook)) as book:
        rows = book.execute("select b.name, g.max_score from grade_cells g join base_cell b on b.id = g.id order by 1")
        assert rows.fetchall() == [("test_centre", 2.0), ("test_rectangle", 7.5)]
    # Students' own `checks` know the rest only, so that their progress can become complete, and what it is worth here.
    program = (
        "from checks.registry import modules as m; print({e.name: e.points for p in m().values() for e in p.exercises})"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=toy.release,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "{'rectangle': 7.5, 'centre': 2}"


def test_extras_are_not_graded(toy: Layout) -> None:
    """A file in the `extras` of a submission changes neither its verdict nor its key, and appears nowhere."""
    hand_in(toy, "ada")
    assert run(toy, "grade", "--no-sandbox").returncode == 0
    before = results(toy)["ada"]
    (toy.submitted / "ada" / "spread" / "extras" / "corner.ipynb").write_text("broken", encoding="utf-8")
    done = run(toy, "grade", "--no-sandbox")
    assert "0 graded now, 1 unchanged" in done.stderr
    assert results(toy)["ada"] == before
    assert not [path for folder in (toy.feedback, toy.autograded) for path in folder.rglob("*corner*")]


@pytest.mark.slow
def test_plain_nbgrader_grades_it_too(toy: Layout) -> None:
    """`nbgrader generate_assignment` makes the same release, extras included, and its autograde the same points."""
    before = {path: path.read_bytes() for path in sorted(toy.release.rglob("*")) if path.is_file()}
    shutil.rmtree(toy.release)
    assert run(toy, "generate_assignment", toy.assignment, module="nbgrader").returncode == 0
    assert {path: path.read_bytes() for path in sorted(toy.release.rglob("*")) if path.is_file()} == before
    hand_in(toy, "ada", {**WRONG, "centre": "def centre(x):\n    return x.mean()"})
    done = run(toy, "autograde", toy.assignment, module="nbgrader")
    assert done.returncode == 0, done.stderr
    assert run(toy, "export", module="nbgrader").returncode == 0
    row = (toy.course / "grades.csv").read_text(encoding="utf-8").splitlines()[1].split(",")
    assert [float(one) for one in row[-2:]] == [8.0, 10.0]


@pytest.mark.slow
def test_the_demo_works_there(toy: Layout) -> None:
    """`autograder demo` invents and grades a class of any assignment."""
    done = run(toy, "demo", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert "24 graded now" in done.stdout


def test_a_cluster_gets_the_courses_own_checks(toy: Layout) -> None:
    """Workers of a cluster grade with the course's own checks, which travel with it."""
    pytest.importorskip("distributed")
    hand_in(toy, "ada")
    done = run(toy, "grade", "--no-sandbox", "--local-cluster", "1")
    assert done.returncode == 0, done.stderr
    assert results(toy)["ada"]["score"] == 10


def test_the_courses_own_checks_are_in_the_key(toy: Layout) -> None:
    """A change of a course's hidden checks is a change of what verdicts depend on; a course without any has no such part."""
    before = keys.key_parts(toy, load_config(toy), "none")
    path = toy.course / "hidden" / "spread.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# said better\n", encoding="utf-8")
    after = keys.key_parts(toy, load_config(toy), "none")
    assert {name for name in before if before[name] != after[name]} == {"checks"}
    assert own_files(ROOT) == []
    assert "checks" not in keys.key_parts(Layout(ROOT, "vae"), load_config(toy), "none")


def test_one_course_is_adopted_at_a_time(toy: Layout) -> None:
    """A course's problems are found after it was adopted, and are gone when another course is."""
    try:
        use_course_checks(toy.course)
        assert load("02_spread").exercise("deviation").points == 5
        assert {"rectangle", "spread"} < set(modules())
        first = public("02_spread")
        use_course_checks(toy.course)
        assert public("02_spread") is first
    finally:
        use_course_checks(ROOT)
    with pytest.raises(UnknownProblem, match=r"There is no checks/spread\.py for 02_spread"):
        load("02_spread")
    assert "spread" not in modules()


def test_a_taken_name_is_refused(toy: Layout) -> None:
    """A course's module cannot stand in for one of the autograder's; the sentence names the file."""
    (toy.course / "checks" / "examine.py").write_text("", encoding="utf-8")
    done = run(toy, "build")
    assert done.returncode == 2
    assert f"{toy.course}/checks/examine: the autograder has a module checks/examine itself" in done.stderr


def test_where_problems_are_written(tmp_path: Path) -> None:
    """In this repository problems lie in the package, in any other course in the course's own folders."""
    assert home_of(ROOT).words(home_of(ROOT).hidden, "06_flows") == "autograder/hidden/flows"
    assert home_of(tmp_path).words(home_of(tmp_path).checks, "06_flows") == "checks/flows"


def test_the_only_assignment_is_meant(toy: Layout) -> None:
    """Without --assignment a course's only one is meant; with several, or none, a sentence says what to do."""
    assert run(toy, "build", "--check").returncode == 0
    other = toy.course / "assignments" / "more"
    other.mkdir()
    (other / "01_more.md").write_text("# More\n", encoding="utf-8")
    several = run(toy, "build", "--check")
    assert (several.returncode, "name one of them with --assignment: more, spread." in several.stderr) == (2, True)
    assert run(toy, "build", "--check", "--assignment", "spread").returncode == 0
    shutil.rmtree(toy.course / "assignments")
    shutil.rmtree(toy.source)
    none = run(toy, "grade")
    assert none.returncode == 2
    assert "is no course folder: there is no assignment in its assignments/" in none.stderr
