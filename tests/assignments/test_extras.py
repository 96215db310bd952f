"""The ungraded extras: the card game, its printed sheet, the bonus notebook, and how it gets a student's own functions."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from autograder import problems
from autograder.authoring.builder import build
from autograder.authoring.builder.notebook import extra_notebook
from autograder.authoring.sample_submissions import answer_cell, fill, reference_answers, released, write_submission
from autograder.checks.student.notebook import needs
from autograder.checks.student.own_functions import Pieces, written
from autograder.course.layout import Layout
from tests.conftest import ROOT
from tests.helpers.scripts import module_of

EXTRAS = ROOT / "assignments" / "vae" / "extras"
GAME = EXTRAS / "card_game"
USED = (
    "reconstruction_loss",
    "gaussian_kl",
    "kl_from_log_var",
    "beta_vae_loss",
    "kl_weight",
    "active_units",
    "reparameterise",
    "reparameterise_backward",
    "negative_elbo",
    "sample_prior",
    "nearest_code",
    "condition_on_label",
)
KL = "03_gaussian_kl"
WAITS = re.compile(r"This part needs (`\w+`(, )?)+\. Write what is missing, then run this cell again\.\n")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]


def copy_for_students(folder: Path, layout: Layout, answers: Mapping[str, str]) -> Path:
    """Lay out a student's folder: notebooks with some answers, the package of checks, data, the extras."""
    notebooks = released(layout.release)
    fill(notebooks, answers)
    write_submission(folder, notebooks)
    shutil.copytree(ROOT / "autograder" / "checks", folder / "checks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(layout.texts / "data", folder / "data", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    known = [exercise.name for stem in layout.stems() for exercise in problems.load(stem).exercises]
    for text in EXTRAS.glob("*.md"):
        made = extra_notebook(text.read_text(encoding="utf-8"), text.name, text.stem, known)
        path = folder / "extras" / f"{text.stem}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(made, encoding="utf-8")
    return folder


def executed(path: Path, where: Path, change: Callable[[Any], None] | None = None) -> Any:
    """Run a notebook from top to bottom in a kernel whose working folder is `where`; a cell that raises fails the test."""
    notebook = nbformat.read(path, as_version=4)
    if change is not None:
        change(notebook)
    patient = {"timeout": 1800, "startup_timeout": 300, "iopub_timeout": 60}
    NotebookClient(notebook, **patient, resources={"metadata": {"path": str(where)}}).execute()
    return notebook


def said(notebook: Any, name: str) -> str:
    """Return what a cell printed."""
    (cell,) = (cell for cell in notebook.cells if cell.id == name)
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def drawn(notebook: Any) -> set[str]:
    """Return the cells that show a picture."""
    shown = {
        cell.id: any("image/png" in output.get("data", {}) for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    return {name for name, picture in shown.items() if picture}


def drawing(notebook: Any) -> set[str]:
    """Return the cells that are there to show a picture."""
    return {cell.id for cell in notebook.cells if "draws" in cell.metadata.get("tags", [])}


def adding(source: str) -> Callable[[Any], None]:
    """Return the change of a notebook that adds a cell at its end."""
    return lambda notebook: notebook.cells.append(nbformat.v4.new_code_cell(source, id="added"))


def only_until(name: str) -> Callable[[Any], None]:
    """Return the change of a notebook that leaves out what stands after a cell."""

    def change(notebook: Any) -> None:
        last = next(place for place, cell in enumerate(notebook.cells) if cell.id == name)
        del notebook.cells[last + 1 :]

    return change


@pytest.fixture(scope="module")
def answers(committed: Layout) -> dict[str, str]:
    """The reference answer cells by exercise."""
    return reference_answers(committed.source)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory, committed: Layout, answers: dict[str, str]) -> Path:
    """A student's folder with all exercises solved."""
    return copy_for_students(tmp_path_factory.mktemp("solved") / "vae", committed, answers)


@pytest.fixture(scope="module")
def trained(solved: Path) -> Any:
    """The bonus notebook, run as it stands with all exercises solved, and what it measured."""
    found = """
import base64
import json
mean_digit = yours.reconstruction_loss(held, np.tile(train.mean(axis=0), (len(held), 1)))
curves = {name: history[:, 1].tolist() for name, (_, history) in runs.items()}
found = {"measured": measured, "real": real, "mean_digit": mean_digit, "worst": worst, "kl": curves}
print(json.dumps({**found, "quantised": losses, "free": free}))
"""
    notebook = executed(solved / "extras" / "train_a_vae.ipynb", solved / "extras", adding(found.strip()))
    return notebook, json.loads(said(notebook, "added"))


@pytest.mark.slow
def test_the_bonus_notebook_runs_and_draws_with_all_pieces(trained: Any) -> None:
    """With all exercises solved the bonus notebook finds them, says nothing is missing, and draws every picture."""
    notebook, _ = trained
    assert said(notebook, "yours") == ""
    assert drawn(notebook) == drawing(notebook)
    assert len(drawn(notebook)) == 6
    assert not any(
        output.get("name") == "stderr" for cell in notebook.cells for output in cell.get("outputs", []) if output
    )


@pytest.mark.slow
def test_the_backward_pass_agrees_with_central_differences(trained: Any) -> None:
    """The hand-written gradients are those of the student's negative ELBO, to 1e-6 of the largest, also with labels."""
    notebook, found = trained
    assert 0 < found["worst"] < 1e-6
    assert said(notebook, "gradient_check").endswith("Right.\n")


@pytest.mark.slow
def test_run_a_collapses(trained: Any) -> None:
    """At a large β no unit is active, the KL is nil, every input gets the mean digit, and all draws are alike."""
    found = trained[1]
    run = found["measured"]["R"]
    assert run["KL"] < 0.05
    assert run["active"] == 0
    assert run["L_R held"] == pytest.approx(found["mean_digit"], abs=1.5)
    assert run["variety"] < 0.02 * found["real"]["variety"]
    assert found["kl"]["R"][0] > 1000 * found["kl"]["R"][-1]


@pytest.mark.slow
def test_run_b_memorises(trained: Any) -> None:
    """At a tiny β the digits of training are met best, held-out ones no better than by C, and draws are far from digits."""
    found = trained[1]
    run, healthy = found["measured"]["P"], found["measured"]["Q"]
    assert run["L_R train"] < 0.6 * healthy["L_R train"]
    assert run["L_R held"] > 2 * run["L_R train"]
    assert run["L_R held"] > 0.95 * healthy["L_R held"]
    assert run["KL"] > 100
    assert run["distance"] > 1.5 * found["real"]["distance"]


@pytest.mark.slow
def test_run_c_is_healthy(trained: Any) -> None:
    """At β = 1 all units are active at some ten nats, digits are met, and draws are near digits and differ."""
    found = trained[1]
    run = found["measured"]["Q"]
    assert 5 < run["KL"] < 20
    assert run["active"] == 8
    assert run["L_R held"] < 0.6 * found["mean_digit"]
    assert run["distance"] < found["real"]["distance"]
    assert run["variety"] > 0.3 * found["real"]["variety"]


@pytest.mark.slow
def test_quantising_and_conditioning_do_what_the_text_says(trained: Any) -> None:
    """A larger codebook costs less, down towards no codebook at all, and told the class the KL is lower."""
    notebook, found = trained
    losses = np.array(found["quantised"])
    assert np.all(np.diff(losses) < 0)
    assert losses[0] > found["mean_digit"]
    assert losses[-1] > found["free"]
    without, told = (float(number) for number in re.findall(r"KL = ([\d.]+) nats", said(notebook, "conditional")))
    assert 0 < without - told < np.log(10) + 0.5


def test_the_bonus_notebook_waits_kindly(tmp_path: Path, committed: Layout) -> None:
    """With nothing written, opened in the folder above, no cell raises, and each names what it waits for in one line."""
    folder = copy_for_students(tmp_path / "vae", committed, {})
    notebook = executed(folder / "extras" / "train_a_vae.ipynb", folder)
    assert not drawn(notebook)
    lines = said(notebook, "yours").splitlines()
    assert len(lines) == 5
    assert all(re.fullmatch(r"Waiting for .+ \(\d\d_\w+\.ipynb: not written yet\)\.", line) for line in lines[:-1])
    assert all(f"`{name}`" in said(notebook, "yours") for name in USED)
    for name in drawing(notebook):
        assert WAITS.fullmatch(said(notebook, name)), name


@pytest.mark.slow
def test_a_half_written_copy_trains_and_leaves_the_rest(
    tmp_path: Path, committed: Layout, answers: dict[str, str]
) -> None:
    """Without the notebook on latent space the VAE trains, and what needs it waits (2 epochs in place of 120)."""
    some = {name: text for name, text in answers.items() if name not in ("nearest_code", "condition_on_label")}
    folder = copy_for_students(tmp_path / "vae", committed, some)

    def quick(notebook: Any) -> None:
        for cell in notebook.cells:
            cell.source = cell.source.replace("epochs=120", "epochs=2")

    notebook = executed(folder / "extras" / "train_a_vae.ipynb", folder / "extras", quick)
    assert said(notebook, "yours").startswith("Waiting for `nearest_code` and `condition_on_label` (05_latent_space")
    assert drawing(notebook) - drawn(notebook) == {"quantised", "conditional"}
    assert "left out until `condition_on_label`" in said(notebook, "gradient_check")


def test_the_gradient_check_catches_a_wrong_piece(tmp_path: Path, committed: Layout, answers: dict[str, str]) -> None:
    """With the ½ forgotten in `reparameterise_backward`, the gradient check says that something is wrong."""
    wrong = "def reparameterise_backward(dz, log_var, eps):\n    return dz.copy(), dz * eps * np.exp(0.5 * log_var)\n"
    folder = copy_for_students(tmp_path / "vae", committed, {**answers, "reparameterise_backward": wrong})
    path = folder / "extras" / "train_a_vae.ipynb"
    notebook = executed(path, path.parent, only_until("gradient_check"))
    assert said(notebook, "gradient_check").endswith("Something is wrong!\n")


def test_an_extra_says_where_it_belongs(tmp_path: Path, solved: Path) -> None:
    """Opened without the folders it needs around it, the notebook's first cell says so and what to do."""
    path = shutil.copy(solved / "extras" / "card_game.ipynb", tmp_path)
    with pytest.raises(Exception, match=r"holds checks/ and data/. Go to the folder of this notebook first"):
        executed(Path(path), tmp_path)


def test_the_card_game_is_played(solved: Path) -> None:
    """The game's notebook runs without any exercise, draws every picture, and its losses end at cards minus codes."""
    found = """
import base64
import json
rng = np.random.default_rng(0)
bits = {digit: tuple(int(number > 0) for number in code) for digit, code in example.items()}
last = [play(example, first_deck, 6, rng)[0][-1] for _ in range(20)]
least = [least_loss(encoder, cards) for encoder in (example, bits) for cards in (first_deck, both_decks)]
print(json.dumps({"last": last, "least": least, "alone": alone.tolist(), "agreed": agreed.tolist()}))
"""
    notebook = executed(solved / "extras" / "card_game.ipynb", solved / "extras", adding(found.strip()))
    assert drawn(notebook) == drawing(notebook)
    assert len(drawn(notebook)) == 5
    numbers = json.loads(said(notebook, "added"))
    assert set(numbers["last"]) == {1}
    assert numbers["least"] == [1, 4, 2, 5]
    alone, agreed = np.array(numbers["alone"]), np.array(numbers["agreed"])
    beside = ~np.eye(len(alone), dtype=bool)
    assert np.diag(alone).mean() < agreed.mean() < alone[beside].mean()
    assert agreed.min() == agreed.max() == 1


def test_two_bits_hold_four_codes(maker: ModuleType) -> None:
    """However two bits are given to five or nine cards, at least one and five cards share a code with another."""
    rng = np.random.default_rng(3)
    for cards, least in ((5, 1), (9, 5)):
        assert min(cards - len(np.unique(rng.integers(0, 2, (cards, 2)), axis=0)) for _ in range(2000)) == least
    codes = [maker.EXAMPLE[digit] for digit in maker.FIRST_DECK]
    assert maker.EXAMPLE[1] == maker.EXAMPLE[7]
    assert len(codes) - len(set(codes)) == 1


def test_the_extras_are_built_where_the_course_asks_for_them(course: Layout) -> None:
    """Named in assignment.toml, both extras stand in the release with the sheet, without the script, and unknown to nbgrader."""
    settings = course.texts / "assignment.toml"
    lines = [line for line in settings.read_text(encoding="utf-8").splitlines() if not line.startswith("extras")]
    place = next((number for number, line in enumerate(lines) if line.startswith("[")), len(lines))
    lines.insert(place, 'extras = ["card_game", "train_a_vae"]')
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    build(course.course, course.assignment)
    made = {path.relative_to(course.release / "extras").as_posix() for path in course.release.glob("extras/**/*.*")}
    assert made == {"card_game.ipynb", "card_game/cards.html", "train_a_vae.ipynb"}
    for name in ("card_game", "train_a_vae"):
        text = (course.release / "extras" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "nbgrader" not in json.loads(text)["metadata"]
        assert all("nbgrader" not in cell["metadata"] for cell in json.loads(text)["cells"])
    assert (course.release / "checks" / "student" / "own_functions.py").is_file()


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The script that makes the sheet, as a module."""
    return module_of(GAME / "make_cards.py")


def test_the_sheet_is_made_from_the_digits(maker: ModuleType) -> None:
    """A rebuild of the sheet gives the committed bytes, and the notebook plays with the very same digits."""
    assert maker.sheet() == (GAME / "cards.html").read_text(encoding="utf-8")
    with np.load(maker.DIGITS) as stored:
        assert [int(stored["y"][sample]) for sample in maker.CARDS.values()] == list(maker.CARDS)
    cards = re.search(r"samples = (\{.*\})", (EXTRAS / "card_game.md").read_text(encoding="utf-8"))
    codes = re.search(r"^example = (\{.*\})", (EXTRAS / "card_game.md").read_text(encoding="utf-8"), re.M)
    assert cards is not None
    assert codes is not None
    assert eval(cards[1]) == maker.CARDS
    assert eval(codes[1]) == maker.EXAMPLE


def test_the_sheet_asks_nothing_of_the_network_and_prints_in_grey() -> None:
    """The sheet's only addresses are its own pictures and SVG's name, and all its colours are greys."""
    text = (GAME / "cards.html").read_text(encoding="utf-8")
    assert set(re.findall(r"[a-z]+://[^\"' )]+", text)) == {"http://www.w3.org/2000/svg"}
    sources = ["".join(both) for both in re.findall(r"(?:src|href)=\"([^\"]{0,30})|url\(\"?([^)\"]{0,30})", text)]
    kinds = {source.partition(";base64,")[0] for source in sources}
    assert kinds == {"data:image/png", "data:font/woff"}
    assert not re.search(r"<script|<link|@import", text)
    for color in re.findall(r"#([0-9a-f]{3,6})\b", text):
        assert len(set(color)) == 1, color


def test_the_sheet_brings_its_letters_along() -> None:
    """Every character of the sheet is in both of its fonts, and no rule names a font of the machine before them."""
    from fontTools.ttLib import TTFont

    text = (GAME / "cards.html").read_text(encoding="utf-8")
    written = {ord(one) for one in re.sub(r"<style>.*?</style>|<[^>]*>", "", text, flags=re.DOTALL)} - {ord("\n")}
    fonts = [base64.b64decode(one) for one in re.findall(r"data:font/woff;base64,([^\"]+)", text)]
    assert len(fonts) == 2
    for font in fonts:
        assert written <= set(TTFont(BytesIO(font))["cmap"].getBestCmap())
    assert set(re.findall(r"font: [^;]*?(\"[^;]*);", text)) == {'"Sheet", sans-serif'}


@pytest.fixture
def chromium(tmp_path: Path) -> Callable[..., bytes]:
    """Open a page in headless Chromium with further flags, and return what it writes."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("needs a browser: chromium is not installed")

    def opened(page: Path, *flags: str) -> bytes:
        command = [program, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *flags, page.as_uri()]
        return subprocess.run(command, check=True, capture_output=True, timeout=600).stdout

    return opened


def test_the_sheet_prints_on_six_pages_of_a4(chromium: Callable[..., bytes], tmp_path: Path) -> None:
    """Printed by Chromium, the sheet is six pages of 210 × 297 mm."""
    target = tmp_path / "cards.pdf"
    chromium(GAME / "cards.html", "--no-pdf-header-footer", f"--print-to-pdf={target}")
    pdf = target.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 6
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", pdf)}
    assert boxes
    for _, _, width, height in boxes:
        assert (width / 72 * 25.4, height / 72 * 25.4) == pytest.approx((210, 297), abs=0.5)


def test_nothing_on_the_sheet_is_cut_off_and_all_cards_are_alike(
    chromium: Callable[..., bytes], tmp_path: Path
) -> None:
    """No page holds more than its height, no card or slip differs in size, and there are 9 cards and 24 slips."""
    # The letters that the sheet brings along are there a moment after its text.
    script = """<script>
Promise.all([document.fonts.load("12px Sheet"), document.fonts.load("bold 12px Sheet")]).then(() => {
const size = one => { const b = one.getBoundingClientRect(); return `${b.width.toFixed(1)} x ${b.height.toFixed(1)}`; };
const sizes = name => [...document.querySelectorAll(name)].map(size);
const spills = one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1;
const over = [...document.querySelectorAll(".page, .page .cut > div")].filter(spills).length;
const low = [...document.querySelectorAll(".page")].filter(p => {
    const foot = p.querySelector(".foot").getBoundingClientRect().top;
    return [...p.children].some(c => !c.classList.contains("foot") && c.getBoundingClientRect().bottom > foot); }).length;
document.body.innerHTML = "FOUND" + JSON.stringify({over, low, cards: sizes(".card"), slips: sizes(".slip")}) + "END";
});
</script></body>"""
    page = tmp_path / "measured.html"
    page.write_text((GAME / "cards.html").read_text(encoding="utf-8").replace("</body>", script), encoding="utf-8")
    text = chromium(page, "--dump-dom", "--virtual-time-budget=2000").decode()
    found = json.loads(text.split("FOUND")[1].split("END")[0])
    assert found["over"] == found["low"] == 0
    assert len(found["cards"]) == 9
    assert len(found["slips"]) == 24
    assert len(set(found["cards"])) == len(set(found["slips"])) == 1


def save(folder: Path, stem: str, *cells: tuple[str, str]) -> None:
    """Write a notebook of code cells, each with the exercise it answers (or none) and its source."""
    made = [
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": name, "solution": True}} if name else {},
            "source": source.splitlines(keepends=True),
        }
        for name, source in cells
    ]
    (folder / f"{stem}.ipynb").write_text(json.dumps({"cells": made}), encoding="utf-8")


RIGHT = "def gaussian_kl(mu, sigma):\n    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)\n"


def call(pieces: Pieces) -> float:
    """Ask for a KL whose value is 0.5."""
    return float(pieces.gaussian_kl(1.0, 1.0))


def test_written_gives_the_functions_of_a_notebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An answer comes with what its notebook defines around it, and nothing it prints or shows is seen."""
    save(
        tmp_path,
        KL,
        ("", "import math\nraise SystemExit\n"),
        ("", "def half(x):\n    return x / 2\nprint('slow')\nwhole = [half(i) for i in range(3)]\n"),
        ("", "import no_such_package\n"),
        ("gaussian_kl", "%timeit 1\n" + RIGHT.replace("0.5 * (", "half(1.0) * (") + "print(gaussian_kl(0, 2))\n"),
        ("kl_weight", "def kl_weight(epoch, warmup=10):\n    return min(epoch / warmup, 1)\n    todo()\n"),
    )
    pieces = written("gaussian_kl", "kl_weight", folder=tmp_path)
    assert call(pieces) == 0.5
    assert pieces.kl_weight(5) == 0.5
    assert capsys.readouterr().out == ""


def test_written_finds_the_notebook_around_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a folder named, the notebooks beside and above the working folder are read."""
    save(tmp_path, KL, ("gaussian_kl", RIGHT))
    (tmp_path / "extras").mkdir()
    for place in (tmp_path, tmp_path / "extras"):
        monkeypatch.chdir(place)
        assert call(written("gaussian_kl")) == 0.5


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([], "not written yet"),
        ([("gaussian_kl", "def gaussian_kl(mu, sigma):\n    '''KL.'''\n    todo()  # your code\n")], "not written yet"),
        ([("gaussian_kl", "def gaussian_kl(mu, sigma):\n    raise NotImplementedError()\n")], "not written yet"),
        ([("gaussian_kl", "def gaussian_kl(mu, sigma)\n    return 0\n")], "the cell does not run (SyntaxError: "),
        ([("gaussian_kl", "limit = 1 / 0\n" + RIGHT)], "the cell does not run (ZeroDivisionError: division by zero)"),
        ([("gaussian_kl", "raise SystemExit\n")], "the cell does not run (SystemExit)"),
        ([("gaussian_kl", "gaussian_kl = 0.5\n")], "it is no function but float"),
    ],
)
def test_written_says_what_is_missing(
    cells: list[tuple[str, str]], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer that is missing, unwritten, broken or no function is named in one line, and whoever needs it waits."""
    save(tmp_path, KL, *cells)
    pieces = written("gaussian_kl", folder=tmp_path)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"Waiting for `gaussian_kl` ({KL}.ipynb: {why}")
    assert second == "What needs them waits. Write and save them there, then run the waiting cells again."
    with needs("gaussian_kl"):
        call(pieces)
    assert WAITS.fullmatch(capsys.readouterr().out)


def test_written_says_which_notebook_is_missing_or_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A notebook that is not there or no notebook is named once, with the exercises it should hold."""
    (tmp_path / "04_reparameterisation.ipynb").write_text("not JSON", encoding="utf-8")
    written("gaussian_kl", "kl_weight", "active_units", "negative_elbo", "no_exercise", folder=tmp_path)
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "Waiting for `gaussian_kl`, `kl_weight` and `active_units` "
        "(03_gaussian_kl.ipynb: the notebook is not in the folder that holds `checks`).",
        "Waiting for `negative_elbo` (04_reparameterisation.ipynb: the file cannot be read as a notebook).",
        "Waiting for `no_exercise` (no notebook here asks for it).",
    ]


def test_written_takes_the_last_of_several(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where an answer cell was copied, the last one counts as in grading, and the student is told."""
    save(tmp_path, KL, ("gaussian_kl", "def gaussian_kl(mu, sigma):\n    return 9\n"), ("gaussian_kl", RIGHT))
    assert call(written("gaussian_kl", folder=tmp_path)) == 0.5
    assert capsys.readouterr().out == (
        f"The answer cell of `gaussian_kl` is more than once in {KL}.ipynb; the last one counts.\n"
    )


def test_what_was_missing_is_found_once_it_is_saved(tmp_path: Path) -> None:
    """A function written and saved after `written` ran is found by the next call, without running that cell again."""
    save(tmp_path, KL, ("gaussian_kl", "def gaussian_kl(mu, sigma):\n    todo()\n"))
    pieces = written("gaussian_kl", folder=tmp_path)
    with pytest.raises(NotImplementedError, match="not written yet"):
        call(pieces)
    save(tmp_path, KL, ("gaussian_kl", RIGHT))
    assert call(pieces) == 0.5


def test_every_reference_answer_is_found(solved: Path, answers: dict[str, str]) -> None:
    """From a solved copy all functions that the bonus notebook uses are read, and they are the answers written there."""
    pieces = vars(written(*USED, folder=solved))
    assert set(pieces) == set(USED)
    notebooks = released(solved)
    for name in USED:
        cells = [cell for notebook in notebooks.values() if (cell := answer_cell(notebook, name))]
        assert [cell["source"] for cell in cells] == [answers[name]]
        assert pieces[name].__name__ == name
