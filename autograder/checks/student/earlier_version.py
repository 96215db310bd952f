"""Answer cells that failed when they ran last: a check then looks at what an earlier run left behind."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any

_failed: list[tuple[str, str]] = []
"""Sources of cells that failed, each with the error's name, oldest first; what ran well since is taken out."""

_watched: list[Any] = []


def watch() -> None:
    """Listen to the cells of the kernel that this runs in, once; do nothing where there is none."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and all(shell is not one for one in _watched):
        shell.events.register("post_run_cell", cell_ran)
        _watched.append(shell)


def cell_ran(result: Any) -> None:
    """Take note of a cell that has run: IPython calls this with its ExecutionResult."""
    source = getattr(getattr(result, "info", None), "raw_cell", None) or ""
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        _failed.append((source, type(error).__name__))
        del _failed[:-50]
        return
    names = set(re.findall(r"^(?:def\s+)?(\w+)\s*(?:\(|=(?!=)|:)", source, re.MULTILINE))
    _failed[:] = [one for one in _failed if not any(sets(one[0], name) for name in names)]


def sets(source: str, name: str) -> bool:
    """Whether a cell's text, which need not compile, defines a function or sets a variable of that name."""
    return (
        re.search(rf"^(?:def\s+{re.escape(name)}\b|{re.escape(name)}\s*(?::|=(?!=)))", source, re.MULTILINE) is not None
    )


def warning(names: Iterable[str]) -> str:
    """What to say where a cell that sets one of the names failed since it ran well last; empty where none did."""
    for source, error in reversed(_failed):
        name = next((one for one in names if sets(source, one)), None)
        if name is not None:
            return (
                f"The cell that sets `{name}` stopped with {error} when it ran last. "
                "This check looks at what an earlier run left behind. Mend that cell, run it, then run this check again."
            )
    return ""
