"""What people look at, in a real browser: the feedback page and the check cell."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib import image

from autograder.authoring.sample_submissions import as_answer, fill, reference_answers, released, write_submission
from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.checks.rendering import as_html
from autograder.checks.student.notebook import FOOTER, TITLE
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.grading.examiner import Context, grade_submission
from autograder.output.feedback.page import feedback_page
from autograder.problems import examination, mistakes
from autograder.sandbox import Sandbox
from autograder.submission.reading import read_submission

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=2000",
]

Browse = Callable[[Path], tuple[str, Path]]


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """Open a page in headless Chromium: its text after loading, and a screenshot."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("needs a browser: chromium is not installed")

    def opened(page: Path) -> tuple[str, Path]:
        picture = tmp_path / f"{page.stem}.png"
        common = [program, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}"]
        shot = [*common, "--window-size=1000,1600", f"--screenshot={picture}", page.as_uri()]
        subprocess.run(shot, check=True, capture_output=True, timeout=600)
        done = subprocess.run([*common, "--dump-dom", page.as_uri()], check=True, capture_output=True, timeout=600)
        return done.stdout.decode(), picture

    return opened


def has_content(picture: Path) -> bool:
    """Whether a screenshot shows more than a few flat colours."""
    pixels = image.imread(picture)[..., :3].reshape(-1, 3)
    return len({tuple(pixel) for pixel in (pixels[::7] * 255).astype(int).tolist()}) > 20


def test_a_feedback_page_opens_and_says_what_to_mend(
    browse: Browse, committed: Layout, walled: Sandbox, tmp_path: Path
) -> None:
    """In Chromium the page of a submission with a known mistake shows its points, the mistake's name and the counterexample."""
    stem, exercise = "03_gaussian_kl", "gaussian_kl"
    wrong = mistakes(stem, exercise)[0]
    notebooks = released(committed.release)
    fill(notebooks, {**reference_answers(committed.source), exercise: as_answer(wrong.function, exercise)})
    write_submission(tmp_path / "vae", notebooks)
    submission = read_submission("Zoë <b>", tmp_path / "vae", load_sources(committed.source))
    record = grade_submission(submission, walled.session, Context("vae", 7), "key")
    notebook = next(one for one in record.notebooks if one.stem == stem)
    page = tmp_path / "feedback.html"
    page.write_text(feedback_page(record, notebook, "The chapter"), encoding="utf-8")
    dom, picture = browse(page)
    for expected in (
        wrong.name,
        "Zoë &lt;b&gt;",
        "gaussian_kl(mu=0, sigma=2)",
        "0.806853",
        f"{notebook.points:g} of 20",
    ):
        assert expected in dom, expected
    assert has_content(picture)


def test_a_check_cell_opens_on_a_light_and_a_dark_page(browse: Browse, tmp_path: Path) -> None:
    """In Chromium the check's table shows what holds and breaks in words, on a white and on a black page."""
    one = examination("03_gaussian_kl", "gaussian_kl", 1)
    wrong = mistakes("03_gaussian_kl", "gaussian_kl")[0]
    subject = LocalSubject({"gaussian_kl": wrong.function})
    html = as_html(run(one.exercise, subject, one.bank, recognise=one.recognise), TITLE, FOOTER)
    for background, colour in (("white", "black"), ("black", "white")):
        page = tmp_path / f"{background}.html"
        style = f"background:{background};color:{colour};font-family:sans-serif"
        page.write_text(f"<!DOCTYPE html><meta charset=utf-8><body style='{style}'>{html}", encoding="utf-8")
        dom, picture = browse(page)
        for expected in ("your own check (not the grade)", "✓ holds", "✗ breaks", wrong.name):
            assert expected in dom
        assert has_content(picture)
