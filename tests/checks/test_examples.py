from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest

from autograder.checks import hypothesis_internals
from autograder.checks.examples import arrays, bank, draw, hundredths, magnitudes, shapes, size, smaller
from autograder.checks.exercise import Call
from autograder.checks.judges import law, one_call
from tests.conftest import ROOT


def test_hundredths_have_two_decimals() -> None:
    """Numbers are short to read: at most two decimals, within their bounds, both of which can be reached."""
    drawn = draw(hundredths(-3, 3), 200, 1)
    assert all(-3 <= x <= 3 and len(f"{x:g}".split(".")[-1]) <= 2 for x in drawn)
    assert all(x == round(x, 2) for x in drawn)
    ends = {
        smaller(hundredths(0.05, 4), lambda x: x >= 4, 1, 500),
        smaller(hundredths(0.05, 4), lambda x: True, 1, 500),
    }
    assert ends == {4.0, 0.05}


def test_other_steps_are_possible() -> None:
    """A step of a quarter gives quarters."""
    assert all(x * 4 == round(x * 4) for x in draw(hundredths(-2, 2, 0.25), 50, 1))


def test_magnitudes_cover_all_sizes() -> None:
    """Sizes are spread evenly between the bounds, to three digits, and never leave them."""
    drawn = draw(magnitudes(1e-3, 1e3), 300, 1)
    assert all(1e-3 <= x <= 1e3 and float(f"{x:.3g}") == x for x in drawn)
    assert {round(np.log10(x) / 2) for x in drawn} >= {-1, 0, 1}


def test_arrays_are_float64_of_the_shape() -> None:
    """Arrays have the shape asked for and elements drawn one by one."""
    for array in draw(shapes(2, 3).flatmap(lambda shape: arrays(shape, hundredths(-1, 1))), 40, 1):
        assert array.dtype == np.float64
        assert array.ndim == 2
        assert 1 <= min(array.shape) <= max(array.shape) <= 3
    assert any(len(np.unique(one)) > 3 for one in draw(arrays((3, 3), hundredths(-9, 9)), 20, 1))


def test_the_same_seed_draws_the_same() -> None:
    """One seed gives one list of examples, another seed another, and never more than asked for."""
    strategy = st.tuples(hundredths(-9, 9), hundredths(-9, 9))
    assert draw(strategy, 10, 5) == draw(strategy, 10, 5)
    assert draw(strategy, 10, 5) != draw(strategy, 10, 6)
    assert 5 <= len(draw(strategy, 10, 5)) <= 10


LAWS = [
    law("a", "A.", lambda example, y: None, first=[(3.0,), (1.0,)], examples=st.tuples(hundredths(-9, 9)), count=6),
    law(
        "b",
        "B.",
        lambda example, y: None,
        examples=shapes(1, 4).flatmap(lambda s: st.tuples(arrays(s, hundredths(0, 5)))),
    ),
    law("c", "C.", lambda example, y: None, first=[(2.0,)]),
]


def test_a_bank_keeps_the_hand_picked_first() -> None:
    """A bank holds the hand-picked examples in their order, then the drawn ones, simplest first."""
    found = bank(LAWS, 4)
    assert list(found) == ["a", "b", "c"]
    assert found["a"][:2] == ((3.0,), (1.0,))
    assert found["a"][0] is LAWS[0].first[0]
    assert found["c"] == ((2.0,),)
    sizes = [size(one_call(example)) for example in found["b"]]
    assert sizes == sorted(sizes)
    assert len(found["a"]) <= 8


def test_a_bank_depends_on_the_seed_alone() -> None:
    """Another seed gives other drawn examples; two checks of one strategy do not share theirs."""
    twins = [law(name, "T.", lambda e, y: None, examples=st.tuples(hundredths(-9, 9))) for name in ("x", "y")]
    found = bank(twins, 1)
    assert found == bank(twins, 1)
    assert found != bank(twins, 2)
    assert found["x"] != found["y"]


_PRINT_BANK = """
import hashlib
from autograder.problems import examination
one = examination("03_gaussian_kl", "gaussian_kl", 7)
two = examination("03_gaussian_kl", "active_units", 7)
print(hashlib.sha256((repr(one.bank) + repr(two.bank)).encode()).hexdigest())
"""


def test_banks_are_the_same_in_every_process() -> None:
    """The examples of a seed do not depend on the process or on the seed of Python's hashes."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", _PRINT_BANK],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_moved_internals_fail_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grading refuses a hypothesis that keeps its collected numbers elsewhere, and says what to do; students can draw."""
    from hypothesis.internal.conjecture import providers

    kept = providers._get_local_constants
    monkeypatch.setattr(hypothesis_internals, "_FOUND", [])
    monkeypatch.delattr(providers, "_get_local_constants")
    said = r"hypothesis \d.* does not .*bring checks/hypothesis_internals\.py up to date"
    with pytest.raises(hypothesis_internals.InternalsMovedError, match=said):
        hypothesis_internals.require()
    monkeypatch.setattr(providers, "_get_local_constants", kept, raising=False)
    hypothesis_internals._FOUND[:] = [(None, {})]
    assert draw(hundredths(0, 9), 5, 1), "students go on"


def test_numbers_of_loaded_modules_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hypothesis collected elsewhere changes no example, and is there again afterwards."""
    from hypothesis.internal.conjecture import providers

    strategy = st.integers(0, 10**6)
    plain = draw(strategy, 200, 3)
    full = type(providers._local_constants)(integers=[777_777])
    monkeypatch.setattr(providers, "_get_local_constants", lambda: full)
    providers.CONSTANTS_CACHE.cache.clear()
    assert draw(strategy, 200, 3) == plain
    assert providers._get_local_constants() is full


def test_no_folder_appears_where_one_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing and searching leave nothing in the working directory."""
    monkeypatch.chdir(tmp_path)
    draw(hundredths(0, 9), 5, 1)
    smaller(hundredths(0, 9), lambda x: x > 2, 1, 50)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([Call((1.0, 2.0))], 2),
        ([Call((np.zeros((2, 3)), 1.0))], 7),
        ([Call((1.0,)), Call((1.0,), {"beta": 2.0})], 3),
        ([Call((1.0, "text"))], 2),
    ],
)
def test_size_counts_numbers_first(calls: Any, expected: int) -> None:
    """The size of an example is how many numbers it holds; among equals, fewer characters count as smaller."""
    assert size(calls)[0] == expected


def test_shorter_numbers_are_simpler() -> None:
    """Of two examples with as many numbers, the one shorter to read comes first."""
    assert size([Call((1.0,))]) < size([Call((1.37,))]) < size([Call((1.0, 1.0))])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_search_finds_the_simplest(seed: int) -> None:
    """Within its budget the search comes down to the border of what fails, from whatever seed."""
    found = smaller(hundredths(0, 100), lambda x: x >= 12.34, seed, 200)
    assert found == 12.34


def test_the_search_makes_arrays_short() -> None:
    """A failing array is reduced to a single row and column with a plain number."""
    strategy = shapes(2, 4).flatmap(lambda shape: arrays(shape, hundredths(-9, 9)))
    found = smaller(strategy, lambda array: bool(np.abs(array).max() > 2), 1, 300)
    assert found.shape == (1, 1)
    assert 2 < abs(found[0, 0]) <= 2.01


def test_the_search_finds_nothing_where_nothing_fails() -> None:
    """Where nothing fails there is no example."""
    assert smaller(hundredths(0, 9), lambda x: False, 1, 30) is None


@pytest.mark.parametrize("tries", [1, 2, 10, 45])
@pytest.mark.parametrize("failing", [True, False])
def test_the_search_asks_no_more_than_its_budget(tries: int, failing: bool) -> None:
    """Whether something fails or not, the question is asked at most as often as the budget says."""
    asked: list[float] = []

    def fails(x: float) -> bool:
        asked.append(x)
        return failing and x > 0.5

    smaller(hundredths(0, 1000), fails, 1, tries)
    assert 1 <= len(asked) <= tries


def test_the_search_gives_one_result_for_one_seed() -> None:
    """The same seed leads to the same example."""
    strategy = shapes(1, 4).flatmap(lambda shape: arrays(shape, hundredths(-9, 9)))
    found = [smaller(strategy, lambda array: bool(array.sum() > 3.1), 9, 40).tolist() for _ in range(3)]
    assert found[0] == found[1] == found[2]


def test_errors_of_the_question_are_not_swallowed() -> None:
    """An error inside the question itself comes through: it would be a fault of ours."""

    def fails(x: float) -> bool:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError):
        smaller(hundredths(0, 9), fails, 1, 10)


def test_other_modules_do_not_change_the_draws(tmp_path: Path) -> None:
    """hypothesis collects numbers from the source of loaded modules; what is drawn does not depend on them."""
    (tmp_path / "mine.py").write_text("x = [17, 23.75, 4711, 0.515]\n" * 3 + "y = 3141592\n", encoding="utf-8")
    program = (
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "if sys.argv[1] == 'more': import mine\n"
        "from autograder.problems import examination\n"
        "print([examination('03_gaussian_kl', 'gaussian_kl', seed).bank for seed in range(3)])"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program, which, str(ROOT), str(tmp_path)], capture_output=True, text=True, check=True
        ).stdout
        for which in ("less", "more")
    ]
    assert said[0] == said[1]
