"""The recipe of docs/hub.md carried out, and a term on the hub that it makes: `make test-hub`, as root."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.sample_submissions import fill, reference_answers, released
from autograder.course.built_notebooks import text_of
from autograder.course.layout import Layout
from tests.conftest import ROOT
from tests.hub.machine import INSTRUCTOR, PEOPLE, STUDENTS, Machine, hub, told
from tests.hub.visitor import Visitor

COURSE, STEM = "variational-autoencoders", "03_gaussian_kl"
WRONG = {"beta_vae_loss": "def beta_vae_loss(reconstruction, kl, beta=1.0):\n    return beta * reconstruction + kl"}
NAMED = "beta weighs the reconstruction"


@dataclass
class Term:
    """What there is when a term is over: the hub, who uses it, and what they saw on the way."""

    machine: Machine
    people: dict[str, Visitor]
    mark: str
    refused: bool = False
    in_the_notebook: str = ""
    said: dict[str, str] = field(default_factory=dict)

    def has_typed(self, person: str, command: str) -> None:
        """Type a command of the page, and keep what it said; it must end well."""
        code, shown = self.people[person].type(self.machine.here(command))
        assert code == 0, f"{command}\n{shown[-4000:]}"
        self.said[command] = shown

    def results(self) -> dict[str, dict[str, Any]]:
        """The results by person."""
        lines = (self.machine.course / "results" / "vae.jsonl").read_text(encoding="utf-8").splitlines()
        by_name = {one["student"]: one for one in map(json.loads, lines)}
        return {person: by_name[self.machine.names[person]] for person in STUDENTS}


@pytest.fixture(scope="module")
def term() -> Iterator[Term]:
    """A term: released, fetched, worked on, handed in, collected, graded, feedback released and fetched; all of it on the hub."""
    begun = time.perf_counter()
    with hub() as machine, ExitStack() as leaving:
        print(f"\nset up after {time.perf_counter() - begun:.0f} s")
        people = {person: Visitor(machine.url, machine.names[person]) for person in PEOPLE}
        for visitor in people.values():
            leaving.callback(visitor.leave)
        term = Term(machine, people, mark=f"the answer of ada {secrets.token_hex(8)}")
        term.refused = not people["ada"].log_in(machine.passwords["bob"])
        for person, visitor in people.items():
            assert visitor.log_in(machine.passwords[person]), person
        with ThreadPoolExecutor() as at_once:
            list(at_once.map(Visitor.start_server, people.values()))
        commands = [one for one in told("The instructor") if " -m " not in one]
        *prepare, release, collect, grade, feedback = commands
        for command in prepare:
            term.has_typed(INSTRUCTOR, command)
        term.has_typed(INSTRUCTOR, release)
        print(f"released after {time.perf_counter() - begun:.0f} s")
        with_buttons(term)
        in_a_terminal(term)
        print(f"handed in after {time.perf_counter() - begun:.0f} s")
        for command in (collect, grade, feedback):
            term.has_typed(INSTRUCTOR, command)
        assert act(people["ada"], "fetch_feedback")["success"]
        term.has_typed("bob", told("The students")[-1])
        print(f"term over after {time.perf_counter() - begun:.0f} s")
        yield term


def act(visitor: Visitor, action: str) -> Any:
    """Press a button of the assignment list."""
    return visitor.answer("POST", f"assignments/{action}", data={"assignment_id": "vae", "course_id": COURSE})


def with_buttons(term: Term) -> None:
    """Ada presses Fetch, works in a notebook, asks its check, and presses Submit."""
    ada = term.people["ada"]
    listed = act(ada, "fetch")
    assert [(one["assignment_id"], one["status"]) for one in listed["value"]] == [("vae", "fetched")], listed
    write(term, "ada", {**REFERENCE, "gaussian_kl": f"{REFERENCE['gaussian_kl']}\n# {term.mark}"})
    cells = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): text_of(cell)
        for cell in ada.answer("GET", f"api/contents/vae/{STEM}.ipynb")["content"]["cells"]
    }
    asked = [cells[name] for name in ("imports", "gaussian_kl", "test_gaussian_kl")]
    term.in_the_notebook = ada.execute(f"vae/{STEM}.ipynb", *asked, "import autograder")
    assert act(ada, "submit")["success"]


def in_a_terminal(term: Term) -> None:
    """Bob does the same with commands; one of his answers is wrong."""
    fetch, submit, _ = told("The students")
    term.has_typed("bob", fetch)
    write(term, "bob", {**REFERENCE, **WRONG})
    term.has_typed("bob", submit)


REFERENCE = reference_answers(Layout(ROOT, "vae").source)


def write(term: Term, person: str, answers: dict[str, str]) -> None:
    """Write answers into the fetched notebooks and save them, as JupyterLab does."""
    visitor = term.people[person]
    for stem in released(Layout(ROOT, "vae").release):
        notebook = visitor.answer("GET", f"api/contents/vae/{stem}.ipynb")["content"]
        fill({stem: notebook}, answers)
        about = {"type": "notebook", "format": "json", "content": notebook}
        visitor.answer("PUT", f"api/contents/vae/{stem}.ipynb", json=about)


def fetched(term: Term, person: str) -> list[Path]:
    """The feedback pages that a student fetched."""
    return sorted((term.machine.home(person) / "vae" / "feedback").glob("*/*.html"))


def test_the_assignment_goes_out_and_comes_home(term: Term) -> None:
    """What both students handed in over the exchange is graded, one with a mistake; nobody comes in with another's password."""
    results = term.results()
    assert {person: one["state"] for person, one in results.items()} == dict.fromkeys(STUDENTS, "graded")
    assert results["ada"]["score"] == results["ada"]["max_score"] == 100
    lost = {one["name"] for one in results["bob"]["exercises"] if one["points"] < one["max_points"]}
    assert lost == set(WRONG)
    assert "gaussian_kl" in term.in_the_notebook
    assert "2 graded now" in term.said["autograder grade --jobs auto"]
    assert term.refused


def test_the_form_grader_is_the_instructors(term: Term) -> None:
    """The form grader lists both with our points and opens a notebook; students have none, and cannot use the instructor's."""
    tutor = term.people[INSTRUCTOR]
    assert "formgrader" in tutor.ask("GET", "formgrader/manage_submissions/vae").text
    listed = {one["student"]: one for one in tutor.answer("GET", "formgrader/api/submissions/vae")}
    results = term.results()
    for person in STUDENTS:
        one = listed[term.machine.names[person]]
        assert one["score"] == pytest.approx(results[person]["score"], abs=0.01)
        assert one["autograded"]
    (book,) = (
        one["id"]
        for one in tutor.answer("GET", f"formgrader/api/submitted_notebooks/vae/{STEM}")
        if one["student"] == term.machine.names["bob"]
    )
    assert NAMED in tutor.ask("GET", f"formgrader/submissions/{book}/").text
    for person in STUDENTS:
        assert term.people[person].ask("GET", "formgrader/manage_submissions/vae").status_code == 404
        refused = term.people[person].ask("GET", "formgrader/api/submissions/vae", of=tutor.name)
        assert refused.status_code in (403, 404)


def test_feedback_comes_back_to_whom_it_belongs(term: Term) -> None:
    """Each student fetched our page of each of her notebooks, and only her own."""
    stems = sorted(released(Layout(ROOT, "vae").release))
    for person in STUDENTS:
        pages = fetched(term, person)
        assert [page.stem for page in pages] == stems
        text = "".join(page.read_text(encoding="utf-8") for page in pages)
        assert (NAMED in text) == (person == "bob")
        assert (term.mark in text) == (person == "ada")


def test_students_cannot_read_each_other(term: Term) -> None:
    """In homes, exchange and course the instructor finds ada's answer, and bob neither it nor hidden checks, by terminal and by hub."""
    root, bob = term.machine.root, term.people["bob"]
    search = f"grep -rlsF '{term.mark}' {root}/home {root}/srv | sed 's/^/found /'"
    found = term.people[INSTRUCTOR].type(search)[1]
    assert f"found {term.machine.course}/submitted/" in found
    assert f"found {root}/srv/nbgrader/exchange/" in found
    assert f"found {root}" not in bob.type(search)[1]
    inbound = f"{root}/srv/nbgrader/exchange/{COURSE}/inbound"
    assert bob.type(f"test -w {inbound} -a ! -r {inbound}")[0] == 0
    for private in (term.machine.home("ada"), term.machine.course, root / "srv" / "jupyterhub"):
        assert bob.type(f"ls {private}")[0] != 0
    assert bob.type(f"ls -d {root}/opt/hub/lib/python3*/site-packages/numpy")[0] == 0
    assert bob.type(f"ls -d {root}/opt/hub/lib/python3*/site-packages/autograder")[0] != 0
    assert bob.ask("GET", f"api/contents/vae/{STEM}.ipynb").status_code == 200
    assert bob.ask("GET", f"api/contents/vae/{STEM}.ipynb", of=term.people["ada"].name).status_code in (403, 404)
    assert "No module named 'autograder'" in term.in_the_notebook
