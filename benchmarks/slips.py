"""What operations on right functions explain: `python -m benchmarks.slips`; nothing is written but a Markdown table."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from autograder import problems
from autograder.checks import registry
from autograder.checks.asking import FormedAnswer
from autograder.checks.examine import run
from autograder.hidden.mistakes.operations import Operation
from autograder.problems.examination import Examination, answers_of, examination, subject_of
from tests.unseen.collected import COLLECTED

SEED, PAIRS = 3, 2_000
STEMS = {exercise.name: one.stem for one in registry.modules().values() for exercise in one.exercises}


def named(one: Examination, function: Callable[..., Any]) -> tuple[str, str]:
    """Which mechanism names a function, and how; ("", "") where none does."""
    heard = [("", "")]

    def recognise(seen: list[FormedAnswer], failed: list[slice]) -> Any:
        how, what = one.named_by(seen, failed)
        heard.append((how, what.name if what else ""))
        return what

    run(one.exercise, subject_of(one.exercise, function), one.bank, recognise=recognise, seed=SEED, tries=0)  # type: ignore[arg-type]
    return heard[-1]


def catalogued() -> Counter[str]:
    """How many hand-written mistakes of functions operations explain by themselves."""
    found: Counter[str] = Counter()
    for name, stem in STEMS.items():
        one = examination(stem, name, SEED)
        alone = one.composed.unlisted()
        for mistake in problems.mistakes(stem, name) if not one.exercise.variables else ():
            seen = answers_of(one.exercise, mistake.function, alone.calls)
            found["asked" if alone.operations else "drawn, fitted or many right"] += 1
            found["explained"] += alone.recognise(seen) is not None
    return found


def unseen() -> Counter[str]:
    """By which mechanism the wrong unseen implementations are named."""
    for path in sorted((Path(__file__).parents[1] / "tests" / "unseen").glob("*.py")):
        importlib.import_module(f"tests.unseen.{path.stem}")
    found: Counter[str] = Counter()
    for one in COLLECTED:
        how, what = named(examination(STEMS[one.exercise], one.exercise, SEED), one.function)
        kind = "right" if one.is_right else "wrong"
        found[f"{kind}, {how or 'no name'}"] += 1
        if how == "operations":
            print(f"  {one.exercise}: {one.what} -> {what}")
    return found


def together(one: Examination, some: Sequence[Operation]) -> Callable[..., Any] | None:
    """A right function with two slips; None where they cannot be in one function."""
    edits = [slip.edit for slip in some if slip.edit]
    if edits and any(slip.instead for slip in some):
        return None
    if len(edits) == 2 and (edits[0].source is not edits[1].source or edits[0].place == edits[1].place):
        return None
    try:
        return one.composed.with_slips(some)
    except ValueError:
        return None


def pairs() -> Counter[str]:
    """How random pairs of operations are named: as both, as one, in other words, or not."""
    draw = Random(SEED)
    askable = [one for name, stem in STEMS.items() if (one := examination(stem, name, SEED)).composed.operations]
    found: Counter[str] = Counter()
    while found.total() < PAIRS:
        one = draw.choice(askable)
        function = together(one, some := draw.sample(one.composed.operations, 2))
        if function is None:
            continue
        verdict = run(one.exercise, subject_of(one.exercise, function), one.bank, seed=SEED, tries=0)
        if verdict.points == verdict.max_points:
            continue
        how, what = named(one, function)
        words = {slip.name for slip in some}
        exact = what in {" and ".join(order) for order in (list(words), list(words)[::-1])}
        none = "none" if one.composed.tells(function) else "none: errors, nan or whole numbers"
        found["both" if exact else "one" if what in words else f"other words, {how}" if how else none] += 1
    return found


def main() -> None:
    """Print what was counted."""
    for title, count in (("catalogue", catalogued), ("unseen", unseen), ("pairs", pairs)):
        print(title)
        for what, number in sorted(count().items()):
            print(f"| {what} | {number} |")


if __name__ == "__main__":
    main()
