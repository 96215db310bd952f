"""The help of the commands teaches: what happens, and lines that can be typed as they stand."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from autograder import cli
from autograder.cli.help import MORE
from autograder.output.export import FORMATS

LINES = [
    (name, part.strip())
    for name, text in MORE.items()
    for line in text.splitlines()
    if line.startswith("  autograder")
    for part in line.split("   ")[0].split("&&")
]


@pytest.mark.parametrize("name", MORE)
def test_help_says_what_happens(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command has a help that goes beyond its options, and fits a wide terminal."""
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert MORE[name].strip("\n") in said
    assert max(map(len, MORE[name].splitlines())) <= 130


@pytest.mark.parametrize(("name", "line"), LINES)
def test_examples_are_understood(name: str, line: str) -> None:
    """An example in the help is a command with options that there are."""
    program, *arguments = shlex.split(line)
    assert program == "autograder"
    assert callable(cli._parser().parse_args(arguments).run)


def test_new_in_an_empty_folder_says_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no assignment to add a problem to, the option that begins one is named; nothing is written."""
    assert cli.main(["new", "01_x", "--course", str(tmp_path)]) == 2
    assert "`autograder new 01_x --assignment NAME` begins a course with one" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_export_format_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """A format that is registered is one that `--format` takes and its help names; any other is refused by name."""
    for name in FORMATS:
        assert cli._parser().parse_args(["export", "--format", name, "--out", "points"]).format == name
    with pytest.raises(SystemExit):
        cli.main(["export", "--help"])
    assert ", ".join(FORMATS) in " ".join(capsys.readouterr().out.split())
    with pytest.raises(SystemExit) as ended:
        cli.main(["export", "--format", "paper", "--out", "points"])
    assert ended.value.code == cli.USAGE
    assert "invalid choice: 'paper'" in capsys.readouterr().err
