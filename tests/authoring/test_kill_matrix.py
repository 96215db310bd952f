from __future__ import annotations

import dataclasses

import pytest

from autograder import problems
from autograder.authoring import kill_matrix
from autograder.authoring.kill_matrix import ExerciseMatrix, Row, cover, examine, examine_all, page, sums, unneeded
from autograder.checks.exercise import Mistake

STEM = "03_gaussian_kl"
NAME = "beta_vae_loss"


def whole(**changes: object) -> ExerciseMatrix:
    """A matrix of two mistakes and two checks over three seeds in which every promise is kept."""
    rows = [
        Row("one", {"form": 3, "values": 3}, caught=3, named=3, by={"catalogue"}, operations="it is doubled"),
        Row("two", {"law": 3}, caught=3, named=3),
    ]
    kept = ExerciseMatrix("09_tiny", "square", 3, ("law", "values"), {"law": "", "values": ""}, rows, 6, 6)
    return dataclasses.replace(kept, **changes)  # type: ignore[arg-type]


def test_a_kept_matrix_has_no_faults() -> None:
    """Where all are caught and named, all variants pass, and no check is useless, there is nothing to say."""
    assert list(whole().faults) == []


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (Row("one", {"values": 2}, caught=2, named=3), "square: «one» keeps full points under 1 seeds."),
        (Row("one", {"values": 3}, caught=3, named=1), "square: «one» is not named under 2 seeds, but nothing."),
        (
            Row("one", {"values": 3}, caught=3, named=2, misnamed={"two", "six"}),
            "square: «one» is not named under 1 seeds, but six, two.",
        ),
    ],
)
def test_broken_promises_are_told(row: Row, sentence: str) -> None:
    """A mistake that escapes, has no name, or is called by another's name is a fault that says so."""
    faults = list(whole(rows=[row, Row("two", {"law": 3}, caught=3, named=3)]).faults)
    assert sentence in faults


def test_a_variant_that_loses_points_is_a_fault() -> None:
    """A right implementation that does not keep full points is named."""
    faults = list(whole(failed_variants={"by_loop"}, right=5).faults)
    assert faults == ["square: the right variant by_loop loses points."]


def test_a_useless_check_needs_a_reason() -> None:
    """A check that is never the only one to catch a mistake is a fault, unless it says why it stays."""
    rows = [Row("one", {"values": 3}, caught=3, named=3), Row("two", {"law": 3, "values": 3}, caught=3, named=3)]
    assert list(whole(rows=rows).useless) == ["law"]
    assert len(list(whole(rows=rows).faults)) == 1
    assert list(whole(rows=rows, whys={"law": "It speaks first.", "values": ""}).faults) == []


def test_sums_count_what_holds_under_every_seed() -> None:
    """The sums count a mistake as caught and named only when it is under every seed, and add up over exercises."""
    leaky = whole(
        rows=[Row("one", {"values": 2}, caught=2, named=2), Row("two", {"law": 3}, caught=3, named=3)],
        failed_variants={"by_loop"},
    )
    lines = [line.split() for line in sums([whole(), leaky]).splitlines()]
    assert lines[0] == ["exercise", "mistakes", "caught", "named", "operations", "variants", "passed", "seeds"]
    assert lines[1] == ["square", "2", "2", "2", "1", "2", "2", "3"]
    assert lines[2] == ["square", "2", "1", "1", "0", "2", "1", "3"]
    assert lines[3] == ["all", "4", "3", "3", "1", "4", "3", "3"]


def test_sums_of_nothing() -> None:
    """Without exercises the sums are zeros."""
    assert sums([]).splitlines()[-1].split() == ["all", "0", "0", "0", "0", "0", "0", "0"]


def test_the_page_shows_who_catches_what() -> None:
    """The page has a table for each exercise: ● for always, ◐ for sometimes, whether the mistake is named, and by what."""
    first = Row("one", {"form": 3, "values": 3}, caught=3, named=3, by={"catalogue"}, operations="it is doubled")
    rows = [first, Row("two", {"law": 1}, caught=1, named=1)]
    text = page([whole(rows=rows, whys={"law": "It speaks first.", "values": ""})])
    assert "## `square`" in text
    assert "| mistake | form | law | values | named | by | operations |" in text
    assert "| one | ● |  | ● | yes | catalogue | it is doubled |" in text
    assert "| two |  | ◐ |  | no |  |  |" in text
    assert "It speaks first." in text
    assert text.endswith("\n")


def test_an_exercise_is_examined_under_every_seed() -> None:
    """Each mistake and each variant has one verdict a seed."""
    one = cover(examine(STEM, NAME, [1, 2]), 1)
    assert one.seeds == 2
    assert [row.mistake for row in one.rows] == [mistake.name for mistake in problems.mistakes(STEM, NAME)]
    assert one.variants == 2 * len(problems.variants(STEM, NAME))
    assert all(row.caught == row.named == 2 for row in one.rows)
    assert all(max(row.killers.values()) <= 2 for row in one.rows)
    assert all(row.by <= {"catalogue", "signs", "terms", "operations"} and row.by for row in one.rows)
    assert any(row.operations for row in one.rows)


def test_entries_that_a_name_does_not_need_are_listed() -> None:
    """Each entry that operations explain is shown with their words, but for those that keep a share of the points."""
    rows = [
        Row("one", operations="it is doubled"),
        Row("two"),
        Row("three", operations="it is halved", share=0.5),
    ]
    one = ExerciseMatrix("01_toy", "toy", 3, ("values",), {"values": ""}, rows)
    told, *listed = unneeded([one])
    assert "explain 2 of 3 known mistakes" in told
    assert "1 of these entries keep" in told
    assert listed == ["  toy: «one» is «it is doubled»"]
    assert unneeded([ExerciseMatrix("01_toy", "toy", 3, ("values",), {"values": ""}, [Row("two")])]) == []


def test_a_blind_grader_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A right function passed off as a mistake, and a wrong one passed off as right, show up as faults."""
    monkeypatch.setattr(
        kill_matrix,
        "mistakes",
        lambda stem, name: [Mistake(NAME, "no mistake", "None.", lambda r, k, beta=1.0: r + beta * k)],
    )

    def wrong(r: float, k: float, beta: float = 1.0) -> float:
        return r - k

    monkeypatch.setattr(kill_matrix, "variants", lambda stem, name: [wrong])
    faults = list(examine(STEM, NAME, [1]).faults)
    assert "beta_vae_loss: «no mistake» keeps full points under 1 seeds." in faults
    assert "beta_vae_loss: the right variant wrong loses points." in faults


@pytest.fixture
def two_exercises(monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem of two small exercises."""
    problem = problems.public(STEM)
    small = dataclasses.replace(problem, exercises=tuple(problem.exercise(name) for name in ("kl_weight", NAME)))
    monkeypatch.setattr(kill_matrix, "public", lambda stem: small)


@pytest.mark.usefixtures("two_exercises")
def test_one_process_or_two_see_the_same() -> None:
    """The matrices do not depend on how many processes worked them out, and come in the exercises' order."""
    alone, together = examine_all([STEM], [1], 1), examine_all([STEM], [1], 2)
    assert [one.exercise for one in alone] == ["kl_weight", NAME]
    assert alone == together
