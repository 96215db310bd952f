"""What is worked out once a course is the same when it comes from the course's cache, whatever happens to the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.batch.worker import cache_folder
from autograder.checks.asking import plan_of
from autograder.checks.examples import drawn_for
from autograder.checks.exercise import Call, Rng
from autograder.course.layout import Layout
from autograder.problems import CourseCache, course_cache, examination, load, mistakes, public, use_cache
from autograder.problems.course_cache import Rows
from autograder.problems.examination import AnswersOfKnown
from tests.conftest import ROOT
from tests.helpers.small_course import CLASS, grade, hand_in_all, set_seed, written

STEM, SEED = "03_gaussian_kl", 5
STEMS = sorted(path.stem for path in (ROOT / "source_nbs" / "vae").glob("*.ipynb"))


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[CourseCache]:
    """An empty cache, in use until the end of the test."""
    made = CourseCache(tmp_path / "cache", "key")
    use_cache(made)
    yield made
    use_cache(None)


def same(one: Any, other: Any) -> bool:
    """Whether two values are of one type and equal to the last bit, with what they hold."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, Call):
        return same(one.args, other.args) and same(dict(one.kwargs), dict(other.kwargs))
    return bool(one == other)


def test_what_is_kept_comes_back_the_same(cache: CourseCache) -> None:
    """Numbers, arrays, numpy's scalars, seeds and calls keep type and bits; one call that stands twice is one call again."""
    call = Call((np.arange(3.0), "a", Rng(4, "shared")), {"beta": np.float16(0.1)})
    value = {0: [(1, -0.0, True), call], 1: [call, Call((np.zeros((0, 2)), None))], 2: [np.float64(0.1), 2 + 3j]}
    cache.store("examples", SEED, value)
    back = cache.load("examples", SEED)
    assert same(back, value)
    assert back[0][1] is back[1][0]


def test_rows_come_back_one_by_one(cache: CourseCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many values only those asked for are unpacked, once each, to the last bit; no place beyond the last is one."""
    rows = [(number, np.arange(number) / 7, "é", None) for number in range(5)]
    cache.store("known", SEED, [Rows(rows), Rows([])])
    read: list[int] = []
    restored = course_cache._restored
    monkeypatch.setattr(course_cache, "_restored", lambda value, calls: read.append(0) or restored(value, calls))
    some, none = cache.load("known", SEED)
    before = len(read)
    assert (len(some), len(none), len(read)) == (5, 0, before)
    assert same(some[3], rows[3])
    assert some[3] is some[-2]
    after = len(read)
    assert after > before
    assert same(list(some), rows)
    assert list(none) == []
    for place in (5, -6):
        with pytest.raises(IndexError):
            some[place]


def test_what_is_no_plain_data_is_worked_out_each_time(cache: CourseCache) -> None:
    """A value that would need more than plain data is given back as it is, and no file is left."""
    made = object()
    assert course_cache.kept("odd", SEED, lambda: made) is made
    assert not cache.folder.exists() or list(cache.folder.iterdir()) == []


@pytest.mark.parametrize(("stem", "name"), [(stem, one.name) for stem in STEMS for one in public(stem).exercises])
def test_all_that_is_drawn_is_kept(cache: CourseCache, stem: str, name: str) -> None:
    """What is drawn for an exercise comes back to the last bit, whichever exercise it is: nobody draws it twice."""
    drawn = drawn_for(load(stem).exercise(name).checks, SEED)
    cache.store("examples", SEED, drawn)
    assert same(cache.load("examples", SEED), drawn)


@pytest.mark.parametrize(
    ("module", "kind", "held"),
    [
        ("subprocess", "Popen", ("true",)),
        ("autograder.sandbox.limits", "Limits", ()),
        ("autograder.hidden.linear_vae.data", "Gone", ()),
        ("autograder.hidden.linear_vae.data", "samples", ()),
        ("autograder.hidden.linear_vae.data", "Call", ((),)),
        ("autograder.hidden.linear_vae.data", "Task", ("active",)),
        ("autograder.hidden.no_such_module", "Task", ()),
        (7, "Task", ()),
    ],
)
def test_a_file_makes_nothing_but_tasks(cache: CourseCache, module: Any, kind: str, held: tuple[Any, ...]) -> None:
    """A file that names another class, a function, or a task with other parts, counts as not there."""
    cache.store("examples", SEED, [("\0task", module, kind, held)])
    assert (cache.folder / "examples").is_file()
    with pytest.raises(LookupError):
        cache.load("examples", SEED)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(bytes(data))


def forged(path: Path) -> None:
    content = b"no zip at all"
    path.write_bytes(path.read_bytes()[:32] + hashlib.sha256(content).digest() + content)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, flip, forged, folder, emptied, Path.unlink])
def test_whatever_is_wrong_with_a_file_it_counts_as_not_there(
    cache: CourseCache, damage: Callable[[Path], None]
) -> None:
    """A file cut short, changed, foreign, empty, gone, or no file: the value is worked out again, and nothing is raised."""
    cache.store("examples", SEED, [1.0])
    damage(cache.folder / "examples")
    with pytest.raises(LookupError):
        cache.load("examples", SEED)
    assert course_cache.kept("examples", SEED, lambda: [2.0]) == [2.0]


@pytest.mark.parametrize(("key", "name", "seed"), [("other", "a", SEED), ("key", "b", SEED), ("key", "a", SEED + 1)])
def test_a_file_holds_for_its_key_its_name_and_its_seed(cache: CourseCache, key: str, name: str, seed: int) -> None:
    """What was kept for another grader, another exercise or another seed is not taken, even under the right file name."""
    cache.store("a", SEED, [1.0])
    (cache.folder / "a").rename(cache.folder / name)
    with pytest.raises(LookupError):
        CourseCache(cache.folder, key).load(name, seed)


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    """Where a file stands in the way of the folder, everything is worked out, and nothing is raised."""
    (tmp_path / "cache").write_text("in the way")
    use_cache(CourseCache(tmp_path / "cache", "key"))
    try:
        assert [course_cache.kept("a", SEED, lambda: [1.0]) for _ in range(2)] == [[1.0], [1.0]]
    finally:
        use_cache(None)


def test_parts_of_killed_writers_are_removed(cache: CourseCache) -> None:
    """What a writer left that was killed is no file of the cache, and goes with the next batch."""
    cache.store("a", SEED, [1.0])
    (cache.folder / ".a.123.part").write_bytes(b"half")
    cache.sweep()
    assert [path.name for path in cache.folder.iterdir()] == ["a"]
    assert cache.load("a", SEED) == [1.0]


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("02_linear_autoencoder", "train_step"),
        ("03_gaussian_kl", "gaussian_kl"),
        ("04_reparameterisation", "sample_posterior"),
        ("05_latent_space", "sample_prior"),
        ("05_latent_space", "slerp"),
        ("06_linear_vae", "active_directions"),
    ],
)
def test_an_exercise_asks_and_names_the_same_from_the_cache(cache: CourseCache, stem: str, name: str) -> None:
    """The same calls in the same order, and the same answers of known mistakes, to the last bit, drawn or kept."""
    seen = []
    for _ in range(2):
        examination.cache_clear()
        one = examination(stem, name, SEED)
        plan = plan_of(one.exercise, one.bank)
        known = AnswersOfKnown(
            one.exercise, mistakes(stem, name)[:8], one.bank, lambda make: course_cache.kept("known", SEED, make)
        )
        answers = [
            [(answer.answer.outcome, answer.value, answer.problem) for answer in mistake.answers]
            for mistake in known([plan.calls[number] for number in plan.order])
        ]
        seen.append((plan.order, one.bank, answers))
    examination.cache_clear()
    assert (cache.folder / f"{stem}.{name}.examples").is_file()
    assert (cache.folder / "known").is_file()
    assert same(seen[0], seen[1])


def test_a_course_is_worked_out_once(small: Layout) -> None:
    """The second batch of a course draws nothing and gives the same bytes; another seed draws anew; students see none of it."""
    hand_in_all(small, CLASS)
    assert grade(small).returncode == 0
    first = written(small)
    files = {path.name: path.stat().st_mtime_ns for path in cache_folder(small).iterdir()}
    assert {f"{STEM}.{name}.examples" for name in ("beta_vae_loss", "kl_weight")} <= files.keys()
    assert f"{STEM}.beta_vae_loss.known" in files
    assert grade(small, "--force").returncode == 0
    assert written(small) == first
    assert {path.name: path.stat().st_mtime_ns for path in cache_folder(small).iterdir()} == files
    set_seed(small, 6)
    assert grade(small).returncode == 0
    assert all(path.stat().st_mtime_ns != files[path.name] for path in cache_folder(small).glob("*.examples"))
    assert oct(cache_folder(small).stat().st_mode)[-3:] == "700"
