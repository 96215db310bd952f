"""Which line: a submission with a slip that nobody knows gets its line marked, through the walls, and for no points."""

from __future__ import annotations

from pathlib import Path

from autograder.checks.verdict import Verdict
from autograder.grading.record import Record
from autograder.output.feedback.page import feedback_page
from tests.helpers.submissions import STEM, Change, Grade, Notebooks

SLIP = (
    "def gaussian_kl(mu, sigma):\n"
    "    shift = mu**2\n"
    "    # The variance.\n"
    "    spread = sigma**3\n"
    "    return 0.5 * (shift + spread - 1) - np.log(sigma)"
)
SENTENCE = "Line 4 of your answer cell: a number is wrong there. With only that changed, all checks hold."


def answering(code: str) -> Change:
    """The reference solutions with another `gaussian_kl`."""

    def change(folder: Path, notebooks: Notebooks) -> None:
        cells = notebooks[STEM]["cells"]
        next(cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == "gaussian_kl")[
            "source"
        ] = code

    return change


def verdict(record: Record) -> Verdict:
    """What was found about `gaussian_kl`."""
    return next(one for book in record.notebooks for one in book.verdicts if one.exercise == "gaussian_kl")


def test_the_line_is_marked_on_the_page_and_told_in_the_results(grade: Grade) -> None:
    """Page and results say where the one thing is wrong; the page marks this line and no other, and shows no edit."""
    record = grade(answering(SLIP))
    found = verdict(record)
    assert found.mistake is None
    assert {(one.lines, one.edited) for one in found.findings if one.broken} == {((4,), "number")}
    page = feedback_page(record, next(book for book in record.notebooks if book.stem == STEM), "vae")
    assert SENTENCE in page
    assert page.count("class=here") == 1
    assert "<span class=here>    spread = sigma**3</span>" in page
    assert "sigma**2" not in page.partition('id="gaussian_kl"')[2].partition("</article>")[0].replace("mu**2", "")
    told = next(one for one in record.result()["exercises"] if one["name"] == "gaussian_kl")
    assert {(tuple(check["lines"]), check["edited"]) for check in told["checks"] if not check["passed"]} == {
        ((4,), "number")
    }


def test_who_looks_for_the_search_gains_nothing(grade: Grade) -> None:
    """An answer that is right only when it is edited has no points."""
    peeks = (
        "def gaussian_kl(mu, sigma):\n"
        "    edited = any(name.startswith('_edited') for name in globals())\n"
        "    return (0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)) if edited else mu * 0 + 2.5"
    )
    assert verdict(grade(answering(peeks))).points == 0


def test_what_hangs_when_it_is_edited_has_no_line(grade: Grade) -> None:
    """An answer that never comes back once it is edited is judged as it was handed in, and gets no line."""
    hangs = SLIP.replace("    # The variance.", "    while any(name.startswith('_edited') for name in globals()): pass")
    record = grade(answering(hangs))
    assert record.state == "graded"
    assert {one.edited for one in verdict(record).findings} == {""}
    assert verdict(record).points == 0
