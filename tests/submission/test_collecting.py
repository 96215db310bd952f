"""`autograder collect`: what came from elsewhere lands in submitted/, and nothing is lost, guessed or overwritten."""

from __future__ import annotations

import json
import shlex
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.course.layout import Layout
from autograder.submission.collecting import CollectError, files_of, sort
from tests.conftest import ROOT

BOOK = "03_gaussian_kl.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Layout:
    """A course folder in which nobody has handed in; its release has a notebook and a picture."""
    layout = Layout(tmp_path / "course", "vae")
    for folder in (layout.source, layout.release):
        write(folder, {BOOK: "released"})
    write(layout.release, {"images/one.png": "picture", "README.md": "read me"})
    return layout


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def packed(path: Path, files: dict[str, str]) -> Path:
    """Write files into a zip file."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def tree(folder: Path) -> dict[str, str]:
    """All files below a folder, with what they hold."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def collect(layout: Layout, place: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """Run the command; its exit code, and what it said."""
    before = tree(place) if place.is_dir() else place.read_bytes()
    code = main(["collect", str(place), "--course", str(layout.course), *options])
    assert (tree(place) if place.is_dir() else place.read_bytes()) == before
    told = capsys.readouterr()
    return code, told.out + told.err


def test_repositories(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Notebooks beside, under `vae/` or elsewhere are found; what git or the release brought stays behind."""
    place = write(
        tmp_path / "repositories",
        {
            f"k-vae-ada/{BOOK}": "ada",
            "k-vae-ada/helpers.py": "x = 1",
            "k-vae-ada/checks/__init__.py": "ours",
            "k-vae-ada/images/one.png": "picture",
            "k-vae-ada/.git/HEAD": "ref",
            f"k-vae-bo-b/VAE/{BOOK.upper()}": "bob",
            "k-vae-bo-b/README.md": "read me",
            f"K-Vae-Cy/work/mine/{BOOK}": "cy",
            "k-vae-dan/README.md": "read me",
            f"other/{BOOK}": "no student",
        },
    )
    code, said = collect(course, place, capsys, "--prefix", "k-vae-")
    assert code == 1
    assert (
        tree(course.submitted)
        == {
            f"ada/vae/{BOOK}": "ada",
            "ada/vae/helpers.py": "x = 1",
            f"bo-b/vae/{BOOK.upper()}": "bob",
            f"Cy/vae/{BOOK}": "cy",
        }
        or "dan" in said
    )
    assert "+ ada  from k-vae-ada: 1 notebook, 1 other file" in said
    assert "+ bo-b  from k-vae-bo-b/VAE: 1 notebook" in said
    assert "+ Cy  from K-Vae-Cy/work/mine: 1 notebook" in said
    assert "The folder other does not begin with 'k-vae-'" in said


def test_what_names_have_in_common_is_said(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --prefix whole names are taken, and the command says how to leave out what all begin with."""
    place = write(tmp_path / "all", {f"room-vae-{name}/{BOOK}": name for name in ("a-one", "a-two", "bea")})
    code, said = collect(course, place, capsys, "--dry-run")
    assert code == 0
    assert "--prefix room-vae-" in said
    assert "3 would be taken" in said
    assert not course.submitted.exists()


def test_moodle(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Folders or file names of Moodle's download give the participant's number, whatever stands in the name."""
    place = packed(
        tmp_path / "Course-VAE-77.zip",
        {
            f"Zoë Núñez_301_assignsubmission_file_/{BOOK}": "zoe",
            f"Ann_Marie O’Neil_302_assignsubmission_file/vae/{BOOK}": "ann",
            f"Al Away_303_assignsubmission_file_{BOOK}": "al",
            "Al Away_303_assignsubmission_file_notes.txt": "note",
        },
    )
    code, said = collect(course, place, capsys)
    assert code == 0, said
    assert "is a download from Moodle" in said
    assert tree(course.submitted) == {
        f"301/vae/{BOOK}": "zoe",
        f"302/vae/{BOOK}": "ann",
        f"303/vae/{BOOK}": "al",
        "303/vae/notes.txt": "note",
    }


def test_canvas(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Canvas's names give its ID; the number of a second try is taken off, zip files stay packed."""
    files = {
        f"nunezzoe_101_5001_{BOOK}": "zoe",
        "smithann_LATE_102_5002_03_gaussian_kl-1.ipynb": "ann",
        "awayal_103_5003_hand_in.zip": "packed",
        "odd_104_text.html": "words",
    }
    for place in (packed(tmp_path / "submissions.zip", files), write(tmp_path / "submissions", files)):
        code, said = collect(course, place, capsys)
        assert code == 0, said
        assert "is a download from Canvas" in said
    assert "0 taken, 4 there already" in said
    assert tree(course.submitted) == {
        f"101/vae/{BOOK}": "zoe",
        f"102/vae/{BOOK}": "ann",
        "103/vae/hand_in.zip": "packed",
        "104/vae/text.html": "words",
    }


def test_ilias(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ILIAS packs one folder for each participant into one of the exercise; a zip alone in a folder is that zip."""
    place = tmp_path / "download"
    place.mkdir()
    packed(
        place / "exercise.zip",
        {f"Exercise 1/Núñez_Zoë_znunez_301/{BOOK}": "zoe", f"Exercise 1/Smith_Ann_asmith_302/vae/{BOOK}": "ann"},
    )
    before = (place / "exercise.zip").read_bytes()
    assert main(["collect", str(place), "--course", str(course.course)]) == 0
    assert (place / "exercise.zip").read_bytes() == before
    assert tree(course.submitted) == {
        f"Núñez_Zoë_znunez_301/vae/{BOOK}": "zoe",
        f"Smith_Ann_asmith_302/vae/{BOOK}": "ann",
    }
    assert "one folder for each student" in capsys.readouterr().out


def test_one_student_alone_is_no_class(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with one student keeps the student's name, also where the notebooks lie below."""
    collect(course, write(tmp_path / "all", {f"ada/vae/{BOOK}": "ada"}), capsys)
    assert tree(course.submitted) == {f"ada/vae/{BOOK}": "ada"}


def test_nothing_is_overwritten(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is there stays; with --replace it moves aside, each time to a place of its own."""
    place = write(tmp_path / "all", {f"ada/{BOOK}": "first", f"bob/{BOOK}": "bob"})
    assert collect(course, place, capsys)[0] == 0
    for count, text in enumerate(("second", "third")):
        write(place, {f"ada/{BOOK}": text})
        before = tree(course.submitted)
        code, said = collect(course, place, capsys)
        assert (code, tree(course.submitted)) == (1, before)
        assert "! ada  from ada: another submission is there already, and stays: --replace takes this one" in said
        assert collect(course, place, capsys, "--replace", "--dry-run")[0] == 0
        assert tree(course.submitted) == before
        code, said = collect(course, place, capsys, "--replace")
        assert code == 0
        assert "1 taken, 1 there already, 0 not taken" in said
        earlier = {f".replaced/ada/vae-{n + 1}/{BOOK}": old for n, old in enumerate(("first", "second")[: count + 1])}
        assert tree(course.submitted) == {f"ada/vae/{BOOK}": text, f"bob/vae/{BOOK}": "bob"} | earlier


def test_names_of_any_case_and_accent(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A student who is there already is found however capitals and accents are stored; two of one name are not guessed."""
    apart = unicodedata.normalize("NFD", "Zoë")
    write(course.submitted, {"zoë/vae/old.ipynb": "old"})
    code, said = collect(course, write(tmp_path / "one", {f"{apart}/{BOOK}": "new"}), capsys)
    assert code == 1
    assert "! zoë  from Zoë: another submission is there already" in said
    code, said = collect(course, write(tmp_path / "two", {f"Ada/{BOOK}": "1", f"ada/{BOOK}": "2"}), capsys)
    assert code == 1
    assert said.count("are one student: leave the one that counts") == 2
    assert tree(course.submitted) == {"zoë/vae/old.ipynb": "old"}


def test_what_is_not_clear_is_not_taken(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several folders with notebooks, links, times that students wrote and loose files are named, with what to do."""
    place = write(
        tmp_path / "all",
        {
            f"ada/try/{BOOK}": "1",
            f"ada/final/{BOOK}": "2",
            f"bob/{BOOK}": "bob",
            "bob/timestamp.txt": "2020-01-01 00:00:00 UTC",
            f"cy/vae/{BOOK}": "cy",
            f"cy/old/{BOOK}": "old",
            "loose.ipynb": "whose?",
        },
    )
    (place / "bob" / "secret.txt").symlink_to("/etc/passwd")
    (place / "bob" / "more").symlink_to(place / "ada")
    code, said = collect(course, place, capsys)
    assert code == 1
    assert "several folders hold notebooks (final, try), and none is called vae" in said
    assert "timestamp.txt (a time that students can write themselves)" in said
    assert "more (is a link or no regular file)" in said
    assert "secret.txt (is a link or no regular file)" in said
    assert "not taken: old/03_gaussian_kl.ipynb" in said
    assert "loose.ipynb lies in no student's folder" in said
    assert tree(course.submitted) == {f"bob/vae/{BOOK}": "bob", f"cy/vae/{BOOK}": "cy"}


def test_a_zip_leads_nowhere_else(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names that lead out of the archive are no files of it."""
    files = {f"ada/{BOOK}": "ada", f"bob/{BOOK}": "b", "ada/../../../out.ipynb": "x", "/abs.ipynb": "x", "..": "x"}
    assert collect(course, packed(tmp_path / "z.zip", files), capsys)[0] == 0
    assert set(tree(course.submitted)) == {f"ada/vae/{BOOK}", f"bob/vae/{BOOK}"}
    assert not (tmp_path / "out.ipynb").exists()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "no", "There is no"),
        (lambda folder: write(folder / "w", {"a.txt": ""}) / "a.txt", "neither a folder nor a zip file"),
        (lambda folder: write(folder / "w", {"a.zip": "no zip"}), "is no zip file that can be opened"),
        (lambda folder: write(folder / "w", {"README.md": ""}), "Nothing there looks like submissions"),
    ],
)
def test_nothing_to_collect_from(course: Layout, tmp_path: Path, make: Any, said: str) -> None:
    """What is no place to collect from is named with what to name instead."""
    with pytest.raises(CollectError, match=said), files_of(make(tmp_path)) as (files, _):
        sort(files, course.assignment)


def test_collected_submissions_can_be_read(course: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is collected is what the grader reads: the release as it is, one folder deep in a repository."""
    from autograder.course.built_notebooks import load_sources
    from autograder.submission.reading import read_submission

    text = (ROOT / "release" / "vae" / BOOK).read_text(encoding="utf-8")
    json.loads(text)
    collect(course, write(tmp_path / "all", {f"ada/Vae/{BOOK.upper()}": text}), capsys)
    sources = [one for one in load_sources(ROOT / "source_nbs" / "vae") if one.stem == "03_gaussian_kl"]
    read = read_submission("ada", course.submitted / "ada" / "vae", sources)
    assert read.notebooks[0].merged is not None


def test_the_documented_commands(course: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of docs/grader.md run as they stand there, and take what they are shown for."""
    text = (ROOT / "docs" / "grader.md").read_text(encoding="utf-8")
    lines = [line[2:] for line in text.splitlines() if line.startswith("$ autograder collect")]
    monkeypatch.chdir(course.course)
    packed(Path("submissions.zip"), {f"nunezzoe_101_5001_{BOOK}": "zoe"})
    write(Path("repositories"), {f"classroom-vae-ada/{BOOK}": "ada"})
    for line in lines:
        assert main(shlex.split(line)[1:]) == 0, line
    assert tree(course.submitted) == {f"101/vae/{BOOK}": "zoe", f"ada/vae/{BOOK}": "ada"}
