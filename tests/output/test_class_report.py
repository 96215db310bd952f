"""The class report: its figures by hand and against scipy, what it says and does not say, its errors, and in a browser."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from autograder import cli
from autograder.course.built_notebooks import load_sources
from autograder.course.layout import Layout
from autograder.output.class_report import analysis
from autograder.output.class_report.page import write_report
from autograder.output.class_report.statistics import histogram, point_biserial, point_edges, summary, time_edges
from autograder.output.results import NoResults, read_results
from tests.helpers.small_course import STEM, grade, hand_in_all, results, small_course

EVIL = "<img src=x onerror=\"document.title='owned'\">"
NAMED = "sigma where sigma squared belongs"

# ---------------------------------------------------------------- a made-up class


def check(name: str, mistake: str | None = None, passed: bool = False, hidden: bool = False, **parts: str) -> Any:
    """One check of a results line; it holds where nothing is said against it."""
    holds = passed or not parts
    worth = {"points": 2.0 if holds else 0.0, "max_points": 2.0} if hidden else {"points": 0.0, "max_points": 0.0}
    about = {"name": name, "hidden": hidden, "passed": holds, **worth, "message": "", "mistake": mistake}
    return {**about, "status": "holds" if holds else "breaks", **parts}


def exercise(name: str, *checks: Any, notebook: str = "01_alpha") -> Any:
    """One exercise of a results line."""
    points = {key: sum(one[key] for one in checks) for key in ("points", "max_points")}
    return {"name": name, "notebook": notebook, **points, "checks": list(checks)}


def right(name: str, notebook: str = "01_alpha") -> Any:
    """An exercise in which everything holds."""
    return exercise(name, check("form"), check("law"), check("values", hidden=True), notebook=notebook)


def wrong(name: str, returned: str = "4", mistake: str | None = NAMED, notebook: str = "01_alpha") -> Any:
    """An exercise with a wrong value, by default a known mistake."""
    told = {"must": "It is right.", "example": f"{name}(mu=0)", "returned": returned, "expected": "2"}
    return exercise(name, check("form"), check("law"), check("values", mistake, hidden=True, **told), notebook=notebook)


def silent(name: str, notebook: str = "01_alpha") -> Any:
    """An exercise that was not written."""
    form = check("form", must="It is there.", note=f"`{name}` is not written yet.", status="unwritten", missing=name)
    later = {"must": "x", "note": "Not asked: there is no answer yet.", "status": "unasked"}
    return exercise(name, form, check("law", **later), check("values", hidden=True, **later), notebook=notebook)


def result(student: str, *exercises: Any, state: str = "graded") -> Any:
    """A line of the results file."""
    score, most = (sum(one[key] for one in exercises) for key in ("points", "max_points"))
    about = {"student": student, "assignment": "vae", "state": state, "score": score, "max_score": most}
    return {"schema": 2, **about, "key": f"key of {student}", "exercises": list(exercises)}


def course(folder: Path, results: Sequence[Any], seconds: float | None = 0.5, spent: Any = None) -> Layout:
    """A course folder with these results and, unless there are no seconds, a log of them."""
    layout = Layout(folder, "vae")
    layout.texts.mkdir(parents=True)
    layout.results.mkdir()
    (layout.texts / "01_alpha.md").write_text("", encoding="utf-8")
    (layout.texts / "assignment.toml").write_text('title = "Made <up>"\n', encoding="utf-8")
    lines = [json.dumps(one) for one in results]
    (layout.results / "vae.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    if seconds is not None:
        events = [{"event": "start", "students": len(results)}]
        for place, one in enumerate(results):
            stems = [] if one["state"] == "missing" else ["01_alpha"]
            event = {"event": "verdict", "result": one, "present": stems, "seconds": seconds + place / 100}
            events.append({**event, "spent": spent} if spent else event)
        log = "".join(f"{json.dumps(event)}\n" for event in events)
        (layout.results / "vae.log.jsonl").write_text(log, encoding="utf-8")
    return layout


CLASS = [
    result("ana", right("one"), right("two"), right("three")),
    result("ben", right("one"), wrong("two"), right("three")),
    result("cleo", wrong("one"), wrong("two"), right("three")),
    result("dan", wrong("one"), wrong("two"), right("three")),
    result("eve", silent("one"), silent("two"), silent("three")),
    result("fay", right("one"), wrong("two", "5"), wrong("three", EVIL, None), state="timeout"),
    result("gil", silent("one"), silent("two"), silent("three"), state="missing"),
]


class Words(HTMLParser):
    """What stands on a page, section by section, and its tags and attributes; script and style aside."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.section, self.skip = "header", False
        self.said: dict[str, str] = {}
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag, its attributes, and which section begins."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.skip = tag in ("script", "style")
        if tag == "section":
            self.section = dict(attrs).get("id") or "look"

    def handle_endtag(self, tag: str) -> None:
        """A script or style ends."""
        if tag in ("script", "style"):
            self.skip = False

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees, with single blanks."""
        if not self.skip:
            self.said[self.section] = " ".join(f"{self.said.get(self.section, '')} {data}".split())


def report(folder: Path, results: Sequence[Any] = CLASS, **about: Any) -> tuple[str, Words]:
    """The page of a class, as text and as read."""
    anonymous = about.pop("anonymous", False)
    text = write_report(course(folder, results, **about), anonymous=anonymous).read_text(encoding="utf-8")
    return text, Words(text)


# ---------------------------------------------------------------- the figures


def test_point_biserial_by_hand() -> None:
    """Two who pass with 3 and 5 points elsewhere, two who fail with 1 and 3: r = (4 - 2) / sqrt(2) * 1/2 = 0.7071."""
    assert point_biserial([True, True, False, False], [3, 5, 1, 3]) == pytest.approx(0.5**0.5)
    assert point_biserial([False, False, True, True], [3, 5, 1, 3]) == pytest.approx(-(0.5**0.5))
    assert point_biserial([True, False], [1.0, 0.0]) == pytest.approx(1.0)


def test_point_biserial_is_that_of_scipy() -> None:
    """On random classes it agrees with scipy's."""
    draws = np.random.default_rng(3)
    for count in (3, 10, 200):
        rest = draws.normal(50, 20, count)
        passed = rest + draws.normal(0, 30, count) > 45
        passed[:2] = True, False
        assert point_biserial(passed, rest) == pytest.approx(stats.pointbiserialr(passed, rest).statistic)


def test_point_biserial_is_undefined_where_it_is() -> None:
    """It is not defined where all pass, nobody passes, the rests are equal, or nobody is there."""
    assert point_biserial([True, True], [1, 2]) is None
    assert point_biserial([False, False], [1, 2]) is None
    assert point_biserial([True, False, True], [0.1 + 0.2, 0.3, 0.3]) is None
    assert point_biserial([], []) is None


def test_five_numbers_by_hand() -> None:
    """Of 1, 2, 3, 4 the median is 2.5 and the quartiles, between neighbours, are 1.75 and 3.25."""
    told = summary([4, 2, 1, 3])
    assert (told.count, told.mean, told.least, told.most) == (4, 2.5, 1, 4)
    assert (told.lower, told.median, told.upper) == (1.75, 2.5, 3.25)
    one = summary([7])
    assert {one.least, one.lower, one.median, one.upper, one.most} == {7.0}


def test_bins_hold_everybody_once() -> None:
    """Bins are as wide as round numbers, the last has its upper edge, and the counts add up."""
    assert point_edges(100, 200)[:3] == [0, 5, 10]
    assert point_edges(100, 24) == [10.0 * step for step in range(11)]
    assert point_edges(7, 24)[-1] >= 7
    assert point_edges(0.5, 24)[-1] >= 0.5
    assert histogram([0, 9.9, 10, 100, 100, 100.0001], point_edges(100, 24)) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    edges = time_edges(0.03, 7)
    assert edges == [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    assert sum(histogram([0.03, 0.5, 1, 7], edges)) == 4
    assert time_edges(0, 0)[0] <= 0.001 < time_edges(0, 0)[-1]


def test_exercises_and_checks_by_hand(tmp_path: Path) -> None:
    """Shares, means, no answers and correlations of the made-up class are what one counts in it."""
    asked = analysis.handed_in(read_results(course(tmp_path, CLASS)))
    one, two, _ = analysis.exercises(asked)
    assert [len(asked), one.asked, one.right, one.wrong, one.silent] == [6, 6, 3, 2, 1]
    assert (two.right, two.wrong, two.silent) == (1, 4, 1)
    assert one.mean == pytest.approx(1.0)
    # Right or not in `one`, against the points in `two` and `three`: 4, 2, 0 of who is right, 2, 2, 0 of who is not.
    rest, passed = [4, 2, 2, 2, 0, 0], [True, True, False, False, False, True]
    assert one.discrimination == pytest.approx(float(np.corrcoef(passed, rest)[0, 1]))
    form, law, values = one.checks
    assert (form.asked, form.passed, form.discrimination) == (5, 5, None)
    assert (values.asked, values.passed, values.hidden) == (5, 3, True)
    assert values.must == "It is right."
    assert law.must == ""


def test_mistakes_are_counted_by_submission(tmp_path: Path) -> None:
    """The commonest comes first with the form in which it is seen most; what is not there is no mistake."""
    asked = analysis.handed_in(read_results(course(tmp_path, CLASS)))
    made = analysis.mistakes(asked)
    assert [(one.exercise, one.name, one.count) for one in made] == [
        ("two", NAMED, 4),
        ("one", NAMED, 2),
        ("three", None, 1),
    ]
    assert (made[0].example["returned"], made[0].alike) == ("4", 3)
    assert made[2].check == "values"


def test_groups_are_those_who_agree_in_everything(tmp_path: Path) -> None:
    """Two with the same wrong values form a group, not one with another value, nor those right or unwritten throughout."""
    more = [result(name, right("one"), right("two"), right("three")) for name in ("r1", "r2")]
    more += [result(name, silent("one"), silent("two"), silent("three")) for name in ("u1", "u2")]
    more += [result("part", wrong("one"), wrong("two"), silent("three"))]
    (group,) = analysis.groups(read_results(course(tmp_path, [*CLASS, *more])))
    assert group.students == ("cleo", "dan")
    assert group.wrong == ("one", "two")
    assert (group.rarest, group.occurs) == ("one", 3)


# ---------------------------------------------------------------- the page


def test_what_stands_in_a_report(tmp_path: Path) -> None:
    """Counts, shares, discrimination, mistakes with an example, what a human must do, groups, times, everybody."""
    _, read = report(tmp_path)
    said = read.said
    assert "Made <up> · report on the class" in said["header"]
    assert "7 submissions, 1 with nothing in it" in said["header"]
    assert "handed in 6" in said["header"]
    assert "2 submissions need a human" in said["look"]
    assert "median" in said["points"]
    assert re.search(r"two 17 % 17 % 0.3 of 2 0\.\d\d sigma where sigma squared belongs \( ?4 ?\)", said["exercises"])
    assert "nobody fails" in said["checks"]
    assert "not defined: all pass" in said["checks"]
    assert (
        "4 (67 %) two sigma where sigma squared belongs two(mu=0) returned 4 expected 2 (so 3 of 4)" in said["mistakes"]
    )
    assert "no name known; values breaks" in said["mistakes"]
    assert re.search(r"timeout 1 Something did not end in time\..* fay", said["human"])
    assert re.search(r"missing 1 No notebook in the submission\..* gil", said["human"])
    assert "This accuses nobody." in said["groups"]
    assert re.search(r"2 cleo, dan 2 one , two of these rarest: one , answered so by 2 in all", said["groups"])
    assert "The slowest: gil (0.56 s)" in said["times"]
    assert re.search(r"cleo graded 2 2 1 0\.52 dan graded 2 2 1 0\.53", said["everybody"])
    assert "Times are logged for submissions, not for exercises." in said["exercises"]


def test_times_of_exercises_are_shown_where_they_are_logged(tmp_path: Path) -> None:
    """With seconds by exercise in the log, each exercise has its median and its longest."""
    _, read = report(tmp_path, spent={"one": 0.25})
    assert "0.25 s at most 0.25 s" in read.said["exercises"]


def test_checks_that_everybody_fails_are_called_out(tmp_path: Path) -> None:
    """A check that nobody who answered passes is named, first of all."""
    _, read = report(tmp_path, [result(name, wrong("one"), right("two")) for name in ("a", "b", "c")])
    assert "Everybody fails 1 check" in read.said["look"]
    assert "Checks that everybody fails (1) one : values" in read.said["checks"]
    assert "not defined: nobody passes" in read.said["exercises"]
    assert "not defined: all pass" in read.said["exercises"]


def test_an_exercise_that_nobody_answered(tmp_path: Path) -> None:
    """Its checks are not called failed by everybody: nobody was asked."""
    _, read = report(tmp_path, [result(name, right("one"), silent("two")) for name in ("a", "b", "c")])
    assert "Everybody fails" not in read.said["look"]
    assert re.search(r"two : 0 % right.* law – 0 of 0 not defined: no answers", read.said["checks"])


def test_checks_that_the_better_fail_are_called_out(tmp_path: Path) -> None:
    """Where those fail who do well elsewhere, beyond what chance does, the check is named first of all."""
    results = [result(f"s{place:02d}", wrong("odd"), right("one"), right("two")) for place in range(15)]
    results += [result(f"t{place:02d}", right("odd"), wrong("one"), wrong("two")) for place in range(15)]
    _, read = report(tmp_path, results)
    assert "At 1 check the better fail more often than the others, most at odd , values" in read.said["look"]
    assert "−1.00" in read.said["exercises"]


def test_long_lists_are_folded(tmp_path: Path) -> None:
    """Of many names, mistakes and groups the first are shown, the rest is folded, and what is left out is counted."""
    results = [result(f"m{place:03d}", silent("one"), state="missing") for place in range(50)]
    for place in range(45):
        results += [result(f"g{place:02d}{twin}", wrong("one", str(place), f"mistake {place:02d}")) for twin in "ab"]
    results += [result(f"r{place:03d}", wrong("one", "1", f"rare {place:03d}")) for place in range(60)]
    _, read = report(tmp_path, results)
    assert "m039 and 10 more m040" in read.said["human"]
    assert "The next 85" in read.said["mistakes"]
    assert "5 rarer ones left out." in read.said["mistakes"]
    assert "5 groups with less in common left out." in read.said["groups"]


def test_notebooks_that_are_lacking(tmp_path: Path) -> None:
    """Who handed in some notebooks and not others is listed by notebook, with what to do."""
    layout = course(tmp_path, [result(name, right("one")) for name in ("ana", "ben")])
    log = layout.results / "vae.log.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2].replace('["01_alpha"]', '["02_beta"]')
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    read = Words(write_report(layout).read_text(encoding="utf-8"))
    assert re.search(
        r"incomplete 1 01_alpha is not there\..* ben incomplete 1 02_beta is not there\..* ana", read.said["human"]
    )


@pytest.mark.parametrize(
    "results",
    [
        [result("only", right("one"))],
        [result("only", silent("one"), state="missing")],
        [result("only")],
        [result("a", right("one")), result("b", right("one"), right("new"))],
    ],
)
def test_small_and_uneven_classes(tmp_path: Path, results: list[Any]) -> None:
    """One submission, none with a notebook, no exercises, or exercises that only some were asked: there is a report."""
    _, read = report(tmp_path, results)
    assert "submission" in read.said["header"]


def test_without_a_log_there_are_no_times(tmp_path: Path) -> None:
    """Where the log is not there, or speaks of other verdicts, the report says so and lacks nothing else."""
    _, read = report(tmp_path, seconds=None)
    assert "there are no times" in read.said["times"]
    assert "Seconds" not in read.said["everybody"]
    assert re.search(r"cleo graded 2 2 1 dan", read.said["everybody"])


def test_a_folder_without_a_verdict_is_named(tmp_path: Path) -> None:
    """Who has a folder in submitted/ and no verdict is listed with the reason in the log and the command to run."""
    layout = course(tmp_path, CLASS)
    (layout.submitted / "late" / "vae").mkdir(parents=True)
    with (layout.results / "vae.log.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"event": "failed", "student": "late", "reason": "disk full"}\ngarbled\n[1]\n{"event": "verdict"}\n')
    read = Words(write_report(layout).read_text(encoding="utf-8"))
    assert re.search(
        r"no verdict 1 In submitted/, but without a verdict\..*autograder grade.*disk full.* late", read.said["human"]
    )


def test_students_lead_to_their_feedback(tmp_path: Path) -> None:
    """Names are links to the feedback pages that are there, relative to the report and safely spelt."""
    odd = 'a"b <c>#?'
    layout = course(tmp_path, [result(odd, right("one")), result("bare", right("one"))])
    page = layout.feedback / odd / "vae" / "01_alpha.html"
    page.parent.mkdir(parents=True)
    page.write_text("", encoding="utf-8")
    read = Words(write_report(layout).read_text(encoding="utf-8"))
    links = {value for name, value in read.attributes if name == "href" and not value.startswith("#")}
    assert links == {"../feedback/a%22b%20%3Cc%3E%23%3F/vae/01_alpha.html"}
    assert f"{odd} graded" in read.said["everybody"]


def test_nothing_of_a_student_is_markup(tmp_path: Path) -> None:
    """Names, values, mistakes and states are escaped, no request leaves the page, and only its own script may run."""
    evil = result(EVIL, wrong("one", f"{EVIL}\x1b\u202e", EVIL), exercise(EVIL, check(EVIL, EVIL)), state=EVIL)
    text, read = report(tmp_path, [evil, {**evil, "student": f"{EVIL}2"}])
    assert "img" not in read.tags
    assert not any(name.startswith("on") for name, _ in read.attributes)
    assert not any(name == "src" for name, _ in read.attributes)
    assert read.tags.count("script") == 1
    assert EVIL in read.said["everybody"]
    (policy,) = [value for name, value in read.attributes if name == "content" and "default-src" in value]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert "http" not in text.replace("http-equiv", "")
    assert "url(" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_an_example_names_nobody(tmp_path: Path) -> None:
    """The example of a mistake holds neither its author's name nor a line of their code."""
    told = {
        "must": "x",
        "returned": "'Zora was here'",
        "note": "It raised E: by zora\nanswer cell one, line 1: `secret`",
    }
    _, read = report(tmp_path, [result("zora", exercise("one", check("form"), check("values", **told)))])
    assert "… was here" in read.said["mistakes"]
    assert "zora" not in read.said["mistakes"].lower()
    assert "secret" not in read.said["mistakes"]


def test_an_anonymous_report_names_nobody(tmp_path: Path) -> None:
    """With --anonymous there are numbers in place of names, in no order of names, and no link to a page of theirs."""
    layout = course(tmp_path, CLASS)
    (layout.submitted / "late").mkdir(parents=True)
    page = layout.feedback / "ana" / "vae" / "01_alpha.html"
    page.parent.mkdir(parents=True)
    page.write_text("", encoding="utf-8")
    text = write_report(layout, anonymous=True).read_text(encoding="utf-8")
    for one in CLASS:
        assert not re.search(rf"\b{one['student']}\b", text)
    assert "late" not in Words(text).said["human"]
    assert "feedback/" not in text
    assert "#1" in text
    assert "#7" in text


def test_same_results_same_bytes(tmp_path: Path) -> None:
    """The report depends on results and log alone: no time, no place; another run gives the same bytes."""
    layout = course(tmp_path / "here", CLASS)
    first = write_report(layout).read_bytes()
    assert write_report(layout).read_bytes() == first
    assert write_report(course(tmp_path / "elsewhere", CLASS)).read_bytes() == first
    assert str(tmp_path).encode() not in first


# ---------------------------------------------------------------- the command


def test_the_command_writes_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`autograder report` prints where the page is; --out puts it elsewhere, with links that still hold."""
    layout = course(tmp_path, CLASS)
    assert cli.main(["report", "--course", str(tmp_path)]) == 0
    assert Path(capsys.readouterr().out.strip()) == layout.course / "report" / "index.html"
    elsewhere = tmp_path / "a" / "b" / "page.html"
    assert cli.main(["report", "--course", str(tmp_path), "--out", str(elsewhere)]) == 0
    assert elsewhere.is_file()


def test_a_graded_class_is_reported(tmp_path: Path) -> None:
    """After a real `autograder grade` the report has its mistakes, its unwritten exercises, its times and its pages."""
    layout = small_course(tmp_path)
    hand_in_all(layout, ["right", "wrong", "wrong", "unwritten"])
    assert grade(layout).returncode == 0
    (named,) = {check["mistake"] for one in results(layout)["s01"]["exercises"] for check in one["checks"]} - {None}
    text = write_report(layout).read_text(encoding="utf-8")
    said = Words(text).said
    assert f"2 (50 %) beta_vae_loss {named}" in said["mistakes"]
    assert re.search(r"kl_weight 75 % 25 %", said["exercises"])
    assert re.search(r"2 s01 , s02 1 beta_vae_loss", said["groups"])
    assert "Nothing: every submission was graded to its end." in said["human"]
    assert "The slowest: s0" in said["times"]
    assert text.count(f'href="../feedback/s03/vae/{STEM}.html"') >= 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There are no results yet"),
        (b"", "There are no results yet"),
        (b'{"student": "a"\n', "Line 1 of"),
        (b"[]\n", "Line 1 of"),
        (b"\xff\xfe\n", "Line 1 of"),
        (json.dumps(CLASS[0]).encode() + b"\n{}\n", "Line 2 of"),
        (json.dumps({**CLASS[0], "score": float("nan")}).encode() + b"\n", "Line 1 of"),
        (json.dumps({**CLASS[0], "student": 7}).encode() + b"\n", "Line 1 of"),
        (b"[" * 100_000 + b"\n", "Line 1 of"),
    ],
)
def test_results_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    """No results, or damaged ones: one sentence with the line and the command that mends it, exit code 2, no report."""
    layout = course(tmp_path, CLASS)
    path = layout.results / "vae.jsonl"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert cli.main(["report", "--course", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Run `autograder grade`" in told
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "report").exists()
    with pytest.raises(NoResults):
        read_results(layout)


def test_a_wrong_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Outside a course folder the command says so, with exit code 2."""
    assert cli.main(["report", "--course", str(tmp_path)]) == 2
    assert "no course folder" in capsys.readouterr().err


# ---------------------------------------------------------------- in a browser


def large(count: int) -> list[Any]:
    """A class of so many, deterministic, of 5 notebooks."""
    draws = np.random.default_rng(1)
    found = []
    for place in range(count):
        able = draws.normal(0.8, 1.0)
        done = [
            right(f"e{item}", f"0{1 + item // 3}_part")
            if draws.normal() < able
            else wrong(f"e{item}", str(draws.integers(5)), None if item % 2 else NAMED, f"0{1 + item // 3}_part")
            for item in range(15)
        ]
        found.append(result(f"u{place:04d}", *done, state="graded" if place % 40 else "timeout"))
    return found


@contextmanager
def opened(page: Path, **about: Any) -> Iterator[Any]:
    """The report in Chromium; fails where it asks for anything, or an error is told."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("needs a browser: chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    asked: list[str] = []
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=flags)
        try:
            one = browser.new_context(viewport={"width": 1280, "height": 900}, **about).new_page()
            one.set_default_timeout(120_000)
            one.on("request", lambda request: asked.append(request.url))
            one.on("console", lambda message: asked.append(message.text))
            one.on("pageerror", lambda error: asked.append(str(error)))
            one.goto(page.as_uri())
            yield one
        finally:
            browser.close()
    assert asked == [page.as_uri()]


def column(page: Any, place: int) -> list[str]:
    """The texts of one column of the rows that are shown."""
    script = "c => [...document.querySelectorAll('#students tbody tr:not([hidden])')].map(r => r.cells[c].textContent)"
    found: list[str] = page.evaluate(script, place)
    return found


def test_the_table_sorts_and_filters(tmp_path: Path) -> None:
    """In Chromium a click sorts by numbers, another turns it round; name, state and points filter; all comes back."""
    page = write_report(course(tmp_path, large(60)))
    with opened(page) as one:
        names = column(one, 0)
        assert names == sorted(names)
        one.click("#students th:nth-child(3) button")
        points = [float(text) for text in column(one, 2)]
        assert points == sorted(points, reverse=True)
        assert one.get_attribute("#students th:nth-child(3)", "aria-sort") == "descending"
        one.keyboard.press("Enter")
        points = [float(text) for text in column(one, 2)]
        assert points == sorted(points)
        one.fill("#filter [name=to]", "10")
        assert set(map(float, column(one, 2))) == {value for value in points if value <= 10}
        one.click("#filter button")
        one.wait_for_function("document.querySelector('#filter output').textContent === '60 of 60'")
        one.select_option("#filter select", "timeout")
        assert set(column(one, 1)) == {"timeout"}
        one.click("#filter button")
        one.fill("#filter [name=name]", "U001")
        assert sorted(column(one, 0)) == [f"u001{digit}" for digit in range(10)]
        assert one.inner_text("#filter output") == "10 of 60"


def test_without_script_the_table_is_there(tmp_path: Path) -> None:
    """With JavaScript off everybody stands in a plain table, and nothing offers what would not work."""
    page = write_report(course(tmp_path, large(30)))
    with opened(page, java_script_enabled=False) as one:
        assert one.locator("#students tbody tr").count() == 30
        assert one.locator("#filter").is_hidden()
        assert one.locator("#students button").count() == 0


def test_what_students_wrote_does_not_run(tmp_path: Path) -> None:
    """In Chromium a report full of markup keeps its title and makes no request."""
    evil = [result(f"{EVIL}{place}", wrong("one", EVIL, EVIL), state="timeout") for place in range(3)]
    with opened(write_report(course(tmp_path, evil))) as one:
        assert one.title() == "Made <up>: report on the class"
        assert one.locator("img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_is_legible(tmp_path: Path, scheme: str) -> None:
    """At 1280 and 800 pixels nothing sticks out of the page, and text stands out from its ground, light and dark."""
    page = write_report(course(tmp_path, large(60)))
    with opened(page, color_scheme=scheme) as one:
        for width in (1280, 800):
            one.set_viewport_size({"width": width, "height": 900})
            assert one.evaluate("document.documentElement.scrollWidth") <= width
        ground, ink = (
            one.evaluate(f"getComputedStyle(document.querySelector('.sheet')).{name}")
            for name in ("backgroundColor", "color")
        )
        light, dark = sorted((_luminance(ground), _luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 7


def test_no_column_is_cut_off_at_1100_pixels(tmp_path: Path, committed: Layout) -> None:
    """At 1100 pixels the tables of exercises and of everybody show all their columns, with long names and with times."""
    exercises = [(source.stem, name) for source in load_sources(committed.source) for name in source.exercises]
    answers = [
        wrong(name, "4", "sigma where sigma squared belongs" if place % 2 else None, stem)
        for place, (stem, name) in enumerate(exercises)
    ]
    long = "von_hohenberg_und_schwarzenfels-maximilian_alexander_0123456"
    found = [result(long, *answers), *(result(f"u{place}", *answers) for place in range(5))]
    page = write_report(course(tmp_path, found, spent=dict.fromkeys((name for _, name in exercises), 1.25)))
    with opened(page) as one:
        one.set_viewport_size({"width": 1100, "height": 900})
        for table in ("#exercises .scroll", "#everybody .scroll"):
            wide, room = one.evaluate(f"(e => [e.scrollWidth, e.clientWidth])(document.querySelector('{table}'))")
            assert wide <= room, table


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(text) / 255 for text in re.findall(r"\d+", colour)[:3]]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_class_of_2000(tmp_path: Path) -> None:
    """2000 submissions make a page below 1 MB that Chromium has laid out within seconds and sorts and filters."""
    page = write_report(course(tmp_path, large(2000)))
    assert page.stat().st_size < 1_000_000
    with opened(page) as one:
        assert one.evaluate("document.readyState") == "complete"
        # What the page has computed, mostly below a second; how long it waited for a core is no matter.
        asking = one.context.new_cdp_session(one)
        asking.send("Performance.enable")
        told = {item["name"]: item["value"] for item in asking.send("Performance.getMetrics")["metrics"]}
        assert 0 < told["ThreadTime"] < 6
        one.click("#students th:nth-child(3) button")
        one.fill("#filter [name=name]", "u1999")
        assert one.inner_text("#filter output") == "1 of 2000"
