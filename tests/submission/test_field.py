"""What people really hand in is graded as a fair teaching assistant would have it, with a word about what was done."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.sample_submissions import answer_cell, fill, reference_answers, released
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.submission.folder import digest_of
from autograder.submission.notes import sentences
from autograder.submission.reading import Submission, read_submission
from tests.helpers.submissions import STEM, Change, Grade, Notebooks, cells, lost, place, said


def untouched(layout: Layout) -> Notebooks:
    return released(layout.release)


def solved(layout: Layout) -> Notebooks:
    books = untouched(layout)
    fill(books, reference_answers(layout.source))
    return books


def as_bytes(notebook: Mapping[str, Any]) -> bytes:
    return json.dumps(notebook).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def read(committed: Layout, tmp_path: Path) -> Callable[[Mapping[str, bytes]], Submission]:
    """Read a student's folder that holds these files by name, below `someone/`."""

    def reading(files: Mapping[str, bytes]) -> Submission:
        for name, content in files.items():
            path = tmp_path / "someone" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return read_submission("someone", tmp_path / "someone" / "vae", load_sources(committed.source))

    return reading


Read = Callable[[Mapping[str, bytes]], Submission]


def complete(submission: Submission) -> list[str]:
    """The notebooks in which every exercise has an answer."""
    read = [one for one in submission.notebooks if one.merged is not None]
    return [one.source.stem for one in read if one.merged and one.merged.answered == set(one.source.exercises)]


def words(submission: Submission) -> str:
    return " ".join(sentences([*submission.notes, *(note for one in submission.notebooks for note in one.notes)]))


def stems(layout: Layout) -> list[str]:
    return sorted(solved(layout))


# Answers that stand elsewhere


def moved_to(where: int | None) -> Change:
    """All answers in one cell of the student's own, the answer cells as they were handed out."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        for notebook in notebooks.values():
            texts = []
            for cell in notebook["cells"]:
                about = cell["metadata"].get("nbgrader", {})
                if about.get("solution"):
                    texts.append(cell["source"])
                    cell["source"] = _stub(about["grade_id"], cell["source"])
            own = {
                "cell_type": "code",
                "metadata": {},
                "source": "import numpy as np\n" + "\n\n".join(texts),
                "outputs": [],
            }
            notebook["cells"].insert(len(notebook["cells"]) if where is None else _top(notebook), own)

    return change


def _top(notebook: Mapping[str, Any]) -> int:
    """The first place of all; where a locked cell gives the student numbers of their own, the place after it."""
    given = (place for place, cell in enumerate(notebook["cells"], start=1) if "\nown = " in cell["source"])
    return next(given, 0)


def _stub(name: str, text: str) -> str:
    head = f'def {name}(*args):\n    """As handed out."""\n    todo()  # replace this line by your code'
    return head if f"def {name}(" in text else "# Set the variables.\ntodo()  # replace this line by your code"


@pytest.mark.parametrize("where", [0, None], ids=["top", "end"])
def test_answers_in_one_cell_count(grade_all: Grade, where: int | None) -> None:
    """All functions in one cell at the top or the end, the answer cells untouched: nothing is lost, and it is said."""
    record = grade_all(moved_to(where))
    assert lost(record) == {}
    assert "The answer cell of `kl_weight` was left as handed out; the answer in cell" in said(record)


def test_answers_in_another_answer_cell_count(grade: Grade) -> None:
    """All functions of a notebook typed into its first answer cell count, and stubs below do not overwrite them."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        first, second = (answer_cell(notebooks[STEM], name) for name in ("gaussian_kl", "kl_weight"))
        assert first is not None
        assert second is not None
        first["source"] += "\n\n\n" + second["source"]
        second["source"] = _stub("kl_weight", second["source"])

    record = grade(change)
    assert lost(record) == {}


def test_an_emptied_answer_cell_is_no_answer(grade: Grade) -> None:
    """A cell whose content was cut and pasted to the end counts where it stands now."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        cell = answer_cell(notebooks[STEM], "kl_weight")
        assert cell is not None
        cells(notebooks).append({"cell_type": "code", "metadata": {}, "source": cell["source"], "outputs": []})
        cell["source"] = "# moved to the end\n"

    assert lost(grade(change)) == {}


def test_a_later_try_does_not_count_where_the_first_was_asked(grade: Grade) -> None:
    """Of two definitions elsewhere the one that stands when the check is asked counts, be a later one better."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        cell = answer_cell(notebooks[STEM], "kl_weight")
        assert cell is not None
        wrong = "def kl_weight(epoch, warmup=10):\n    return 0.25"
        for at, text in ((0, wrong), (len(cells(notebooks)) + 1, cell["source"])):
            cells(notebooks).insert(at, {"cell_type": "code", "metadata": {}, "source": text, "outputs": []})
        cell["source"] = _stub("kl_weight", cell["source"])

    assert set(lost(grade(change))) == {"kl_weight"}


def test_an_answer_in_a_check_cell_is_shown_and_not_run(grade: Grade) -> None:
    """What was typed into a check never runs; the verdict says where it stands, and the text is kept for people."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        cell = answer_cell(notebooks[STEM], "kl_weight")
        assert cell is not None
        cells(notebooks)[place(notebooks, "test_kl_weight")]["source"] = cell["source"]
        cell["source"] = _stub("kl_weight", cell["source"])

    record = grade(change)
    assert set(lost(record)) == {"kl_weight"}
    verdict = next(one for book in record.notebooks for one in book.verdicts if one.exercise == "kl_weight")
    assert "typed into its check cell" in verdict.findings[0].note
    assert not verdict.unwritten
    kept = [cell for book in record.notebooks for cell in book.cells if cell.cell_type == "raw"]
    assert ["def kl_weight" in cell.text and cell.status == "" for cell in kept] == [True]


# Which file is which notebook


def test_the_copy_with_answers_is_read(read: Read, committed: Layout) -> None:
    """An untouched notebook beside a solved copy: the copy is read, whichever has the right name, and it is said."""
    books = {f"vae/{stem}.ipynb": as_bytes(one) for stem, one in solved(committed).items()}
    copied = {f"vae/{STEM} (1).ipynb": books[f"vae/{STEM}.ipynb"]}
    books[f"vae/{STEM}.ipynb"] = as_bytes(untouched(committed)[STEM])
    submission = read({**books, **copied})
    assert complete(submission) == stems(committed)
    assert f"`{STEM}.ipynb` is as it was handed out; `{STEM} (1).ipynb`, which has answers in it, was read" in words(
        submission
    )
    assert "none of the notebooks asked for" not in words(submission)


def test_two_notebooks_with_different_answers_are_both_named(read: Read, committed: Layout) -> None:
    """Where both have answers the one of the right name is read and the other named; an equal copy is worth no word."""
    books = {f"vae/{stem}.ipynb": as_bytes(one) for stem, one in solved(committed).items()}
    other = copy.deepcopy(solved(committed)[STEM])
    cell = answer_cell(other, "kl_weight")
    assert cell is not None
    cell["source"] += "  # again"
    submission = read(
        {**books, f"vae/{STEM} (1).ipynb": as_bytes(other), f"vae/{STEM} copy.ipynb": books[f"vae/{STEM}.ipynb"]}
    )
    assert f"`{STEM} (1).ipynb` has answers in it, too, and was left alone: `{STEM}.ipynb` was read." in words(
        submission
    )
    assert f"`{STEM} copy.ipynb` has" not in words(submission)


@pytest.mark.parametrize("name", ["everything.ipynb", "01_worked_numbers.ipynb"])
def test_all_notebooks_in_one_file_are_taken_apart(grade: Grade, name: str) -> None:
    """Cells are known by their ids: one file with all cells loses nothing, whatever its name."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        whole = [cell for stem in sorted(notebooks) for cell in notebooks[stem]["cells"]]
        notebooks.clear()
        notebooks[name.removesuffix(".ipynb")] = {"cells": whole, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    record = grade(change)
    assert lost(record) == {}
    assert f"`{name}` was read instead of `{STEM}.ipynb`." in said(record)


@pytest.mark.parametrize(
    "name", [f"{STEM}.IPYNB", f"{STEM.upper()}.ipynb", f"{STEM}.ipynb.txt", f"{STEM}.ipynb.json", f"{STEM}.Ipynb"]
)
def test_endings_and_capitals_do_not_matter(read: Read, committed: Layout, name: str) -> None:
    """A notebook is known by its name in capitals, and by an ending that a browser added."""
    submission = read({f"vae/{name}": as_bytes(solved(committed)[STEM])})
    assert complete(submission) == [STEM]
    assert f"`{name}` was read instead" in words(submission)
    assert submission.files == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("order", ["le", "be"])
def test_a_mark_says_the_encoding(read: Read, committed: Layout, encoding: str, order: str) -> None:
    """A notebook saved as UTF-8, UTF-16 or UTF-32 with its mark is read, in both orders of bytes."""
    text = json.dumps(solved(committed)[STEM], ensure_ascii=False)
    exact = encoding if encoding == "utf-8-sig" else f"{encoding}-{order}"
    content = text.encode(exact) if encoding == "utf-8-sig" else ("\ufeff" + text).encode(exact)
    assert complete(read({f"vae/{STEM}.ipynb": content})) == [STEM]


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_ends_of_lines_do_not_matter(read: Read, committed: Layout, end: str) -> None:
    """Cells whose lines end as on other systems have their answers, and no check counts as changed."""
    book = solved(committed)[STEM]
    for cell in book["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", end)
    submission = read({f"vae/{STEM}.ipynb": as_bytes(book)})
    assert complete(submission) == [STEM]
    assert [one.merged.notes for one in submission.notebooks if one.merged] == [()]


# Where the notebooks lie


def test_notebooks_elsewhere_are_taken_where_it_is_clear(read: Read, committed: Layout, tmp_path: Path) -> None:
    """Beside the folder, in a folder in it, or in one zip file: they are read, helpers with them, and it is said."""
    books = {f"{stem}.ipynb": as_bytes(one) for stem, one in solved(committed).items()}
    helper = {"mine.py": b"x = 1"}
    beside = read({**books, "notes.txt": b"private"})
    assert (complete(beside), beside.files) == (stems(committed), {})
    assert "taken from the folder above" in words(beside)
    below = read({f"vae/vae/{name}": content for name, content in {**books, **helper}.items()})
    assert (complete(below), below.files) == (stems(committed), helper)
    assert "taken from `vae`" in words(below)


@pytest.mark.parametrize("inside", ["", "vae/", "home\\vae\\"])
@pytest.mark.parametrize("where", ["vae/hand_in.ZIP", "hand_in.zip"])
def test_a_zip_file_is_looked_into(read: Read, committed: Layout, inside: str, where: str) -> None:
    """One zip file with the notebooks in one folder is read, in the folder or beside it, whatever packed it."""
    books = {f"{inside}{stem}.ipynb": as_bytes(one) for stem, one in solved(committed).items()}
    junk = {f"__MACOSX/._{STEM}.ipynb": b"x", f"{inside}checks/a.ipynb": b"x", f"{inside}mine.py": b"x = 1"}
    submission = read({where: packed({**books, **junk})})
    assert complete(submission) == stems(committed)
    assert submission.files == {"mine.py": b"x = 1"}
    assert f"taken from `{Path(where).name}`" in words(submission)


def test_what_lies_beside_is_part_of_the_hash(read: Read, committed: Layout, tmp_path: Path) -> None:
    """A notebook beside the folder that changes is graded again; beside one that has notebooks nothing is looked at."""
    folder = tmp_path / "someone" / "vae"
    read({f"{STEM}.ipynb": b"1"})
    first = digest_of(folder)
    read({f"{STEM}.ipynb": b"2"})
    assert digest_of(folder) != first
    inside = read({"vae/mine.ipynb": b"{}"}).digest
    assert read({f"{STEM}.ipynb": b"3"}).digest == inside == digest_of(folder)


def test_the_time_of_handing_in_is_not_the_students_to_pack(read: Read, committed: Layout) -> None:
    """A time in a zip file or a folder below counts for nothing; that of the folder itself stays."""
    early, true = b"2001-01-01 00:00:00 UTC", b"2026-01-01 00:00:00 UTC"
    books = {f"{STEM}.ipynb": as_bytes(solved(committed)[STEM]), "timestamp.txt": early}
    assert read({"vae/hand_in.zip": packed(books)}).timestamp is None
    assert read({"vae/timestamp.txt": true}).timestamp == true
    assert read({f"vae/vae/{name}": content for name, content in books.items()}).timestamp == true


def test_what_is_not_clear_is_named(read: Read, committed: Layout) -> None:
    """Notebooks in two folders are not chosen between: the student is told which folders."""
    book = as_bytes(solved(committed)[STEM])
    submission = read({f"vae/a/{STEM}.ipynb": book, f"vae/b/{STEM}.ipynb": book})
    assert submission.empty
    assert "in several folders (`a`, `b`)" in words(submission)


def _bomb() -> bytes:
    return packed({f"{STEM}.ipynb": b" " * (65 * 2**20)})


def _encrypted() -> bytes:
    made = bytearray(packed({f"{STEM}.ipynb": b"{}"}))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def _link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo(f"{STEM}.ipynb")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return made.getvalue()


def _crowd() -> bytes:
    return packed({f"{number}.txt": b"" for number in range(1_001)})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK", "is no zip file that can be opened"),
        (packed({f"{STEM}.ipynb": b"{}"})[:-30], "is no zip file that can be opened"),
        (_bomb(), "unpacks to more than 64 MB"),
        (_encrypted(), "is encrypted"),
        (_crowd(), "holds too many files"),
        (_link(), "There is no notebook in"),
        (
            packed({f"/{STEM}.ipynb": b"{}", f"../{STEM}.ipynb": b"{}", f"C:\\{STEM}.ipynb": b"{}"}),
            "There is no notebook in",
        ),
        (packed({"inner.zip": packed({f"{STEM}.ipynb": b"{}"})}), "There is no notebook in"),
    ],
    ids=["no zip", "cut off", "bomb", "encrypted", "crowd", "link", "absolute", "zip in zip"],
)
def test_a_bad_zip_file_is_named(read: Read, content: bytes, sentence: str) -> None:
    """A bomb, a lock, links, names that lead out, zip in zip: nothing is read, and the reason is said."""
    submission = read({"vae/hand_in.zip": content})
    assert submission.empty
    assert sentence in words(submission)


@pytest.mark.parametrize("name", ["hand_in.tar.gz", "hand_in.7z", "hand_in.RAR"])
def test_other_archives_are_named(read: Read, name: str) -> None:
    """An archive that is not looked into is pointed at."""
    assert f"`{name}` was not looked into" in words(read({f"vae/{name}": b"x"}))


@pytest.mark.parametrize("ending", ["py", "html", "pdf", "PY"])
def test_an_export_is_named(read: Read, ending: str) -> None:
    """An export in place of a notebook is named, with what is wanted."""
    submission = read({f"vae/{STEM}.{ending}": b"x"})
    assert f"`{STEM}.{ending}` is no notebook but an export of one; hand in `{STEM}.ipynb` itself." in words(submission)


# Answers that do not run


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def kl_weight(epoch, warmup=10):\n\u00a0   return 1", "special space"),
        ("def kl_weight(epoch, warmup=10):\n    return epoch \u2212 1", "type `-`"),
        (
            "import no_such_package\ndef kl_weight(epoch, warmup=10):\n    return 1",
            "The package `no_such_package` is not there",
        ),
    ],
    ids=["space", "minus", "package"],
)
def test_why_an_answer_does_not_run_is_named(grade: Grade, text: str, sentence: str) -> None:
    """A pasted character or a package that is not there costs its exercise, with its name in the feedback."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        cell = answer_cell(notebooks[STEM], "kl_weight")
        assert cell is not None
        cell["source"] = text

    record = grade(change)
    assert set(lost(record)) == {"kl_weight"}
    verdict = next(one for book in record.notebooks for one in book.verdicts if one.exercise == "kl_weight")
    assert sentence in verdict.findings[0].note
