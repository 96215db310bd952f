"""One page a student, and the exports that hand it on: held against what Moodle's importer does with names."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
import zipfile
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.output.export import ExportError, Request, export
from autograder.output.export.canvas_comments import HEADER, TABLE
from autograder.output.feedback.page import feedback_page, student_page
from autograder.output.student_files import make_pages, mark_of, pages_stand, whole_page, whole_stands, write_pages
from tests.conftest import ROOT
from tests.output.test_export import CANVAS, ODD, POINTS, WORKSHEET, course_of, download
from tests.output.test_feedback import EVIL, Page
from tests.output.test_gradebook import FULL, record

pytestmark = pytest.mark.filterwarnings("ignore")
STUDENTS = ["101", "102", "103"]


def with_pages(layout: Layout, students: list[str]) -> None:
    """Write pages and log as a batch does."""
    sources = load_sources(layout.source)
    lines = []
    for name in students:
        one = record(name, sources, POINTS.get(name, FULL))
        pages = make_pages(one, sources, "Autoencoders")
        write_pages(layout, name, pages)
        about = {"result": one.result(), "present": [s.stem for s in sources], "seconds": 1.0, "pages": mark_of(pages)}
        lines.append(json.dumps({"event": "verdict", **about}) + "\n")
    (layout.results / "vae.log.jsonl").write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A graded class with its pages. Only to be read."""
    layout = course_of(tmp_path_factory.mktemp("paged"), STUDENTS)
    with_pages(layout, STUDENTS)
    return layout


@pytest.fixture
def course(paged: Layout, tmp_path: Path) -> Layout:
    """A copy of it, to change."""
    shutil.copytree(paged.course, tmp_path / "course")
    load_sources.cache_clear()
    return Layout(tmp_path / "course", "vae")


def test_one_page_has_all_notebooks(paged: Layout) -> None:
    """It has everything that the notebooks' own pages say of exercises, loads nothing, and its links lead to places in it."""
    sources = load_sources(paged.source)
    one = record("ana", sources, POINTS["ana"])
    text = student_page(one, "Autoencoders")
    page = Page(text)
    anchors = [value for name, value in page.attributes if name == "id"]
    links = [value for name, value in page.attributes if name == "href"]
    assert len(anchors) == len(set(anchors))
    assert {link.removeprefix("#") for link in links} <= set(anchors)
    assert {"01_alpha", "02_beta", "01_alpha-first", "02_beta-third"} <= set(anchors)
    assert "4.2345 of 9.5 points" in page.text
    for notebook in one.notebooks:
        own = Page(feedback_page(one, notebook, "Autoencoders")).text.split("Checks\n", 1)[1]
        for line in filter(str.strip, own.split("\n")):
            assert line in page.text
    assert not re.search(r"<script|<img|<link|src=|https?:", text)


def test_the_page_of_all_is_as_harmless_as_the_others(paged: Layout) -> None:
    """Names of students and titles are text on it."""
    text = student_page(record(EVIL, load_sources(paged.source), FULL), EVIL)
    assert "<script" not in text
    assert "\x00" not in text
    Page(text)


def test_a_lost_page_is_noticed(course: Layout) -> None:
    """The verdict counts as written only while the page of all notebooks is there and whole."""
    sources = load_sources(course.source)
    pages = make_pages(record("101", sources, FULL), sources, "Autoencoders")
    stems, mark = [one.stem for one in sources], mark_of(pages)
    assert pages_stand(course, "101", mark, stems, stems)
    assert whole_stands(course, "101", mark)
    whole_page(course, "101").write_text("cut off")
    assert not pages_stand(course, "101", mark, stems, stems)
    assert not list((course.feedback / "101" / "vae").glob("vae.html")), "nbgrader would take it for a notebook's page"


def taken_by_moodle(archive: bytes, participants: set[int]) -> dict[int, tuple[str, bytes]]:
    """File name and content by participant as mod/assign/feedback/file/importziplib.php of Moodle understands a zip."""
    taken = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.testzip() is None
        for path in files.namelist():
            if path.rpartition("/")[2].startswith((".", "~")):
                continue
            parts = path.split("/")
            while parts:
                about = parts.pop(0).split("_", 4)
                if len(about) < 4 or not about[1].isdigit() or int(about[1]) not in participants:
                    continue
                if tuple(about[2:4]) != ("assignsubmission", "file"):
                    continue
                rest = "/".join([*about[4:], *parts]).lstrip("/")
                assert int(about[1]) not in taken
                taken[int(about[1])] = (rest, files.read(path))
                break
    return taken


def test_moodle_takes_the_zip(paged: Layout, tmp_path: Path) -> None:
    """Each page goes to its participant, folders have the worksheet's names, and nobody else gets anything."""
    roster = download(tmp_path, [*WORKSHEET[:3], ["Participant 103", "Ann_B/../C", *WORKSHEET[3][2:]], WORKSHEET[4]])
    written = export(paged, Request("moodle-feedback", tmp_path / "feedback.zip", roster))
    archive = (tmp_path / "feedback.zip").read_bytes()
    taken = taken_by_moodle(archive, {101, 102, 103, 104})
    assert taken == {int(one): ("vae.html", whole_page(paged, one).read_bytes()) for one in STUDENTS}
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.namelist()[0] == "Zoë Núñez_101_assignsubmission_file_/vae.html"
        assert all(name.count("/") == 1 and ".." not in name.split("/") for name in files.namelist())
    assert written.students == 3
    assert any("Without a submission" in note and "Participant 104" in note for note in written.notes)
    export(paged, Request("moodle-feedback", tmp_path / "again.zip", roster))
    assert (tmp_path / "again.zip").read_bytes() == archive


def test_moodle_where_names_are_hidden_or_foreign(paged: Layout, tmp_path: Path) -> None:
    """Without names the number alone decides; headers may be in another language."""
    hidden = [[row[0], *row[3:]] for row in WORKSHEET]
    foreign = [["ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung", *WORKSHEET[0][5:]], *WORKSHEET[1:]]
    for rows, name in ((hidden, "Participant_101_"), (foreign, "Zoë Núñez_101_")):
        export(paged, Request("moodle-feedback", tmp_path / "f.zip", download(tmp_path, rows)))
        archive = (tmp_path / "f.zip").read_bytes()
        assert set(taken_by_moodle(archive, {101, 102, 103})) == {101, 102, 103}
        assert zipfile.ZipFile(io.BytesIO(archive)).namelist()[0].startswith(name)


def test_pages_that_are_outdated_are_not_handed_on(course: Layout, tmp_path: Path) -> None:
    """A page that is lost or of another verdict is named, and no file is written."""
    request = Request("moodle-feedback", tmp_path / "f.zip", download(tmp_path, WORKSHEET))
    whole_page(course, "102").unlink()
    whole_page(course, "103").write_bytes(whole_page(course, "103").read_bytes()[:-40])
    with pytest.raises(ExportError, match=r"for '102', '103'\. Nothing was written\. Run `autograder grade`"):
        export(course, request)
    assert not request.out.exists()
    shutil.rmtree(course.feedback)
    (course.results / "vae.log.jsonl").unlink()
    with pytest.raises(ExportError, match="for '101', '102', '103'"):
        export(course, request)


def test_moodle_feedback_needs_its_worksheet(paged: Layout, tmp_path: Path) -> None:
    """Without the worksheet, or with a file that has no numbers, the message says what to download."""
    with pytest.raises(ExportError, match="only its worksheet says"):
        export(paged, Request("moodle-feedback", tmp_path / "f.zip"))
    rows = [["Username", "Grade"], ["101", "1"], ["102x", "2"]]
    with pytest.raises(ExportError, match="holds '102x'"):
        export(paged, Request("moodle-feedback", tmp_path / "f.zip", download(tmp_path, rows)))
    with pytest.raises(ExportError, match="moodle-feedback has pages and no points"):
        export(paged, Request("moodle-feedback", tmp_path / "f.zip", download(tmp_path, WORKSHEET), cap=True))


def test_canvas_comments(paged: Layout, tmp_path: Path) -> None:
    """A folder with a page for each student and a table that says whose it is; a second run replaces what the first made."""
    out = tmp_path / "comments"
    request = Request("canvas-comments", out, download(tmp_path, CANVAS))
    for _ in range(2):
        written = export(paged, request)
    header, *lines = list(csv.reader(io.StringIO((out / TABLE).read_text(encoding="utf-8"))))
    assert tuple(header) == HEADER
    about = {line[1]: dict(zip(header, line, strict=True)) for line in lines}
    assert set(about) == set(STUDENTS)
    for number, one in about.items():
        assert (out / one["File"]).read_bytes() == whole_page(paged, number).read_bytes()
        assert one["Comment"].startswith("9.5 of 9.5 points. ")
    assert about["101"]["File"] == "núñezzoë_101_vae.html"
    assert about["102"]["Student"] == f"'{ODD}"
    assert about["101"]["SIS Login ID"] == "zoe@x.edu"
    assert {path.name for path in out.glob("[!.]*")} == {TABLE, *(one["File"] for one in about.values())}
    assert any("'Away, Al'" in note for note in written.notes)


def test_canvas_comments_without_the_gradebook_of_canvas(paged: Layout, tmp_path: Path) -> None:
    """Folders that are named by an ID say enough; a folder of somebody else is not touched."""
    export(paged, Request("canvas-comments", tmp_path / "c", id_column="ID"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "c" / TABLE).read_text(encoding="utf-8"))))
    assert [row["ID"] for row in rows] == STUDENTS
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    with pytest.raises(ExportError, match="was not made by this command"):
        export(paged, Request("canvas-comments", mine, id_column="ID"))
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]
    with pytest.raises(ExportError, match="--id-column must be ID"):
        export(paged, Request("canvas-comments", tmp_path / "d", id_column="Name"))


def test_the_documented_commands(course: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every export of pages in docs/grader.md runs as it stands there, on files as they are downloaded."""
    text = (ROOT / "docs" / "grader.md").read_text(encoding="utf-8")
    lines = [line[2:] for line in text.splitlines() if re.match(r"\$ autograder export .*(feedback|comments)", line)]
    assert len(lines) == 2
    monkeypatch.chdir(course.course)
    for name, table in {"2026 Gradebook.csv": CANVAS, "Grades-Course-VAE.csv": WORKSHEET}.items():
        download(course.course, table).rename(name)
    for line in lines:
        assert main(shlex.split(line)[1:]) == 0, line
    with zipfile.ZipFile("feedback.zip") as files:
        assert len(files.namelist()) == 3
    assert len(list(Path("comments").glob("*.html"))) == 3
