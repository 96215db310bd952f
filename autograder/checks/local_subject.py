"""Ask functions of this very process: the student's own notebook, plain nbgrader, and our known mistakes."""

from __future__ import annotations

import contextlib
import copy
import io
import linecache
import traceback
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .exercise import Answer, Call, Rng


class LocalSubject:
    """The functions and variables of a namespace, asked without letting them print, warn or change what they are given."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        """Take the names from `namespace`, which is looked up anew at every question."""
        self._namespace = namespace

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call the function `name` once per call, each with copies of its arguments of its own."""
        if name not in self._namespace:
            return [Answer("undefined", detail=name)] * len(calls)
        function = self._namespace[name]
        if not callable(function):
            return [Answer("uncallable", detail=type(function).__name__)] * len(calls)
        generators: dict[Rng, np.random.Generator] = {}
        answers: list[Answer] = []
        for call in calls:
            answers.append(_ask(function, call, generators))
            self.answered(len(answers), len(calls))
        return answers

    def answered(self, done: int, total: int) -> None:
        """Called after each answer of a batch; here it does nothing."""

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Return copies of the present values of the variables `names`."""
        return [
            _copied(self._namespace[name]) if name in self._namespace else Answer("undefined", detail=name)
            for name in names
        ]


def _ask(function: Any, call: Call, generators: dict[Rng, np.random.Generator]) -> Answer:
    def fresh(argument: Any) -> Any:
        if isinstance(argument, Rng):
            return generators.setdefault(argument, np.random.default_rng(argument.seed))
        return copy.deepcopy(argument)

    args = [fresh(argument) for argument in call.args]
    kwargs = {name: fresh(argument) for name, argument in call.kwargs.items()}
    before = [*call.args, *call.kwargs.values()]
    sink = io.StringIO()
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(sink),
            contextlib.redirect_stderr(sink),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            answer = _copied(function(*args, **kwargs))
    except (Exception, SystemExit) as error:
        unwritten = getattr(error, "unwritten", "") if isinstance(error, NotImplementedError) else ""
        return Answer("raised", error=type(error).__name__, detail=_told(error), unwritten=str(unwritten))
    after = [*args, *kwargs.values()]
    changed = tuple(
        position
        for position, (old, new) in enumerate(zip(before, after, strict=True))
        if isinstance(old, np.ndarray) and (old.shape != new.shape or old.tobytes() != new.tobytes())
    )
    return replace(answer, changed=changed)


def _copied(value: Any) -> Answer:
    try:
        return Answer("returned", copy.deepcopy(value))
    except Exception:
        return Answer("unreadable", detail=f"a {type(value).__name__}")


def _told(error: BaseException) -> str:
    """The exception's message and the frames of the caller's own code, without paths."""
    frames = [
        f"line {frame.lineno}, in {frame.name}: {linecache.getline(frame.filename, frame.lineno or 0).strip()}"
        for frame in traceback.extract_tb(error.__traceback__)[1:]
        if "site-packages" not in frame.filename and "/lib/python" not in frame.filename
    ]
    try:
        message = str(error)[:400]
    except Exception:
        message = "(its message cannot be shown)"
    return "\n".join([message, *frames[-4:]])
