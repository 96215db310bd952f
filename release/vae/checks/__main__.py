"""The checks in a terminal: `python -m checks [NOTEBOOK ...]`, and `python -m checks --pack` before handing in."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
_EPILOG = """\
examples:
  python -m checks                          check all notebooks
  python -m checks 03_gaussian_kl.ipynb     check one
  python -m checks --brief                  one line an exercise
  python -m checks --pack                   check, then make hand_in.zip
  python -m checks --brief --json out.json  also write what was found, for programs

Ends with 0 when all checks hold, with 1 when some do not, with 2 when there was nothing to check. With --pack it ends
with 0 as soon as the zip file is written: unfinished work may be handed in. So does --classroom50: what holds stands in
the file.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check or pack notebooks; return the exit code."""
    asked = parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # Not every terminal knows ✓ and μ; a question mark there is better than no report.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    missing = [name for name in ("numpy", "hypothesis") if importlib.util.find_spec(name) is None]
    out = _zip(asked)
    if missing:
        advice = (
            f"{' and '.join(missing)} cannot be found by {sys.executable}. In the folder of the notebooks, run: "
            "python -m pip install -r requirements.txt"
        )
        return _refuse(advice) if out is None else _unchecked(out, advice)
    from .student.machine_report import NotWritten
    from .student.terminal import Refused

    try:
        return _checked(asked, out)
    except (Refused, NotWritten) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130
    except BrokenPipeError:
        # Whoever reads the report (head, less) has seen enough; Python's own farewell must not fail over it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _checked(asked: argparse.Namespace, out: Path | None) -> int:
    """Check, and write what was found into the files that are asked for; raises Refused, NotWritten."""
    from .student import machine_report
    from .student.terminal import Refused, Terminal

    if asked.classroom50:
        # Before anything is run: a runner that gives no names is no place to wait for minutes.
        machine_report.classroom_result({"notebooks": []}, os.environ)
    try:
        terminal = Terminal(FOLDER, brief=asked.brief, seconds=asked.limit)
        code = terminal.main(asked.notebooks, out)
    except Refused as error:
        if asked.json:
            machine_report.write(Path(asked.json), machine_report.report([], {}, str(error)))
        raise
    told = terminal.report()
    if asked.json:
        machine_report.write(Path(asked.json), told)
    if asked.classroom50:
        machine_report.write(Path(asked.classroom50), machine_report.classroom_result(told, os.environ))
        return 0
    return code


def _zip(asked: argparse.Namespace) -> Path | None:
    """The zip file that is asked for."""
    if asked.out is not None:
        return Path(asked.out)
    return FOLDER if asked.pack else None


def _unchecked(out: Path, why: str) -> int:
    """Pack all notebooks where nothing can be checked: handing in needs Python alone."""
    from .student.hand_in import NotPacked, pack

    print(f"Nothing was checked: {why}\n", file=sys.stderr)
    try:
        print(*pack({path.name: path for path in FOLDER.glob("*.ipynb")}, out), sep="\n")
    except NotPacked as error:
        return _refuse(str(error))
    return 0


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    made = argparse.ArgumentParser(
        prog="python -m checks",
        description="Run the check cells of your notebooks, and see what holds, what breaks and what is left.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="a notebook's file (without one: all)")
    made.add_argument("--brief", action="store_true", help="one line an exercise instead of its table")
    made.add_argument(
        "--limit", type=_seconds, default=60.0, metavar="SECONDS", help="how long a cell may take (default: 60)"
    )
    made.add_argument("--pack", action="store_true", help="make the zip file to hand in, whatever the checks say")
    made.add_argument("--json", metavar="FILE", help="also write what was found as JSON, for programs")
    made.add_argument("--classroom50", metavar="FILE", help="also write the result.json of a Classroom 50 runner")
    made.add_argument("--out", metavar="FILE", help="the zip file to write (default: hand_in.zip), implies --pack")
    return made


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is no time in seconds")
    return seconds


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
