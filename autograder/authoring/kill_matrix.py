"""The grader graded: every known mistake against every check, every right variant, over many course seeds."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from ..checks.asking import FormedAnswer
from ..checks.diagnosis import NamedMistake
from ..checks.examine import run
from ..checks.registry import modules
from ..checks.verdict import FORM, Verdict
from ..hidden.mistakes.catalogue import Function
from ..problems import Examination, examination, mistakes, public, subject_of, variants
from ..problems.examination import answers_of
from ..problems.numbers import with_own_answers


@dataclass
class Row:
    """One known mistake over all seeds: the checks that caught it, how often it was caught and named, by what else.

    `by` holds the mechanisms that named it, `operations` what operations on a right function say of it by themselves, and
    `share` the part of the points that its entry keeps.
    """

    mistake: str
    killers: dict[str, int] = field(default_factory=dict)
    caught: int = 0
    named: int = 0
    misnamed: set[str] = field(default_factory=set)
    by: set[str] = field(default_factory=set)
    operations: str = ""
    share: float = 0.0


@dataclass
class ExerciseMatrix:
    """The rows of one exercise, and how many verdicts on right variants were full, over all seeds."""

    stem: str
    exercise: str
    seeds: int
    checks: tuple[str, ...]
    whys: dict[str, str]
    rows: list[Row]
    right: int = 0
    variants: int = 0
    failed_variants: set[str] = field(default_factory=set)

    @property
    def faults(self) -> Iterator[str]:
        """Sentences about every promise that is broken."""
        for row in self.rows:
            if row.caught < self.seeds:
                yield f"{self.exercise}: «{row.mistake}» keeps full points under {self.seeds - row.caught} seeds."
            if row.named < self.seeds:
                others = ", ".join(sorted(row.misnamed)) or "nothing"
                yield f"{self.exercise}: «{row.mistake}» is not named under {self.seeds - row.named} seeds, but {others}."
        for name in sorted(self.failed_variants):
            yield f"{self.exercise}: the right variant {name} loses points."
        for check in self.useless:
            yield f"{self.exercise}: no mistake is caught by «{check}» alone, and nothing says why it stays."
        for check in self.idle:
            yield f"{self.exercise}: «{check}» catches no known mistake at all: add one that it catches, or drop it."

    @property
    def idle(self) -> list[str]:
        """Checks that catch nothing."""
        return [check for check in self.checks if not any(check in row.killers for row in self.rows)]

    @property
    def useless(self) -> list[str]:
        """Checks that are never the only killer of a mistake and give no reason to stay."""
        alone = {
            check for row in self.rows for check in row.killers if all(other in (check, FORM) for other in row.killers)
        }
        return [check for check in self.checks if check not in alone and not self.whys[check]]


def examine(stem: str, exercise: str, seeds: Sequence[int]) -> ExerciseMatrix:
    """Run every mistake and every right variant of an exercise through its checks, under each seed."""
    known, right = mistakes(stem, exercise), variants(stem, exercise)
    checks = examination(stem, exercise, seeds[0]).exercise.checks
    matrix = ExerciseMatrix(
        stem,
        exercise,
        len(seeds),
        tuple(check.name for check in checks),
        {check.name: check.why for check in checks},
        [Row(mistake.name, share=mistake.share) for mistake in known],
    )
    for seed in seeds:
        one = examination(stem, exercise, seed)
        for row, mistake in zip(matrix.rows, known, strict=True):
            by, verdict = _verdict(one, mistake.function)
            row.by |= by
            _enter(row, verdict)
        for function in right:
            _, verdict = _verdict(one, with_own_answers(exercise, function))
            matrix.variants += 1
            if verdict.passed and verdict.points == verdict.max_points:
                matrix.right += 1
            else:
                matrix.failed_variants.add(getattr(function, "__name__", type(function).__name__))
    return matrix


def _verdict(one: Examination, function: Function) -> tuple[set[str], Verdict]:
    """The mechanisms that named it, none or one, and the verdict."""
    by: set[str] = set()

    def recognise(seen: Sequence[FormedAnswer], failed: Sequence[slice]) -> NamedMistake | None:
        mechanism, named = one.named_by(seen, failed)
        by.update([mechanism] if named else [])
        return named

    subject = subject_of(one.exercise, function)
    return by, run(one.exercise, subject, one.bank, recognise=recognise, seed=one.seed, tries=0)


def cover(matrix: ExerciseMatrix, seed: int) -> ExerciseMatrix:
    """Enter what operations on right functions say of each mistake if nobody else is asked, and no list of mistakes is read."""
    one = examination(matrix.stem, matrix.exercise, seed)
    alone = one.composed.unlisted()
    if alone.operations:
        for row, mistake in zip(matrix.rows, mistakes(matrix.stem, matrix.exercise), strict=True):
            named = alone.recognise(answers_of(one.exercise, mistake.function, alone.calls))
            row.operations = named.name if named else ""
    return matrix


def _enter(row: Row, verdict: Verdict) -> None:
    row.caught += verdict.points < verdict.max_points
    names = {finding.mistake for finding in verdict.findings if finding.mistake}
    row.named += names == {row.mistake}
    row.misnamed |= names - {row.mistake}
    for finding in verdict.findings:
        if not finding.passed:
            row.killers[finding.check] = row.killers.get(finding.check, 0) + 1


def all_stems() -> list[str]:
    """The stems of all problems that have checks, with or without a notebook yet."""
    return sorted(problem.stem for problem in modules().values())


def examine_all(stems: Iterable[str], seeds: Sequence[int], jobs: int) -> list[ExerciseMatrix]:
    """Examine every exercise of the problems, several at once, in their order."""
    tasks = [(stem, exercise.name, seeds) for stem in stems for exercise in public(stem).exercises]
    if jobs == 1:
        return [_whole(*task) for task in tasks]
    # Not multiprocessing's own Pool: ending it kills workers, which may leave a lock that the others wait for for ever.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        return list(pool.map(_whole, *zip(*tasks, strict=True)))


def _whole(stem: str, exercise: str, seeds: Sequence[int]) -> ExerciseMatrix:
    return cover(examine(stem, exercise, seeds), seeds[0])


def sums(matrices: Sequence[ExerciseMatrix]) -> str:
    """The table of sums: mistakes caught, named, explained by operations; variants passed; all in all; seeds."""
    lines = [
        f"{'exercise':28}{'mistakes':>9}{'caught':>8}{'named':>8}{'operations':>12}{'variants':>10}{'passed':>8}{'seeds':>7}"
    ]
    for one in matrices:
        caught = sum(row.caught == one.seeds for row in one.rows)
        named = sum(row.named == one.seeds for row in one.rows)
        covered = sum(bool(row.operations) for row in one.rows)
        variants = one.variants // one.seeds
        passed = variants - len(one.failed_variants)
        lines.append(
            f"{one.exercise:28}{len(one.rows):9}{caught:8}{named:8}{covered:12}{variants:10}{passed:8}{one.seeds:7}"
        )
    rows = [row for one in matrices for row in one.rows]
    caught = sum(row.caught == one.seeds for one in matrices for row in one.rows)
    named = sum(row.named == one.seeds for one in matrices for row in one.rows)
    covered = sum(bool(row.operations) for row in rows)
    variants = sum(one.variants // one.seeds for one in matrices)
    passed = variants - sum(len(one.failed_variants) for one in matrices)
    seeds = matrices[0].seeds if matrices else 0
    lines.append(f"{'all':28}{len(rows):9}{caught:8}{named:8}{covered:12}{variants:10}{passed:8}{seeds:7}")
    return "\n".join(lines)


def unneeded(matrices: Sequence[ExerciseMatrix]) -> list[str]:
    """Sentences about the entries that a name does not need: operations explain them."""
    rows = [(one.exercise, row) for one in matrices for row in one.rows]
    covered = [(exercise, row) for exercise, row in rows if row.operations]
    if not covered:
        return []
    kept = sum(row.share > 0 for _, row in covered)
    told = (
        f"Operations explain {len(covered)} of {len(rows)} known mistakes without their entries. {kept} of these entries keep a "
        "share of the points. Each of the others stays only while its sentence says more than the operation's:"
    )
    return [
        told,
        *(f"  {exercise}: «{row.mistake}» is «{row.operations}»" for exercise, row in covered if not row.share),
    ]


def page(matrices: Sequence[ExerciseMatrix]) -> str:
    """The kill matrix as Markdown: for each exercise a table of mistakes against checks."""
    parts = [
        "# The kill matrix",
        "",
        "Every known mistake against every check, made by `autograder matrix --page`. A ● is a check that catches the",
        "mistake under every seed, a ◐ one that catches it under some. *Named* says whether the verdict calls it by its",
        "name under every seed, *by* which mechanism names it (the catalogue, draws by what they look like, arguments changed in",
        "place with what else is wrong, signs in answers of any form, terms of a sum, operations on a right function, parts of an",
        "answer one by one, the catalogue by some checks alone, errors of Python),",
        "and *operations* what operations say by themselves: there the entry is not needed for a name.",
    ]
    for one in matrices:
        checks = (FORM, *one.checks)
        parts += ["", f"## `{one.exercise}`", ""]
        parts.append("| mistake | " + " | ".join(checks) + " | named | by | operations |")
        parts.append("|---|" + ":-:|" * (len(checks) + 1) + "---|---|")
        for row in one.rows:
            marks = [_mark(row.killers.get(check, 0), one.seeds) for check in checks]
            named = "yes" if row.named == one.seeds else "no"
            parts.append(
                f"| {row.mistake} | "
                + " | ".join(marks)
                + f" | {named} | {', '.join(sorted(row.by))} | {row.operations} |"
            )
        reasons = [
            f"- *{check}* stays although others catch what it catches: {why}" for check, why in one.whys.items() if why
        ]
        parts += ["", *reasons] if reasons else []
    return "\n".join(parts) + "\n"


def _mark(count: int, seeds: int) -> str:
    return "●" if count == seeds else "◐" if count else ""
