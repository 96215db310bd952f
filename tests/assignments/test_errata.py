"""Every worked number of the chapter from the closed form, against the reference answers and against docs/errata.md."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from autograder.hidden.worked_numbers.closed_forms import RIGHT
from solutions import worked_numbers as solution
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "errata.md").read_text(encoding="utf-8")
SECTIONS = {int(number): text for number, text in re.findall(r"^## (\d+)\. (.*?)(?=^## |\Z)", PAGE, flags=re.M | re.S)}
STEMS = (
    "01_worked_numbers",
    "02_linear_autoencoder",
    "03_gaussian_kl",
    "04_reparameterisation",
    "05_latent_space",
    "06_linear_vae",
)


def kl(mu: float, variance: float) -> float:
    """The divergence of N(mu, variance) from the standard normal in nats."""
    return (mu * mu + variance - 1 - math.log(variance)) / 2


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that falls from above 0 to below 0 is 0, by bisection."""
    assert function(low) > 0 > function(high)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return middle


def said(number: int, part: str) -> str:
    """What an entry of the page says under Printed, Right or Where, on one line."""
    found = re.search(rf"^- \*\*{part}:\*\* (.*?)(?=^- \*\*|\Z)", SECTIONS[number], flags=re.M | re.S)
    assert found, f"entry {number} says nothing under {part}"
    return " ".join(found[1].split())


# What the chapter's digest gives, number by number, and where it stands among the reference answers.
WORKED: list[tuple[str, Any, float]] = [
    *(("first_loss", place, value) for place, value in enumerate((0.09, kl(1, 1), 0.09 + kl(1, 1)))),
    *(("second_loss", place, value) for place, value in enumerate((1.0, 0.0, 1.0))),
    *(("kl_settings", ("i", place), 0.0) for place in range(3)),
    *(("kl_settings", ("ii", place), value) for place, value in enumerate((0.5, 0.0, 0.5))),
    *(("kl_settings", ("iii", place), value) for place, value in enumerate((0.0, kl(0, 4), kl(0, 4)))),
    *(("beta_losses", beta, 0.09 + beta * 0.5) for beta in (0.5, 1, 4)),
    *(("kl_share", beta, beta * 0.5 / (0.09 + beta * 0.5)) for beta in (0.5, 1, 4)),
    ("z", (), 0.5 + 1.2 * -0.3),
    ("dz_dmu", (), 1.0),
    ("dz_dsigma", (), -0.3),
    ("narrow_crossover", (), root(lambda sigma: kl(0, sigma**2) - kl(0, 9), 1e-6, 1)),
    *(
        ("dimension_kl", place, kl(*pair))
        for place, pair in enumerate([(1.5, 0.25), (0, 1), (0.2, 0.81), (-0.8, 0.49)])
    ),
    ("total_kl", (), kl(1.5, 0.25) + kl(0, 1) + kl(0.2, 0.81) + kl(-0.8, 0.49)),
    *(("annealed_loss", epoch, 0.4 + min(epoch / 10, 1) * 1.2) for epoch in (1, 5, 10, 20)),
    ("crossover_epoch", (), 10 / 3),
]


def at(value: Any, place: Any) -> float:
    """The number at a place of an answer."""
    for step in place if isinstance(place, tuple) else (place,):
        value = value[step]
    return float(value)


@pytest.mark.parametrize(("name", "place", "exact"), WORKED, ids=[f"{name} {place}" for name, place, _ in WORKED])
def test_worked_numbers_are_those_of_the_closed_form(name: str, place: Any, exact: float) -> None:
    """The reference answer and the grader's own value are both what the closed form gives."""
    assert at(getattr(solution, name), place) == pytest.approx(exact, rel=1e-9, abs=1e-12)
    assert at(RIGHT[name], place) == pytest.approx(exact, rel=1e-9, abs=1e-12)


PRINTED = {
    ("kl_settings", ("iii", 1)): 0.80685,
    ("beta_losses", 0.5): 0.34,
    ("beta_losses", 1): 0.59,
    ("beta_losses", 4): 2.09,
    ("kl_share", 0.5): 0.735,
    ("kl_share", 1): 0.847,
    ("kl_share", 4): 0.957,
    ("z", ()): 0.14,
    ("dimension_kl", 0): 1.4431,
    ("dimension_kl", 2): 0.0304,
    ("dimension_kl", 3): 0.4217,
    ("total_kl", ()): 1.8952,
    ("annealed_loss", 1): 0.52,
    ("annealed_loss", 5): 1.00,
    ("annealed_loss", 10): 1.60,
    ("annealed_loss", 20): 1.60,
    ("crossover_epoch", ()): 3.33,
    ("narrow_crossover", ()): 0.0333,
}


def test_exact_values_agree_with_the_digest() -> None:
    """The values that the digest of the chapter calls exact come out to the digits it gives."""
    exact = {(name, place): value for name, place, value in WORKED}
    for key, printed in PRINTED.items():
        digits = len(str(printed).partition(".")[2])
        assert round(exact[key], digits) == printed, key


AVERAGES = list(
    zip(
        (1.50, 0.01, 0.80, 0.00, 1.20, 0.00, 0.60, 0.70),
        (0.12, 0.97, 0.31, 0.99, 0.18, 1.00, 0.41, 0.95),
        (1.3701, 0.0052, 0.6406, 0.0000, 1.0474, 0.0000, 0.4508, 0.3506),
        strict=True,
    )
)


def test_the_table_of_active_units() -> None:
    """The KL of the averaged squares and variances is what the table gives, and the two sets follow from it."""
    prices = [kl(square**0.5, variance) for square, variance, _ in AVERAGES]
    assert [round(price, 4) for price in prices] == [printed for *_, printed in AVERAGES]
    active = {j for j, price in enumerate(prices, 1) if price > 0.01}
    assert active == {1, 3, 5, 7, 8} == solution.active_dimensions == RIGHT["active_dimensions"]
    assert {2, 4, 6} == solution.removable_dimensions == RIGHT["removable_dimensions"]


def test_words_and_orders_agree() -> None:
    """The answers that are words, and the ranking, are the same in the reference and in the grader."""
    prices = {"i": kl(0, 1), "ii": kl(0, 0.09), "iii": kl(1.5, 1), "iv": kl(0, 9)}
    assert tuple(sorted(prices, key=prices.__getitem__)) == solution.ranking == RIGHT["ranking"]
    assert (
        tuple(solution.dimension_state) == RIGHT["dimension_state"] == ("active", "collapsed", "borderline", "active")
    )
    assert (solution.diagnosis, solution.remedy) == (RIGHT["diagnosis"], RIGHT["remedy"])
    assert solution.reading == RIGHT["reading"]


def test_all_entries_are_there_and_say_everything() -> None:
    """The page has the twenty-one errata, each with what is printed, what is right, and where it comes up."""
    assert sorted(SECTIONS) == list(range(1, 22))
    for number in SECTIONS:
        assert len(said(number, "Printed")) > 2
        assert said(number, "Right").endswith(".")
        assert set(re.findall(r"`(\d\d_\w+)`", said(number, "Where"))) <= set(STEMS)


def gauss_within(radius: float) -> float:
    """The share of N(0, I) in two dimensions within a radius."""
    return 1 - math.exp(-(radius**2) / 2)


STATED: list[tuple[int, str, float]] = [
    (1, "0.7490", kl(0, 0.09)),
    (1, "1.1250", kl(1.5, 1)),
    (1, "2.9014", kl(0, 9)),
    (1, "0.2009", root(lambda sigma: kl(0, sigma**2) - kl(1.5, 1), 1e-6, 1)),
    (1, "0.0333", root(lambda sigma: kl(0, sigma**2) - kl(0, 9), 1e-6, 1)),
    (2, "1.8952", kl(1.5, 0.25) + kl(0.2, 0.81) + kl(-0.8, 0.49)),
    (4, "3.3", (3 - 2.0) / (3 - 2.7)),
    (4, "11.1", ((3 - 2.0) / (3 - 2.7)) ** 2),
    (4, "0.09", (3 - 2.7) ** 2),
    (6, "2.00", kl(2, 1)),
    (6, "0.50", kl(1, 1)),
    (6, "0.81", kl(0, 4)),
    (7, "73.5", 100 * 0.25 / 0.34),
    (8, "3.33", 10 / 3),
    (8, "0.36", 3 / 10 * 1.2),
    (12, "39", 100 * gauss_within(1)),
    (12, "86", 100 * gauss_within(2)),
    (20, "0.81", kl(0, 4)),
    (20, "0.50", kl(1, 1)),
    (20, "1.125", kl(1.5, 1)),
]


@pytest.mark.parametrize(("number", "stated", "exact"), STATED, ids=[f"{number}: {text}" for number, text, _ in STATED])
def test_what_the_page_states_is_recomputed(number: int, stated: str, exact: float) -> None:
    """Each number that the page calls right stands there, and is the exact one to its digits."""
    assert re.search(rf"(?<![\d.]){re.escape(stated)}(?!\d)", said(number, "Right"))
    assert round(exact, len(stated.partition(".")[2])) == float(stated)


def test_the_two_orders_stand_there() -> None:
    """The page prints the chapter's order as printed and the formula's order as right."""
    assert "(i) < (iii) < (iv) < (ii)" in said(1, "Printed")
    assert "(i) < (ii) < (iii) < (iv)" in said(1, "Right")


def test_rounding_on_the_way_gives_the_printed_total() -> None:
    """The printed 1.89 is the sum of the rounded terms, and no rounding of the exact total to two decimals."""
    terms = [kl(1.5, 0.25), kl(0, 1), kl(0.2, 0.81), kl(-0.8, 0.49)]
    assert round(sum(round(term, 2) for term in terms), 2) == 1.89
    assert round(sum(terms), 2) == 1.90
    assert said(2, "Printed").startswith("about 1.89")


def test_the_kl_of_averages_is_a_lower_bound() -> None:
    """Averaging the variances before the divergence is taken never gives more than the average divergence (entry 14)."""
    for first, second in [(0.1, 0.9), (0.5, 2.0), (1.0, 1.0)]:
        assert kl(0, (first + second) / 2) <= (kl(0, first) + kl(0, second)) / 2 + 1e-12
    assert "lower bound" in said(14, "Right")


# Where students meet an erratum: notebook, and words of its text that set it right.
TOLD = [
    (1, "01_worked_numbers", "The chapter prints another order than its formula gives"),
    (1, "03_gaussian_kl", "(i) < (iii) < (iv) < (ii)"),
    (2, "01_worked_numbers", "a sum of rounded terms"),
    (3, "02_linear_autoencoder", "once calls it a mean over dimensions"),
    (4, "01_worked_numbers", "By what factor does the *residual* grow"),
    (5, "05_latent_space", r"The chapter's figure writes $\sqrt d$"),
    (6, "03_gaussian_kl", r"$\mathcal N(2, 1)$"),
    (8, "01_worked_numbers", 'The chapter says "around epoch 3"'),
    (9, "01_worked_numbers", "the count cannot exceed $k$"),
    (10, "01_worked_numbers", "decode a $z$ drawn from the prior"),
    (11, "05_latent_space", "two bits hold four codes"),
    (12, "05_latent_space", "39 % lies within radius 1 and 86 % within radius 2"),
    (13, "05_latent_space", "the *density* of $\\mathcal N(0, I)$ is highest at the origin"),
    (14, "01_worked_numbers", "a lower bound on the average KL"),
    (14, "03_gaussian_kl", "the KL of the *averaged* $\\mu^2$ and $\\sigma^2$"),
    (15, "04_reparameterisation", "only for the decoder variance $\\sigma_x^2 = \\tfrac12$"),
    (17, "03_gaussian_kl", "The variances of active dimensions do not stay close to 1"),
    (18, "03_gaussian_kl", "because the decoder is continuous"),
    (20, "03_gaussian_kl", "There is no rule that spreading costs more than moving"),
    (16, "02_linear_autoencoder", "Both end in the same subspace"),
]


@pytest.mark.parametrize(("number", "stem", "words"), TOLD, ids=[f"{number} in {stem}" for number, stem, _ in TOLD])
def test_students_meet_the_erratum_set_right(number: int, stem: str, words: str) -> None:
    """The page names the notebook that brings an erratum up, and the notebook's text says what is right."""
    text = (ROOT / "assignments" / "vae" / f"{stem}.md").read_text(encoding="utf-8")
    assert words in text.replace("\u00a0", " ")
    assert stem in said(number, "Where") or "every notebook" in said(number, "Where")
