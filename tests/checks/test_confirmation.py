"""The student's check of 01 with the table of a release: what it confirms, what it names, and what it keeps to itself."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from autograder import problems
from autograder.checks import answer_tables, registry
from autograder.checks.examine import run
from autograder.checks.examples import bank
from autograder.checks.local_subject import LocalSubject
from autograder.checks.registry import PublicExamination
from autograder.checks.verdict import Finding, Verdict
from autograder.checks.worked_numbers import CHAPTER, confirmed, locks
from autograder.checks.worked_numbers import settings as worked_settings
from autograder.checks.worked_numbers.locks import RIGHT as RIGHT_NUMBER
from autograder.checks.worked_numbers.locks import Known, Place, opened, places, sealed
from autograder.checks.worked_numbers.variable_types import Kind, Number, Unfit
from autograder.hidden.worked_numbers.closed_forms import PRINTED, RIGHT
from autograder.hidden.worked_numbers.own_answers import right as own_right
from autograder.hidden.worked_numbers.shared import _as_exact

STEM = "01_worked_numbers"
EXERCISES = [exercise.name for exercise in CHAPTER.exercises]
KINDS: dict[str, dict[str, Kind]] = {
    exercise.name: dict(exercise.form.kinds)  # type: ignore[attr-defined]
    for exercise in CHAPTER.exercises
}
MISTAKES = [(name, mistake.name) for name in EXERCISES for mistake in problems.mistakes(STEM, name)]
Path_ = tuple[Any, ...]

each_exercise = pytest.mark.parametrize("name", EXERCISES)


@cache
def packed() -> bytes:
    """The file of the release."""
    (content,) = problems.tables([STEM], {}).values()
    return content


@cache
def tables() -> dict[str, Any]:
    """The tables in it, by exercise."""
    return answer_tables.unpacked(packed())


@cache
def examination(name: str) -> PublicExamination:
    """The exercise as a student with the release has it."""
    exercise, recognise = confirmed(registry.modules()["worked_numbers"].exercise(name), tables()[name]["sealed"])
    return PublicExamination(exercise, bank(exercise.checks, 1), recognise)


def chapter(name: str) -> dict[str, Any]:
    """The right answers of the first part."""
    return {variable: RIGHT[variable] for variable in KINDS[name]}


def said(name: str, variables: Mapping[str, Any]) -> Verdict:
    """What the check says of these variables, beside right numbers of one's own."""
    one = examination(name)
    own = own_right(name, worked_settings.setting(name))
    return run(one.exercise, LocalSubject({**own, **variables}), one.bank, recognise=one.recognise)


def of(found: Verdict, variable: str) -> Finding:
    """What is said of one of the chapter's variables."""
    return next(finding for finding in found.findings if finding.check == f"chapter: {variable}")


def numbers(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, float]]:
    """Where in a right answer a number stands, and which."""
    if isinstance(value, float):
        yield path, value
    elif isinstance(value, (dict, tuple)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers(item, (*path, step))


def changed(value: Any, path: Path_, number: Any) -> Any:
    """The same answer with one entry changed."""
    if not path:
        return number
    step, *rest = path
    if isinstance(value, dict):
        return {**value, step: changed(value[step], tuple(rest), number)}
    return tuple(changed(item, tuple(rest), number) if place == step else item for place, item in enumerate(value))


NUMBERS = [
    (name, variable, path, exact)
    for name in EXERCISES
    for variable in KINDS[name]
    for path, exact in numbers(RIGHT[variable])
]
each_number = pytest.mark.parametrize(
    ("name", "variable", "path", "exact"), NUMBERS, ids=[f"{variable}{path}" for _, variable, path, _ in NUMBERS]
)


def reach(kind: Kind, exact: float) -> float:
    """How far from the exact number an answer may be."""
    while not isinstance(kind, Number):
        kind = kind.of  # type: ignore[attr-defined]
    return kind.absolute + kind.relative * abs(exact)


# Right answers


@each_exercise
def test_right_answers_are_confirmed_one_by_one(name: str) -> None:
    """Of each of the chapter's variables a right answer is told to be right, before any law."""
    found = said(name, chapter(name))
    assert found.passed, found.first_failed
    told = [finding for finding in found.findings if finding.check.startswith("chapter: ")]
    assert [one.must for one in told] == [f"`{variable}` is right." for variable in KINDS[name]]
    assert list(found.findings[1 : 1 + len(told)]) == told


@each_exercise
def test_right_variants_are_confirmed(name: str) -> None:
    """Every honest right way of writing the answers is confirmed."""
    for function in problems.variants(STEM, name):
        found = said(name, function())
        assert all(of(found, variable).passed for variable in KINDS[name]), function.__name__


def test_what_the_chapter_prints_is_confirmed() -> None:
    """The numbers that the chapter rounds on the way are right, in per cent too, and their neighbours are not."""
    total = lambda value: of(said("per_dimension_kl", {**chapter("per_dimension_kl"), "total_kl": value}), "total_kl")  # noqa: E731
    assert total(PRINTED["total_kl"]).passed
    assert not total(1.8898).passed
    for share, good in ((0.73, True), (73, True), ("73 %", True), (0.7299, False), (1.47, False)):
        found = said("beta_balance", {**chapter("beta_balance"), "kl_share": {**RIGHT["kl_share"], 0.5: share}})
        assert of(found, "kl_share").passed == good, share


@each_number
def test_the_tolerance_is_that_of_grading(name: str, variable: str, path: Path_, exact: float) -> None:
    """On both sides an answer is confirmed up to the tolerance, and not a millionth beyond it."""
    limit = reach(KINDS[name][variable], exact)
    for sign in (1, -1):
        inside = changed(RIGHT[variable], path, exact + sign * limit)
        assert of(said(name, {**chapter(name), variable: inside}), variable).passed
        outside = changed(RIGHT[variable], path, exact + sign * (limit + 1e-6))
        if not _printed(variable, path, exact + sign * (limit + 1e-6)):
            assert not of(said(name, {**chapter(name), variable: outside}), variable).passed


def _printed(variable: str, path: Path_, number: float) -> bool:
    told = PRINTED.get(variable)
    told = told.get(path[0]) if isinstance(told, dict) else told
    return told is not None and abs(told - number) <= 1e-6


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_confirmed_is_what_grading_finds_right(data: st.DataObject) -> None:
    """Any number in any place is confirmed exactly where the grader's tolerance, or the chapter's print, allows it."""
    name, variable, path, exact = data.draw(st.sampled_from(NUMBERS))
    near = st.floats(-0.02, 0.02).map(lambda off: exact + off)
    number = data.draw(st.one_of(near, st.floats(-10, 10), st.integers(-500, 500).map(lambda n: n / 100)))
    kind, exact_answer = KINDS[name][variable], RIGHT[variable]
    answer = changed(exact_answer, path, number)
    read = _as_exact(kind.read("x", answer), PRINTED.get(variable), exact_answer)
    found = said(name, {**chapter(name), variable: answer})
    assert of(found, variable).passed == kind.near(read, exact_answer)


# Wrong answers


def test_a_wrong_entry_is_named_and_shown_as_typed() -> None:
    """The variable and its entries that are wrong are named, with what was typed, and no right number."""
    wrong = {"(i)": (0, 0, 0), "(ii)": (0.5, 0, 0.5), "(iii)": ["0.70", 0.8, 1.5]}
    finding = said("kl_by_hand", {"kl_settings": wrong}).first_failed
    assert finding is not None
    assert finding.must == "`kl_settings` is right."
    assert finding.returned == "{'(i)': (0, 0, 0), '(ii)': (0.5, 0, 0.5), '(iii)': ['0.70', 0.8, 1.5]}"
    assert finding.expected == ""
    assert finding.note == (
        'Not right: entry "iii", shift: \'0.70\'; entry "iii", spread: 0.8; entry "iii", total: 1.5. '
        "The other 6 are right."
    )
    assert finding.mistake is None


@pytest.mark.parametrize(
    ("name", "variable", "typed", "shown"),
    [
        ("beta_balance", "kl_share", {0.5: 1.47, 1: "85 %", 4: 96}, "{0.5: 1.47, 1: '85 %', 4: 96}"),
        ("rank_by_kl", "ranking", "i < iii < iv < ii", "'i < iii < iv < ii'"),
        ("count_active_units", "active_dimensions", [1, 3, 5, 7], "[1, 3, 5, 7]"),
        ("reparameterise_by_hand", "z", [1.47], "[1.47]"),
        ("reparameterise_by_hand", "z", " 0.86 ", "' 0.86 '"),
        ("diagnose_runs", "remedy", {"a": "Raise β", "b": "RAISE BETA"}, "{'a': 'Raise β', 'b': 'RAISE BETA'}"),
    ],
)
def test_what_was_typed_is_shown_as_typed(name: str, variable: str, typed: Any, shown: str) -> None:
    """Per cent, text, lists and spellings are read as they are meant and shown as they were typed."""
    assert of(said(name, {**chapter(name), variable: typed}), variable).returned == shown


def test_a_wrong_value_comes_before_a_missing_one() -> None:
    """Who has not begun the second part sees what is wrong in the first, not that the second is missing."""
    one = examination("loss_by_numbers")
    first = {"first_loss": (0.09, -0.5, -0.41), "second_loss": (1.0, 0.0, 1.0)}
    found = run(one.exercise, LocalSubject(first), one.bank, recognise=one.recognise)
    assert found.first_failed is not None
    assert found.first_failed.check == "chapter: first_loss"
    assert found.first_failed.mistake == "the KL has the wrong sign"
    right = run(one.exercise, LocalSubject(chapter("loss_by_numbers")), one.bank, recognise=one.recognise)
    assert right.first_failed is not None
    assert "`my_loss`" in right.first_failed.note


@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_other_wrong_numbers_are_neither_confirmed_nor_named(data: st.DataObject) -> None:
    """A number far from every known answer of its place is not confirmed, and no slip is named for it."""
    # No known answer is so large; a share that is would be read in per cent.
    places_ = [one for one in NUMBERS if one[1] != "kl_share"]
    name, variable, path, _ = data.draw(st.sampled_from(places_))
    number = data.draw(st.floats(50, 1e6) | st.floats(-1e6, -50))
    found = of(said(name, {**chapter(name), variable: changed(RIGHT[variable], path, number)}), variable)
    assert (found.passed, found.mistake) == (False, None)


@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_slip_is_named_only_for_its_own_answer(data: st.DataObject) -> None:
    """Whatever number stands in place of one of a slip's, the slip is named only where the answer still counts as it."""
    name, title = data.draw(st.sampled_from(MISTAKES))
    (mistake,) = [one for one in problems.mistakes(STEM, name) if one.name == title]
    answers, readable = mistake.function(), []
    for variable, value in answers.items():
        try:
            readable.append((variable, KINDS[name][variable].read("x", value)))
        except Unfit:
            return
    spots = [(variable, value, path) for variable, value in readable for path, _ in numbers(_plain(value))]
    if not spots:
        return
    variable, value, path = data.draw(st.sampled_from(spots))
    off = data.draw(st.floats(-0.05, 0.05) | st.floats(-1, 1))
    answer = changed(_plain(value), path, dict(numbers(_plain(value)))[path] + off)
    told = of(said(name, {**answers, variable: answer}), variable)
    if told.mistake is not None:
        (named,) = [one for one in problems.mistakes(STEM, name) if one.name == told.mistake]
        kind = KINDS[name][variable]
        known, given_ = kind.read("x", named.function()[variable]), kind.read("x", answer)
        assert not told.passed
        right = dict(numbers(RIGHT[variable]))
        for at, number in numbers(_plain(given_)):
            near = reach(kind, dict(numbers(_plain(known)))[at])
            both = (dict(numbers(_plain(known)))[at], right[at])
            # Where a slip is right within rounding, so may the answer be.
            assert any(abs(number - one) <= near * 1.05 + 1e-6 for one in both)


def _plain(value: Any) -> Any:
    """A canonical value without what was typed."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return float(value) if isinstance(value, float) else value


@each_number
def test_numbers_of_any_size_get_an_answer(name: str, variable: str, path: Path_, exact: float) -> None:
    """The largest and the smallest floats of either sign are judged, not stumbled over."""
    for number in (1.7e308, -1.7e308, 5e-324, -5e-324, 1e299):
        found = of(said(name, {**chapter(name), variable: changed(RIGHT[variable], path, number)}), variable)
        assert found.passed == (abs(number) < 1e-300 and abs(exact) <= 0.0051), number


# Slips


def test_nearly_every_slip_that_can_be_read_is_named() -> None:
    """Each known slip is named by its own name or by none; those that are silent are few, and known."""
    silent = set()
    for name in EXERCISES:
        for mistake in problems.mistakes(STEM, name):
            found = said(name, mistake.function())
            assert {one.mistake for one in found.findings} <= {None, mistake.name}, mistake.name
            confirmation = [one for one in found.findings if one.check.startswith("chapter: ")]
            assert not all(one.passed for one in confirmation), mistake.name
            if not any(one.mistake for one in confirmation):
                silent.add(mistake.name)
    # Of these nothing can be read, and the form says so.
    assert silent == {
        "only the totals",
        "the totals are missing",
        "how many instead of which",
        "masks instead of numbers",
    }


@each_exercise
def test_a_slip_is_named_in_one_variable_where_the_others_are_right(name: str) -> None:
    """A slip in one variable beside right ones is named as what it is, or not at all."""
    for mistake in problems.mistakes(STEM, name):
        for variable, value in mistake.function().items():
            found = said(name, {**chapter(name), variable: value})
            others = [one for one in KINDS[name] if one != variable]
            assert all(of(found, one).passed and of(found, one).mistake is None for one in others)
            told = of(found, variable).mistake
            if told not in (None, mistake.name):
                # Another slip then gives this very value, and right ones beside it.
                (other,) = [one for one in problems.mistakes(STEM, name) if one.name == told]
                kind = KINDS[name][variable]
                assert kind.near(kind.read("x", other.function()[variable]), kind.read("x", value))


def test_slips_cost_nothing_here_and_grading_has_no_confirmation() -> None:
    """The confirmation gives and takes no points, and the graded exercise has none: it compares with the right values."""
    for name in EXERCISES:
        added = examination(name).exercise.checks[: len(KINDS[name])]
        assert [(check.points, check.earns, check.hidden) for check in added] == [(0.0, False, False)] * len(added)
        graded = problems.load(STEM).exercise(name).checks
        assert not [check.name for check in graded if check.name.startswith("chapter: ")]


# What the release holds


def test_the_file_holds_no_right_answer_in_clear() -> None:
    """No number of the file is a right one, no word or set of a right answer stands in its structure, and it is small."""
    content = json.loads(gzip.decompress(packed()))
    assert set(content) == set(EXERCISES)
    assert len(packed()) < 40_000
    for name, table in content.items():
        assert set(table) == {"sealed"}
        assert set(table["sealed"]) == {"salt", "locks", "slips"}
        for held in table["sealed"]["locks"].values():
            assert all(re.fullmatch(r"[0-9a-f]{36}", one) for one in held)
        for slip in table["sealed"]["slips"]:
            assert set(slip) == {"name", "says", "answers"}
            assert all(isinstance(one, int) for row in slip["answers"].values() for one in row)
        secret = {f"{exact:.3g}" for one in KINDS[name] for _, exact in numbers(RIGHT[one])} - {"0", "1", "0.5", "-0.3"}
        words = " ".join(slip["name"] + slip["says"] for slip in table["sealed"]["slips"])
        assert not [one for one in secret if re.search(rf"(?<![\d.]){re.escape(one)}(?![\d.])", words)], name


def test_the_file_is_the_same_each_time() -> None:
    """Two builds of the file are the same bytes."""
    (again,) = problems.tables([STEM], {}).values()
    assert again == packed()


def test_a_lock_opens_for_its_own_answers_only() -> None:
    """A lock opens from bound to bound, for its variable and its place, and for nothing beyond, also across cells."""
    kind = Number()
    place = Place("kl", kind, 0.0)
    made = sealed("salt", "x", place, [Known(3, 0.0349, 0.0451), Known(4, 0.0449, 0.055)])
    opens: Callable[[float], frozenset[int]] = lambda value: opened("salt", made, "x", Place("kl", kind, value))  # noqa: E731
    assert [set(opens(one)) for one in (0.0348, 0.0349, 0.0399, 0.0401, 0.045, 0.0451, 0.055, 0.0551)] == [
        set(), {3}, {3}, {3}, {3, 4}, {3, 4}, {4}, set(),
    ]  # fmt: skip
    assert not opened("salt", made, "y", Place("kl", kind, 0.04))
    assert not opened("salt", made, "x", Place("total", kind, 0.04))
    assert not opened("pepper", made, "x", Place("kl", kind, 0.04))


@each_exercise
def test_a_right_variable_opens_the_right_lock_everywhere(name: str) -> None:
    """At each place of each variable the right answer opens the lock of the right one."""
    table = tables()[name]["sealed"]
    for variable, kind in KINDS[name].items():
        for place in places(kind, RIGHT[variable]):
            assert RIGHT_NUMBER in opened(table["salt"], table["locks"], variable, place)


def test_a_check_is_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Confirming the exercise with the most entries takes less than 50 ms of the processor, hashes not remembered."""
    name = "per_dimension_kl"
    answers = chapter(name)
    said(name, answers)
    best = 1.0
    for _ in range(5):
        locks._name_and_key.cache_clear()
        begin = time.process_time()
        said(name, answers)
        best = min(best, time.process_time() - begin)
    assert best < 0.05


def test_without_the_file_the_check_is_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no table lies beside the checks there is no confirmation; with it there is."""
    load = answer_tables.load
    monkeypatch.setattr(answer_tables, "load", lambda module, exercise: load(module, exercise, tmp_path))
    registry.public_examination.cache_clear()
    try:
        plain = registry.public_examination("loss_by_numbers", 1)
        assert plain.recognise is None
        assert not [check for check in plain.exercise.checks if check.name.startswith("chapter: ")]
        (tmp_path / "worked_numbers.json.gz").write_bytes(packed())
        registry.public_examination.cache_clear()
        with_file = registry.public_examination("loss_by_numbers", 1).exercise.checks
        assert [check.name for check in with_file[:2]] == ["chapter: first_loss", "chapter: second_loss"]
        assert with_file[2:] == plain.exercise.checks
    finally:
        registry.public_examination.cache_clear()


# Laws


PRINTED_BOUNDS = {"0", "1", "4", "8", "10", "20", "100"}
"""Numbers that a law may name under "expected": bounds and places that the text of the exercise prints."""


def _walk(name: str) -> Iterator[dict[str, Any]]:
    """Answers that break laws in many ways: every known slip, and every number of both parts off by a little and a lot."""
    own = own_right(name, worked_settings.setting(name))
    for mistake in problems.mistakes(STEM, name):
        yield {**own, **chapter(name), **mistake.function()}
    whole = {**own, **chapter(name)}
    for variable, value in whole.items():
        for path, exact in numbers(value):
            for number in (exact + 0.37, exact - 0.61, -exact - 0.123, 7.77 + exact):
                yield {**whole, variable: changed(value, path, number)}
        if isinstance(value, (frozenset, set)):
            yield {**whole, variable: set(value) | {9, 11}}
            yield {**whole, variable: set()}
        if isinstance(value, tuple) and isinstance(value[0], str):
            yield {**whole, variable: tuple(reversed(value))}
        if isinstance(value, dict) and isinstance(next(iter(value.values())), str):
            yield {**whole, variable: dict.fromkeys(value, next(iter(value.values())))}


def test_no_law_shows_a_number_worked_out_of_the_students_own_as_expected() -> None:
    """Whatever breaks a law, what it expects is a relation in words, the same words for every answer."""
    broken: dict[str, set[str]] = {}
    for name in EXERCISES:
        exercise = registry.modules()["worked_numbers"].exercise(name)
        examples = bank(exercise.checks, 1)
        for answers in _walk(name):
            for finding in run(exercise, LocalSubject(answers), examples, tries=0).findings[1:]:
                if finding.passed or not finding.returned:
                    continue
                assert finding.expected, finding
                assert set(re.findall(r"\d+(?:\.\d+)?", finding.expected)) <= PRINTED_BOUNDS, finding
                broken.setdefault(f"{name} {finding.check}", set()).add(finding.expected)
    assert all(len(expected) <= 2 for expected in broken.values()), broken
    laws = {
        f"{exercise.name} {check.name}"
        for exercise in registry.modules()["worked_numbers"].exercises
        for check in exercise.checks
        if check.name != "your own numbers"
    }
    assert laws <= broken.keys(), f"never broken here: {laws - broken.keys()}"


@pytest.mark.parametrize(
    ("name", "answers", "check", "expected", "note"),
    [
        (
            "loss_by_numbers",
            {"first_loss": (0.09, 1.38, 2.0)},
            "total",
            "a total that is the sum of its parts",
            "Your own parts in `first_loss` add up to 1.47.",
        ),
        (
            "per_dimension_kl",
            {"dimension_kl": (1, 2, 3, 4)},
            "total",
            "the sum over the dimensions",
            "Your own four numbers add up to 10.",
        ),
        (
            "reparameterise_by_hand",
            {"z": 0.86},
            "scales",
            "a z that fits both derivatives",
            "Your own derivatives imply 0.14.",
        ),
        (
            "annealing_by_numbers",
            {"annealed_loss": {1: 0.52, 5: 1.0, 10: 1.6, 20: 2.8}},
            "clamped",
            "at epoch 20 the same loss as at epoch 10",
            "Your own loss at epoch 10 is 1.6.",
        ),
    ],
)
def test_a_law_says_the_relation_and_what_ones_own_numbers_imply(
    name: str, answers: dict[str, Any], check: str, expected: str, note: str
) -> None:
    """What must fit stands under "expected", what follows from one's own numbers in the note."""
    finding = next(one for one in said(name, {**chapter(name), **answers}).findings if one.check == check)
    assert (finding.expected, finding.note) == (expected, note)
