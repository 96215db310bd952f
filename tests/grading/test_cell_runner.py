"""Reviving a process: a scripted session stands for the sandbox, so that every order of deaths can be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.checks.exercise import Answer, Call
from autograder.grading.cell_runner import CellRunner
from autograder.grading.process import MAX_DEATHS, SubmissionProcess
from autograder.sandbox import Cell, Limits, Outcome
from autograder.submission.merging import MergedCell
from autograder.submission.notes import Note

Dies = Callable[[int, str], bool]


class Script:
    """A session whose process dies in the cells that `dies` says, given the number of the session and the cell's text."""

    limits = Limits()

    def __init__(self, number: int, dies: Dies) -> None:
        self.number, self.dies = number, dies
        self.alive = True
        self.ran: list[str] = []

    def run(self, cells: Sequence[Cell]) -> list[Outcome]:
        """Run cells until one dies."""
        outcomes = []
        for cell in cells:
            if not self.alive:
                outcomes.append(Outcome("skipped"))
            elif self.dies(self.number, cell.source):
                self.alive = False
                outcomes.append(Outcome("died"))
            else:
                self.ran.append(cell.source)
                broken = "(" in cell.source and ")" not in cell.source
                outcomes.append(Outcome("raised", "SyntaxError") if broken else Outcome("ran"))
        return outcomes

    def fresh(self) -> None:
        """Forget what ran."""
        self.ran = []

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Never asked."""
        raise AssertionError("nothing is asked here")

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Never read."""
        raise AssertionError("nothing is read here")

    def close(self) -> None:
        """End."""
        self.alive = False


def runner(texts: Sequence[str], dies: Dies) -> tuple[CellRunner, list[Script], SubmissionProcess]:
    sessions: list[Script] = []

    def opener(files: dict[str, bytes]) -> Script:
        sessions.append(Script(len(sessions), dies))
        return sessions[-1]

    process = SubmissionProcess(opener, {})
    return CellRunner([MergedCell(text, "code") for text in texts], process), sessions, process


def statuses(made: CellRunner) -> dict[int, str]:
    return {place: outcome.status for place, outcome in made.outcomes.items()}


def test_a_cell_that_kills_costs_itself_alone() -> None:
    """What ran before runs again in a new process, the killer does not, and what follows runs there."""
    made, sessions, process = runner("abcd", lambda number, text: text == "c")
    made.run(range(4))
    assert statuses(made) == {0: "ran", 1: "ran", 2: "died", 3: "ran"}
    assert [session.ran for session in sessions] == [["a", "b"], ["a", "b", "d"]]
    assert (process.worst, made.given_up) == ("crashed", False)


def test_what_kills_while_catching_up_is_not_run_again() -> None:
    """A cell that ran once and ends the next process is left out with all that ran before, so that the rest can run."""
    made, sessions, _ = runner("abcd", lambda number, text: text == "c" or (text == "b" and number == 1))
    made.run(range(4))
    assert [session.ran for session in sessions] == [["a", "b"], ["a"], ["d"]]
    assert statuses(made)[3] == "ran"
    assert not made.given_up


def test_too_many_deaths_end_the_notebook() -> None:
    """After the last allowed death nothing runs any more, and that is said once."""
    made, sessions, _ = runner("x" * 20, lambda number, text: True)
    made.run(range(20))
    made.run(range(20))
    assert len(sessions) == MAX_DEATHS + 1
    assert len(made.outcomes) < 20 or "skipped" in statuses(made).values()
    assert (made.given_up, made.notes) == (True, [Note("gave_up")])


def test_a_question_that_kills_is_followed_by_a_process_in_the_same_place() -> None:
    """After a call ended the process, a new one has run the same cells; while it lives nothing is run twice."""
    made, sessions, process = runner("ab", lambda number, text: False)
    made.run(range(2))
    made.revive()
    assert len(sessions) == 1
    process.session.close()
    made.revive()
    assert [session.ran for session in sessions] == [["a", "b"], ["a", "b"]]


def test_a_cut_answer_stays_joined_in_the_next_process() -> None:
    """An answer cell cut in two runs as one, also when a new process catches up."""
    from tests.helpers.small_notebook import built

    sessions: list[Script] = []

    def opener(files: dict[str, bytes]) -> Script:
        sessions.append(Script(len(sessions), lambda number, text: text == "dies"))
        return sessions[-1]

    cells = [
        MergedCell("f = (", "code", built("answer", "f", "")),
        MergedCell("1)", "code"),
        MergedCell("dies", "code"),
    ]
    made = CellRunner(cells, SubmissionProcess(opener, {}))
    made.run([0, 1])
    assert made.notes == [Note("answer_joined", "f")]
    made.run([2])
    assert sessions[-1].ran[0] == "f = (\n1)"
