from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from autograder.batch import keys
from autograder.batch.keys import base_key, grader_version, verdict_key
from autograder.course.layout import Layout, module_name
from autograder.course.settings import FILE, Config, ConfigError, load_config, note_on_seed
from autograder.sandbox.limits import Limits
from tests.conftest import ROOT


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A course with one text, one built notebook and one data file."""
    layout = Layout(tmp_path, "vae")
    for folder in (layout.texts, layout.source / "data"):
        folder.mkdir(parents=True)
    (layout.texts / "03_gaussian_kl.md").write_text("# KL\n")
    (layout.source / "03_gaussian_kl.ipynb").write_text("{}\n")
    (layout.source / "data" / "digits.npz").write_bytes(b"digits")
    return layout


def settings(layout: Layout, text: str) -> Config:
    """The settings that a file of this text gives."""
    (layout.texts / FILE).write_text(text, encoding="utf-8")
    return load_config(layout)


def test_without_a_file_the_defaults_serve(layout: Layout) -> None:
    """An assignment without a settings file has the default settings."""
    assert load_config(layout) == Config()


def test_settings_are_read(layout: Layout) -> None:
    """Title, seed and single limits are read; limits that are not named keep their defaults."""
    found = settings(layout, 'title = "VAE"\nseed = 42\n[limits]\ncell_seconds = 5\nmemory_mb = 512\n')
    assert (found.title, found.seed) == ("VAE", 42)
    assert found.limits == replace(Limits(), cell_seconds=5, memory_mb=512)


def test_what_an_instructor_chooses_is_read(layout: Layout) -> None:
    """Exercises left out, extras and other points are read as they stand."""
    found = settings(layout, 'leave_out = ["slerp"]\nextras = ["card_game"]\n[points]\nlerp = 2\nencode = 1.25\n')
    assert (found.leave_out, found.extras, found.points) == (("slerp",), ("card_game",), {"lerp": 2, "encode": 1.25})


def test_questions_are_named_with_and_without_quotation_marks(layout: Layout) -> None:
    """TOML reads a bare name with a point as a table in a table: for an instructor both spellings are one question."""
    found = settings(layout, '[written]\n"03_gaussian_kl.2" = 2\n06_linear_vae.1 = 1.5\n06_linear_vae.4 = 0\n')
    assert found.written == {"03_gaussian_kl.2": 2, "06_linear_vae.1": 1.5, "06_linear_vae.4": 0}
    assert Config().written == {}


@pytest.mark.parametrize(
    ("text", "words", "utc"),
    [
        ("2026-12-01T23:59:00", "1 December 2026, 23:59 (UTC)", "2026-12-01T23:59:00"),
        ("2026-12-01T23:59:00Z", "1 December 2026, 23:59 (UTC)", "2026-12-01T23:59:00"),
        ("2026-12-31 23:59:00-05:00", "31 December 2026, 23:59 (UTC-05:00)", "2027-01-01T04:59:00"),
        ("2027-03-09T08:00:00+01:00", "9 March 2027, 08:00 (UTC+01:00)", "2027-03-09T07:00:00"),
    ],
)
def test_a_date_means_the_same_everywhere(layout: Layout, text: str, words: str, utc: str) -> None:
    """With or without an offset, a due date is told and kept alike on machines of any time zone and language."""
    found = settings(layout, f"due = {text}\n")
    assert found.due_words == words
    assert found.due_utc is not None
    assert found.due_utc.isoformat() == utc


def test_without_a_date_nothing_is_due() -> None:
    """No date gives no words and no time."""
    assert (Config().due_words, Config().due_utc) == ("", None)


def test_the_committed_settings_are_sound(committed: Layout) -> None:
    """The settings of this repository's assignment can be read."""
    assert load_config(committed).title


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seed = ", "is no valid TOML"),
        (
            "sead = 3",
            "there is no setting called 'sead'; there are title, seed, numbers, due, leave_out, extras, points, written, limits.",
        ),
        ("due = 2026-12-01", "due must be a date and time like 2026-12-01T23:59:00+01:00, but is 2026-12-01."),
        ('due = "tomorrow"', "due must be a date and time like 2026-12-01T23:59:00+01:00, but is 'tomorrow'."),
        ('leave_out = "slerp"', "leave_out must be a list of names, but is 'slerp'."),
        ("leave_out = [3]", "leave_out must be a list of names, but holds 3."),
        ('leave_out = ["slerp", "slerp"]', "leave_out names 'slerp' twice; keep one."),
        ('extras = ["../secret"]', "extras must be a list of names, but holds '../secret'."),
        (
            "[points]\nslerp = -1",
            "the points of slerp must be a number from 0 up with two decimals at most, but are -1.",
        ),
        (
            "[points]\nslerp = 0.125",
            "the points of slerp must be a number from 0 up with two decimals at most, but are",
        ),
        (
            "[points]\nslerp = true",
            "the points of slerp must be a number from 0 up with two decimals at most, but are True.",
        ),
        (
            "[points]\nslerp = inf",
            "the points of slerp must be a number from 0 up with two decimals at most, but are inf.",
        ),
        (
            'leave_out = ["slerp"]\n[points]\nslerp = 1',
            "slerp has points and is left out as well; take out one of the two.",
        ),
        ("written = 3", "written must be dict, but is 3."),
        (
            "[written]\nslerp = 1",
            'written names a question by its notebook and its place under "Think it over", like "03_gaussian_kl.2", but '
            "holds 'slerp'.",
        ),
        ('[written]\n"03_gaussian_kl.0" = 1', "but holds '03_gaussian_kl.0'."),
        ("[written.03_gaussian_kl.2]\npoints = 1", "the points of 03_gaussian_kl.2 must be a number from 0 up"),
        (
            '[written]\n"03_gaussian_kl.2" = -1',
            "the points of 03_gaussian_kl.2 must be a number from 0 up with two decimals at most, but are -1.",
        ),
        (
            '[written]\n"03_gaussian_kl.2" = 0.125',
            "the points of 03_gaussian_kl.2 must be a number from 0 up with two decimals at most, but are 0.125.",
        ),
        (
            '[written]\n"03_gaussian_kl.2" = true',
            "the points of 03_gaussian_kl.2 must be a number from 0 up with two decimals at most, but are True.",
        ),
        (
            '[written]\n"03_gaussian_kl.2" = 1\n03_gaussian_kl.2 = 1',
            "written names '03_gaussian_kl.2' twice; keep one.",
        ),
        ('seed = "3"', "seed must be int, but is '3'."),
        ("seed = 3.0", "seed must be int, but is 3.0."),
        ("seed = true", "seed must be int, but is True."),
        ("title = 3", "title must be str, but is 3."),
        ("limits = 3", "limits must be dict, but is 3."),
        ("[limits]\ncell_secs = 3", "there is no limit called 'cell_secs'; there are cell_seconds, call_seconds"),
        ("[limits]\ncell_seconds = 0", "the limit cell_seconds must be a positive number, but is 0."),
        ("[limits]\ncell_seconds = -1.5", "the limit cell_seconds must be a positive number, but is -1.5."),
        ('[limits]\ncell_seconds = "9"', "the limit cell_seconds must be a positive number, but is '9'."),
        ("[limits]\ncell_seconds = true", "the limit cell_seconds must be a positive number, but is True."),
        ("[limits]\nfiles = 2.5", "the limit files must be a positive"),
        ("[limits]\ncell_seconds = nan", "the limit cell_seconds must be a positive number, but is nan."),
        ("[limits]\ncell_seconds = inf", "the limit cell_seconds must be a positive number, but is inf."),
    ],
)
def test_wrong_settings_are_refused_in_a_sentence(layout: Layout, text: str, sentence: str) -> None:
    """What cannot be used is refused with the file, the setting, what must hold and what stands there."""
    with pytest.raises(ConfigError) as error:
        settings(layout, text)
    assert sentence in str(error.value)
    assert FILE in str(error.value)


def test_settings_that_are_no_text_are_refused(layout: Layout) -> None:
    """A settings file that is no UTF-8 is refused in a sentence too."""
    (layout.texts / FILE).write_bytes(b"title = '\xff'")
    with pytest.raises(ConfigError, match="is no valid TOML"):
        load_config(layout)


def test_the_key_stands_still_when_nothing_changes(layout: Layout) -> None:
    """The same course has the same key, whatever lies beside its notebooks."""
    before = base_key(layout, Config(), "walls")
    (layout.source / "notes.txt").write_text("nothing")
    (layout.source / "03_gaussian_kl.ipynb").touch()
    (layout.source / "data" / "chapter.mplstyle").write_text("figure.dpi: 100")
    (layout.source / "extras").mkdir()
    (layout.source / "extras" / "card_game.ipynb").write_text("{}")
    (layout.texts / "03_gaussian_kl.md").write_text("# Another text, not built yet\n")
    assert base_key(layout, Config(), "walls") == before


def test_the_key_changes_with_what_stands_on_the_pages(layout: Layout) -> None:
    """The title stands on every page: with another one no old page counts as made."""
    assert base_key(layout, Config(title="Another title"), "walls") != base_key(layout, Config(), "walls")


def test_the_key_changes_with_the_seed(layout: Layout) -> None:
    """Every seed has its own key."""
    assert len({base_key(layout, Config(seed=seed), "walls") for seed in (-1, 0, 1, 2, 10**9)}) == 5


def test_the_key_changes_with_every_limit(layout: Layout) -> None:
    """Each single limit is part of the key."""
    limits = Limits()
    changed = [replace(limits, **{item.name: getattr(limits, item.name) + 1}) for item in fields(Limits)]
    found = {base_key(layout, Config(limits=one), "walls") for one in (limits, *changed)}
    assert len(found) == len(changed) + 1


def test_the_key_changes_with_the_isolation(layout: Layout) -> None:
    """A verdict reached without walls is no verdict reached within them."""
    assert base_key(layout, Config(), "walls") != base_key(layout, Config(), "none")


@pytest.mark.parametrize("change", ["content", "name", "new", "gone", "data", "module"])
def test_the_key_changes_with_the_built_notebooks(layout: Layout, change: str) -> None:
    """The bytes and names of the built notebooks and their data are part of the key."""
    before = base_key(layout, Config(), "walls")
    notebook = layout.source / "03_gaussian_kl.ipynb"
    if change == "content":
        notebook.write_text("{ }\n")
    elif change == "name":
        notebook.rename(layout.source / "04_gaussian_kl.ipynb")
    elif change == "new":
        (layout.source / "04_more.ipynb").write_text("{}\n")
    elif change == "gone":
        notebook.unlink()
    elif change == "module":
        (layout.source / "data" / "models.py").write_text("x = 1")
    else:
        (layout.source / "data" / "digits.npz").write_bytes(b"other digits")
    assert base_key(layout, Config(), "walls") != before


def test_files_cannot_stand_in_for_each_other(layout: Layout) -> None:
    """Two notebooks that swap their contents give another key."""
    (layout.source / "04_more.ipynb").write_text("[]\n")
    before = base_key(layout, Config(), "walls")
    (layout.source / "03_gaussian_kl.ipynb").write_text("[]\n")
    (layout.source / "04_more.ipynb").write_text("{}\n")
    assert base_key(layout, Config(), "walls") != before


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small package in the grader's place."""
    package = tmp_path / "package"
    (package / "checks").mkdir(parents=True)
    (package / "checks" / "running.py").write_text("x = 1\n")
    (package / "grading.py").write_text("y = 1\n")
    monkeypatch.setattr(keys, "_PACKAGE", package)
    return package


def fresh_version() -> str:
    """The grader's version, worked out anew."""
    found: str = grader_version.__wrapped__()
    return found


@pytest.mark.parametrize("change", ["code", "deep", "new", "moved"])
def test_the_key_changes_with_the_graders_code(package: Path, change: str) -> None:
    """Any change of the grader's code, at whatever depth, makes another version."""
    before = fresh_version()
    assert fresh_version() == before
    if change == "code":
        (package / "grading.py").write_text("y = 2\n")
    elif change == "deep":
        (package / "checks" / "running.py").write_text("x = 1  # said better\n")
    elif change == "new":
        (package / "more.py").write_text("")
    else:
        (package / "grading.py").rename(package / "checks" / "grading.py")
    assert fresh_version() != before


def test_what_is_no_code_makes_no_version(package: Path) -> None:
    """Compiled files and notes are no part of the grader's version."""
    before = fresh_version()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "grading.cpython-311.pyc").write_bytes(b"compiled")
    (package / "notes.md").write_text("notes")
    assert fresh_version() == before


@pytest.mark.parametrize(
    "name", ["output/export/canvas.py", "authoring/new.py", "authoring/builder/nbgrader_config.py", "cli/words.py"]
)
def test_what_makes_no_verdict_makes_no_version(package: Path, name: str) -> None:
    """A new export format, a help text or a setting of nbgrader is no reason to grade a class anew."""
    before = fresh_version()
    (package / name).parent.mkdir(parents=True)
    (package / name).write_text("z = 1\n")
    assert fresh_version() == before


@pytest.mark.usefixtures("package")
def test_the_key_changes_with_what_draws_and_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other versions of numpy, hypothesis or Python make another version of the grader."""
    found = {fresh_version()}
    real = keys.version
    for name in ("numpy", "hypothesis"):

        def other(asked: str, changed: str = name) -> str:
            return "0.0" if asked == changed else real(asked)

        monkeypatch.setattr(keys, "version", other)
        found.add(fresh_version())
    monkeypatch.setattr(keys, "version", real)
    monkeypatch.setattr(keys.platform, "python_version", lambda: "3.99.0")
    found.add(fresh_version())
    assert len(found) == 4


def test_every_submission_has_its_own_key() -> None:
    """The key of a verdict goes by the batch's key and by the submission, and the two cannot run into each other."""
    found = {verdict_key("a", "b"), verdict_key("a", "c"), verdict_key("b", "b"), verdict_key("ab", "")}
    assert len(found) == 4
    assert verdict_key("a", "b") == verdict_key("a", "b")
    assert all(len(key) == 64 for key in found)


_PRINT_KEY = """
from pathlib import Path
from autograder.course.settings import Config
from autograder.batch.keys import base_key, verdict_key
from autograder.course.layout import Layout
print(verdict_key(base_key(Layout(Path({course!r}), "vae"), Config(seed=3), "walls"), "digest"))
"""


def test_the_key_is_the_same_in_every_process(layout: Layout) -> None:
    """Keys do not depend on the process or on the seed of Python's hashes."""
    here = verdict_key(base_key(layout, Config(seed=3), "walls"), "digest")
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        script = _PRINT_KEY.format(course=str(layout.course))
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == here


@pytest.mark.parametrize(
    ("stem", "module"),
    [("03_gaussian_kl", "gaussian_kl"), ("10_x", "x"), ("gaussian_kl", "gaussian_kl"), ("02_a_3", "a_3")],
)
def test_modules_are_named_by_the_stem(stem: str, module: str) -> None:
    """The modules of a notebook have its name without the number."""
    assert module_name(stem) == module


def test_texts_are_found_by_their_names(layout: Layout) -> None:
    """The notebooks of an assignment are its numbered texts, in order; other files are none."""
    for name in ("10_last.md", "02_first.md", "README.md", "3_short.md", "04_Upper.md", "05_note.txt"):
        (layout.texts / name).write_text("")
    assert layout.stems() == ["02_first", "03_gaussian_kl", "10_last"]


def test_limits_of_plain_numbers_come_back() -> None:
    """Limits sent as plain numbers come back as they were, and unknown names are left out."""
    limits: Any = replace(Limits(), cell_seconds=1.5, files=7)
    assert Limits.of({**limits.plain(), "unknown": 3}) == limits


def test_the_seed_that_everybody_can_read_is_named(committed: Layout) -> None:
    """The seed of the repository's own settings is known as such, and a course's own seed is worth no word."""
    shipped = load_config(committed)
    assert "so students can read it" in note_on_seed(shipped)
    assert note_on_seed(replace(shipped, seed=shipped.seed + 1)) == ""
