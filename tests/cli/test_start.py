"""What a command loads before it does anything."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

_SCRIPT = """
import contextlib, sys
from autograder import cli
with contextlib.suppress(SystemExit):
    cli.main(["--help"])
import nbformat
from nbgrader import api
from nbformat.validator import ValidationError, validate
validate(nbformat.v4.new_notebook())
try:
    validate({"cells": [], "nbformat": 4, "nbformat_minor": 5})
except ValidationError:
    print("told apart", "lark" in sys.modules)
"""


def test_nbgrader_is_loaded_without_a_grammar_that_nobody_asks_for() -> None:
    """After any command has begun, nbgrader loads no grammar of addresses, and notebooks are validated as ever."""
    done = subprocess.run([sys.executable, "-c", _SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "told apart False"
