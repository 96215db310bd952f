"""The lessons: every part they promise is there, they run with the solutions and without, and no answer stands in them."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import jupytext
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from autograder.checks.student.notebook import needs
from autograder.problems import public

TEXTS = Path(__file__).resolve().parents[2] / "assignments" / "vae"
BUILT = TEXTS.parents[1] / "source_nbs" / "vae"
POINTS = {
    "01_worked_numbers": 12,
    "02_linear_autoencoder": 24,
    "03_gaussian_kl": 20,
    "04_reparameterisation": 16,
    "05_latent_space": 13,
    "06_linear_vae": 15,
}
SIGNATURES = {
    "02_linear_autoencoder": {
        "encode": "(X, W_enc)",
        "decode": "(Z, W_dec)",
        "reconstruction_loss": "(X, X_hat)",
        "loss_gradients": "(X, W_enc, W_dec)",
        "train_step": "(X, W_enc, W_dec, learning_rate)",
        "fit_linear_autoencoder": "(X, k, rng)",
        "pca_reconstruction_loss": "(X, k)",
    },
    "03_gaussian_kl": {
        "gaussian_kl": "(mu, sigma)",
        "kl_shift_spread": "(mu, sigma)",
        "kl_from_log_var": "(mu, log_var)",
        "beta_vae_loss": "(reconstruction, kl, beta=1.0)",
        "kl_weight": "(epoch, warmup=10)",
        "active_units": "(mu, sigma, delta=0.01, fraction=0.5)",
    },
    "04_reparameterisation": {
        "reparameterise": "(mu, sigma, eps)",
        "reparameterise_backward": "(dz, log_var, eps)",
        "sample_posterior": "(mu, sigma, n_samples, rng)",
        "negative_elbo": "(X, X_hat, mu, log_var, beta=1.0)",
    },
    "05_latent_space": {
        "lerp": "(z_a, z_b, t)",
        "slerp": "(z_a, z_b, t)",
        "sample_prior": "(n, k, rng)",
        "nearest_code": "(z_e, codebook)",
        "condition_on_label": "(z, labels, n_classes)",
    },
    "06_linear_vae": {
        "expected_vae_loss": "(X, W_enc, log_var, W_dec, beta=1.0)",
        "vae_gradients": "(X, W_enc, log_var, W_dec, eps, beta=1.0)",
        "fit_linear_vae": "(X, k, rng, beta=1.0)",
        "best_vae_loss": "(X, k, beta=1.0)",
        "active_directions": "(X, k, beta=1.0)",
    },
}
VARIABLES = {
    "loss_by_numbers": ("first_loss", "second_loss"),
    "kl_by_hand": ("kl_settings",),
    "beta_balance": ("beta_losses", "kl_share"),
    "reparameterise_by_hand": ("z", "dz_dmu", "dz_dsigma"),
    "rank_by_kl": ("ranking", "narrow_crossover"),
    "per_dimension_kl": ("dimension_kl", "total_kl", "dimension_state"),
    "count_active_units": ("active_dimensions", "removable_dimensions"),
    "annealing_by_numbers": ("annealed_loss", "crossover_epoch"),
    "diagnose_runs": ("diagnosis", "remedy"),
    "read_interpolations": ("reading",),
}
STEMS = tuple(POINTS)
EXERCISES = {stem: list(SIGNATURES.get(stem, VARIABLES)) for stem in STEMS}
LEFT = "what_is_left"
ASKED = "Answer each question in a sentence or two before you unfold it."


def text_of(stem: str) -> str:
    """Return the text of a lesson."""
    return (TEXTS / f"{stem}.md").read_text(encoding="utf-8")


def cells_of(stem: str) -> list[Any]:
    """Return the cells that jupytext reads from a lesson."""
    return list(jupytext.reads(text_of(stem), fmt="md").cells)


def solution_of(stem: str) -> ModuleType:
    """Return the solution module of a lesson."""
    return importlib.import_module(f"solutions.{stem.split('_', 1)[1]}")


def lessons_of(stem: str) -> dict[str, str]:
    """Return, by exercise, what stands between its heading and its slot."""
    parts = re.split(r"^## Exercise \d+: .*$", text_of(stem), flags=re.M)[1:]
    assert len(parts) == len(EXERCISES[stem])
    return {name: part[: part.index(f'exercise="{name}"')] for name, part in zip(EXERCISES[stem], parts, strict=True)}


@pytest.mark.parametrize("stem", STEMS)
def test_slots_stand_in_order(stem: str) -> None:
    """Each lesson has one slot per exercise, in the order of the contract, and the points of its problem."""
    slots = [cell.metadata["exercise"] for cell in cells_of(stem) if "exercise" in cell.metadata]
    assert slots == EXERCISES[stem] == [exercise.name for exercise in public(stem).exercises]
    assert sum(exercise.points for exercise in public(stem).exercises) == POINTS[stem]


def test_the_assignment_has_a_hundred_points() -> None:
    """The five notebooks together are worth 100 points."""
    assert sum(POINTS.values()) == 100
    assert sorted(path.stem for path in TEXTS.glob("0*.md")) == list(STEMS)


@pytest.mark.parametrize("stem", SIGNATURES)
def test_solutions_have_the_promised_signatures(stem: str) -> None:
    """Each solution module offers exactly the functions of its lesson, with the promised parameters and a docstring."""
    module = solution_of(stem)
    public_ones = {
        name: member
        for name, member in vars(module).items()
        if inspect.isfunction(member) and member.__module__ == module.__name__
    }
    assert list(public_ones) == list(SIGNATURES[stem])
    for name, function in public_ones.items():
        parameters = [
            parameter.replace(annotation=inspect.Parameter.empty)
            for parameter in inspect.signature(function).parameters.values()
        ]
        assert str(inspect.Signature(parameters)) == SIGNATURES[stem][name]
        assert inspect.getdoc(function)


@pytest.mark.parametrize("stem", STEMS)
def test_conventions_are_boxed(stem: str) -> None:
    """Each lesson boxes its conventions: nats, sigma, sum and mean, no ½."""
    text = text_of(stem)
    box = text[text.index('<div class="alert') : text.index("</div>")]
    for words in ("nats", "standard deviation", "factor ½", "dimensions", "averaged over"):
        assert words in box
    assert re.search(r"[Ss]ummed over (its )?dimensions", box)


@pytest.mark.parametrize("stem", STEMS)
def test_openings_say_what_to_expect(stem: str) -> None:
    """Each lesson opens with what one learns, how long it takes, the points, and what to hand in, in this order."""
    opening = text_of(stem).split("<div", 1)[0]
    places = [opening.index(words) for words in ("# ", "**You will learn**", "**Time**", "**Points**", "**Hand in**")]
    assert places == sorted(places)
    assert "**Points** {points}, for {exercises}." in opening
    assert "and keep the file name. The check below each answer says at once what already holds" in opening
    minutes = [int(number) for number in re.findall(r"\*(?:Easy|Medium|Hard), (\d+) minutes\.\*", text_of(stem))]
    stated = re.search(r"\*\*Time\*\* about (\d+) minutes", opening)
    assert stated
    assert sum(minutes) <= int(stated[1]) <= 2 * sum(minutes)


@pytest.mark.parametrize("stem", STEMS)
def test_closings_observe_and_ask(stem: str) -> None:
    """Each lesson closes with what to observe and with questions whose answers unfold."""
    headings = re.findall(r"^## (.*)$", text_of(stem), flags=re.M)
    assert headings[-3:] == ["What is left", "What to observe", "Think it over"]
    assert f'draws="{LEFT}"' in text_of(stem)
    observe, closing = text_of(stem).split("## What to observe\n")[1].split("## Think it over\n")
    assert len(re.findall(r"^- ", observe, flags=re.M)) >= 3
    assert ASKED in closing
    asked = re.findall(
        r"^- .*?\n\n<details><summary>An answer</summary>\n\n.+?\n\n</details>", closing, flags=re.M | re.S
    )
    assert len(asked) == len(re.findall(r"^- ", closing, flags=re.M)) >= 3


@pytest.mark.parametrize("stem", STEMS)
def test_every_exercise_has_difficulty_formula_and_hints(stem: str) -> None:
    """Between heading and slot stand difficulty, minutes, mathematics, what to write, and a hint in two steps or more."""
    for name, lesson in lessons_of(stem).items():
        assert re.search(r"\*(Easy|Medium|Hard), \d+ minutes\.\*", lesson)
        if stem in SIGNATURES:
            assert "$" in lesson
            assert f"**Write** `{SIGNATURES[stem][name].join([name, ''])}`" in lesson
        else:
            asked = lesson[re.search(r"\*\*(Set|set)\*\*", lesson).start() :]  # type: ignore[union-attr]
            assert all(f"`{variable}`" in asked for variable in VARIABLES[name])
        hints = re.findall(r"<details><summary>Hint (\d)", lesson)
        assert hints in (["1", "2"], ["1", "2", "3"])


@pytest.mark.parametrize("stem", STEMS)
def test_what_to_look_at_can_be_compared(stem: str) -> None:
    """After each picture the text says where to look, and what there is to see unfolds (or is said at once)."""
    text = text_of(stem)
    pictures = list(re.finditer(r'```python draws="(\w+)"\n.*?\n```\n', text, flags=re.S))
    assert pictures
    for picture in pictures:
        behind = re.split(r"^```|^## ", text[picture.end() :], flags=re.M)[0]
        assert "**Look.**" in behind or picture[1] in {"digits", LEFT} or picture[1].startswith(("table_", "own_"))
    assert text.count("<details>") >= text.count("**Look.**")


@pytest.mark.parametrize("stem", STEMS)
def test_unfolding_parts_hold_no_code_cells(stem: str) -> None:
    """No fence stands inside details (it would become a cell), and every details is closed after a blank line."""
    text = text_of(stem)
    assert text.count("<details>") == text.count("</details>")
    for inside in re.findall(r"<details>(.*?)</details>", text, flags=re.S):
        assert "```" not in inside
        assert "<details>" not in inside
        assert inside.endswith("\n\n")
    assert "\n\n\n" not in text


# Right answers of the worked numbers that no formula, table or question of the text has to print.
SHARES = (0.25 / 0.34, 0.5 / 0.59, 2.0 / 2.09)
TOTALS = (0.59, 0.34, 2.09, 0.14, 0.80685, 0.7490, 1.1250, 2.9014, 0.03331, 1.4431, 0.0304, 0.4217, 1.8952, 0.52, 1.6)
WORDS = ("{2, 4, 6}", "{1, 3, 5, 7, 8}", '"A": "', '"B": "', '"C": "')


def test_no_worked_number_stands_in_its_notebook() -> None:
    """No right answer to a worked number is printed, to two decimals or more, in the notebook that asks for it."""
    text = text_of("01_worked_numbers")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    printed = set(re.findall(r"(?<![\w.])\d+\.\d\d+", prose)) - {"0.90"}
    for right in (*TOTALS, *SHARES, *(100 * share for share in SHARES), 10 / 3):
        assert not any(float(number) == round(right, len(number.partition(".")[2])) for number in printed), right
    assert not any(words in text for words in WORDS)


def test_expected_pictures_are_small_and_all_shown() -> None:
    """Every committed expected picture is shown by a text, below the cell that draws it, and has at most 25 kB; 350 kB in all."""
    folder = TEXTS / "images" / "expected"
    there = {path.stem: path.stat().st_size for path in folder.iterdir()}
    shown: list[str] = []
    for stem in STEMS:
        text = text_of(stem)
        for name in re.findall(r"\(images/expected/(.+)\.png\)", text):
            shown.append(name)
            assert f'```python draws="{name.removeprefix(stem + "-")}"' in text.partition(f"expected/{name}.png")[0]
    assert sorted(shown) == sorted(there)
    assert 0 < min(there.values()) <= max(there.values()) <= 25_000
    assert sum(there.values()) <= 350_000


@pytest.mark.parametrize("stem", STEMS)
def test_drawing_cells_need_only_what_they_name(stem: str) -> None:
    """A drawing cell stands wholly inside `with needs(...)`, and names the exercises that it or our setup calls, all above it."""
    written: list[str] = []
    ours: dict[str, str] = {}
    for cell in cells_of(stem):
        if "setup" in cell.metadata:
            ours |= dict.fromkeys(re.findall(r"(?m)^def (\w+)", cell.source), cell.source)
        if "exercise" in cell.metadata:
            written.append(cell.metadata["exercise"])
        if "draws" not in cell.metadata:
            continue
        head, *body = cell.source.splitlines()
        named = re.findall(r'"(\w+)"', head)
        assert re.fullmatch(r'with needs\(("\w+"(, "\w+")*)?\):', head)
        assert all(line.startswith("    ") or not line for line in body)
        inside = "\n".join(body)
        inside += "".join(source for name, source in ours.items() if re.search(rf"\b{name}\b", inside))
        if stem in SIGNATURES:
            called = [name for name in EXERCISES[stem] if re.search(rf"(?<![\w.]){name}\b(?!\"|=)", inside)]
        else:
            called = [
                name
                for name in EXERCISES[stem]
                if any(re.search(rf"\b{one}\b", inside) for one in VARIABLES[name] if one != "z")
            ]
        assert set(called) == set(named)
        assert named == [name for name in EXERCISES[stem] if name in named]
        assert set(named) <= set(written)


@pytest.mark.parametrize("stem", STEMS)
def test_models_are_loaded_only_to_draw(stem: str) -> None:
    """No cell that grading runs reads the models or asks for them."""
    for cell in cells_of(stem):
        if cell.cell_type == "code" and "draws" not in cell.metadata:
            assert "models" not in cell.source


def test_names_of_locked_cells_are_unique() -> None:
    """Within a lesson no two cells share a name, and no picture is named like an exercise."""
    for stem in STEMS:
        keys = ("setup", "exercise", "draws")
        names = [cell.metadata[key] for cell in cells_of(stem) for key in keys if key in cell.metadata]
        assert len(names) == len(set(names))
        assert names[0] == "imports"


def draws_a_picture(cell: Any) -> bool:
    """Whether a locked cell draws: the tables of one's own numbers and the overview at the end are words."""
    name = cell.metadata.get("draws", LEFT)
    return name != LEFT and not name.startswith("table_")


@contextmanager
def bare_needs(*names: str) -> Iterator[None]:
    """Stand for the helper of the release, but let every exception through."""
    yield


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Stand in the lessons' folder with stand-in helpers and a backend that shows nothing; yield the names of a run."""
    checks = ModuleType("checks")
    vars(checks).update(check=lambda name: None, needs=bare_needs, progress=lambda: None, todo=lambda: None)
    # Its own modules are those that students have: cells that show tables take them from there.
    checks.__path__ = [str(BUILT / "checks")]
    monkeypatch.setitem(sys.modules, "checks", checks)
    # The built folder: what students have beside a notebook, the course's numbers too.
    monkeypatch.chdir(BUILT)
    monkeypatch.syspath_prepend(str(BUILT))
    with mpl.rc_context():
        plt.switch_backend("agg")
        yield {"__name__": "lesson"}
        plt.close("all")
    for name in [name for name in sys.modules if name == "data" or name.startswith(("data.", "checks."))]:
        del sys.modules[name]


def answer(stem: str, name: str) -> dict[str, Any]:
    """Return what the answer cell of an exercise defines, from the reference solution."""
    solutions = vars(solution_of(stem))
    return {one: solutions[one] for one in (VARIABLES[name] if stem not in SIGNATURES else (name,))}


def named_ticks(axis: Axis) -> bool:
    """Return whether an axis has a label, or shows no numbers that would need one."""
    shown = [label.get_text() for label in axis.get_ticklabels() if label.get_visible() and label.get_text()]
    params = axis.get_tick_params()
    hidden = not (params.get("labelbottom", True) and params.get("labelleft", True))
    words = all(re.search(r"[A-Za-z]", re.sub(r"\\mathdefault|\\times", "", text)) for text in shown)
    return bool(axis.get_label_text()) or hidden or words


def look_at(figure: Figure) -> None:
    """Fail where a picture would be hard to read at its size: numbers without a name, small type, too wide."""
    assert figure.get_size_inches()[0] <= 9.6
    axes: list[Axes] = figure.get_axes()
    for axes_of_plot in axes:
        if axes_of_plot.axison and axes_of_plot.get_label() != "<colorbar>":
            assert named_ticks(axes_of_plot.xaxis), axes_of_plot.get_title(loc="left")
            assert named_ticks(axes_of_plot.yaxis), axes_of_plot.get_title(loc="left")
    for text in figure.findobj(Text):
        assert not text.get_text() or not text.get_visible() or float(text.get_fontsize()) >= 9.9, text.get_text()


@pytest.mark.parametrize("stem", STEMS)
def test_lesson_runs_with_the_solutions(stem: str, stage: dict[str, Any]) -> None:
    """With the reference solutions every cell runs without a warning, and every drawing cell draws a readable picture."""
    for cell in cells_of(stem):
        if "exercise" in cell.metadata:
            stage |= answer(stem, cell.metadata["exercise"])
        elif cell.cell_type == "code":
            exec(compile(cell.source, f"{stem}.md", "exec"), stage)
        if draws_a_picture(cell):
            assert plt.get_fignums()
            plt.gcf().canvas.draw()
            look_at(plt.gcf())
            plt.close("all")


@pytest.mark.parametrize("stem", STEMS)
def test_unwritten_functions_leave_no_empty_picture(stem: str, stage: dict[str, Any]) -> None:
    """While its functions are unwritten, a drawing cell stops before it opens a figure."""

    def unwritten(*args: Any, **kwargs: Any) -> None:
        raise NotImplementedError

    for cell in cells_of(stem):
        if "exercise" in cell.metadata and stem in SIGNATURES:
            stage[cell.metadata["exercise"]] = unwritten
        elif "setup" in cell.metadata:
            exec(compile(cell.source, f"{stem}.md", "exec"), stage)
        elif cell.metadata.get("draws") and "needs()" not in cell.source:
            with pytest.raises((NotImplementedError, NameError)):
                exec(compile(cell.source, f"{stem}.md", "exec"), stage)
            assert not plt.get_fignums()


@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("stem", STEMS)
def test_a_half_solved_copy_is_pleasant(
    stem: str, turn: int, stage: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """With every other exercise solved nothing raises; what cannot be drawn yet says in one line what is missing."""
    vars(sys.modules["checks"])["needs"] = needs

    def unwritten(*args: Any, **kwargs: Any) -> None:
        raise NotImplementedError

    for cell in cells_of(stem):
        name = cell.metadata.get("exercise", "")
        if name and EXERCISES[stem].index(name) % 2 == turn:
            stage |= answer(stem, name)
        elif name and stem in SIGNATURES:
            stage[name] = unwritten
        elif "setup" in cell.metadata or "draws" in cell.metadata:
            exec(compile(cell.source, f"{stem}.md", "exec"), stage)
        said = capsys.readouterr().out
        if draws_a_picture(cell):
            assert bool(plt.get_fignums()) != bool(said)
            assert re.fullmatch(
                r"(This part needs (`\w+`(, )?)+\. Write what is missing, then run this cell again\.\n)?", said
            )
            plt.close("all")


# Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopes": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopes": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopes": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


@pytest.mark.parametrize("reader", SEEN_BY)
def test_the_ten_colours_can_be_told_apart(reader: str) -> None:
    """Any two of the ten digit colours differ by 15 or more in CIELAB, for colour-blind readers as well."""
    style = mpl.rc_params_from_file(TEXTS / "data" / "chapter.mplstyle", use_default_template=False)
    colours = np.array([to_rgb(one["color"]) for one in style["axes.prop_cycle"]])
    assert len(colours) == 10
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(SEEN_BY[reader]).T, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    f = np.cbrt(np.maximum(seen @ to_xyz.T / [0.95047, 1, 1.08883], 1e-9))
    lab = np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)
    apart = np.linalg.norm(lab[:, None] - lab, axis=2)[~np.eye(10, dtype=bool)]
    assert apart.min() >= 15
