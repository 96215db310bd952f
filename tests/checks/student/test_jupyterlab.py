"""What students do in JupyterLab, done there: open, write, run, check, mend, restart and run all."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.course.layout import Layout
from tests.helpers import fresh
from tests.helpers.lab import Notebook, browser_program, browsing, opened, served

pytestmark = pytest.mark.slow

NOTEBOOK = "03_gaussian_kl.ipynb"
FREE = "# A free cell"
ANSWER, CHECK, DRAWS = "def gaussian_kl", 'check("gaussian_kl")', 'with needs("gaussian_kl"):'
RIGHT = "def gaussian_kl(mu, sigma):\n    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)\n"
# The standard deviation where its square belongs.
WRONG = "def gaussian_kl(mu, sigma):\n    return 0.5 * (mu**2 + sigma - 1 - np.log(sigma))\n"
ENDLESS = 'def gaussian_kl(mu, sigma):\n    open("begun", "w").close()\n    while True:\n        pass\n'
READABLE = 4.5  # WCAG 2.2, level AA, for text of ordinary size

# Contrast of every text in an element against what is painted behind it, as (ratio, text).
CONTRAST = """box => {
    const parse = colour => (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    const over = (top, under) => {
        const alpha = top.length > 3 ? top[3] : 1;
        return [0, 1, 2].map(i => alpha * top[i] + (1 - alpha) * under[i]);
    };
    const behind = element => {
        const chain = [];
        for (let one = element; one; one = one.parentElement) chain.unshift(parse(getComputedStyle(one).backgroundColor));
        return chain.reduce((under, top) => over(top, under), [255, 255, 255]);
    };
    const faded = element => {
        let alpha = 1;
        for (let one = element; one; one = one.parentElement) alpha *= Number(getComputedStyle(one).opacity);
        return alpha;
    };
    const light = colour => {
        const [r, g, b] = colour.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
        if (!text) continue;
        const ground = behind(element), ink = parse(getComputedStyle(element).color);
        const alpha = (ink.length > 3 ? ink[3] : 1) * faded(element);
        const [a, b] = [light(over([...ink.slice(0, 3), alpha], ground)), light(ground)].sort((x, y) => y - x);
        found.push([(a + 0.05) / (b + 0.05), text]);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: the folder that AUTOGRADER_SCREENSHOTS names, else one that pytest makes."""
    named = os.environ.get("AUTOGRADER_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def release(committed: Layout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release as a student unzips it."""
    folder = tmp_path_factory.mktemp("unzipped") / "vae"
    shutil.copytree(committed.release, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def python(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment made as the students' page says, from nothing but the release's own requirements.txt."""
    return fresh.installed(tmp_path_factory.mktemp("student") / "env", "-r", release / "requirements.txt")


@pytest.fixture(scope="module")
def lab(release: Path, python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """A browser, and the address of a JupyterLab that was started in the release, from the student's environment."""
    browser_program()
    outside: list[str] = []
    with served(release, tmp_path_factory.mktemp("private"), str(python)) as address, browsing(outside) as context:
        yield context, address
    assert outside == []


@pytest.fixture(scope="module")
def notebook(lab: tuple[Any, str]) -> Notebook:
    """One open notebook, in which the tests of this file go on one after the other as a student does."""
    opened_notebook = opened(*lab, NOTEBOOK)
    opened_notebook.run("import numpy as np")
    return opened_notebook


def words(output: Any) -> str:
    """What can be read in an output, in one line."""
    return " ".join(output.inner_text().split())


def answered(notebook: Notebook, source: str) -> Any:
    """Write an answer, run its cell and the check below it, and give the check's output."""
    notebook.write(ANSWER, source)
    notebook.run(ANSWER)
    return notebook.run(CHECK)


def test_an_unwritten_answer_is_told_kindly(notebook: Notebook, pictures: Path) -> None:
    """Before anything is written the check says that and where to begin, lists nothing, and the picture waits."""
    notebook.run(ANSWER)
    output = notebook.run(CHECK)
    output.screenshot(path=pictures / "unwritten.png")
    told = words(output)
    assert "not written yet" in told
    assert "Exercise 1" in told
    assert "breaks" not in told
    assert output.locator(".jp-RenderedHTMLCommon").count() == 1
    assert "This part needs `gaussian_kl`" in words(notebook.run(DRAWS))


def test_a_wrong_answer_is_named_and_shown_by_its_smallest_input(notebook: Notebook, pictures: Path) -> None:
    """Typed into the notebook, sigma for sigma squared is called by its name, with the input, what came and what should."""
    output = answered(notebook, WRONG)
    output.screenshot(path=pictures / "wrong.png")
    told = words(output)
    for expected in (
        "1 of 8 checks breaks",
        "✗ breaks worked values",
        "Smallest input that breaks it gaussian_kl(mu=0, sigma=2)",
        "Returned 0.153426",
        "Expected 0.806853",
        "Likely mistake sigma where the variance belongs.",
        "Read again",
    ):
        assert expected in told, expected


def test_a_check_can_be_read_without_seeing_it(notebook: Notebook) -> None:
    """A screen reader finds a named group, tables with heads for columns and rows, and words where there are colours."""
    output = answered(notebook, WRONG)
    group = output.get_by_role("group", name="gaussian_kl: 1 of 8 checks breaks")
    assert group.count() == 1
    heads = group.get_by_role("columnheader").all_inner_texts()
    assert heads == ["Result", "Check", "What must hold"]
    rows = group.get_by_role("rowheader").all_inner_texts()
    assert rows[:3] == ["form", "zero at the prior", "never negative"]
    assert "Likely mistake" in rows
    results = group.get_by_role("row").filter(has_text="worked values").get_by_role("cell").first
    assert results.inner_text().strip() == "✗ breaks"
    assert group.locator("img, svg, script, style, link").count() == 0


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"])
def test_every_word_of_a_check_can_be_read_in_every_theme(notebook: Notebook, pictures: Path, theme: str) -> None:
    """On light and dark pages each text of the check, right, wrong or unwritten, has the contrast WCAG asks for."""
    notebook.theme(theme)
    stub = "def gaussian_kl(mu, sigma):\n    todo()\n"
    try:
        for name, source in (("wrong", WRONG), ("right", RIGHT), ("unwritten", stub)):
            output = answered(notebook, source)
            output.screenshot(path=pictures / f"{name} {theme}.png")
            measured = output.locator("[role=group]").evaluate(CONTRAST)
            assert len(measured) > 3
            assert [(ratio, text) for ratio, text in measured if ratio < READABLE] == []
    finally:
        notebook.theme("JupyterLab Light")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_word_of_a_box_can_be_read_in_both_themes(notebook: Notebook, pictures: Path, theme: str) -> None:
    """The box of conventions keeps its rule at the left, and all its words have the contrast WCAG asks for."""
    notebook.theme(theme)
    try:
        box = notebook.page.locator('.jp-RenderedMarkdown div[style*="border-left"]').first
        box.screenshot(path=pictures / f"box {theme}.png")
        assert box.evaluate("box => getComputedStyle(box).borderLeftWidth") == "5px"
        measured = box.evaluate(CONTRAST)
        assert len(measured) > 5
        assert [(ratio, text) for ratio, text in measured if ratio < READABLE] == []
    finally:
        notebook.theme("JupyterLab Light")


@pytest.mark.parametrize("name", ["01_worked_numbers.ipynb", NOTEBOOK, "04_reparameterisation.ipynb"])
def test_formulas_fit_into_a_narrow_window(notebook: Notebook, lab: tuple[Any, str], name: str) -> None:
    """At 620 pixels, with the list of files closed, no formula of the notebooks with the widest ones is cut off."""
    shown = notebook if name == NOTEBOOK else opened(*lab, name)
    shown.page.set_viewport_size({"width": 620, "height": 1000})
    shown.page.evaluate("jupyterapp.shell.collapseLeft()")
    try:
        wide = shown.page.locator(".jp-RenderedMarkdown mjx-container").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
        )
        assert wide == []
    finally:
        shown.page.set_viewport_size({"width": 1280, "height": 1000})


def test_the_code_of_a_picture_is_behind_a_bar(notebook: Notebook) -> None:
    """The code of a picture is folded behind a bar with its first line, and one click on the bar opens it."""
    from playwright.sync_api import expect

    bars = notebook.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-InputPlaceholder")
    folded = bars.count()
    bar = bars.last
    first = bar.locator(".jp-Placeholder-contentContainer").inner_text().strip()
    assert first.startswith("with needs(")
    bar.locator(".jp-Placeholder-contentContainer").click()
    expect(bars).to_have_count(folded - 1)
    editor = notebook.page.locator(".jp-InputArea-editor", has_text=first.rstrip("…").strip())
    expect(editor.locator(".cm-content").last).to_be_visible()


def test_a_mended_answer_turns_the_check_and_draws_the_picture(notebook: Notebook, pictures: Path) -> None:
    """With the right formula all checks hold, no trace of the mistake is left, and the picture below is drawn."""
    assert "breaks" in words(answered(notebook, WRONG))
    output = answered(notebook, RIGHT)
    output.screenshot(path=pictures / "right.png")
    told = words(output)
    assert "✓ 8 of 8 checks hold" in told
    assert "breaks" not in told
    assert "mistake" not in told
    assert notebook.run(DRAWS).locator("img").count() == 1


def test_the_overview_shows_what_is_left(notebook: Notebook, pictures: Path) -> None:
    """`progress()` in a cell of one's own shows each exercise with its state in words."""
    answered(notebook, RIGHT)
    notebook.write(FREE, f"{FREE}\nfrom checks import progress; progress()")
    for answer in ("def kl_shift_spread", "def kl_weight"):
        notebook.write(answer, f"{answer}(mu, sigma=1):\n    return mu + sigma\n")
        notebook.run(answer)
    output = notebook.run(FREE)
    output.screenshot(path=pictures / "overview.png")
    told = words(output)
    assert "1 of 6 exercises hold, 2 break, 3 are not written" in told
    assert "✓ holds Exercise 1, gaussian_kl 4 points all checks hold" in told
    assert "✗ breaks Exercise 2, kl_shift_spread" in told
    assert "… not written Exercise 6, active_units" in told


def test_an_endless_loop_is_stopped_with_a_sentence(notebook: Notebook, release: Path) -> None:
    """A check that does not come back is stopped with the stop button, and says in a sentence what may be the matter."""
    notebook.write(ANSWER, ENDLESS)
    notebook.run(ANSWER)
    output = notebook.interrupt(CHECK, release / "begun")
    told = words(output)
    assert "The check of `gaussian_kl` was stopped" in told
    assert "is there a loop in your function that never ends?" in told
    assert "Traceback" not in told
    assert "✓ 8 of 8 checks hold" in words(answered(notebook, RIGHT))


def test_restarting_and_running_all_comes_to_the_end(notebook: Notebook, release: Path, pictures: Path) -> None:
    """With answers right, wrong and unwritten, a fresh kernel runs all cells without a traceback, and saves each check as text too."""
    answered(notebook, RIGHT)
    notebook.restart_and_run_all()
    assert notebook.page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert notebook.page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    notebook.page.screenshot(path=pictures / "all.png")
    notebook.save()
    saved = json.loads((release / NOTEBOOK).read_text(encoding="utf-8"))
    checks = [cell for cell in saved["cells"] if re.match(r'check\("', "".join(cell["source"]))]
    assert len(checks) == 6
    for cell in checks:
        (output,) = cell["outputs"]
        assert set(output["data"]) == {"text/html", "text/plain"}
        text = "".join(output["data"]["text/plain"])
        assert any(words in text for words in ("checks hold", "checks break", "not written yet"))


def test_the_reference_answers_run_in_the_students_environment(committed: Layout, python: Path, tmp_path: Path) -> None:
    """With nothing but the release's requirements notebooks run to their end with pictures, and every check of all holds.

    The two that read most of the data; test_lessons.py runs them all, in the environment of the tests.
    """
    folder = tmp_path / "vae"
    shutil.copytree(committed.release, folder, ignore=shutil.ignore_patterns("__pycache__"))
    notebooks = released(committed.release)
    fill(notebooks, reference_answers(committed.source))
    write_submission(folder, notebooks)
    drawn = [folder / f"{stem}.ipynb" for stem in ("01_worked_numbers", "05_latent_space")]
    done = fresh.run(python, "-m", "jupyter", "execute", *drawn, folder=folder)
    assert done.returncode == 0, done.stderr[-3000:]
    done = fresh.run(python, "-m", "checks", "--brief", folder=folder)
    assert done.returncode == 0, done.stdout
    assert all(f"{stem}.ipynb" in done.stdout for stem in notebooks)
