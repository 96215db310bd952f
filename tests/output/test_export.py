"""`autograder export`: files for Canvas, Moodle and spreadsheets, read back by the rules of those who import them."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.cli import main
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.grading.record import Record
from autograder.output.export import ExportError, Request, csv_table, export
from autograder.output.export.csv_table import shielded, unshielded
from autograder.output.export.rounding import number
from autograder.output.gradebook import write_gradebook
from autograder.output.results import results_path
from tests.conftest import ROOT
from tests.output.test_gradebook import FULL, gradebook, record, rows, write_sources

pytestmark = pytest.mark.filterwarnings("ignore")

# Names as students may give them to themselves: the course's tools must take them, no spreadsheet may run them.
ODD = "=cmd|' /C calc'!A1"
NAMES = ["Zoë Núñez-O’Brien", "ana", "bo, b", 'Q"uote', "two\nlines", ODD, "@SUM(1)", "+1+2", "-3", "\tTab"]
POINTS = {"ana": {"first": 1.2345, "third": 3.0}, "bo, b": {"first": 4.0}}
MOST = 9.5


def course_of(folder: Path, names: list[str], *, booked: bool = True) -> Layout:
    """A course whose class of these names was graded."""
    layout = Layout(folder, "vae")
    sources = write_sources(layout)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    records = [record(name, sources, POINTS.get(name, FULL)) for name in names]
    write_results(layout, records)
    if booked:
        write_gradebook(layout, records)
    return layout


def write_results(layout: Layout, records: list[Record]) -> None:
    """Write the results of a batch."""
    layout.results.mkdir(exist_ok=True)
    lines = (
        json.dumps(one.result(), ensure_ascii=False) + "\n" for one in sorted(records, key=lambda one: one.student)
    )
    results_path(layout).write_text("".join(lines), encoding="utf-8", errors="surrogateescape")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A graded class with all kinds of names. Only to be read."""
    return course_of(tmp_path_factory.mktemp("class"), NAMES)


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A graded class whose folders are numbers, as downloads from Canvas and Moodle have them. Only to be read."""
    return course_of(tmp_path_factory.mktemp("numbers"), ["101", "102", "103"])


@pytest.fixture
def course(numbered: Layout, tmp_path: Path) -> Layout:
    """A copy of the numbered class, to change."""
    shutil.copytree(numbered.course, tmp_path / "course")
    load_sources.cache_clear()
    return Layout(tmp_path / "course", "vae")


def written(layout: Layout, folder: Path, kind: str, **about: Any) -> tuple[str, str]:
    """The text of an export, line ends as they are, and what was said of it."""
    out = folder / "out.csv"
    told = export(layout, Request(kind, out, **about))
    return out.read_bytes().decode(), "\n".join(told.notes)


def read(text: str, separator: str = ",") -> list[list[str]]:
    """The rows of a file as a strict reader has them."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def download(folder: Path, rows: list[list[str]], *, before: str = "", end: str = "\n", separator: str = ",") -> Path:
    """A file as Canvas or Moodle gives it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, delimiter=separator).writerows(rows)
    path = folder / "download.csv"
    path.write_bytes((before + text.getvalue()).encode())
    return path


def imported_by_canvas(text: str, separator: str = ",") -> tuple[dict[str, dict[str, str]], list[str]]:
    """Scores by header and person as Canvas's importer understands a file, and the headers of new assignments."""
    header, *lines = [row for row in read(text, separator) if not re.fullmatch(r"[;, ]*", ",".join(row))]
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    columns = 3
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        columns = 4
    elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
        columns = 5 + bool(re.search("Integration ID", header[4]))
        columns += bool(re.search("Root Account", header[columns - 1]))
    assert "Section" in header[columns - 1]
    dropped = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
    assignments = {name: header.index(name) for name in header[columns:] if not dropped.search(name)}
    scores: dict[str, dict[str, str]] = {name: {} for name in assignments}
    for row in lines:
        if "Points Possible" in row[0] or all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", one) for one in row):
            continue
        who = next(f"{name} {row[header.index(name)]}" for name in header[1 : columns - 1] if row[header.index(name)])
        for name, place in assignments.items():
            assert who not in scores[name]
            scores[name][who] = row[place].strip()
    return scores, [name for name in assignments if not re.fullmatch(r".+ \(\d+\)", name)]


CANVAS = [
    ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Essay (7)", "VAE (12)", "Current Score"],
    ["", "", "", "", "", "", "Manual Posting", ""],
    ["    Points Possible", "", "", "", "", "10", "9.5", "(read only)"],
    ["Núñez, Zoë", "101", "s101", "zoe@x.edu", "A", "3", "", "30"],
    [ODD, "102", "s102", "cmd@x.edu", "A; B", "4", "1", "40"],
    ["Smith, Ann", "103", "s103", "ann@x.edu", "A", "5", "EX", "50"],
    ["Away, Al", "104", "s104", "al@x.edu", "A", "6", "2", "60"],
]
MOODLE = [
    ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"],
    ["Participant 101", "Zoë Núñez", "zoe@x.edu", "Submitted for grading", "", "9.50", "Yes"],
    ["Participant 102", ODD, "cmd@x.edu", "Submitted for grading", "", "9.50", "Yes"],
    ["Participant 103", 'Ann "A" Smith', "ann@x.edu", "Submitted", "2.00", "9.50", "No"],
    ["Participant 104", "Al, Away", "al@x.edu", "No submission", "", "9.50", "Yes"],
]
REST = [
    ["Last modified (submission)", "Last modified (grade)", "Feedback comments"],
    ["Sunday, 1 March 2026, 12:00 PM", "-", ""],
    ["Sunday, 1 March 2026, 12:00 PM", "-", "=not ours"],
    ["-", "Monday, 2 March 2026, 9:00 AM", '<p>line one,\nline "two"</p>'],
    ["-", "-", ""],
]
WORKSHEET = [left + right for left, right in zip(MOODLE, REST, strict=True)]


def test_plain_has_a_column_for_each_exercise(made: Layout, tmp_path: Path) -> None:
    """A plain CSV has every student as spelt, the exercises in their order, and totals that are the sums."""
    text, _ = written(made, tmp_path, "csv")
    header, *lines = read(text)
    assert header[-4:] == ["first", "second", "third", "explain"]
    told = {unshielded(line[0]): dict(zip(header, line, strict=True)) for line in lines}
    assert set(told) == set(NAMES)
    assert told["ana"]["score"] == "4.2345"
    assert [told["bo, b"][name] for name in ("first", "second", "third", "score", "max_score")] == [
        "4",
        "0",
        "0",
        "4",
        "9.5",
    ]
    for one in told.values():
        assert sum(float(one[name]) for name in header[-4:]) == pytest.approx(float(one["score"]))
    assert text.count("\r") == 0
    assert "\ufeff" not in text


def test_no_cell_is_a_formula(made: Layout, tmp_path: Path) -> None:
    """Whatever separator a spreadsheet takes for its own, no cell of the file begins like a formula."""
    text, _ = written(made, tmp_path, "csv", excel=True)
    assert text.startswith("\ufeff")
    for separator in ",;\t|":
        cells = [cell for row in csv.reader(io.StringIO(text[1:], newline=""), delimiter=separator) for cell in row]
        # With a wrong separator quotes stay in cells, and what follows them is text.
        bad = [cell for cell in cells if cell[:1] in set("=+-@\t\r\n") and cell[:1]]
        assert bad == [], separator


@given(st.text(st.sampled_from("=+-@\t\r\n'; ,|aé\"＝"), max_size=12))
@example("'=x")
@example("' '=")
@example("a;=cmd")
def test_shielding_can_be_undone(text: str) -> None:
    """What is put in front of formulas can be taken away again from every text, and nothing else is changed."""
    assert unshielded(shielded(text)) == text
    assert shielded(text).lstrip(" ")[:1] not in set("=+-@＝") or not text.lstrip(" ")
    if not re.search("[=+@＝\t\r\n-]", text):
        assert shielded(text) == text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (65, "65"),
        (0, "0"),
        (12.345, "12.35"),
        (0.005, "0.01"),
        (1e-9, "0"),
        (100.0, "100"),
        (4.2345, "4.23"),
        (2.5, "2.5"),
    ],
)
def test_numbers(value: float, said: str) -> None:
    """Points have a point, two decimals at most, rounded half up, and never an exponent."""
    assert number(value) == said


def test_canvas_filled_in(numbered: Layout, tmp_path: Path) -> None:
    """Canvas reads back our points in the one column of the one assignment; who is excused or absent is not touched."""
    roster = download(tmp_path, CANVAS)
    text, notes = written(numbered, tmp_path, "canvas", roster=roster, column="VAE (12)")
    scores, new = imported_by_canvas(text)
    assert scores == {"VAE (12)": {"ID 101": "9.5", "ID 102": "9.5"}}
    assert new == []
    assert "Excused in Canvas, and left so: 'Smith, Ann'." in notes
    assert "Without a submission, left as they are in Canvas: 'Away, Al'." in notes
    assert "Students were found by the column 'ID'." in notes
    names = [row[0] for row in read(text)]
    assert names == ["Student", "    Points Possible", "Núñez, Zoë", shielded(ODD)]


def test_canvas_by_other_columns(tmp_path: Path) -> None:
    """Folders named by login are found by it, whatever the case of letters; zeros for who is absent if one asks."""
    layout = course_of(tmp_path / "c", ["zoe@x.edu", "Cmd@X.edu"])
    roster = download(tmp_path, CANVAS, before="\ufeff", end="\r\n", separator=";")
    text, notes = written(layout, tmp_path, "canvas", roster=roster, column="vae (12)", absent="zero")
    assert text.startswith("\ufeffStudent;ID;")
    assert text.count("\r\n") == text.count("\n")
    scores, _ = imported_by_canvas(text[1:], ";")
    assert scores == {"VAE (12)": {"ID 101": "9.5", "ID 102": "9.5", "ID 104": "0"}}
    assert "by the column 'SIS Login ID'" in notes


def test_canvas_made(made: Layout, tmp_path: Path) -> None:
    """Without Canvas's file ours has ids and points; a title without number is said to become a new assignment."""
    layout = course_of(tmp_path / "c", ["zoe@x.edu", 'Ann, the "A"'])
    text, notes = written(layout, tmp_path, "canvas", column="VAE (12)")
    assert imported_by_canvas(text) == (
        {"VAE (12)": {"SIS Login ID zoe@x.edu": "9.5", 'SIS Login ID Ann, the "A"': "9.5"}},
        [],
    )
    assert "Points Possible" not in text
    text, notes = written(layout, tmp_path, "canvas", id_column="SIS User ID")
    assert imported_by_canvas(text)[1] == ["vae"]
    assert "propose a new assignment 'vae'" in notes
    assert read(text)[1] == ["    Points Possible", "", "", "", "", "9.5"]
    with pytest.raises(ExportError, match="IDs are numbers"):
        written(layout, tmp_path, "canvas", id_column="ID")
    with pytest.raises(ExportError, match=r"=cmd.*: the SIS Login ID must stand in the file as it is"):
        written(made, tmp_path, "canvas")


def test_moodle_worksheet_filled_in(numbered: Layout, tmp_path: Path) -> None:
    """Moodle's own worksheet comes back with the grades in it, and the columns that it reads otherwise as they were."""
    roster = download(tmp_path, WORKSHEET, before="\ufeff")
    text, notes = written(numbered, tmp_path, "moodle", roster=roster)
    assert text.startswith("\ufeffIdentifier,")
    header, *lines = read(text[1:])
    assert header == WORKSHEET[0]
    grade = header.index("Grade")
    assert [line[grade] for line in lines] == ["9.5", "9.5", "9.5", ""]
    for line, before in zip(lines, WORKSHEET[1:], strict=True):
        assert (line[0], line[grade + 1 :]) == (before[0], before[grade + 1 :])
    assert lines[1][1] == shielded(ODD)
    assert "cannot be changed, and will skip them: 'Participant 103'" in notes
    assert "Without a submission, left as they are: 'Participant 104'." in notes
    again, _ = written(numbered, tmp_path, "moodle", roster=roster, absent="zero")
    assert [line[grade] for line in read(again[1:])][1:] == ["9.5", "9.5", "9.5", "0"]


def test_moodle_worksheet_in_another_language(numbered: Layout, tmp_path: Path) -> None:
    """A worksheet with other column names is filled in where one says which; unsaid, it is refused with their list."""
    header = ["ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung", "Änderbar"]
    lines = [[*row[:5], row[5].replace(".", ","), row[6]] for row in MOODLE[1:]]
    roster = download(tmp_path, [header, *lines])
    with pytest.raises(ExportError, match=r"'Grade' .* is not in the file; its columns are .*'Bewertung'"):
        written(numbered, tmp_path, "moodle", roster=roster)
    text, _ = written(numbered, tmp_path, "moodle", roster=roster, column="Bewertung")
    assert [line[4] for line in read(text)] == ["Bewertung", "9.5", "9.5", "9.5", ""]
    lines[0][5] = "100,00"
    with pytest.raises(ExportError, match=r"maximum grade in Moodle is 100, the assignment gives 9\.5"):
        written(numbered, tmp_path, "moodle", roster=download(tmp_path, [header, *lines]), column="Bewertung")


def test_moodle_worksheet_is_never_made_up(numbered: Layout, tmp_path: Path) -> None:
    """Without the downloaded worksheet there is none, and a sentence says where to get it."""
    with pytest.raises(ExportError, match="Download grading worksheet"):
        written(numbered, tmp_path, "moodle")


def test_moodle_gradebook(tmp_path: Path) -> None:
    """The gradebook's CSV has one column that says who and one of points, in Moodle's own spelling where it is known."""
    layout = course_of(tmp_path / "c", ["Zoe@x.edu", "ann@x.edu"])
    text, _ = written(layout, tmp_path, "moodle-gradebook", id_column="email")
    assert read(text) == [["email", "vae"], ["Zoe@x.edu", "9.5"], ["ann@x.edu", "9.5"]]
    people = [["First name", "Email address"], ["Zoë", "zoe@x.edu"], ["Ann", "ann@x.edu"], ["Al", "al@x.edu"]]
    roster = download(tmp_path, people)
    text, notes = written(layout, tmp_path, "moodle-gradebook", roster=roster, column="Autoencoders", out_of=100.0)
    assert read(text) == [["Email address", "Autoencoders"], ["zoe@x.edu", "100"], ["ann@x.edu", "100"]]
    assert "Without a submission, left out: 'al@x.edu'." in notes


UNKNOWN = [*CANVAS[:4], *CANVAS[5:]]
TWICE = [*CANVAS, ["Núñez, Zoë", "101", "", "", "B", "", "", ""]]


@pytest.mark.parametrize(
    ("kind", "rows", "about", "said"),
    [
        ("canvas", UNKNOWN, {"column": "VAE (12)"}, "Not in the file's column 'ID': '102'. Nothing was written."),
        ("canvas", TWICE, {"column": "VAE (12)"}, "More than once in the file's column 'ID': '101'"),
        ("canvas", [[*CANVAS[0][:6], "Other (1)", "x"], *CANVAS[1:]], {}, "Which of Canvas's assignments is meant"),
        ("canvas", CANVAS, {"column": "Other (9)"}, "The column 'Other (9)' (the points) is not in the file"),
        ("canvas", CANVAS, {"column": "Essay (7)"}, "gives 10 points in Canvas, the assignment 9.5"),
        ("canvas", CANVAS, {"column": "Current Score"}, "Canvas drops columns that are called like"),
        ("canvas", CANVAS, {"column": "Section"}, "says who somebody is"),
        ("canvas", CANVAS, {"column": "VAE (12)", "id_column": "Student"}, "None of the students, '101', '102', '103'"),
        ("canvas", WORKSHEET, {}, "no gradebook exported from Canvas"),
        ("moodle", CANVAS, {}, "The column 'Grade'"),
        ("moodle", WORKSHEET[:3], {}, "Not in the file's column 'Identifier': '103'"),
        ("moodle", [*WORKSHEET, WORKSHEET[1]], {}, "More than once in the file's column 'Identifier': '101'"),
        ("moodle", WORKSHEET, {"id_column": "Nobody"}, "The column 'Nobody' (who is who) is not in the file"),
        ("moodle-gradebook", [["name", "x"], ["a", "b"]], {}, "Name it with --id-column"),
        ("csv", CANVAS, {}, "--from is for Canvas and Moodle"),
        ("canvas", [["one"], ["two"]], {}, "is no table"),
        ("canvas", [CANVAS[0], ["short"]], {}, "line 2: 1 cells where the first line has 8"),
    ],
)
def test_what_cannot_be_written_is_named(
    numbered: Layout, tmp_path: Path, kind: str, rows: list[list[str]], about: dict[str, Any], said: str
) -> None:
    """Every mismatch between class and file is an error that names who or what, and the file of before stays."""
    out = tmp_path / "out.csv"
    out.write_text("before")
    with pytest.raises(ExportError) as caught:
        export(numbered, Request(kind, out, roster=download(tmp_path, rows), **about))
    assert said in str(caught.value)
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["download.csv", "out.csv"]


SCALE = [WORKSHEET[0], *([*row[:5], "-", *row[6:]] for row in WORKSHEET[1:])]


def test_moodle_worksheet_by_other_columns(tmp_path: Path) -> None:
    """Folders named by e-mail address are found by it, by full name only where one asks; a scale has no maximum to compare."""
    layout = course_of(tmp_path / "c", ["zoe@x.edu", "ann@x.edu"])
    text, notes = written(layout, tmp_path, "moodle", roster=download(tmp_path, SCALE))
    assert [line[4] for line in read(text)[1:]] == ["9.5", "", "9.5", ""]
    assert "by the column 'Email address'" in notes
    layout = course_of(tmp_path / "d", ["Zoë Núñez"])
    roster = download(tmp_path, [row[:5] for row in WORKSHEET])
    line = {"roster": roster, "column": "Grade"}
    with pytest.raises(
        ExportError, match="None of the students, 'Zoë Núñez', is in the file's columns 'Identifier', 'Email"
    ):
        written(layout, tmp_path, "moodle", **line)
    text, _ = written(layout, tmp_path, "moodle", id_column="full name", **line)
    assert [line[4] for line in read(text)[1:]] == ["9.5", "", "2.00", ""]
    layout = course_of(tmp_path / "e", ["104"])
    text, _ = written(layout, tmp_path, "moodle", id_column="Identifier", **line)
    assert [line[4] for line in read(text)[1:]] == ["", "", "2.00", "9.5"]


def test_canvas_finds_the_assignment(numbered: Layout, tmp_path: Path) -> None:
    """The one assignment of the file, or the one called like ours, is taken without being named."""
    for headers in (["Essay (7)", "VAE (12)"], ["Essay", "Lab 3, -x (12)"]):
        rows = [[*CANVAS[0][:5], *headers, "Current Score"], *CANVAS[1:]]
        text, _ = written(numbered, tmp_path, "canvas", roster=download(tmp_path, rows))
        assert imported_by_canvas(text)[0] == {headers[1]: {"ID 101": "9.5", "ID 102": "9.5"}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[2].__setitem__(6, "(read only)"), "'VAE (12)' is read only in Canvas"),
        (lambda rows: rows[4].__setitem__(1, ""), "has no ID in the file, so that Canvas would look for the name"),
    ],
)
def test_what_canvas_would_misread(tmp_path: Path, change: Any, said: str) -> None:
    """A column that Canvas does not import, and a name that stands for its owner and for a formula, are refused."""
    layout = course_of(tmp_path / "c", ["zoe@x.edu", "cmd@x.edu"])
    rows = [list(row) for row in CANVAS]
    change(rows)
    with pytest.raises(ExportError) as caught:
        written(layout, tmp_path, "canvas", roster=download(tmp_path, rows), column="VAE (12)")
    assert said in str(caught.value)


def test_canvas_without_the_points_possible(numbered: Layout, tmp_path: Path) -> None:
    """A file whose points possible say nothing is filled in without comparing them."""
    rows = [list(row) for row in CANVAS]
    rows[2][6] = ""
    text, _ = written(numbered, tmp_path, "canvas", roster=download(tmp_path, rows), column="VAE (12)")
    assert len(imported_by_canvas(text)[0]["VAE (12)"]) == 2


def test_moodle_gradebook_with_zeros(numbered: Layout, tmp_path: Path) -> None:
    """Participants without a submission get 0 where one asks, found by a column with any name."""
    people = [["Matrikel", "Name"], ["101", "a"], ["102", "b"], ["103", "c"], ["104", "d"], ["", "e"]]
    roster = download(tmp_path, people)
    line = {"roster": roster, "id_column": "Matrikel", "absent": "zero"}
    text, notes = written(numbered, tmp_path, "moodle-gradebook", **line)
    assert read(text) == [["Matrikel", "vae"], *([str(name), "9.5"] for name in (101, 102, 103)), ["104", "0"]]
    assert "Without a submission, given 0: '104', ''." in notes


def test_odd_characters_of_the_download_stay(numbered: Layout, tmp_path: Path) -> None:
    """A carriage return inside a comment, empty lines and quotes come back as they were."""
    rows = [list(row) for row in WORKSHEET]
    rows[1][-1] = 'one\rtwo "three"'
    path = download(tmp_path, [*rows, []])
    text, _ = written(numbered, tmp_path, "moodle", roster=path)
    assert read(text)[1][-1] == rows[1][-1]


def test_files_that_are_none(numbered: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spreadsheet, another encoding, an open quote, the same file for both, no file, no folder: a sentence each."""
    path, out = tmp_path / "download.csv", tmp_path / "out.csv"
    cases = [(b"PK\3\4", "download it as CSV"), ("Student,Ä\nx,y\n".encode("latin1"), "not in UTF-8 (byte 9)")]
    cases += [(b'Student,ID\n"open,1\n', "line 2: unexpected end of data"), (b"", "is no table")]
    cases += [
        (b'"' + b"x" * 200_000, "line 1: field larger than field limit"),
        (b"a,b\n" * 90_000, "larger than 0.3 MB"),
    ]
    monkeypatch.setattr(csv_table, "_MOST_BYTES", 0.3 * 2**20)
    for data, said in cases:
        path.write_bytes(data)
        with pytest.raises(ExportError) as caught:
            export(numbered, Request("canvas", out, roster=path))
        assert said in str(caught.value)
    (tmp_path / "link").symlink_to(path)
    for request, said in [
        (Request("canvas", path, roster=path), "keep the file you downloaded"),
        (Request("canvas", out, roster=tmp_path / "none"), "There is no file"),
        (Request("csv", tmp_path / "none" / "x.csv"), "There is no folder"),
        (Request("csv", tmp_path), "is a folder"),
        (Request("csv", Path("/dev/null")), "is a folder, a link or a device"),
        (Request("csv", tmp_path / "link"), "is a folder, a link or a device"),
        (Request("pdf", out), "There is no format 'pdf'"),
        (Request("csv", out, out_of=10.0), "--out-of is for Canvas and Moodle; the format csv has every student"),
        (Request("canvas", out, out_of=float("nan")), "--out-of must be a positive number"),
        (Request("canvas", out, absent="zero"), "name it with --from"),
        (Request("moodle-gradebook", out, absent="zero"), "name it with --from"),
        (Request("csv", out, absent="zero"), "--absent is for Canvas and Moodle"),
        (Request("canvas", out, column="=1+1"), "would take the column name '=1+1' for a formula"),
        (Request("moodle-gradebook", out, column="-x"), "would take the column name '-x' for a formula"),
        (Request("canvas", out, id_column="Email"), "--id-column must be ID, SIS User ID or SIS Login ID"),
        (Request("canvas", out, column="My Final Grade"), "Canvas drops columns"),
    ]:
        with pytest.raises(ExportError) as caught:
            export(numbered, request)
        assert said in str(caught.value)
    assert not out.exists()


def test_unknown_students_left_out_by_name(numbered: Layout, tmp_path: Path) -> None:
    """Asked to, the export leaves out who is not in the file, and says who that is."""
    roster = download(tmp_path, UNKNOWN)
    text, notes = written(numbered, tmp_path, "canvas", roster=roster, column="VAE (12)", skip_unknown=True)
    assert "Left out, because they are not in the file: '102'." in notes
    assert "'102'" in notes
    assert "102" not in text


def test_two_folders_of_one_student(tmp_path: Path) -> None:
    """Two folders that differ in the case of letters are not both written to one student."""
    layout = course_of(tmp_path / "c", ["ANN@x.edu", "Ann@x.edu"])
    with pytest.raises(
        ExportError, match=r"are one student of the file: 'ANN@x\.edu', 'Ann@x\.edu' are both 'ann@x\.edu'"
    ):
        written(layout, tmp_path, "canvas", roster=download(tmp_path, CANVAS), column="VAE (12)")


def test_two_columns_that_contradict(tmp_path: Path) -> None:
    """Where two columns find as many students, but others, nobody is guessed: one must be named."""
    layout = course_of(tmp_path / "c", ["101"])
    lines = [list(row) for row in CANVAS]
    lines[4][2] = "101"
    roster = download(tmp_path, lines)
    with pytest.raises(ExportError, match="choose with --id-column"):
        written(layout, tmp_path, "canvas", roster=roster, column="VAE (12)")
    text, _ = written(layout, tmp_path, "canvas", roster=roster, column="VAE (12)", id_column="SIS User ID")
    assert imported_by_canvas(text)[0] == {"VAE (12)": {"ID 102": "9.5"}}


def test_names_that_are_one_without_control_characters(course: Layout, tmp_path: Path) -> None:
    """Two folders whose names differ only in characters that no file should have are a named error."""
    sources = load_sources(course.source)
    write_results(course, [record(name, sources, FULL) for name in ("a\x01", "a\x02")])
    with pytest.raises(ExportError, match=r"Two folders in .* are both 'a�'"):
        written(course, tmp_path, "csv", points="results")


def by_hand(course: Layout) -> None:
    """What people do in the form grader: a manual score, extra credit, a late penalty."""
    with gradebook(course) as book:
        grade = book.find_grade("test_first", "01_alpha", "vae", "101")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.0, 0.5, False
        book.find_grade("test_third", "02_beta", "vae", "102").extra_credit = 2.0
        book.find_submission_notebook("01_alpha", "vae", "103").late_submission_penalty = 2.25
        book.db.commit()


def test_what_counts_is_what_people_gave(course: Layout, tmp_path: Path) -> None:
    """The gradebook's totals, those of `nbgrader export`, are written; the grader's own on demand."""
    by_hand(course)
    text, notes = written(course, tmp_path, "csv")
    header, *lines = read(text)
    told = {line[0]: dict(zip(header, line, strict=True)) for line in lines}
    assert {name: one["score"] for name, one in told.items()} == {"101": "7", "102": "11.5", "103": "7.25"}
    assert [told["103"][name] for name in ("late_penalty", "by_hand", "first")] == ["2.25", "no", "4"]
    assert [told["101"][name] for name in ("by_hand", "first")] == ["yes", "1.5"]
    assert "With points given by hand: '101', '102'." in notes
    assert "With a late penalty: '103'." in notes
    text, notes = written(course, tmp_path, "csv", points="results")
    assert {line[3] for line in read(text)[1:]} == {"9.5"}
    assert notes == ""


def test_scores_are_those_of_nbgrader(course: Layout, tmp_path: Path) -> None:
    """Student by student our total is the one that nbgrader's own export plug-in writes."""
    from nbgrader.plugins import CsvExportPlugin

    by_hand(course)
    plugin = CsvExportPlugin()
    plugin.to = str(tmp_path / "theirs.csv")
    with gradebook(course) as book:
        plugin.export(book)
    with (tmp_path / "theirs.csv").open() as handle:
        theirs = {row["student_id"]: float(row["score"]) for row in csv.DictReader(handle)}
    text, _ = written(course, tmp_path, "csv")
    assert {line[0]: float(line[3]) for line in read(text)[1:]} == theirs


def test_above_the_maximum(course: Layout, tmp_path: Path) -> None:
    """Extra credit above the maximum, which Moodle would skip in silence, is an error, or cut if one asks."""
    by_hand(course)
    roster = download(tmp_path, WORKSHEET)
    with pytest.raises(ExportError, match=r"More than the maximum of 9.5: '102'.*--cap"):
        written(course, tmp_path, "moodle", roster=roster)
    text, notes = written(course, tmp_path, "moodle", roster=roster, cap=True)
    assert [line[4] for line in read(text)[1:]] == ["7", "9.5", "7.25", ""]
    assert "Cut to the maximum of 9.5: '102'." in notes


def test_an_outdated_gradebook_is_not_handed_on(course: Layout, tmp_path: Path) -> None:
    """Where the gradebook is not of the last grading, that is said by name; it can still be had by asking for it."""
    sources = load_sources(course.source)
    names = ["101", "102", "104"]
    write_results(course, [record(name, sources, {"first": 1.0} if name == "102" else FULL) for name in names])
    with pytest.raises(ExportError, match="has not the points of the last `autograder grade` for '102', '104'"):
        written(course, tmp_path, "csv")
    text, notes = written(course, tmp_path, "csv", points="gradebook")
    assert {line[0]: line[3] for line in read(text)[1:]} == {"101": "9.5", "102": "9.5", "103": "9.5", "104": "0"}
    assert "In the gradebook alone, without a verdict of `autograder grade`: '103'." in notes


def with_more(course: Layout, *students: str) -> None:
    """Have the results of these students say that their first exercise is worth 90.5 points more."""
    lines = [json.loads(line) for line in results_path(course).read_text().splitlines()]
    for line in lines:
        if line["student"] in students:
            exercise = line["exercises"][0]
            line["max_score"] += 90.5
            exercise["max_points"] += 90.5
            exercise["checks"][-1]["max_points"] += 90.5
    results_path(course).write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_points_of_two_schemes_are_not_handed_on(course: Layout, tmp_path: Path) -> None:
    """Where some verdicts are out of other points than others, or all than the gradebook's cells, nothing is exported."""
    students = [json.loads(line)["student"] for line in results_path(course).read_text().splitlines()]
    with_more(course, students[0])
    for points in ("auto", "results"):
        with pytest.raises(
            ExportError, match=r"different notebooks \(\d of 9.5, 1 of 100 points\): run `autograder grade`"
        ):
            written(course, tmp_path, "csv", points=points)
    with_more(course, *students[1:])
    with pytest.raises(
        ExportError, match=r"other exercises or other points than the last `autograder grade` \('first'\)"
    ):
        written(course, tmp_path, "csv")
    assert written(course, tmp_path, "csv", points="gradebook")


def test_who_waits_for_people_is_named(course: Layout, tmp_path: Path) -> None:
    """Submissions with points that only people can give are named until somebody gave them."""
    with gradebook(course) as book:
        book.find_grade("test_first", "01_alpha", "vae", "102").needs_manual_grade = True
        book.db.commit()
    _, notes = written(course, tmp_path, "csv")
    assert "Still waiting for somebody to look at them in the form grader: '102'." in notes


def test_without_a_gradebook(tmp_path: Path) -> None:
    """Results alone are enough, no database appears, and nothing graded is said to be nothing graded."""
    layout = course_of(tmp_path / "c", ["101"], booked=False)
    text, _ = written(layout, tmp_path, "csv")
    assert read(text)[1][:4] == ["101", "", "graded", "9.5"]
    assert not layout.gradebook.exists()
    with pytest.raises(ExportError, match="There is no gradebook that knows the assignment vae"):
        written(layout, tmp_path, "csv", points="gradebook")
    layout.gradebook.write_bytes(b"")
    with pytest.raises(ExportError, match="no gradebook that knows"):
        written(layout, tmp_path, "csv", points="gradebook")
    assert written(layout, tmp_path, "csv")[0] == text
    results_path(layout).unlink()
    with pytest.raises(ExportError, match="run `autograder grade` first"):
        written(layout, tmp_path, "csv")


def test_results_that_cannot_be_trusted(tmp_path: Path) -> None:
    """A damaged results file, or one of different notebooks, is refused."""
    layout = course_of(tmp_path / "c", ["101", "102"], booked=False)
    before = results_path(layout).read_text()
    lines = [json.loads(line) for line in before.splitlines()]
    lines[0]["max_score"] = 100.0
    results_path(layout).write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(ExportError, match=r"Line 1 of .* is no result of this grader"):
        written(layout, tmp_path, "csv")
    results_path(layout).write_text(before)
    with_more(layout, lines[0]["student"])
    with pytest.raises(ExportError, match=r"different notebooks \(1 of 9.5, 1 of 100 points\)"):
        written(layout, tmp_path, "csv")
    results_path(layout).write_text('{"student": "101"')
    with pytest.raises(ExportError, match="cannot be read"):
        written(layout, tmp_path, "csv")


def test_missing_submissions_are_zero(course: Layout, tmp_path: Path) -> None:
    """Who has a folder without notebooks is in the file with the state missing and 0 points, as in nbgrader's export."""
    sources = load_sources(course.source)
    names = ["101", "102", "103"]
    nil = replace(record("104", sources, {}, absent="01_alpha 02_beta"), state="missing")
    records = [*(record(name, sources, FULL) for name in names), nil]
    write_results(course, records)
    write_gradebook(course, records)
    text, _ = written(course, tmp_path, "csv")
    assert read(text)[4][:5] == ["104", "", "missing", "0", "9.5"]


def test_two_thousand_students_in_seconds(tmp_path: Path) -> None:
    """The gradebook of a large class is read in few statements, however many students there are."""
    from sqlalchemy import Engine, event

    layout = course_of(tmp_path / "c", [str(number) for number in range(1000, 1300)])
    seen: list[str] = []

    def watch(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", watch)
    try:
        text, _ = written(layout, tmp_path, "csv")
    finally:
        event.remove(Engine, "before_cursor_execute", watch)
    assert len(read(text)) == 301
    assert len(seen) < 12
    assert rows(layout, "select count(*) from submitted_assignment") == [(300,)]


def test_the_command(numbered: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`autograder export` writes the file, says on standard error what is in it, and ends with 2 and a sentence otherwise."""
    out = tmp_path / "grades.csv"
    line = ["export", "--course", str(numbered.course), "--format", "moodle", "--out", str(out)]
    assert main([*line, "--from", str(download(tmp_path, WORKSHEET))]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "3 students, points from the gradebook, with points given by hand and late penalties." in said.err
    assert len(read(out.read_text())) == 5
    assert main(line) == 2
    assert "Moodle takes back the worksheet that it gave" in capsys.readouterr().err


def test_a_gradebook_without_submissions(tmp_path: Path) -> None:
    """An assignment that is registered, but of which nobody has handed in anything, has nothing to export."""
    from autograder.output.gradebook import register_assignment

    layout = Layout(tmp_path / "c", "vae")
    register_assignment(layout, write_sources(layout))
    with pytest.raises(ExportError, match="Nothing of vae is graded"):
        written(layout, tmp_path, "csv")
    with pytest.raises(ExportError, match="no gradebook that knows the assignment other"):
        written(replace(layout, assignment="other"), tmp_path, "csv", points="gradebook")


def test_the_documented_commands(course: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `autograder export` of points in docs/grader.md runs as it stands there, on files as they are downloaded."""
    text = (ROOT / "docs" / "grader.md").read_text(encoding="utf-8")
    lines = [line[2:] for line in text.splitlines() if line.startswith("$ autograder export")]
    lines = [line for line in lines if not re.search("moodle-feedback|canvas-comments", line)]
    assert {re.search(r"--format (\S+)", line)[1] for line in lines} == {"csv", "canvas", "moodle", "moodle-gradebook"}  # type: ignore[index]
    monkeypatch.chdir(course.course)
    people = [["Username", "Name"], *([str(name), "x"] for name in (101, 102, 103))]
    renamed = [[*CANVAS[0][:6], "Autoencoders (1234)", *CANVAS[0][7:]], *CANVAS[1:]]
    files = {"2026 Gradebook.csv": renamed, "Grades-Course-VAE.csv": WORKSHEET, "participants.csv": people}
    for name, table_rows in files.items():
        download(course.course, table_rows).rename(name)
    for line in lines:
        _, *arguments = shlex.split(line)
        assert main(arguments) == 0, line
        assert len(Path(arguments[-1]).read_text(encoding="utf-8-sig").splitlines()) > 3
