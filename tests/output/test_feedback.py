"""The feedback pages: what a student reads, in which order, and that nothing of it can do harm."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released, write_submission
from autograder.checks.verdict import Finding, Verdict
from autograder.files.text import CUT, clean, clipped, prose
from autograder.grading.record import CellRecord, NotebookRecord, Record, State
from autograder.output.feedback.page import STATES, feedback_page
from autograder.output.gradebook.connection import nbgrader_of
from autograder.sandbox.backend import Backend
from autograder.sandbox.tiers import WALLS
from tests.conftest import ROOT
from tests.helpers.small_course import STEM, grade, results, small_course

VOID = {"meta", "br"}
SAYS = "The width enters as sigma where sigma squared belongs."
EVIL = '<script>alert("&")</script>\x1b[31m\x00\ud800 /root\u202e'


class Page(HTMLParser):
    """The elements and the text of a page; fails where an element is not closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Hold it against the tag that is open."""
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        if "style" not in self.open:
            self.text += data


LAW = Finding("even in mu", "Shifting left costs what shifting right costs.", status="holds")
NUMBERS = Finding(
    "worked numbers",
    "The chapter's values come out, `kl(0, 1)` is 0.",
    status="breaks",
    hidden=True,
    max_points=2.0,
    example="kl(mu=0, sigma=2)",
    returned="0.153",
    expected="0.807",
    mistake="sigma where the variance belongs",
    says=SAYS,
    read="the box on conventions",
)
EXTREME = replace(NUMBERS, check="extreme inputs", must="Right for |mu| up to 100.", example="kl(mu=100, sigma=0.001)")
PUBLIC = replace(
    NUMBERS, check="elementwise", hidden=False, must="Each pair for itself.", example="kl(mu=[1, 2], sigma=1)"
)
CODE = "def kl(mu, sigma):\n    return mu < sigma\n"


def answer(
    name: str = "kl",
    text: str = CODE,
    status: str = "ran",
    error: str = "",
    detail: str = "",
    lines: tuple[int, ...] = (),
) -> CellRecord:
    """A student's answer cell."""
    return CellRecord("answer", name, text, "code", status, error, detail, lines=lines)


def notebook(*verdicts: Verdict, cells: tuple[CellRecord, ...] = (), notes: tuple[str, ...] = ()) -> NotebookRecord:
    """A graded notebook."""
    return NotebookRecord("09_numbers", True, notes, cells, verdicts)


def page(one: NotebookRecord, state: State = "graded", *others: NotebookRecord, student: str = "ana") -> str:
    """The page of a notebook in a submission with these others."""
    record = Record(student, "vae", state, "key", (one, *others))
    return feedback_page(record, one, "Autoencoders")


BROKEN = Verdict("kl", (LAW, NUMBERS, PUBLIC, EXTREME))
HOLDS = Verdict("other", (LAW, replace(NUMBERS, status="holds", points=2.0)))


def in_order(text: str, *parts: str) -> bool:
    """Whether all parts stand in the text, one after the other."""
    places = [text.index(part) for part in parts]
    return places == sorted(places)


def test_what_stands_on_a_page() -> None:
    """Title, student, points and state come first, then per exercise its checks, the first failure in full, and the code."""
    text = page(notebook(BROKEN, HOLDS, cells=(answer(),), notes=("It was `renamed`.",)), student="Zoë Núñez")
    read = Page(text).text.partition("Autoencoders · feedback")[2]
    assert "<h1>09 numbers</h1>" in text
    assert in_order(read, "Zoë Núñez", "2 of 8 points", "Graded. Every notebook ran to its end.")
    assert in_order(read, "✗ 3 of 4 checks break", "✓ all 2 checks hold", "What was odd", "✓ holds", "✗ breaks")
    assert in_order(
        text.partition("To mend first")[2],
        *(
            "What must hold",
            "<code>kl(0, 1)</code>",
            "Smallest input",
            "kl(mu=0, sigma=2)",
            "Returned",
            "0.153",
            "Expected",
        ),
        *("0.807", "Likely mistake", "sigma where the variance belongs", SAYS, "Read again", "the box on conventions"),
        *("Your answer cell", "return mu &lt; sigma", "✓ all 2 checks hold", "✓ holds"),
    )
    assert "<li>It was <code>renamed</code>.</li>" in text
    assert in_order(text, 'style="width:0%"', "0 of 6", 'style="width:100%"', "2 of 2")


def test_nothing_is_told_twice_of_an_exercise() -> None:
    """Findings that share a mistake do not repeat its sentence, and a law stands once in the table and once beside it."""
    read = Page(page(notebook(BROKEN, replace(BROKEN, exercise="again"), cells=(answer(),)))).text
    assert read.count(SAYS) == 2
    assert read.partition("To mend first")[2].partition("again")[0].count("The chapter's values come out") == 1


def test_the_mistake_stands_at_a_glance() -> None:
    """The list of exercises at the top names the likely mistake of each, before any detail."""
    read = Page(page(notebook(BROKEN, HOLDS, cells=(answer(),)))).text
    assert in_order(read, "✗ 3 of 4 checks break", "sigma where the variance belongs", "To mend first")


def test_what_is_right_is_one_line_that_opens() -> None:
    """An exercise that holds is folded, with its checks and the student's own code in it."""
    text = page(notebook(HOLDS, cells=(answer("other", "def other():\n    return 7\n"),)))
    inside = text.partition("<details>")[2].partition("</details>")[0]
    assert in_order(inside, "<summary", "other", "✓ all 2 checks hold", "2 of 2", "</summary>", "✓ holds", "return 7")
    assert "<details open" not in text


def test_where_nothing_holds_the_code_stands_beside_what_to_mend() -> None:
    """When the form is wrong, which breaks all checks, those are folded away: the code and the first failure remain."""
    form = Finding("form", "`kl` returns a number.", "breaks", example="kl(mu=0)", returned="'no'", note="It is text.")
    law = replace(LAW, status="breaks", note="It is text.")
    text = page(notebook(Verdict("kl", (form, law, NUMBERS)), cells=(answer(),)))
    assert in_order(text, "Your answer cell", "To mend first: form", "All 3 checks of this exercise", "even in mu")
    assert text.index("<details><summary>All 3 checks") < text.index("even in mu")


def test_hidden_checks_stand_by_name_and_law() -> None:
    """Of hidden checks behind the first failure no input is shown; of public ones it is."""
    read = Page(page(notebook(BROKEN, cells=(answer(),)))).text
    assert "extreme inputs hidden: Right for |mu| up to 100." in read
    assert EXTREME.example not in read
    assert f"{PUBLIC.example} returned 0.153; expected: 0.807" in read


@pytest.mark.parametrize("state", list(STATES))
def test_every_state_has_plain_words(state: State) -> None:
    """Each state is said in a sentence on each page of the submission."""
    assert STATES[state][1] in Page(page(notebook(BROKEN), state)).text


def test_notebooks_that_are_not_there() -> None:
    """A missing or damaged notebook has a page with its reason, its exercises, and the way to the other pages."""
    reason = Finding("form", "x", "unwritten", max_points=2.0, note="`09_numbers.ipynb` was not handed in.")
    gone = NotebookRecord("09_numbers", False, (reason.note,), (), (Verdict("kl", (reason,)),))
    other = NotebookRecord("10_other", True, (), (), (HOLDS,))
    text = page(gone, "graded", other)
    assert in_order(
        Page(text).text, "0 of 2 points", "whole submission: 2 of 4", "○ not graded", "09_numbers.ipynb was not"
    )
    assert Page(text).text.count("was not handed in") == 1
    assert '<a href="10_other.html">10_other</a>' in text
    assert "<article" not in text


def test_unwritten_and_unasked() -> None:
    """What is not written is not called wrong, nor is a check that could not be asked."""
    todo = Verdict("kl", (Finding("form", "x", "unwritten", note="`kl` is not written yet.", missing="kl"), NUMBERS))
    read = Page(page(notebook(todo, cells=(answer(text="todo()"),)))).text
    assert "○ not written yet" in read
    assert "✗" not in read
    assert "todo()" not in read
    begin = replace(todo.findings[0], read="“Exercise 1”")
    assert "Where to begin: “Exercise 1”." in Page(page(notebook(replace(todo, findings=(begin, NUMBERS))))).text
    late = replace(PUBLIC, status="unasked", note="Not asked any more, because of what happened before.", example="")
    assert "○ not asked" in Page(page(notebook(Verdict("kl", (NUMBERS, late))))).text


def test_cells_that_stopped() -> None:
    """An error is told with the student's own frames, beside the code with the line marked; so are other cells."""
    detail = "division by zero\nanswer cell kl, line 2, in kl: `1/0`"
    absent = Verdict("kl", (Finding("form", "x", "unwritten", note="There is no `kl`."), NUMBERS))
    cells = (
        answer(status="raised", error="ZeroDivisionError", detail=detail, lines=(2,)),
        CellRecord("free", "", "f()", "code", "raised", "NameError", ""),
        CellRecord("locked", "imports", "f()", "code", "died"),
        CellRecord("free", "", "while 1: pass", "code", "timeout"),
        CellRecord("free", "", "f()", "code", "skipped"),
    )
    text = page(notebook(absent, cells=cells), "crashed")
    read = Page(text).text
    assert "✗ 1 of 2 checks breaks, 1 not asked" in read
    assert (
        "Your answer cell stopped with ZeroDivisionError: division by zero\nanswer cell kl, line 2, in kl: 1/0" in read
    )
    assert "<span class=here>    return mu" in text
    assert in_order(
        read,
        "Cell 2 stopped with NameError.",
        "imports ended the process",
        "Cell 4 did not come back",
        "Cell 5 was not",
    )
    assert (
        feedback_page(
            Record("a", "vae", "graded", "k", (notebook(absent, cells=cells * 9),)),
            notebook(absent, cells=cells * 9),
            "",
        ).count("Cell ")
        < 20
    )


def test_what_stopped_a_cell_is_told_once() -> None:
    """Where the grader has put the error of an answer cell into the finding, it does not stand above it as well."""
    note = "The answer cell stopped with SyntaxError: expected ':'\nanswer cell kl, line 1: `def kl(mu)`"
    absent = Verdict("kl", (Finding("form", "`kl` can be called.", "stopped", note=note), NUMBERS))
    cell = answer(
        status="raised", error="SyntaxError", detail="expected ':'\nanswer cell kl, line 1: `def kl(mu)`", lines=(1,)
    )
    text = page(notebook(absent, cells=(cell,)))
    assert Page(text).text.count("expected ':'") == 1
    assert "<span class=here>def kl" in text


def test_lines_come_from_the_error_and_not_from_its_words() -> None:
    """The lines that an error passed are marked; words of the student's that look like a place mark nothing."""
    note = "It raised ValueError: answer cell kl, line 1\nanswer cell kl, line 2, in kl: `raise`"
    form = Finding("form", "`kl` can be called.", "breaks", example="kl(1)", note=note, lines=(2,))
    raised = Verdict("kl", (form, NUMBERS))
    text = page(notebook(raised, cells=(answer(),)))
    assert "<span class=here>    return mu" in text
    assert "<span class=here>def kl" not in text


def test_without_the_sandbox_it_says_so() -> None:
    """A verdict that was made without walls carries that note."""
    record = Record("ana", "vae", "graded", "key", (notebook(HOLDS),), isolation="none")
    assert "Graded without the sandbox" in Page(feedback_page(record, record.notebooks[0], "")).text


@pytest.mark.parametrize("tier", WALLS, ids=lambda tier: tier.name)
def test_every_page_names_the_walls_and_what_they_lack(tier: Backend) -> None:
    """A page says behind which walls the submission was graded, and all that these cannot promise."""
    record = Record("ana", "vae", "graded", "key", (notebook(HOLDS),), isolation=tier.name)
    text = Page(feedback_page(record, record.notebooks[0], "")).text
    assert f"Graded behind the walls {tier.name}" in text
    assert all(lack in text for lack in tier.lacks)
    assert ("not the strongest" in text) == bool(tier.lacks)


def test_nothing_a_student_writes_is_more_than_text() -> None:
    """Whatever stands in names, notes, values, errors and code is escaped: no script, no request, no stray byte."""
    evil = replace(PUBLIC, example=EVIL, returned=EVIL, expected=EVIL, note=EVIL, mistake=EVIL, says=EVIL)
    cells = (
        answer(text=EVIL, status="raised", error=EVIL, detail=f"{EVIL}\n`{EVIL}`"),
        CellRecord("free", "", "", "code", "raised", EVIL, EVIL),
    )
    one = notebook(Verdict("kl", (evil, replace(evil, check="more", note=""))), cells=cells, notes=(EVIL,))
    text = page(one, "graded", student=EVIL)
    read = Page(text)
    assert set(read.tags) <= {
        *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "article", "footer", "nav"),
        *(
            "h1",
            "h2",
            "h3",
            "p",
            "b",
            "i",
            "a",
            "div",
            "span",
            "code",
            "pre",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ),
        *("dl", "dt", "dd", "ul", "li", "figure", "figcaption", "details", "summary"),
    }
    assert {name for name, _ in read.attributes} <= {
        *(
            "lang",
            "charset",
            "name",
            "http-equiv",
            "content",
            "class",
            "id",
            "href",
            "style",
            "scope",
            "aria-label",
            "aria-hidden",
        ),
    }
    assert all(re.fullmatch(r"#\w+", value) for name, value in read.attributes if name == "href")
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in read.attributes
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert text.encode().decode() == text
    assert read.text.count('<script>alert("&")</script>') >= 10


def test_same_record_same_page() -> None:
    """The page depends on the record alone: no time, no place."""
    one = notebook(BROKEN, HOLDS, cells=(answer(),))
    assert page(one) == page(one)
    assert str(Path(__file__).parents[2]) not in page(one)
    assert not re.search(r"\b20\d\d-\d\d", page(one))


def test_a_page_stays_small() -> None:
    """However much a student writes, prints and breaks, a page is below 60 000 bytes and says what was left out."""
    big = "<é&" * 8000
    finding = replace(
        PUBLIC, must=big, example=big, returned=big, expected=big, note=big, mistake=big, says=big, read=big
    )
    verdicts = tuple(Verdict(f"exercise_{place}", (finding, *[PUBLIC, EXTREME] * 3)) for place in range(10))
    cells = tuple(answer(one.exercise, "\n" * 20_000 + big, "raised", big, big + f"\n{big}" * 9) for one in verdicts)
    text = page(notebook(*verdicts, cells=cells, notes=(big,) * 50), student=big)
    assert len(text.encode()) < 60_000
    assert "the rest is in your notebook" in Page(text).text
    assert CUT in Page(text).text


def test_text_is_cut_between_characters() -> None:
    """Cutting counts bytes after escaping and never splits a character or an entity."""
    assert clipped("a<b", 100) == "a&lt;b"
    for limit in range(30, 60):
        cut = clipped("<é" * 100, limit)
        assert len(cut.encode()) <= limit
        assert re.fullmatch("(<é)*<?", unescape(cut.removesuffix(CUT)))
    assert clean("a\r\nb\rc\x07\ud800") == "a\nb\nc�\\ud800"
    unseen = "\u061c\u200b\u200e\u200f\u2028\u202e\u2060\u2066\ufeff\U000e0041"
    assert clean(f"a{unseen}b") == f"a{'�' * len(unseen)}b"
    assert clean("\u0646\u200c\u0647 \U0001f469\u200d\U0001f52c") == "\u0646\u200c\u0647 \U0001f469\u200d\U0001f52c"
    assert prose("`a<b` and `c") == "<code>a&lt;b</code> and `c"


HANDED_IN = f"""def beta_vae_loss(reconstruction, kl, beta=1.0):
    # {EVIL.partition(chr(27))[0]}
    print("{EVIL.partition("(")[0]}")
    return beta * reconstruction + kl
"""


def leaked(text: str, own: str) -> list[str]:
    """The lines of hidden checks, oracles and mistakes in a page as they stand in their modules, and in nobody's own code."""
    folders = [ROOT / "autograder" / "hidden" / "gaussian_kl", ROOT / "autograder" / "hidden"]
    modules = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    lines = {line.strip() for path in modules for line in path.read_text(encoding="utf-8").splitlines()}
    told = re.sub(r"\s+", " ", unescape(text))
    code = (line for line in lines if len(line) > 25 and re.search(r"[=(:]", line) and line not in own)
    return sorted(line for line in code if line in told)


def test_pages_of_a_graded_submission_leak_nothing(tmp_path: Path) -> None:
    """Graded for real, our page and that of `nbgrader generate_feedback` name the mistake and hold no line of what is hidden."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    layout = small_course(tmp_path, seed=987_654_321)
    notebooks = released(layout.release)
    answers = {**reference_answers(layout.source), "beta_vae_loss": HANDED_IN}
    fill(notebooks, answers)
    write_submission(layout.submitted / "ana" / "vae", notebooks)
    assert grade(layout).returncode == 0
    (named,) = {check["mistake"] for one in results(layout)["ana"]["exercises"] for check in one["checks"]} - {None}
    path = layout.feedback / "ana" / "vae" / f"{STEM}.html"
    ours = path.read_text(encoding="utf-8")
    with nbgrader_of(layout, 1.0) as tools:
        api = NbGraderAPI(CourseDirectory(config=tools.settings), config=tools.settings)
        assert api.generate_feedback("vae", force=True)["success"]
    theirs = path.read_text(encoding="utf-8")
    assert "<!-- graded" in ours
    assert "<!-- graded" not in theirs
    own = "\n".join(answers.values())
    oracles = (ROOT / "autograder" / "hidden" / "oracles.py").read_text(encoding="utf-8")
    assert leaked(ours + oracles, own)
    for text in (ours, theirs):
        assert named in unescape(text)
        assert leaked(text, own) == []
        for secret in ("987654321", "from autograder", "HIDDEN TESTS", "<script>alert"):
            assert secret not in text
    assert "script" not in Page(ours.removesuffix("\n").rpartition("<!--")[0]).tags
