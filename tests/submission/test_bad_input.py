"""Whatever is handed in gets a state and a sentence, and costs at most what it makes impossible to check."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.authoring.sample_submissions import answer_cell
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.grading.examiner import Context, grade_submission
from autograder.grading.record import Record
from autograder.sandbox import Sandbox
from autograder.submission.folder import MAX_NOTEBOOK
from autograder.submission.reading import read_submission
from tests.helpers.submissions import STEM, Change, Notebooks, cells, exercises, lost, place, said


def file(content: bytes) -> Change:
    """Replace the notebook by a file with other content."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        notebooks.pop(STEM)
        (folder / f"{STEM}.ipynb").write_bytes(content)

    return change


WHOLE = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty file"),
        (b"  \n", "empty file"),
        (b"%PDF-1.7 this is no notebook", "no notebook, or a damaged one"),
        (WHOLE[:20], "no notebook, or a damaged one"),
        (b"\xff\xfe\x00bad", "no notebook, or a damaged one"),
        (b"[1, 2, 3]", "JSON, but no notebook"),
        (b'{"cells": {"not": "a list"}}', "no list of cells"),
        (b"[" * 200_000, "nested too deeply"),
        (b" " * (MAX_NOTEBOOK + 1), "larger than"),
    ],
    ids=["empty", "blank", "pdf", "truncated", "binary", "list", "cells", "deep", "huge"],
)
def test_a_file_that_is_no_notebook_costs_itself_alone(
    grade: Callable[[Change], Record], content: bytes, sentence: str
) -> None:
    """A file that cannot be read is malformed and says why; the other notebooks keep all their points."""
    record = grade(file(content))
    assert record.state == "malformed"
    assert sentence in said(record)
    assert set(lost(record)) == exercises(record, STEM)


def test_a_link_is_not_followed(grade: Callable[[Change], Record], tmp_path: Path) -> None:
    """A symbolic link in a notebook's place is malformed, and what it points to is not read."""
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(WHOLE)

    def change(folder: Path, notebooks: Notebooks) -> None:
        notebooks.pop(STEM)
        (folder / f"{STEM}.ipynb").symlink_to(secret)
        (folder / "loop").symlink_to(folder)

    record = grade(change)
    assert record.state == "malformed"
    assert "link" in said(record)
    assert set(lost(record)) == exercises(record, STEM)


def delete(grade_id: str) -> Change:
    def change(folder: Path, notebooks: Notebooks) -> None:
        del cells(notebooks)[place(notebooks, grade_id)]

    return change


def double(grade_id: str) -> Change:
    def change(folder: Path, notebooks: Notebooks) -> None:
        at = place(notebooks, grade_id)
        cells(notebooks).insert(at, {**copy.deepcopy(cells(notebooks)[at]), "id": "twin"})

    return change


def retype(grade_id: str) -> Change:
    def change(folder: Path, notebooks: Notebooks) -> None:
        cell = cells(notebooks)[place(notebooks, grade_id)]
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)

    return change


def check_first(folder: Path, notebooks: Notebooks) -> None:
    check = cells(notebooks).pop(place(notebooks, "test_gaussian_kl"))
    cells(notebooks).insert(0, check)


def setup_last(folder: Path, notebooks: Notebooks) -> None:
    setup = cells(notebooks).pop(place(notebooks, "imports"))
    cells(notebooks).append(setup)


def reverse(folder: Path, notebooks: Notebooks) -> None:
    cells(notebooks).reverse()


def strip_metadata(folder: Path, notebooks: Notebooks) -> None:
    for notebook in notebooks.values():
        notebook["metadata"] = {}
        for cell in notebook["cells"]:
            cell["metadata"] = {}
            cell.pop("id", None)


def strip_cell_metadata_key(folder: Path, notebooks: Notebooks) -> None:
    for cell in cells(notebooks):
        cell.pop("metadata", None)
        cell.pop("id", None)


def edit_check(folder: Path, notebooks: Notebooks) -> None:
    cell = cells(notebooks)[place(notebooks, "test_gaussian_kl")]
    cell["source"] = "print('full marks, please')"
    cell["metadata"]["tags"] = ["skip-execution"]
    cell["metadata"]["nbgrader"]["points"] = 1000


def split(after: str) -> Change:
    """Cut the answer cell of gaussian_kl in two, as the editor's split command does."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        at = place(notebooks, "gaussian_kl")
        cell = cells(notebooks)[at]
        cell["source"] = (
            "def gaussian_kl(mu, sigma):\n    shift = mu**2\n"
            "    return (shift +\n            sigma**2 - 2 * np.log(sigma) - 1) / 2\n"
        )
        head, tail = cell["source"].split(after, 1)
        cell["source"] = head + after
        cells(notebooks).insert(at + 1, {**copy.deepcopy(cell), "id": "second-half", "source": tail})
        cells(notebooks)[at + 1]["metadata"] = {}

    return change


def extra_notebook(folder: Path, notebooks: Notebooks) -> None:
    notebooks["scratch"] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def rename(name: str) -> Change:
    def change(folder: Path, notebooks: Notebooks) -> None:
        notebooks[name] = notebooks.pop(STEM)

    return change


def format_3(folder: Path, notebooks: Notebooks) -> None:
    old = []
    for cell in notebooks.pop(STEM)["cells"]:
        about = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        old.append({**about, "input" if cell["cell_type"] == "code" else "source": cell["source"]})
    book = {"worksheets": [{"cells": old, "metadata": {}}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}
    (folder / f"{STEM}.ipynb").write_text(json.dumps(book), encoding="utf-8")


def format_5(folder: Path, notebooks: Notebooks) -> None:
    notebooks[STEM]["nbformat"] = 5
    notebooks[STEM]["new_in_five"] = {"unknown": True}


def odd_cells(folder: Path, notebooks: Notebooks) -> None:
    cells(notebooks)[3:3] = [None, 7, "text", [], {}, {"cell_type": "code"}, {"cell_type": "poem", "source": "("}]  # type: ignore[list-item]


def raising_cell(folder: Path, notebooks: Notebooks) -> None:
    cells(notebooks).insert(1, {"cell_type": "code", "metadata": {}, "source": "1 / 0", "outputs": []})


def magics(folder: Path, notebooks: Notebooks) -> None:
    source = "%matplotlib inline\n!ls\n%time 1\ndisplay(1)\nget_ipython().run_line_magic('pwd', '')"
    cells(notebooks).insert(1, {"cell_type": "code", "metadata": {}, "source": source, "outputs": []})


def helper_cell(folder: Path, notebooks: Notebooks) -> None:
    at = place(notebooks, "gaussian_kl")
    helper = {"cell_type": "code", "metadata": {}, "source": ["def half(x):\n", "    return x / 2"], "outputs": []}
    cells(notebooks)[at]["source"] = "gaussian_kl = lambda mu, sigma: half(mu**2 + sigma**2 - 2 * np.log(sigma) - 1)"
    cells(notebooks).insert(at, helper)


def own_module(folder: Path, notebooks: Notebooks) -> None:
    (folder / "my helpers").mkdir()
    (folder / "mine.py").write_text("def half(x):\n    return x / 2\n", encoding="utf-8")
    cell = answer_cell(notebooks[STEM], "gaussian_kl")
    assert cell is not None
    cell["source"] = (
        "from mine import half\ndef gaussian_kl(mu, sigma):\n    return half(mu**2 + sigma**2 - 2 * np.log(sigma) - 1)"
    )


HARMLESS: dict[str, tuple[Change, str]] = {
    "nothing": (lambda folder, notebooks: None, ""),
    "check cell deleted": (delete("test_gaussian_kl"), "was missing; it was put back"),
    "check cell doubled": (double("test_gaussian_kl"), "more than once"),
    "answer cell doubled": (double("gaussian_kl"), "more than once"),
    "setup cell deleted": (delete("imports"), "locked cell was missing"),
    "setup cell last": (setup_last, ""),
    "answer retyped": (retype("gaussian_kl"), "text cell"),
    "check retyped": (retype("test_gaussian_kl"), ""),
    "check before its answer": (check_first, "before its answer"),
    "order reversed": (reverse, "before its answer"),
    "metadata stripped": (strip_metadata, "looked for in the other cells"),
    "metadata key gone": (strip_cell_metadata_key, "looked for in the other cells"),
    "check edited": (edit_check, "put back as it was"),
    "answer split inside an expression": (split("(shift +\n"), "cut in two"),
    "answer split after a statement": (split("shift = mu**2\n"), "cut in two"),
    "extra notebook": (extra_notebook, "none of the notebooks asked for"),
    "renamed": (rename("03_gaussian_kl (1)"), "was read instead"),
    "renamed with accents": (rename("exercice numéro três — final"), "was read instead"),
    "format 3": (format_3, ""),
    "format 5": (format_5, ""),
    "odd cells": (odd_cells, "could not be read"),
    "a cell that raises": (raising_cell, ""),
    "magics": (magics, ""),
    "a helper in a cell of one's own": (helper_cell, ""),
    "a module of one's own": (own_module, ""),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_can_be_mended_costs_nothing(grade: Callable[[Change], Record], name: str) -> None:
    """Deleted, doubled, moved, retyped, renamed, split or stripped: what can still be checked keeps its points."""
    change, sentence = HARMLESS[name]
    record = grade(change)
    assert lost(record) == {}
    assert record.state == "graded"
    assert sentence in said(record)


def test_a_deleted_answer_costs_its_exercise_alone(grade: Callable[[Change], Record]) -> None:
    """Without its answer cell an exercise gets nothing, and every other one all of its points."""
    record = grade(delete("kl_weight"))
    assert set(lost(record)) == {"kl_weight"}
    assert record.state == "graded"


def test_a_missing_notebook_costs_itself_alone(grade: Callable[[Change], Record]) -> None:
    """A notebook that was not handed in gets no points and says so; the others keep theirs."""
    record = grade(lambda folder, notebooks: notebooks.pop(STEM) and None)
    assert set(lost(record)) == exercises(record, STEM)
    assert f"`{STEM}.ipynb` was not handed in" in said(record)


def test_no_notebook_at_all_is_missing(grade: Callable[[Change], Record]) -> None:
    """A folder without any notebook ends as missing, with no points and every exercise listed."""
    record = grade(lambda folder, notebooks: notebooks.clear())
    assert (record.state, record.score) == ("missing", 0)
    assert record.max_score == sum(verdict.max_points for one in record.notebooks for verdict in one.verdicts) > 0


def test_no_folder_at_all_is_missing(committed: Layout, walled: Sandbox, tmp_path: Path) -> None:
    """A student without a folder for the assignment ends as missing."""
    submission = read_submission("nobody", tmp_path / "nobody" / "vae", load_sources(committed.source))
    record = grade_submission(submission, walled.session, Context("vae", 7), "key")
    assert (record.state, record.score) == ("missing", 0)


def answer(text: str) -> Change:
    def change(folder: Path, notebooks: Notebooks) -> None:
        cell = answer_cell(notebooks[STEM], "kl_weight")
        assert cell is not None
        cell["source"] = text

    return change


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("import os\nos._exit(3)", "crashed"),
        ("def kl_weight(epoch, warmup=10):\n    import os\n    os._exit(3)", "crashed"),
        ("def kl_weight(epoch, warmup=10):\n    import ctypes\n    ctypes.string_at(0)", "crashed"),
        ("while True:\n    pass", "timeout"),
        ("def kl_weight(epoch, warmup=10):\n    while True:\n        pass", "timeout"),
        ("raise SystemExit", "graded"),
        ("def kl_weight(epoch, warmup=10):\n    raise SystemExit", "graded"),
        ("def kl_weight(epoch, warmup=10):\n    return kl_weight(epoch, warmup=10)", "graded"),
        ("this is no Python", "graded"),
        ("kl_weight = 3", "graded"),
        ("def kl_weight():\n    return 1", "graded"),
    ],
)
def test_what_hangs_or_dies_costs_its_exercise_alone(grade: Callable[[Change], Record], text: str, state: str) -> None:
    """A cell or function that hangs, dies or raises loses its own exercise; later cells and notebooks still run."""
    record = grade(answer(text))
    assert record.state == state
    assert set(lost(record)) == {"kl_weight"}


def test_a_second_try_below_does_not_count(grade: Callable[[Change], Record]) -> None:
    """In a notebook whose cells were moved, what counts is still the answer cell, not another try in a later cell."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        wrong = "def kl_weight(epoch, warmup=10):\n    return 0.25"
        right = answer_cell(notebooks[STEM], "kl_weight")
        assert right is not None
        again = {"cell_type": "code", "metadata": {}, "source": right["source"], "outputs": []}
        right["source"] = wrong
        moved = cells(notebooks).pop(place(notebooks, "beta_vae_loss"))
        cells(notebooks).insert(place(notebooks, "test_kl_weight") + 1, moved)
        cells(notebooks).append(again)

    assert set(lost(grade(change))) == {"kl_weight"}


def test_a_cut_answer_that_ends_the_process_is_said(grade: Callable[[Change], Record]) -> None:
    """An answer cell cut in two whose whole ends the process is a crash, and costs its exercise alone."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        at = place(notebooks, "kl_weight")
        rest = {"cell_type": "code", "metadata": {}, "source": "    3)\nimport os\nos._exit(3)", "outputs": []}
        cells(notebooks)[at]["source"] = "x = max(1,"
        cells(notebooks).insert(at + 1, rest)

    record = grade(change)
    assert set(lost(record)) == {"kl_weight"}
    assert record.state == "crashed"


def test_long_runs_of_what_is_looked_for_do_not_hold_up_the_grader(grade: Callable[[Change], Record]) -> None:
    """A million empty lines, or a check cell full of marks, are read once: the notebook is graded like any other."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        empty = {"cell_type": "code", "metadata": {}, "source": "\n" * 1_000_000 + "x = 1", "outputs": []}
        marks = {"cell_type": "code", "metadata": {}, "source": "### BEGIN HIDDEN TESTS\n" * 40_000, "outputs": []}
        cells(notebooks).insert(1, empty)
        cells(notebooks)[place(notebooks, "test_gaussian_kl")]["source"] = marks["source"]

    assert lost(grade(change)) == {}


def test_a_cell_that_nobody_wrote_by_hand_costs_its_exercise_alone(grade: Callable[[Change], Record]) -> None:
    """A code cell of more text than the sandbox takes is named and not read; all the rest is graded."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        cell = answer_cell(notebooks[STEM], "kl_weight")
        assert cell is not None
        cell["source"] = "# x\n" * 12_750_000 + cell["source"]

    record = grade(change)
    assert set(lost(record)) == {"kl_weight"}
    assert "A code cell of more than 4,000,000 characters was not read." in said(record)
