"""The only use of private parts of hypothesis: to draw without the numbers it collects from whatever modules are loaded.

hypothesis reads constants from the source of a user's modules and tries them as examples (since 6.131). So the same
seed would give other examples in a notebook than in a grader, and no public setting turns that off.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import hypothesis

_SINCE = (6, 131)


class InternalsMovedError(RuntimeError):
    """This version of hypothesis keeps its collected numbers elsewhere: examples would depend on the modules loaded."""


def _collected() -> tuple[Any, dict[str, Any]]:
    """The module of hypothesis that collects numbers, and what stands for its names; nothing in versions without them.

    Raises InternalsMovedError where a version that collects numbers has no such names.
    """
    if hypothesis.__version_info__ < _SINCE:
        return None, {}
    try:
        from hypothesis.internal.conjecture import providers

        nothing: Any = type(providers._local_constants)()
        cache: Any = type(providers.CONSTANTS_CACHE)(1024)
        stand_in = {"_get_local_constants": lambda: nothing, "CONSTANTS_CACHE": cache}
        for name in stand_in:
            getattr(providers, name)
    except (ImportError, AttributeError, TypeError) as error:
        raise InternalsMovedError(
            f"Examples can be drawn alike everywhere only where hypothesis keeps its collected numbers in "
            f"`_get_local_constants` and `CONSTANTS_CACHE`; hypothesis {hypothesis.__version__} does not ({error}). "
            "Install an earlier version, or bring checks/hypothesis_internals.py up to date."
        ) from error
    return providers, stand_in


_FOUND: list[tuple[Any, dict[str, Any]]] = []


def require() -> None:
    """Raise InternalsMovedError where drawing alike everywhere is impossible: grading asks for it, students do not."""
    if not _FOUND:
        _FOUND.append(_collected())


@contextlib.contextmanager
def alike_everywhere() -> Iterator[None]:
    """Draw within as if no module had any numbers; where internals have moved, draw as hypothesis does."""
    try:
        require()
    except InternalsMovedError:
        # A student who has a newer hypothesis loses nothing but that two machines are asked about the same inputs.
        _FOUND.append((None, {}))
    providers, stand_ins = _FOUND[0]
    before = {name: getattr(providers, name) for name in stand_ins}
    for name, value in stand_ins.items():
        setattr(providers, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(providers, name, value)
