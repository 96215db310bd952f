"""`python -m checks` in an unzipped release, the zip file to hand in, and the overview at a notebook's end."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest

from autograder.authoring.sample_submissions import answer_cell, fill, reference_answers, released, write_submission
from autograder.checks import __main__ as entry
from autograder.checks import answer_form, answer_tables, registry
from autograder.checks.examples import bank, hundredths
from autograder.checks.exercise import Exercise, Fault
from autograder.checks.judges import law
from autograder.checks.rendering import as_text
from autograder.checks.student import (
    file_watcher,
    isolated_check,
    notebook,
    notebook_file,
    progress,
    student_check,
    terminal,
)
from autograder.checks.student.notebook import TITLE, Interrupted
from autograder.checks.student.notebook_file import Cell, Unreadable
from autograder.checks.verdict import Finding, Verdict
from autograder.course.layout import Layout
from tests.conftest import ROOT

STEM, NAME = "03_gaussian_kl", "03_gaussian_kl.ipynb"
WRONG = "def gaussian_kl(mu, sigma):\n    return 0.5 * (mu**2 + sigma - 1 - np.log(sigma))\n"
ENDLESS = "def kl_weight(epoch, warmup=10):\n    while True:\n        pass\n"

Unzipped = Callable[..., Path]


@pytest.fixture
def unzipped(committed: Layout, tmp_path: Path) -> Unzipped:
    """Make a release with the reference answers in some notebooks, and other answers by exercise over them."""

    def made(*stems: str, **answers: str) -> Path:
        folder = tmp_path / "vae"
        shutil.copytree(committed.release, folder, ignore=shutil.ignore_patterns("__pycache__"))
        notebooks = released(folder)
        fill({stem: notebooks[stem] for stem in stems}, reference_answers(committed.source))
        fill(notebooks, answers)
        write_submission(folder, notebooks)
        return folder

    return made


@pytest.fixture
def tabled(committed: Layout, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tables as they lie beside the checks of a release."""
    load = answer_tables.load
    folder = committed.release / "checks" / "tables"
    monkeypatch.setattr(answer_tables, "load", lambda module, exercise: load(module, exercise, folder))
    registry.public_examination.cache_clear()
    yield
    registry.public_examination.cache_clear()


def checks(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m checks` in a folder as a student does."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "checks", *arguments],
        cwd=folder,
        env={**kept, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def flat(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


# In an unzipped release


def test_a_right_notebook_shows_its_tables_and_ends_with_nothing(
    unzipped: Unzipped, committed: Layout, tabled: None
) -> None:
    """With all answers right the exit code is 0, and each check's table is there, word for word as in the notebook."""
    done = checks(unzipped(STEM), NAME)
    assert (done.returncode, done.stderr) == (0, "")
    names: dict[str, Any] = {"np": np}
    for name in ("gaussian_kl", "kl_shift_spread", "active_units"):
        exec(reference_answers(committed.source)[name], names)
    for name in ("gaussian_kl", "kl_shift_spread", "active_units"):
        assert flat(as_text(student_check.examine(name, names), TITLE)) in flat(done.stdout)
    assert f"{NAME}: 6 of 6 exercises hold." in done.stdout


def test_a_fresh_release_says_what_is_not_written(unzipped: Unzipped, committed: Layout) -> None:
    """Without a file all notebooks are checked; what is not written is no failure by name, but the exit code is 1."""
    done = checks(unzipped(), "--brief")
    assert (done.returncode, done.stderr) == (1, "")
    for stem in committed.stems():
        assert f"{stem}.ipynb" in done.stdout
    assert len(re.findall("… not written", done.stdout)) == len(reference_answers(committed.source))
    assert "✗" not in done.stdout
    assert "!" not in done.stdout


def test_a_wrong_answer_is_told_as_in_the_notebook(unzipped: Unzipped) -> None:
    """A known mistake is named with the input that shows it; the exit code is 1, and what is right beside it holds."""
    done = checks(unzipped(STEM, gaussian_kl=WRONG), STEM)
    told = flat(done.stdout)
    assert done.returncode == 1
    assert "✗ breaks worked values" in told
    assert "Smallest input that breaks it: gaussian_kl(mu=0, sigma=2)" in told
    assert "Likely mistake: sigma where the variance belongs." in told
    # The activity of a unit is told by the divergence, so it breaks along with it.
    assert "4 of 6 exercises hold, 2 break." in told


def test_what_hangs_or_dies_is_named_and_the_rest_is_checked(unzipped: Unzipped) -> None:
    """An endless function, an answer cell that never ends or ends Python, and an error: each is told, none hides the rest."""
    folder = unzipped(
        STEM,
        kl_weight=ENDLESS,
        beta_vae_loss="while True:\n    pass",
        kl_shift_spread="import os\nos._exit(3)",
        kl_from_log_var="def kl_from_log_var(mu, log_var)\n    return mu",
    )
    # Importing matplotlib in the cell before them takes a third of a second, and several where the machine is busy.
    done = checks(folder, NAME, "--limit", "8")
    told = flat(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    for expected in (
        "! The check of `kl_weight` did not end within 8 seconds (is there a loop that never ends?), and was left out.",
        "! The answer cell of `beta_vae_loss` did not end within 8 seconds",
        "! The answer cell of `kl_shift_spread` ended the process (exit code 3), and was left out.",
        "! The answer cell of `kl_from_log_var` stopped with SyntaxError: expected ':' (line 1 of the cell).",
        "gaussian_kl: your own check (not the grade) 8 of 8 checks hold",
        f"{NAME}: 2 of 6 exercises hold, 4 break.",
    ):
        assert expected in told, expected


def test_matplotlib_is_not_needed(unzipped: Unzipped, tmp_path: Path) -> None:
    """Where matplotlib is missing everything is checked all the same."""
    folder = unzipped(STEM)
    broken = tmp_path / "without" / "matplotlib.py"
    broken.parent.mkdir()
    broken.write_text("raise ModuleNotFoundError('No module named matplotlib', name='matplotlib')")
    done = checks(folder, NAME, "--brief", PYTHONPATH=str(broken.parent))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_terminals_that_know_few_letters_get_a_report(unzipped: Unzipped, encoding: str) -> None:
    """Where ✓ and μ cannot be printed the words are."""
    done = checks(unzipped(STEM), NAME, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "? holds" in done.stdout


def test_a_reader_that_has_seen_enough_is_no_error(unzipped: Unzipped) -> None:
    """`python -m checks | head -1` ends without a traceback."""
    command = f"{sys.executable} -m checks {NAME} | head -1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=unzipped(), capture_output=True, text=True, check=False, timeout=600
    )
    assert done.stderr == ""


def test_stopped_by_hand_it_packs_all_the_same(unzipped: Unzipped) -> None:
    """Ctrl-C while checking before packing ends the checks, not the packing."""
    folder = unzipped(kl_weight="while True:\n    pass")
    command = [sys.executable, "-u", "-m", "checks", "--pack", NAME]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        # What a shell starts in the background ignores Ctrl-C, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:  # fmt: skip
        assert running.stdout is not None
        told = ""
        while "still at" not in told:
            told = running.stdout.readline()
            assert told, "it ended before it was stopped"
        running.send_signal(signal.SIGINT)
        try:
            rest = running.communicate(timeout=300)[0]
        finally:
            running.kill()
    assert running.returncode == 0
    assert "Checking was stopped. Packing goes on." in rest
    assert zipfile.ZipFile(folder / "hand_in.zip").namelist() == [NAME]


def test_without_numpy_packing_still_works(unzipped: Unzipped) -> None:
    """Where numpy is missing checking says what to install, and packing packs."""
    folder = unzipped()
    command = [sys.executable, "-I", "-S", "-c"]
    script = "import sys; sys.path.insert(0, '.'); from checks.__main__ import main; sys.exit(main(sys.argv[1:]))"
    asked = subprocess.run([*command, script], cwd=folder, capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert "numpy and hypothesis cannot be found" in asked.stderr
    assert "pip install -r requirements.txt" in asked.stderr
    packed = subprocess.run([*command, script, "--pack"], cwd=folder, capture_output=True, text=True, check=False)
    assert packed.returncode == 0
    assert "Nothing was checked" in packed.stderr
    assert NAME in zipfile.ZipFile(folder / "hand_in.zip").namelist()


# Finding the notebooks


@pytest.fixture
def asked(unzipped: Unzipped, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Call the command in this process, for a release in a folder of its own."""
    folder = unzipped()
    monkeypatch.setattr(entry, "FOLDER", folder)
    monkeypatch.chdir(folder)

    def call(*arguments: str) -> tuple[int, str]:
        return entry.main(arguments), str(folder)

    return call


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("03_gausian_kl.ipynb", "There is no notebook 03_gausian_kl.ipynb. Did you mean 03_gaussian_kl.ipynb?"),
        ("homework", "There is no notebook homework. In "),
        ("broken.ipynb", "broken.ipynb is no notebook (any more): open it in Jupyter and save it again"),
        ("other.ipynb", "other.ipynb holds none of the exercises. In "),
        ("picture.ipynb", "picture.ipynb cannot be read: it is no text."),
    ],
)
def test_what_cannot_be_checked_is_refused_in_a_sentence(asked: Any, capsys: Any, argument: str, sentence: str) -> None:
    """A wrong name, a broken file, somebody else's notebook: one sentence that says what to do, and exit code 2."""
    Path("broken.ipynb").write_text("{", encoding="utf-8")
    Path("other.ipynb").write_text('{"cells": []}', encoding="utf-8")
    Path("picture.ipynb").write_bytes(b"\xff\xfe\x00")
    code, _ = asked(argument)
    told = capsys.readouterr()
    assert (code, told.out) == (2, "")
    assert told.err.startswith(sentence)
    assert len(told.err.splitlines()) == 1


def test_a_renamed_notebook_is_checked_and_called_by_its_name(asked: Any, capsys: Any) -> None:
    """A notebook under another name is known by its exercises, and asked to take its own name back."""
    Path(NAME).rename("mine.ipynb")
    code, _ = asked("mine.ipynb", "--brief")
    assert code == 1
    assert f"mine.ipynb holds the exercises of {NAME}. Please give it that name" in flat(capsys.readouterr().out)


def test_a_folder_without_notebooks_is_told_what_is_missing(asked: Any, capsys: Any) -> None:
    """Where the folder checks/ stands alone, the whole release is asked for."""
    for path in Path().glob("*.ipynb"):
        path.unlink()
    assert asked()[0] == 2
    assert "unzip the whole release" in capsys.readouterr().err


def test_a_release_without_exercises_is_told_so(unzipped: Unzipped, monkeypatch: Any) -> None:
    """Checks of no exercise are refused."""
    monkeypatch.setattr(terminal, "modules", dict)
    with pytest.raises(terminal.Refused, match="holds no checks of exercises"):
        terminal.Terminal(unzipped())


@pytest.mark.parametrize("limit", ["0", "-1", "soon", "nan"])
def test_a_limit_is_a_time(limit: str, capsys: Any) -> None:
    """A limit that is no time is refused by the command's usage."""
    with pytest.raises(SystemExit) as stopped:
        entry.main(["--limit", limit])
    assert stopped.value.code == 2
    assert "--limit" in capsys.readouterr().err


def test_the_command_prints_tables_or_lines(asked: Any, committed: Layout, capsys: Any) -> None:
    """In full each exercise has its table and the last line says that this is no grade; in brief it has a line, and notes."""
    notebooks = released(committed.release)
    fill(notebooks, reference_answers(committed.source) | {"kl_weight": "1 / 0"})
    write_submission(Path(), notebooks)
    assert asked(NAME)[0] == 1
    told = flat(capsys.readouterr().out)
    assert re.search(r"gaussian_kl: your own check \(not the grade\) (\d) of \1 checks hold", told)
    assert (
        "! The answer cell of `kl_weight` stopped with ZeroDivisionError: division by zero (line 1 of the cell)."
        in told
    )
    assert told.endswith(notebook.FOOTER)
    assert asked(NAME, "--brief")[0] == 1
    told = flat(capsys.readouterr().out)
    assert "✓ holds Exercise 1, gaussian_kl (4 points) all checks hold" in told
    assert "✗ breaks Exercise 5, kl_weight (3 points) its answer cell does not run to its end" in told
    assert "! The answer cell of `kl_weight`" in told
    assert asked("04_reparameterisation")[0] == 0


def test_a_broken_notebook_beside_others_is_said_and_passed_over(asked: Any, monkeypatch: Any, capsys: Any) -> None:
    """Among all notebooks one that cannot be read is told in a sentence, and the others are checked."""
    Path(NAME).write_text("{", encoding="utf-8")
    monkeypatch.setattr(terminal, "watch", lambda path, *_: notebook_file.read(path) and file_watcher.NotebookRun())
    assert asked("--brief")[0] == 1
    told = flat(capsys.readouterr().out)
    assert f"{NAME} is no notebook (any more)" in told
    assert "04_reparameterisation.ipynb: Drawing so that gradients can pass: 0 of 4 exercises hold, 4 break" in told


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (BrokenPipeError(), 1)])
def test_ends_from_outside_have_codes_of_their_own(
    asked: Any, monkeypatch: Any, capfd: Any, error: Any, code: int
) -> None:
    """Ctrl-C ends with 130, a reader who went away with 1, both without a traceback."""

    def main(*_: Any) -> int:
        raise error

    monkeypatch.setattr(terminal.Terminal, "main", main)
    assert asked()[0] == code
    assert "Traceback" not in capfd.readouterr().err


def test_without_packages_checking_says_so_and_packing_packs(asked: Any, monkeypatch: Any, capsys: Any) -> None:
    """Where hypothesis is missing checks are refused with what to type; packing goes on, and says where it cannot."""
    monkeypatch.setattr(entry.importlib.util, "find_spec", lambda _: None)
    assert asked()[0] == 2
    assert "python -m pip install -r requirements.txt" in capsys.readouterr().err
    assert asked("--pack")[0] == 0
    assert NAME in zipfile.ZipFile("hand_in.zip").namelist()
    assert asked("--out", "x.tar")[0] == 2
    for path in Path().glob("*.ipynb"):
        path.unlink()
    assert asked("--pack")[0] == 2
    assert "There is no notebook here to pack." in capsys.readouterr().err


# Packing


def test_a_zip_holds_the_notebooks_and_the_same_bytes_every_time(
    unzipped: Unzipped, monkeypatch: Any, capsys: Any
) -> None:
    """Packing twice, at other times and from other file times, gives the same file: the notebooks by their own names."""
    folder = unzipped()
    monkeypatch.setattr(terminal, "watch", lambda *_: file_watcher.NotebookRun())
    digests = set()
    for turn in range(2):
        os.utime(folder / NAME, (turn * 1e8, turn * 1e8))
        assert terminal.Terminal(folder).main([], folder / "mine.zip") == 0
        digests.add(hashlib.sha256((folder / "mine.zip").read_bytes()).hexdigest())
    assert len(digests) == 1
    archive = zipfile.ZipFile(folder / "mine.zip")
    assert archive.namelist() == sorted(path.name for path in folder.glob("*.ipynb"))
    assert archive.read(NAME) == (folder / NAME).read_bytes()
    told = flat(capsys.readouterr().out)
    assert str(folder / "mine.zip") in told
    assert "You may hand in all the same" in told
    assert "last saved" in told


def test_packing_is_never_blocked(unzipped: Unzipped, monkeypatch: Any, capsys: Any) -> None:
    """A broken file, a renamed one, a copy, and checks that fail themselves: all of it is said, and the zip is written."""
    folder = unzipped()
    (folder / "01_worked_numbers.ipynb").write_text("{", encoding="utf-8")
    (folder / "04_reparameterisation.ipynb").rename(folder / "04_reparameterisation (1).ipynb")
    shutil.copy(folder / NAME, folder / "03_gaussian_kl-Copy1.ipynb")
    (folder / "notes.ipynb").write_text("no notebook", encoding="utf-8")

    def fails(*_: Any) -> file_watcher.NotebookRun:
        raise RuntimeError("out of order")

    monkeypatch.setattr(terminal, "watch", fails)
    assert terminal.Terminal(folder).main([], folder) == 0
    told = flat(capsys.readouterr().out)
    assert "04_reparameterisation.ipynb is called 04_reparameterisation (1).ipynb here" in told
    assert "03_gaussian_kl-Copy1.ipynb is left out" in told
    assert "The checks themselves failed (RuntimeError: out of order). Packing goes on." in told
    names = zipfile.ZipFile(folder / "hand_in.zip").namelist()
    assert {"01_worked_numbers.ipynb", NAME, "04_reparameterisation.ipynb"} <= set(names)
    assert "notes.ipynb" not in names


def test_what_is_not_packed_is_named(unzipped: Unzipped, monkeypatch: Any, capsys: Any) -> None:
    """A missing notebook, and those that were not asked for, are named before the zip is written."""
    folder = unzipped()
    (folder / NAME).unlink()
    monkeypatch.setattr(terminal, "watch", lambda *_: file_watcher.NotebookRun())
    assert terminal.Terminal(folder).main([], folder) == 0
    assert f"Not packed, because not there: {NAME}." in flat(capsys.readouterr().out)
    assert terminal.Terminal(folder).main([str(folder / "04_reparameterisation.ipynb")], folder) == 0
    assert "Only what you named is packed, not 01_worked_numbers.ipynb" in flat(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("03_gaussian_kl.ipynb", "would be no zip file: choose a name that ends with .zip"),
        ("nowhere/mine.zip", "Choose another place with --out FILE, or hand in the notebooks as they are."),
    ],
)
def test_a_place_that_takes_no_zip_is_refused(
    asked: Any, monkeypatch: Any, capsys: Any, out: str, sentence: str
) -> None:
    """Neither a notebook is overwritten nor a traceback shown: one sentence says where it can go."""
    monkeypatch.setattr(terminal, "watch", lambda *_: file_watcher.NotebookRun())
    before = Path(NAME).read_bytes()
    assert asked("--out", out)[0] == 2
    assert sentence in capsys.readouterr().err
    assert Path(NAME).read_bytes() == before


# Cells and the process that runs them


def test_cells_are_known_by_what_they_are_for(committed: Layout) -> None:
    """Setup, answer, check and picture of a released notebook are told apart, and each is called what a student calls it."""
    found = notebook_file.read(committed.release / NAME)
    kinds = {cell.name: cell.kind for cell in found if cell.kind != "check"}
    assert kinds["imports"] == "setup"
    assert kinds["gaussian_kl"] == "answer"
    assert kinds["kl_curves"] == "draws"
    assert next(cell.name for cell in found if cell.kind == "check") == "gaussian_kl"
    titles = {cell.kind: cell.title for cell in reversed(found)}
    assert titles["answer"] == "the answer cell of `gaussian_kl`"
    assert titles["check"] == "the check of `gaussian_kl`"
    assert titles["setup"] == "the cell that begins with `import matplotlib.pyplot as plt`"


def test_an_answer_whose_check_cell_was_deleted_is_checked_at_the_end(committed: Layout, tmp_path: Path) -> None:
    """A lost check cell costs nothing."""
    source = released(committed.release)[STEM]
    source["cells"] = [one for one in source["cells"] if one.get("id") != "test_gaussian_kl"]
    (tmp_path / NAME).write_text(json.dumps(source), encoding="utf-8")
    assert notebook_file.read(tmp_path / NAME)[-1] == Cell("check", "gaussian_kl", 'check("gaussian_kl")')


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("x = 1\n%timeit x", "x = 1\npass"),
        ("if x:\n    !ls\n    y = 1", "if x:\n    pass\n    y = 1"),
        ("np.log?", "pass"),
        ("?np.log", "pass"),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("%%bash\nls", ""),
        ('s = """\n%d\n"""', 's = """\n%d\n"""'),
        ("def f(:", "def f(:"),
    ],
)
def test_what_only_ipython_understands_is_left_out(source: str, python: str) -> None:
    """Magics and shell lines become nothing, line by line; what is Python stays as it is."""
    assert notebook_file.python(source) == python


@pytest.mark.parametrize("content", ["{", "[]", '{"cells": 1}', '{"cells": [{}]}', '{"cells": [1]}', "{}"])
def test_what_is_no_notebook_is_said(tmp_path: Path, content: str) -> None:
    """A file that is no notebook is refused in a sentence, whatever it holds."""
    (tmp_path / "x.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(Unreadable, match=r"^x.ipynb is no notebook"):
        notebook_file.read(tmp_path / "x.ipynb")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A file that cannot be opened is refused with the system's reason."""
    with pytest.raises(Unreadable, match="No such file"):
        notebook_file.read(tmp_path / "x.ipynb")


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Run cells in this process as the child does, and give what it tells."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])

    def ran(*given: Cell, without: set[int] | None = None) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        isolated_check.run(given, without or set(), lambda **event: told.append(event))
        return [event for event in told if len(event) > 1]

    return ran


def own(source: str) -> Cell:
    """A cell of the student's own."""
    return Cell("own", "", source)


def test_the_child_goes_on_after_an_error(events: Any) -> None:
    """A cell that raises is told with its line, later cells run, and a check is asked where it stands."""
    first, second = events(
        own("import numpy as np\ndisplay(1)\nget_ipython().magic()"),
        own("x = 1\nx / 0"),
        own("raise SystemExit"),
        Cell("draws", "d", "1 / 0"),
        Cell("answer", "gaussian_kl", "def gaussian_kl(mu, sigma):\n    raise NotImplementedError"),
        own("gaussian_kl(0, 1)"),
        own("import os\nos._exit(1)"),
        without={6},
    )
    assert first == {"at": 1, "error": "ZeroDivisionError: division by zero (line 2 of the cell)"}
    assert second == {"at": 2, "error": "SystemExit (line 1 of the cell)"}


def test_the_child_checks_what_stands_there(events: Any, tabled: None) -> None:
    """Each check sees the names of its place, a variable that is set again later included."""
    answer = Cell("answer", "gaussian_kl", WRONG)
    check = Cell("check", "gaussian_kl", "")
    right = own("def gaussian_kl(mu, sigma):\n    return 0.5 * (mu**2 + sigma**2 - 1) - np.log(sigma)")
    wrong, unknown, held = events(own("import numpy as np"), answer, check, Cell("check", "nothing", ""), right, check)
    assert [finding["mistake"] for finding in wrong["verdict"]["findings"] if finding["status"] != "holds"]
    assert "There is no exercise called 'nothing'" in unknown["error"]
    assert all(finding["status"] == "holds" for finding in held["verdict"]["findings"])


def test_a_setup_cell_does_without_what_only_draws(events: Any, monkeypatch: Any) -> None:
    """Without matplotlib the other imports are made; any other failure is told."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    setup = Cell("setup", "imports", "import matplotlib.pyplot as plt\nimport numpy as np\nplt.style.use('x')")
    assert events(setup, own("np.zeros(1)")) == []
    (error,) = events(Cell("setup", "imports", "import numpy as np\nimport nothing_of_the_kind"))
    assert error["error"] == "ModuleNotFoundError: No module named 'nothing_of_the_kind' (line 2 of the cell)"


class Heard:
    """Whoever is told, kept for later."""

    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []
        self.notes: list[str] = []
        self.waited: list[str] = []
        self.verdict, self.note, self.wait = self.verdicts.append, self.notes.append, self.waited.append


def write_cells(path: Path, *sources: str) -> Path:
    """A notebook of plain cells."""
    made = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    path.write_text(json.dumps({"cells": made}), encoding="utf-8")
    return path


def test_what_takes_long_is_said_before_it_is_given_up(tmp_path: Path, monkeypatch: Any) -> None:
    """After a few seconds in one cell its name is said; at the limit it is left out, and the rest is run again without it."""
    monkeypatch.setattr(file_watcher, "_QUIET", 0.5)
    path = write_cells(
        tmp_path / "x.ipynb", "while True: pass", 'check("gaussian_kl")', "import os, signal\nos.kill(os.getpid(), 9)"
    )
    heard = Heard()
    # Long enough for the check, which begins by importing hypothesis, on a busy machine too.
    report = file_watcher.watch(path, tmp_path, heard, 8)
    assert "the cell that begins with `while True: pass`" in heard.waited
    assert list(report.verdicts) == ["gaussian_kl"]
    assert len(heard.verdicts) == 1
    assert [note.split("`")[1] for note in heard.notes] == ["while True: pass", "import os, signal"]
    assert "signal 9" in heard.notes[1]
    assert report.notes == heard.notes


def test_a_child_that_does_not_begin_is_told_with_its_last_words(tmp_path: Path, monkeypatch: Any) -> None:
    """Where not even Python starts, what it said is passed on, and there is no second attempt."""
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    heard = Heard()
    file_watcher.watch(write_cells(tmp_path / "x.ipynb", "x = 1"), tmp_path, heard)
    (note,) = heard.notes
    assert note.startswith("The notebook could not be run: Python ended the process (exit code 1; the last it said: ")


# The check in the notebook


def test_the_search_for_a_smaller_example_ends_after_a_while(monkeypatch: Any) -> None:
    """A slow function is asked all of the check's questions, but not for minutes about smaller ones."""
    asked = []

    def slow(x: Any) -> Any:
        asked.append(x)
        return x

    drawn = law(
        "never negative",
        "A square is at least 0.",
        lambda _, value: None if value >= 0 else Fault("at least 0", value),
        examples=st.tuples(hundredths(-9, 9)),
        count=40,
    )
    square = Exercise("square", 0.0, ("x",), answer_form.one("y", answer_form.broadcast), (drawn,), "“Squares”")
    one = registry.PublicExamination(square, bank([drawn], 1), None)
    monkeypatch.setattr(student_check, "public_examination", lambda *_: one)
    patient, often = student_check.examine("square", {"square": slow}), len(asked)
    asked.clear()
    monkeypatch.setattr(student_check, "PATIENCE", -1.0)
    hurried, seldom = student_check.examine("square", {"square": slow}), len(asked)
    assert seldom == len(one.bank["never negative"]) < often
    assert patient.first_failed is not None
    assert patient.first_failed.example.startswith("square(x=-")
    assert hurried.first_failed is not None
    assert hurried.first_failed.example.startswith("square(x=-")


def test_a_check_that_is_stopped_says_so_in_a_sentence() -> None:
    """Stopped by hand, a check raises one KeyboardInterrupt with a sentence, and no traceback through our code."""

    def stopped(mu: Any, sigma: Any) -> Any:
        raise KeyboardInterrupt

    names = {"check": notebook.check, "gaussian_kl": stopped}
    with pytest.raises(Interrupted) as error:
        exec('check("gaussian_kl")', names)
    assert isinstance(error.value, KeyboardInterrupt)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__
    assert "The check of `gaussian_kl` was stopped" in " ".join(error.value._render_traceback_())


def test_a_missing_package_is_asked_for_in_a_line(unzipped: Unzipped, tmp_path: Path) -> None:
    """Where hypothesis is missing, as in Colab, check and overview say how to install it instead of a traceback."""
    broken = tmp_path / "without" / "hypothesis.py"
    broken.parent.mkdir()
    broken.write_text("raise ModuleNotFoundError('No module named hypothesis', name='hypothesis')")
    script = "from checks import check, progress\ncheck('gaussian_kl')\nprogress()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=unzipped(),
        env={**os.environ, "PYTHONPATH": str(broken.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    line = "The checks need the package hypothesis. Run this in a cell of its own, once: %pip install hypothesis\n"
    assert done.stdout == 2 * line


@pytest.mark.parametrize("module", ["student.student_check", "registry"])
def test_a_package_that_is_not_there_is_asked_for(monkeypatch: Any, capsys: Any, module: str) -> None:
    """Check and overview say in a line what is missing; under nbgrader that is an error."""
    monkeypatch.setitem(sys.modules, f"autograder.checks.{module}", None)
    names = {"check": notebook.check, "progress": progress.progress}
    call = "check('gaussian_kl')" if module == "student.student_check" else "progress()"
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    exec(call, names)
    assert capsys.readouterr().out.startswith("The checks need the package autograder.checks.")
    if module == "student.student_check":
        monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
        with pytest.raises(ModuleNotFoundError):
            exec(call, names)


# The overview


@pytest.fixture
def overviewed(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[[dict[str, Any]], str]:
    """What `progress()` prints in a namespace where nothing was checked yet."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(notebook, "_shown", {})

    def shown(names: dict[str, Any]) -> str:
        capsys.readouterr()
        names["progress"] = progress.progress
        exec("progress()", names)
        return str(capsys.readouterr().out)

    return shown


def test_the_overview_says_what_is_left(overviewed: Any, tabled: None) -> None:
    """One line an exercise: what holds, what breaks and why, what is not written; quickly."""
    names: dict[str, Any] = {"np": np, "todo": notebook.todo}
    exec(WRONG, names)
    exec("def beta_vae_loss(reconstruction, kl, beta=1.0):\n    return reconstruction + beta * kl", names)
    exec("def kl_weight(epoch, warmup=10):\n    raise ValueError('two\\nlines')", names)
    exec("def active_units(mu, sigma):\n    todo()", names)
    overviewed(names)
    started = time.process_time()
    lines = overviewed(names).splitlines()
    assert time.process_time() - started < 1
    assert lines[0] == "The KL divergence of a Gaussian: 1 of 6 exercises hold, 2 break, 3 are not written"
    assert (
        lines[1]
        == "  ✗ breaks      Exercise 1, gaussian_kl (4 points)      likely mistake: sigma where the variance belongs"
    )
    assert lines[2] == "  … not written Exercise 2, kl_shift_spread (3 points)"
    assert lines[4] == "  ✓ holds       Exercise 4, beta_vae_loss (1 point)     all checks hold"
    assert re.match(r"  ✗ breaks      Exercise 5, kl_weight \(3 points\)        form: It raised ValueError", lines[5])
    assert lines[7:] == ["", notebook.FOOTER]


def test_the_overview_of_nothing_says_what_to_run(overviewed: Any) -> None:
    """Where no exercise of any notebook stands, it says to run the cells."""
    assert "run the cells of this notebook first" in overviewed({})


def test_the_overview_knows_its_notebook_by_what_was_checked(overviewed: Any, monkeypatch: Any) -> None:
    """Unwritten variables do not exist; that they were checked in this kernel tells which notebook it is."""
    names: dict[str, Any] = {"check": notebook.check}
    exec('check("loss_by_numbers")', names)
    assert overviewed(names).startswith("The chapter's numbers, by hand: 0 of 10 exercises hold")


def test_a_variable_that_is_used_again_keeps_its_good_check(overviewed: Any, committed: Layout) -> None:
    """A name that a later cell sets anew still holds, because it was right where its check cell stands."""
    answer = reference_answers(committed.source)["loss_by_numbers"]
    own = importlib.import_module("solutions.worked_numbers").own
    names: dict[str, Any] = {"np": np, "check": notebook.check, "own": own}
    exec(f"{answer}\ncheck('loss_by_numbers')\nfirst_loss = 'something else'", names)
    assert "✓ holds       Exercise 1, loss_by_numbers" in overviewed(names)


@pytest.mark.parametrize("mode", ["autograde", "validate"])
def test_the_overview_is_silent_where_nobody_looks(overviewed: Any, monkeypatch: Any, mode: str) -> None:
    """Under nbgrader it shows nothing, asks nothing and raises nothing."""
    monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    assert overviewed({"gaussian_kl": None}) == ""


def test_the_overview_as_html_is_escaped_and_says_its_states_in_words() -> None:
    """In a notebook the overview is a named group with a table; red is kept for what breaks."""
    lines = [
        progress.Line("<f>", progress.HOLDS, "all checks hold", "2.5 points"),
        progress.Line("g", progress.UNWRITTEN, ""),
        progress.Line("h", progress.BREAKS, "`a` & <b>"),
    ]
    html = progress.as_html("A & B", lines)
    assert "role='group' aria-label='A &amp; B: 1 of 3 exercises hold, 1 breaks, 1 is not written'" in html
    assert "✗ breaks" in html
    assert "✓ holds" in html
    assert "… not written" in html
    assert "2.5 points" in html
    assert "<f>" not in html
    assert "<b>" not in html
    assert html.count("#c9252d") == 2
    assert "#c9252d" not in progress.as_html("A", lines[:2])
    assert "#1a7f4b" in progress.as_html("A", lines[:1])


def test_a_line_says_the_mistake_or_what_happened() -> None:
    """Of a failure the overview says the likely mistake, else what happened, else what must hold."""
    base: Any = {"check": "law", "must": "It holds.", "status": "breaks"}
    told = [Finding(**base, mistake="a slip"), Finding(**base, note="It raised.\nline 3"), Finding(**base)]
    assert [progress.line(Verdict("f", (one,))).said for one in told] == [
        "likely mistake: a slip",
        "law: It raised.",
        "law: It holds.",
    ]


def test_every_exercise_of_the_release_has_an_answer_and_a_check(committed: Layout) -> None:
    """What the command counts is what the notebooks ask: each problem's exercises, each with its cells, under its title."""
    notebooks = released(committed.release)
    for problem in registry.modules().values():
        if problem.stem in notebooks:
            assert "".join(notebooks[problem.stem]["cells"][0]["source"]).startswith(f"# {problem.title}\n")
        for exercise in problem.exercises:
            if problem.stem in notebooks:
                assert answer_cell(notebooks[problem.stem], exercise.name) is not None


def test_every_command_for_students_is_one_that_there_is() -> None:
    """What the students' page says to type is understood, and what it promises to print is printed somewhere."""
    page = (ROOT / "docs" / "student.md").read_text(encoding="utf-8")
    found = re.findall(r"^\$ (python -m checks.*)", page, re.MULTILINE)
    commands = [shlex.split(line, comments=True) for line in found]
    assert len(commands) >= 6
    for command in commands:
        entry.parser().parse_args(command[3:])
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "autograder" / "checks").rglob("*.py"))
    for sentence in (
        "The checks need the package",
        "at the check cell",
        "is no notebook (any more)",
        "not written yet",
    ):
        assert sentence in page
        assert sentence in code
