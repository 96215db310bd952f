"""The help of the commands teaches: what happens, and lines that can be typed as they stand."""

from __future__ import annotations

import shlex

import pytest

from autograder import cli
from autograder.commands.words import MORE

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
