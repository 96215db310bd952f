"""The command `autograder`: thin, and quick to start; every command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from .. import __doc__ as about
from . import authoring, grading, reporting
from .arguments import adder

USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors that people can mend come out as one sentence."""
    # One thread of linear algebra a process: the workers are what runs in parallel.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _spare_grammar()
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        print("autograder: stopped", file=sys.stderr)
        code = 130
    except (ValueError, OSError, RuntimeError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        code = USAGE if isinstance(error, ValueError) else 1
    return code


def _spare_grammar() -> None:
    """Have jsonschema do without `rfc3987_syntax`, as where that is not installed.

    It compiles a grammar of addresses that no notebook has, which is two thirds of the time that nbgrader takes to load.
    """
    modules: dict[str, Any] = sys.modules
    modules.setdefault("rfc3987_syntax", None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autograder", description=about.split("\n\n")[0])
    command = adder(parser)
    for audience in (authoring, grading, reporting):
        audience.register(command)
    return parser
