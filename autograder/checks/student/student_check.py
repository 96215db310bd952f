"""The student's own check of one exercise, as the check cell, the overview and the terminal ask it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ..counterexample import TRIES
from ..examine import run
from ..exercise import Answer, Call
from ..local_subject import LocalSubject
from ..registry import public_examination
from ..verdict import Verdict

CHECK_SEED = 1
PATIENCE = 3.0


class _Patient(LocalSubject):
    """A subject that answers its first questions in full, and further ones only for a few seconds.

    The further ones look for a smaller counterexample; nobody wants to wait minutes for it where a function is slow.
    """

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        super().__init__(namespace)
        self._until: float | None = None
        self._begun = time.monotonic()
        self._told = False

    def answered(self, done: int, total: int) -> None:
        """Say once that it takes long, where it does."""
        spent = time.monotonic() - self._begun
        whole = spent / done * total
        # Whoever has nearly waited to the end needs no message.
        if self._told or spent < PATIENCE or self._until is not None or whole - spent < PATIENCE:
            return
        self._told = True
        print(
            f"This takes a while: {done} of {total} questions took {spent:.0f} s, so all of them need about {whole:.0f} s."
        )

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call the function `name` once per call, or skip all calls when time is over."""
        if self._until is not None and time.monotonic() > self._until:
            return [Answer("skipped")] * len(calls)
        answers = super().ask(name, calls)
        if self._until is None:
            self._until = time.monotonic() + PATIENCE
        return answers


def examine(name: str, namespace: Mapping[str, Any], *, tries: int = TRIES) -> Verdict:
    """Check the exercise `name` as it stands in a namespace; raises ValueError for an unknown exercise."""
    one = public_examination(name, CHECK_SEED)
    subject = _Patient(namespace)
    return run(one.exercise, subject, one.bank, recognise=one.recognise, seed=CHECK_SEED, tries=tries)
