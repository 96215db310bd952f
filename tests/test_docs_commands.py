"""Every command in the documents runs, and prints what the document shows; every link and setting in them is there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from autograder import cli
from autograder.build.sources import source_files
from autograder.config import load_config
from autograder.layout import Layout
from autograder.problems import load
from tests import docs_commands
from tests.conftest import ROOT
from tests.docs_commands import DOCUMENTS, Command, commands, prints, unmarked

RUNNING = [path for path in DOCUMENTS if commands(path.read_text(encoding="utf-8"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", RUNNING, ids=name_of)
def test_the_commands_of_a_document_run(path: Path, tmp_path: Path) -> None:
    """In order, in one small course: each ends with the code it should, and prints what is shown below it."""
    layout = docs_commands.course(tmp_path / "course")
    for command in commands(path.read_text(encoding="utf-8")):
        done = docs_commands.run(layout, command, tmp_path / "bin")
        where = f"{name_of(path)}, line {command.line}: {command.words}"
        assert done.returncode == command.code, f"{where}\n{done.stdout}{done.stderr}"
        assert prints(command, done.stdout), f"{where}\n{done.stdout}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_block_of_commands_says_whether_it_is_run(path: Path) -> None:
    """No ```console block without a mark: what does not run here says why."""
    assert unmarked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_and_options_that_are_spoken_of_exist(path: Path) -> None:
    """Whatever a document says of `autograder ...`, in a block or in a sentence, the command and its options are there."""
    text = path.read_text(encoding="utf-8")
    spoken = re.findall(r"(?m)^(?:\$ )?(?:\.venv/bin/|python -m )?autograder ([^\n#]+)", text)
    spoken += re.findall(r"`(?:\.venv/bin/|python -m )?autograder ([^`\n]+)`", text)
    known = cli._parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    for words in map(str.split, spoken):
        assert words[0] in known, words  # type: ignore[operator]
        options = {word.split("=")[0] for word in words[1:] if word.startswith("--")}
        assert options <= set(known[words[0]]._option_string_actions), words  # type: ignore[index]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link of a document is a file of this repository."""
    links = [link.split("#")[0] for link in _LINK.findall(path.read_text(encoding="utf-8"))]
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
    files = source_files(layout, load, None, ROOT / "autograder" / "checks")
    assert {f"extras/{name}.ipynb" for name in config.extras} <= files.keys()
    assert "slerp" not in files["05_latent_space.ipynb"].decode().replace("(slerp", "")


def test_the_table_of_exercises_is_current(tmp_path: Path) -> None:
    """Points and mistakes in the instructors' page are those of the assignment, and of every exercise is said what it teaches."""
    page = tmp_path / "instructor.md"
    shutil.copy(ROOT / "docs" / "instructor.md", page)
    assert cli.main(["mistakes", "--into", str(page), "--course", str(ROOT)]) == 0
    assert page.read_text(encoding="utf-8") == (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    assert "to be said" not in page.read_text(encoding="utf-8")


def test_the_table_keeps_what_people_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only the column of words survives a rewrite; a page without the marks is refused with what to put there."""
    from autograder.author.mistakes import BEGIN, END

    page = tmp_path / "page.md"
    page.write_text(f"Before\n{BEGIN}\n| `lerp` | Straight on. | 99 | old |\n{END}\nAfter\n", encoding="utf-8")
    words = ["mistakes", "--into", str(page), "--course", str(ROOT)]
    assert cli.main(words) == 0
    made = page.read_text(encoding="utf-8")
    assert "| `lerp` | Straight on. | 2 | " in made
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
    assert cli.main(["mistakes", "05_latent_space", "--course", str(ROOT)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("lerp (05_latent_space, 2 points): ")
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
    """Commands, their output and their exit code; blocks that are not run; blocks that nobody marked."""
    text = "<!-- run: 2 -->\n```console\n$ a b\nsaid\n$ c\n```\n\n<!-- not run: why -->\n```console\n$ d\n```\n\n```console\n$ e\n```\n"
    assert commands(text) == [Command("a b", 3, 2, ["said"]), Command("c", 5, 2)]
    assert unmarked(text) == [13]
