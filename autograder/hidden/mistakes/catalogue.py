"""How known mistakes and right variants are written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...checks.exercise import Answer, Call, Mistake
from .edited import Edited
from .terms import Sum, Term

Function = Callable[..., Any]

Decorator = Callable[[Function], Function]
Tell = Callable[[Sequence[Call], Sequence[Answer]], bool]
Undo = Callable[[Call, Any], Any]
"""Turns the answer to a call from the form that a mistake gives it into the form that is asked; None where it has not that form."""


def tells(diagnosis: str, diagnose: Callable[[Sequence[Call], Sequence[Answer]], Sequence[str]]) -> Tell:
    """A tell that fits when `diagnose`, which is asked by every such tell in turn, comes to that diagnosis alone."""
    return lambda calls, answers: [*diagnose(calls, answers)] == [diagnosis]


@dataclass
class Catalogue:
    """The known mistakes and right variants of a problem, collected by decorators in the order they are written.

    Each entry is one self-contained function (it may use `np` and nested helpers, nothing else of its module), so that
    its source can stand in a student's answer cell.
    """

    mistakes: list[Mistake] = field(default_factory=list)
    variants: dict[str, list[Function]] = field(default_factory=dict)
    sums: dict[str, list[Sum]] = field(default_factory=dict)
    undo: dict[str, dict[str, Undo]] = field(default_factory=dict)

    def sum(self, exercise: str, *terms: Term, tempting: Sequence[Term] = ()) -> None:
        """Register a way in which right answers are a sum, and terms that tempt to be written in place of others."""
        self.sums.setdefault(exercise, []).append(Sum(terms, tuple(tempting)))

    def undoes(self, exercise: str, name: str) -> Callable[[Undo], Undo]:
        """Register what undoes a known mistake of form, so that what else is wrong can be named beside it."""

        def register(undo: Undo) -> Undo:
            self.undo.setdefault(exercise, {})[name] = undo
            return undo

        return register

    def mistake(
        self,
        exercise: str,
        name: str,
        says: str,
        *,
        share: float = 0.0,
        tell: Tell | None = None,
    ) -> Decorator:
        """Register the decorated function as a known mistake with its name and its sentence to the student."""

        def register(function: Function) -> Function:
            self.mistakes.append(Mistake(exercise, name, says, function, share, tell))
            return function

        return register

    def variant(self, exercise: str) -> Decorator:
        """Register the decorated function as an honest right implementation that differs from the reference."""

        def register(function: Function) -> Function:
            self.variants.setdefault(exercise, []).append(function)
            return function

        return register

    def of(self, exercise: str) -> tuple[Callable[..., Decorator], Decorator]:
        """Return the decorators `mistake(name, says, share, tell)` and `variant` for the module of one exercise."""

        def mistake(name: str, says: str, share: float = 0.0, tell: Tell | None = None) -> Decorator:
            return self.mistake(exercise, name, says, share=share, tell=tell)

        return mistake, self.variant(exercise)

    def edits(self, exercise: str, right: Function) -> Callable[..., None]:
        """Return what registers edits of a right function: `edited(name, says, (text, other text), share=, tell=, also=)`.

        `also` has changes that are other texts of the same mistake.
        """

        def edited(
            name: str,
            says: str,
            *changes: tuple[str, str],
            share: float = 0.0,
            tell: Tell | None = None,
            also: Sequence[Sequence[tuple[str, str]]] = (),
        ) -> None:
            for some in (changes, *also):
                self.mistake(exercise, name, says, share=share, tell=tell)(Edited(right, some))

        return edited


def joined(*parts: Catalogue) -> Catalogue:
    """One catalogue of what several modules of a problem collected."""
    whole = Catalogue()
    for part in parts:
        whole.mistakes += part.mistakes
        for exercise, known in part.variants.items():
            whole.variants.setdefault(exercise, []).extend(known)
        for exercise, sums in part.sums.items():
            whole.sums.setdefault(exercise, []).extend(sums)
        whole.undo |= part.undo
    return whole
