"""Every command in the documents runs, and prints what the document shows; every link and setting in them is there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from autograder import cli
from autograder.authoring.builder.sources import source_files
from autograder.course.layout import Layout
from autograder.course.settings import load_config
from autograder.problems import load, mistakes
from tests.conftest import ROOT, needs_bubblewrap
from tests.helpers import docs_commands
from tests.helpers.docs_commands import (
    DOCUMENTS,
    STUDENT,
    Command,
    blocks,
    commands,
    every_command,
    gist,
    prints,
    spoken,
)
from tests.hostile.catalogue import ATTACKS

TEXTS = {path: path.read_text(encoding="utf-8") for path in DOCUMENTS}
RUNNING = [path for path, text in TEXTS.items() if commands(text)]
STEMS = sorted(path.stem for path in (ROOT / "source_nbs" / "vae").glob("*.ipynb"))
LANGUAGES = {"console", "python", "toml", "text", "json"}
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.slow
@pytest.mark.parametrize("path", RUNNING, ids=name_of)
def test_the_commands_of_a_document_run(path: Path, tmp_path: Path) -> None:
    """In order, in one small course or one release: each ends with the code it should, and prints what is shown below it."""
    found = commands(TEXTS[path])
    if any(re.search(r"\bautograder (grade|regrade)", command.words) for command in found):
        needs_bubblewrap()
    marks = {command.mark for command in found}
    folders = {}
    if "run" in marks:
        folders["run"] = docs_commands.course(tmp_path / "course").course
    if STUDENT in marks:
        folders[STUDENT] = docs_commands.release(tmp_path / "vae")
    for command in found:
        done = docs_commands.run(folders[command.mark], command)
        where = f"{name_of(path)}, line {command.line}: {command.words}"
        assert done.returncode == command.code, f"{where}\n{done.stdout}{done.stderr}"
        assert prints(command, done.stdout), f"{where}\n{done.stdout}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_block_says_what_it_is(path: Path) -> None:
    """Every fenced block names its language, and every block of commands where it is run, or why it is not."""
    text = TEXTS[path]
    assert [(line, language) for line, language, _ in blocks(text) if language.split(" ")[0] not in LANGUAGES] == []
    found = every_command(text)
    assert [command.line for command in found if not command.mark] == []
    assert [command.line for command in found if command.mark == "not run" and len(command.because.split()) < 3] == []
    assert not re.search(r"(?m)^ {4}(?:\$|autograder|python|pip|nbgrader|dask|make) ", text), "an indented block"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_what_is_run_elsewhere_is_run_there(path: Path) -> None:
    """The test that a block of commands names is there."""
    for command in every_command(TEXTS[path]):
        if command.mark == "run by":
            name, _, test = command.because.partition("::")
            assert (ROOT / name).is_file(), command
            assert f"def {test}(" in (ROOT / name).read_text(encoding="utf-8") or not test, command


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_what_is_spoken_of_stands_in_a_block(path: Path) -> None:
    """A command in a sentence or a table, with its options, is one of those that some document's blocks run."""
    told = [gist(command.words) for text in TEXTS.values() for command in every_command(text)]
    lonely = [
        words
        for words, (head, options) in ((words, gist(words)) for words in spoken(TEXTS[path]))
        if not any(head == other and options <= more for other, more in told)
    ]
    assert lonely == []


def test_students_are_told_nothing_else() -> None:
    """The commands of the README in the release are among those of the students' page."""
    page = TEXTS[ROOT / "docs" / "student.md"]
    told = {gist(command.words) for command in every_command(page)}
    readme = (ROOT / "release" / "vae" / "README.md").read_text(encoding="utf-8")
    said = [line for _, language, inside in blocks(readme) if not language for line in inside]
    assert said
    assert {gist(words) for words in [*said, *spoken(readme)]} <= told


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_and_options_that_are_spoken_of_exist(path: Path) -> None:
    """Whatever a document says of `autograder ...`, in a block or in a sentence, the command and its options are there."""
    text = TEXTS[path]
    told = re.findall(r"(?m)^(?:\$ )?(?:\.venv/bin/|python -m )?autograder ([^\n#]+)", text)
    told += re.findall(r"`(?:\.venv/bin/|python -m )?autograder ([^`\n]+)`", text)
    known = cli._parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    for words in map(str.split, told):
        assert words[0] in known, words  # type: ignore[operator]
        options = {word.split("=")[0] for word in words[1:] if word.startswith("--")}
        assert options <= set(known[words[0]]._option_string_actions), words  # type: ignore[index]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link of a document is a file of this repository."""
    links = [link.split("#")[0] for link in _LINK.findall(TEXTS[path])]
    local = {link for link in links if link and not re.match(r"[a-z]+:", link)}
    assert not [link for link in local if not (path.parent / link).exists()]


def test_the_settings_in_the_documents_can_be_used(tmp_path: Path) -> None:
    """The example of `assignment.toml` builds this very assignment, with what it leaves out and adds."""
    text = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    example = text.partition("<!-- settings -->\n```toml\n")[2].partition("```")[0]
    shutil.copytree(ROOT / "assignments", tmp_path / "assignments", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "solutions").symlink_to(ROOT / "solutions")
    layout = Layout(tmp_path, "vae")
    (layout.texts / "assignment.toml").write_text(example, encoding="utf-8")
    config = load_config(layout)
    assert config.leave_out
    assert config.points
    assert config.written
    files = source_files(layout, load, None, ROOT / "autograder" / "checks")
    assert {f"extras/{name}.ipynb" for name in config.extras} <= files.keys()
    assert '"grade_id": "written_03_2"' in files["03_gaussian_kl.ipynb"].decode()
    assert "slerp" not in files["05_latent_space.ipynb"].decode().replace("(slerp", "")


def test_the_table_of_exercises_is_current(tmp_path: Path) -> None:
    """Points and mistakes in the instructors' page are those of the assignment, and of every exercise is said what it teaches."""
    page = tmp_path / "instructor.md"
    shutil.copy(ROOT / "docs" / "instructor.md", page)
    assert cli.main(["mistakes", "--into", str(page), "--course", str(ROOT)]) == 0
    assert page.read_text(encoding="utf-8") == (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    assert "to be said" not in page.read_text(encoding="utf-8")


def test_the_readme_counts_rightly() -> None:
    """As many known mistakes and attacks as the README says there are; one that is written in several texts counts once."""
    text = TEXTS[ROOT / "README.md"]
    exercises = [(stem, exercise.name) for stem in STEMS for exercise in load(stem).exercises]
    known = sum(len({mistake.name for mistake in mistakes(*one)}) for one in exercises)
    assert f"{known} known ones" in text
    assert f"[{len(ATTACKS)} attacks]" in text


def test_the_table_keeps_what_people_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only the column of words survives a rewrite; a page without the marks is refused with what to put there."""
    from autograder.authoring.mistake_list import BEGIN, END

    page = tmp_path / "page.md"
    page.write_text(f"Before\n{BEGIN}\n| `lerp` | Straight on. | 99 | old |\n{END}\nAfter\n", encoding="utf-8")
    words = ["mistakes", "--into", str(page), "--course", str(ROOT)]
    assert cli.main(words) == 0
    made = page.read_text(encoding="utf-8")
    assert "| `lerp` | Straight on. | 1 | " in made
    assert "| `slerp` | **to be said** | 5 | " in made
    assert made.startswith(f"Before\n{BEGIN}\n")
    assert made.endswith(f"\n{END}\nAfter\n")
    assert cli.main(words) == 0
    assert "is up to date." in capsys.readouterr().out
    page.write_text("Nothing\n", encoding="utf-8")
    assert cli.main(words) == 2
    assert "has no place for the table" in capsys.readouterr().err


def test_mistakes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """`autograder mistakes` prints names and sentences of the notebooks asked for; an unknown one is a sentence."""
    assert cli.main(["mistakes", "03_gaussian_kl", "--course", str(ROOT)]) == 0
    assert capsys.readouterr().out.startswith("gaussian_kl (03_gaussian_kl, ")
    assert cli.main(["mistakes", "05_latent_space", "--course", str(ROOT)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("lerp (05_latent_space, 1 point): ")
    assert "\n  t runs backwards: " in said
    assert "gaussian_kl" not in said
    assert cli.main(["mistakes", "09_none", "--course", str(ROOT)]) == 2
    assert "There is no notebook 09_none; there are 01_worked_numbers, " in capsys.readouterr().err


def test_a_page_shows_what_is_printed() -> None:
    """The comparison takes … for anything, alone for any lines, and notices what is missing or too much."""
    shown = Command("x", 1, prints=["one … three", "…", "last"])
    assert prints(shown, "one two three\nlast\n")
    assert prints(shown, "one 2 2 three\nmore\nand more\nlast\n")
    assert not prints(shown, "one two\nlast\n")
    assert not prints(shown, "one two three\nlast\nafter\n")
    assert prints(Command("x", 1), "anything")


def test_blocks_are_read_as_they_are_marked() -> None:
    """Commands, their output and their exit code; blocks that are run elsewhere or not at all; blocks that nobody marked."""
    text = (
        "<!-- run: 2 -->\n```console\n$ a b\nsaid\n$ c\n```\n\n<!-- not run: it is far -->\n```console\n$ d\n```\n\n"
        "```console\n$ e\n```\n<!-- run as a student: 1 -->\n```console\n$ f\n```\n"
        "<!-- run by: tests/x.py::y -->\n```console\n$ g\n```\n````text\n```console\n$ h\n```\n````\n"
    )
    run = [Command("a b", 3, 2, ["said"], because="2"), Command("c", 5, 2, because="2")]
    student = Command("f", 18, 1, mark=STUDENT, because="1")
    assert commands(text) == [*run, student]
    assert every_command(text) == [
        *run,
        Command("d", 10, mark="not run", because="it is far"),
        Command("e", 14, mark=""),
        student,
        Command("g", 22, mark="run by", because="tests/x.py::y"),
    ]


def test_commands_are_found_in_sentences() -> None:
    """What is spoken of is compared by program, sub-command and options; what stands in a block is not spoken of."""
    text = "Say `autograder grade --jobs 2`, `python -m checks --pack` or `a | b`.\n```text\n`make tea`\n```\n"
    assert spoken(text) == ["autograder grade --jobs 2", "python -m checks --pack"]
    assert gist(".venv/bin/autograder grade --jobs=2 x # why --not") == (("autograder", "grade"), frozenset({"--jobs"}))
    assert gist("python -m checks --pack") == (("python", "-m", "checks"), frozenset({"--pack"}))
    assert gist("rm -r a b") == (("rm",), frozenset())
