"""What people read, for everybody: no page breaks a rule of WCAG 2.1, level A or AA, that axe-core can test, light or dark."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.examine import run
from autograder.checks.local_subject import LocalSubject
from autograder.checks.rendering import as_html
from autograder.checks.student import progress
from autograder.checks.student.notebook import FOOTER, TITLE
from autograder.checks.verdict import Finding, Verdict
from autograder.grading.record import NotebookRecord, Record
from autograder.output.class_report.page import write_report
from autograder.output.feedback.page import student_page
from autograder.problems import examination, mistakes
from tests.conftest import ROOT
from tests.helpers.lab import FLAGS, browser_program
from tests.output.test_class_report import course, large
from tests.output.test_feedback import BROKEN, HOLDS, answer, notebook, page

AXE = "axe_playwright_python"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
READABLE = 4.5  # the contrast that level AA asks for text of ordinary size
# What breaks a rule or is undecided, by rule; a contrast about which axe-core is not sure (signs, single digits, words of a
# diagram) is measured: against what is painted behind the element, and against each shape of its diagram that it touches.
ASK = """async rules => {
    // What is folded must be as legible as the rest, and axe-core looks at what is shown.
    document.querySelectorAll('details').forEach(one => one.open = true);
    const parse = colour => [...(colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number), 1].slice(0, 4);
    const over = (top, under) => [0, 1, 2].map(i => top[3] * top[i] + (1 - top[3]) * under[i]);
    const light = colour => {
        const [r, g, b] = colour.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const touch = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const contrast = element => {
        const chain = [];
        for (let one = element; one; one = one.parentElement) chain.unshift(getComputedStyle(one));
        if (chain.some(style => style.backgroundImage !== 'none')) return 0;
        const behind = chain.reduce((under, style) => over(parse(style.backgroundColor), under), [255, 255, 255]);
        const own = chain[chain.length - 1], ink = parse(element.ownerSVGElement ? own.fill : own.color);
        ink[3] *= chain.reduce((all, style) => all * Number(style.opacity), 1);
        const grounds = [behind];
        for (const shape of element.ownerSVGElement?.querySelectorAll('rect, circle, path, polygon') ?? [])
            if (touch(shape.getBoundingClientRect(), element.getBoundingClientRect()))
                grounds.push(over(parse(getComputedStyle(shape).fill), behind));
        return Math.min(...grounds.map(ground => {
            const [a, b] = [light(over(ink, ground)), light(ground)].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05);
        }));
    };
    // axe-core loses its count of columns where a heading spans them: then every column must have something below its head.
    const empty = table => [...table.rows[0].cells].filter((_, at, all) => ![...table.rows].slice(1).some(
        row => row.cells.length === all.length && row.cells[at].innerHTML.trim()));
    const settled = {'color-contrast': () => true, 'th-has-data-cells': node => !empty(node.element).length};
    const found = await axe.run(document, {elementRef: true, runOnly: {type: 'tag', values: rules}});
    const told = list => Object.fromEntries(list.map(one => [one.id, one.nodes.map(
        node => [node.html.slice(0, 200), ...node.any, ...node.all, ...node.none].map(said => said.message ?? said))]));
    const measured = found.incomplete.filter(one => one.id === 'color-contrast').flatMap(one => one.nodes);
    return {
        violations: told(found.violations),
        undecided: told(found.incomplete.filter(one => !one.nodes.every(settled[one.id] ?? (() => false)))),
        measured: measured.map(node => [contrast(node.element), node.html.slice(0, 200)]),
        passes: found.passes.map(one => one.id),
    };
}"""


def axe() -> str:
    """The source of axe-core; without it the test is skipped, which CI does not allow."""
    found = importlib.util.find_spec(AXE)
    if found is None or found.origin is None:
        if os.environ.get("CI"):
            pytest.fail("axe-core is not installed")
        pytest.skip(f"needs a browser and axe-core: {AXE} is not installed")
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def asked() -> Iterator[Callable[[Path, str], Any]]:
    """Open a page in Chromium under a colour scheme and let axe-core look at all of it, whatever is folded unfolded."""
    program, source = browser_program(), axe()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)

        def look(path: Path, scheme: str) -> Any:
            # The feedback page forbids scripts; that it does is tested elsewhere.
            context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 1280, "height": 900})
            try:
                one = context.new_page()
                one.goto(path.as_uri())
                assert one.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
                one.evaluate(source)
                return one.evaluate(ASK, RULES)
            finally:
                context.close()

        yield look
        browser.close()


def check_cell(path: Path, scheme: str) -> None:
    """Write what check cells show, right, wrong, unwritten and warned, on a page with the grounds of Jupyter's themes."""
    one = examination("03_gaussian_kl", "gaussian_kl", 1)
    wrong = mistakes("03_gaussian_kl", "gaussian_kl")[0].function
    right = one.exercise
    verdicts = [
        run(right, LocalSubject(has), one.bank, recognise=one.recognise) for has in ({"gaussian_kl": wrong}, {})
    ]
    verdicts.append(replace(HOLDS, exercise="other"))
    verdicts.append(
        Verdict("waiting", (HOLDS.findings[0], Finding("law", "It is even in `mu`.", "unasked", missing="mu")))
    )
    shown = [as_html(verdict, TITLE, FOOTER, warning="The cell was `edited` since.") for verdict in verdicts]
    shown.append(as_html(verdicts[0], TITLE, with_points=True))
    said = ((progress.HOLDS, "8 of 8"), (progress.BREAKS, "`mu`"), (progress.UNWRITTEN, ""))
    lines = [progress.Line(f"e{place}", *one, "2 points") for place, one in enumerate(said)]
    shown += [progress.as_html("KL", lines, FOOTER), progress.as_html("KL", lines[::2])]
    ground, ink = ("#fff", "rgba(0,0,0,.87)") if scheme == "light" else ("#111", "#fff")
    look = f"background:{ground};color:{ink};font:14px/1.5 sans-serif"
    path.write_text(
        f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>cells</title><body style='{look}'>{''.join(shown)}",
        encoding="utf-8",
    )


def everything() -> NotebookRecord:
    """A notebook that holds, breaks, stopped, was not written, and has answers in words."""
    stopped = answer(
        "third", "def third(x):\n    return x / 0\n", "raised", "ZeroDivisionError", "line 2: division by zero"
    )
    unwritten = Verdict(
        "fourth", (Finding("form", "It is there.", "unwritten", missing="fourth", note="Not written yet."),)
    )
    cells = (answer(), answer("other", "def other():\n    return 7\n"), stopped, replace(stopped, kind="locked"))
    words = replace(answer("written_09_1", "Because σ is a width."), kind="written", cell_type="markdown", points=2.0)
    return notebook(
        BROKEN, HOLDS, replace(BROKEN, exercise="third"), unwritten, cells=(*cells, words), notes=("It was `renamed`.",)
    )


def feedback(path: Path, scheme: str) -> None:
    """Write the page of that notebook."""
    one = everything()
    path.write_text(page(one, "crashed", replace(one, stem="10_more")), encoding="utf-8")


def whole_feedback(path: Path, scheme: str) -> None:
    """Write the one page of a student: that notebook twice, one in which all holds, and one that was not handed in."""
    one = everything()
    books = (
        one,
        replace(one, stem="10_more"),
        replace(notebook(HOLDS, cells=(answer("other", "def other():\n    return 7\n"),)), stem="11_right"),
        replace(notebook(replace(BROKEN, exercise="late")), stem="12_absent", present=False),
    )
    record = Record("ana", "vae", "crashed", "key", books, notes=("`old.ipynb` was left out.",), isolation="landlock")
    path.write_text(student_page(record, "Autoencoders"), encoding="utf-8")


def class_report(path: Path, scheme: str) -> None:
    """Write the report on a class of 20."""
    write_report(course(path.parent / "course", large(20))).rename(path)


def card_sheet(path: Path, scheme: str) -> None:
    """Take the printed sheet of the card game."""
    path.write_bytes((ROOT / "assignments" / "vae" / "extras" / "card_game" / "cards.html").read_bytes())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "write", [check_cell, feedback, whole_feedback, class_report, card_sheet], ids=lambda one: str(one.__name__)
)
def test_no_page_breaks_a_rule(
    asked: Callable[[Path, str], Any], tmp_path: Path, write: Callable[[Path, str], None], scheme: str
) -> None:
    """axe-core finds nothing that breaks WCAG 2.1 A or AA, and where it cannot judge a contrast, that is 4.5 at least."""
    path = tmp_path / "page.html"
    write(path, scheme)
    told = asked(path, scheme)
    assert told["violations"] == {}
    assert told["undecided"] == {}
    assert [(ratio, text) for ratio, text in told["measured"] if ratio < READABLE] == []
    assert {"color-contrast", "document-title"} <= set(told["passes"])


def test_what_is_wrong_is_seen(asked: Callable[[Path, str], Any], tmp_path: Path) -> None:
    """What breaks a rule is named, behind a fold too; pale signs, alone or on a bar, are measured; an empty column is seen."""
    bad = """<!DOCTYPE html><title>x</title><details><summary>x</summary><p style='color:#bbb'>pale</p></details><img src='data:,'>
        <p style='color:#bbb'>7</p><svg><rect width=50 height=50 fill='#333' /><text x=9 y=20>8</text><text x=99 y=20>9</text></svg>
        <table><tr><th scope=col>a<th scope=col>b<tr><th colspan=2 scope=rowgroup>g<tr><th scope=row>1<td></table>"""
    (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
    told = asked(tmp_path / "bad.html", "light")
    assert set(told["violations"]) == {"color-contrast", "html-has-lang", "image-alt"}
    pale, on_a_bar, beside = (ratio for ratio, _ in told["measured"])
    assert pale == pytest.approx(1.92, abs=0.01)
    assert on_a_bar == pytest.approx(1.66, abs=0.01)
    assert beside == 21
    assert told["undecided"].keys() == {"th-has-data-cells"}
