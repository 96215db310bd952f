"""The author's loop: a new problem works at once, is looked at in a browser, and its notebooks are solved on demand."""

from __future__ import annotations

import shutil
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import cli
from autograder.authoring import create
from autograder.course.layout import Layout
from autograder.course.own_checks import use_course_checks
from autograder.files.scratch import MARK
from tests.conftest import ROOT
from tests.helpers.toy_course import cells, run, toy_course


@pytest.fixture(autouse=True)
def _adopt_nothing() -> Iterator[None]:
    """Forget the courses that a test used."""
    yield
    use_course_checks(ROOT)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """An empty folder in which `autograder new` was run."""
    layout = Layout(tmp_path_factory.mktemp("new"), "waves")
    done = run(layout, "new", "06_flows", "--assignment", "waves")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "wrote assignments/waves/06_flows.md\nwrote solutions/flows.py\nwrote checks/flows/__init__.py\n"
    )
    assert "`autograder build`, then `autograder verify`" in done.stdout
    return layout


@pytest.fixture
def toy(tmp_path: Path) -> Layout:
    """The toy course, not built."""
    return toy_course(tmp_path / "course")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_problem_builds_and_keeps_every_promise(begun: Layout) -> None:
    """Straight after `new`, in an empty folder, `build` and `verify` pass without a word on stderr."""
    for command in ("build", "verify"):
        done = run(begun, command)
        assert (done.returncode, done.stderr) == (0, ""), (command, done.stdout)


def test_the_example_catches_and_names_its_mistakes(begun: Layout) -> None:
    """Five known mistakes are caught and named under ten seeds, three follow from operations; two right variants keep their points."""
    done = run(begun, "matrix", "--stem", "06_flows", "--seeds", "10", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.splitlines()[1].split() == ["flows_example", "5", "5", "5", "3", "2", "2", "10"]


def test_a_second_problem_joins_the_first(begun: Layout, tmp_path: Path) -> None:
    """In a course that is there, `new` adds its files and leaves the settings alone."""
    shutil.copytree(begun.course, tmp_path / "course")
    layout = Layout(tmp_path / "course", "waves")
    settings = (layout.texts / "assignment.toml").read_bytes()
    done = run(layout, "new", "07_more_flows")
    assert [line for line in done.stdout.splitlines() if line.startswith("wrote")] == [
        "wrote assignments/waves/07_more_flows.md",
        "wrote solutions/more_flows.py",
        "wrote checks/more_flows/__init__.py",
        "wrote checks/more_flows/more_flows_example.py",
        "wrote hidden/more_flows/__init__.py",
        "wrote hidden/more_flows/more_flows_example.py",
    ]
    assert (layout.texts / "assignment.toml").read_bytes() == settings
    assert run(layout, "build").returncode == 0


@pytest.mark.parametrize(
    "there", ["assignments/waves/06_flows.md", "solutions/flows.py", "checks/flows.py", "hidden/flows/__init__.py"]
)
def test_nothing_is_overwritten(tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]) -> None:
    """If one of the files is there, `new` names it and writes none."""
    path = tmp_path / there
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    assert cli.main(["new", "06_flows", "--assignment", "waves", "--course", str(tmp_path)]) == 1
    assert f"{path} is there already and stays as it is; choose another name." in capsys.readouterr().err
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["flows"], 2, "'flows' is no name for a problem: two digits, then a name in small letters, like 06_flows."),
        (["06_Flows"], 2, "'06_Flows' is no name for a problem"),
        (["06_examine"], 1, "The autograder has a module checks/examine already; choose another name."),
        (["06_gaussian_kl"], 1, "The autograder has a module checks/gaussian_kl already"),
    ],
)
def test_names_that_cannot_be_used_are_refused(
    tmp_path: Path, words: list[str], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stem must look like one, and its modules must not stand in for the autograder's."""
    assert cli.main(["new", *words, "--assignment", "waves", "--course", str(tmp_path)]) == code
    assert sentence in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_in_this_repository_the_checks_go_into_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the course folder holds the autograder itself, a problem's checks are written beside the others."""
    from autograder.authoring import new_problem
    from autograder.course import own_checks

    monkeypatch.setattr(own_checks, "PACKAGE", tmp_path / "autograder")
    monkeypatch.setattr(new_problem, "PACKAGE", tmp_path / "autograder")
    made = create(Layout(tmp_path, "vae"), "06_flows")
    assert {path.relative_to(tmp_path).as_posix() for path in made} >= {
        "autograder/checks/flows/__init__.py",
        "autograder/hidden/flows/__init__.py",
    }


def test_an_exercise_joins_a_problem(begun: Layout, tmp_path: Path) -> None:
    """`new --exercise` writes two modules and adds to text, solution and list; it builds, and its mistakes are named."""
    shutil.copytree(begun.course, tmp_path / "course")
    layout = Layout(tmp_path / "course", "waves")
    done = run(layout, "new", "--exercise", "flow_step", "--problem", "06_flows")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.startswith("wrote")] == [
        "wrote assignments/waves/06_flows.md",
        "wrote solutions/flows.py",
        "wrote checks/flows/__init__.py",
        "wrote checks/flows/flow_step.py",
        "wrote hidden/flows/flow_step.py",
    ]
    assert "## Exercise 2: the root mean square" in layout.text("06_flows").read_text(encoding="utf-8")
    assert run(layout, "build").returncode == 0
    done = run(layout, "matrix", "--stem", "06_flows", "--seeds", "2", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert [line.split()[:4] for line in done.stdout.splitlines()[1:3]] == [
        ["flows_example", "5", "5", "5"],
        ["flow_step", "5", "5", "5"],
    ]


@pytest.mark.parametrize(
    ("name", "problem", "sentence"),
    [
        ("Flow", "06_flows", "'Flow' is no name for an exercise"),
        ("flows_example", "06_flows", "There is an exercise flows_example already: choose another name."),
        ("flow_step", "07_none", "`autograder new 07_none` begins the problem."),
        ("shared", "06_flows", "several exercises share"),
    ],
)
def test_an_exercise_that_cannot_be_begun_changes_nothing(
    begun: Layout, name: str, problem: str, sentence: str
) -> None:
    """A bad name, a name that is taken and a problem that is not there are refused before anything is written."""
    before = {path: path.read_bytes() for path in begun.course.rglob("*.*") if path.is_file()}
    done = run(begun, "new", "--exercise", name, "--problem", problem)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert all(path.read_bytes() == content for path, content in before.items())


def test_a_list_of_another_kind_is_left_alone(begun: Layout, tmp_path: Path) -> None:
    """Where a problem does not list its exercises one a module, `new --exercise` says so and writes nothing."""
    shutil.copytree(begun.course, tmp_path / "course")
    listed = tmp_path / "course" / "checks" / "flows" / "__init__.py"
    edit(listed, "flows_example.EXERCISE", "flows_example.OTHER")
    edit(listed.with_name("flows_example.py"), "EXERCISE =", "OTHER =")
    done = run(Layout(tmp_path / "course", "waves"), "new", "--exercise", "flow_step", "--problem", "06_flows")
    assert done.returncode == 2
    assert "does not list its exercises as NAME.EXERCISE, one a line: add flow_step there by hand." in done.stderr
    assert not listed.with_name("flow_step.py").exists()


def test_a_course_is_begun_with_an_assignment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In an empty folder `new` says how a course is begun, and needs one thing to begin."""
    assert cli.main(["new", "01_x", "--course", str(tmp_path)]) == 2
    assert "`autograder new 01_x --assignment NAME` begins a course with one." in capsys.readouterr().err
    assert cli.main(["new", "--course", str(tmp_path)]) == 2
    assert "Say what to begin" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_preview_shows_all_and_changes_nothing(toy: Layout) -> None:
    """`preview --no-open` prints the page; answers, drawings, checks and extras are in it; the course is as before."""
    before = {path: path.read_bytes() for path in toy.course.rglob("*") if path.is_file()}
    done = run(toy, "preview", "--no-open")
    assert (done.returncode, done.stderr) == (0, "")
    page = Path(done.stdout.splitlines()[-1])
    assert page.name == "index.html"
    links = ["01_rectangle.html", "02_spread.html", "extras/corner.html"]
    assert all(f'href="{link}"' in page.read_text(encoding="utf-8") for link in links)
    text = (page.parent / "02_spread.html").read_text(encoding="utf-8")
    assert "2.0 1.0" in text
    assert "checks hold" in text
    assert "BEGIN SOLUTION" not in text
    after = {
        path: path.read_bytes() for path in toy.course.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert after == before
    shutil.rmtree(page.parent)


def test_a_preview_of_one_notebook_is_opened(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stem only that notebook is run and its page handed to the browser; without a browser the place is enough."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: bool(opened.append(address)))
    assert cli.main(["preview", "01_rectangle", "--course", str(toy.course)]) == 0
    said = capsys.readouterr().out.splitlines()
    page = Path(said[1])
    assert opened == [page.as_uri()]
    assert page.name == "01_rectangle.html"
    assert said[-1] == "No browser could be opened here: open that file yourself."
    assert "positive" in page.read_text(encoding="utf-8")
    shutil.rmtree(page.parent)


def test_a_preview_of_nothing_is_refused(toy: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    """A stem without a text is named with those there are."""
    assert cli.main(["preview", "03_more", "--no-open", "--course", str(toy.course)]) == 1
    assert "03_more.md; there are 01_rectangle, 02_spread." in capsys.readouterr().err


def test_solved_notebooks_are_made_on_demand(toy: Layout) -> None:
    """They have answers without marks, outputs of every cell, and lie where nbgrader copies nothing from."""
    done = run(toy, "build", "--solved")
    assert (done.returncode, done.stderr) == (0, "")
    assert "02_spread: run in" in done.stdout
    assert "(2 of 3)" in done.stdout
    folder = toy.solutions / toy.assignment
    solved = cells(folder / "02_spread.ipynb")
    assert "SOLUTION" not in solved["centre"]["source"]
    assert "x.sum() / len(x)" in solved["centre"]["source"]
    assert solved["test_centre"]["source"] == 'check("centre")'
    assert solved["both"]["outputs"][0]["text"] == ["2.0 1.0\n"]
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        *("01_rectangle.ipynb", "02_spread.ipynb", "extras/corner.ipynb", "extras/corner/corner.svg", MARK)
    }
    for step in (toy.source, toy.release):
        assert not [path for path in step.rglob("*") if "solutions" in path.parts[-2:]]
    # A rebuild and a second time leave no traces of the first.
    (folder / "old.ipynb").write_text("{}", encoding="utf-8")
    assert run(toy, "build", "--solved").returncode == 0
    assert not (folder / "old.ipynb").exists()
    assert run(toy, "build", "--check").returncode == 0
    assert run(toy, "verify").returncode == 0


@pytest.mark.parametrize(
    ("path", "old", "new", "sentence"),
    [
        (
            "assignments/spread/02_spread.md",
            "What do you see?",
            "```python\n1 / 0\n```",
            "02_spread: the cell `both-1` stops with ZeroDivisionError: division by zero. Mend it.",
        ),
        (
            "assignments/spread/02_spread.md",
            "    print(centre",
            "    raise NotImplementedError\n    print(centre",
            "02_spread: the cell `both` did not draw. This part needs `centre`, `deviation`.",
        ),
        (
            "assignments/spread/01_rectangle.md",
            "from checks import check, todo",
            "from checks import check, todo\nimport os\nos._exit(3)",
            "01_rectangle: the cell `rectangle_imports` ended the kernel. Mend it.",
        ),
    ],
)
def test_what_cannot_be_solved_is_named(
    toy: Layout, capsys: pytest.CaptureFixture[str], path: str, old: str, new: str, sentence: str
) -> None:
    """A cell that stops, waits, or ends the kernel is named, and solved notebooks of before stay as they are."""
    folder = toy.solutions / toy.assignment
    folder.mkdir()
    (folder / "01_rectangle.ipynb").write_text("before", encoding="utf-8")
    edit(toy.course / path, old, new)
    assert cli.main(["build", "--solved", "--course", str(toy.course)]) == 1
    assert sentence in capsys.readouterr().err
    assert (folder / "01_rectangle.ipynb").read_text(encoding="utf-8") == "before"


def test_without_a_kernel_one_sentence_says_what_to_install(
    toy: Layout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jupyter's kernel is needed to run notebooks, and only then."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    def none(self: object, name: str) -> None:
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", none)
    assert cli.main(["build", "--solved", "--course", str(toy.course)]) == 1
    assert (
        "Running notebooks needs a kernel `python3`; install it with `pip install jupyter`." in capsys.readouterr().err
    )


def test_a_package_of_solutions_is_not_taken_for_solved_notebooks(
    toy: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with the assignment's name that holds code is not replaced."""
    folder = toy.solutions / toy.assignment
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    assert cli.main(["build", "--solved", "--course", str(toy.course)]) == 1
    assert "a package of solutions has the name of the assignment; rename one of the two." in capsys.readouterr().err


def test_solved_and_checked_exclude_each_other(toy: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` writes nothing, so that `--solved` beside it is a mistake worth a sentence."""
    assert cli.main(["build", "--solved", "--check", "--course", str(toy.course)]) == 2
    assert "--check writes nothing" in capsys.readouterr().err
    assert not toy.release.exists()
