"""What an exercise is and what is asked of it: plain data, no third party."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Outcome = Literal[
    "returned",  # the function came back with a value
    "raised",  # it raised; `error` and `detail` say what and where
    "timeout",  # it did not come back within the budget
    "died",  # its process ended (exit, signal, memory)
    "undefined",  # no such name where the check cell stands
    "uncallable",  # the name is there, but it is no function
    "unreadable",  # what came back is no plain data (or too large)
    "skipped",  # not asked, because of what happened before
]


@dataclass(frozen=True)
class Rng:
    """Stand for `numpy.random.default_rng(seed)`; calls of one batch with one (seed, handle) share the Generator."""

    seed: int
    handle: str = ""


@dataclass(frozen=True)
class Call:
    """One question to a student's function: positional and keyword arguments (arrays, numbers, strings, Rng)."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came of one call: plain data only (None, bool, numbers, str, list, tuple, set, dict, ndarray).

    `unwritten` is the function whose `todo()` was reached, where that is why the call raised; `lines` are where it passed
    through the exercise's own answer cell.
    """

    outcome: Outcome
    value: Any = None
    error: str = ""
    detail: str = ""
    changed: tuple[int, ...] = ()
    unwritten: str = ""
    lines: tuple[int, ...] = ()


class Subject(Protocol):
    """Whoever can be asked: a student's functions in this process or behind the wall."""

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call the function `name` once per call, in order, and return one answer each."""
        ...

    def read(self, names: Sequence[str]) -> list[Answer]:
        """Return the present values of the variables `names`, one answer each."""
        ...


@dataclass(frozen=True)
class Fault:
    """Why a judge is not satisfied with an example: which call, what was expected (a value or words), what came back.

    `relates` says that the student's answers contradict one another, which shows no right value. `room` is how far from
    the expected value an answer may lie, where it is not what `close` allows. `named` is the mistake (its name, the
    sentence about it, the share of the points still given) where the judge knows it.
    """

    expected: Any
    returned: Any
    call: int = 0
    note: str = ""
    named: tuple[str, str, float] | None = None
    relates: bool = False
    room: Any = None


@dataclass(frozen=True)
class Tolerance:
    """How far an answer may lie from the right one: `rtol` of it (or of the largest entry of its array) plus `atol`."""

    rtol: float = 1e-5
    atol: float = 1e-6
    of_largest: bool = False


Judge = Callable[[Any, Sequence[Answer]], Fault | None]


@dataclass(frozen=True)
class Check:
    """One statement about a function: the examples it is asked about, the calls, and the judge of the answers.

    `first` are hand-picked examples, simplest first; `examples` is a hypothesis strategy (or None) from which `count`
    more are drawn. The judge sees only answers that came back in good form, with values made canonical by the
    exercise's `form`. Only checks that `earns` give points for right values; the points of the others count in the
    proportion in which the earning ones were earned, so that laws and good manners alone are worth nothing.
    """

    name: str
    must: str
    calls: Callable[[Any], Sequence[Call]]
    judge: Judge
    first: tuple[Any, ...] = ()
    examples: Any = None
    count: int = 10
    points: float = 0.0
    earns: bool = False
    hidden: bool = False
    why: str = ""


@dataclass(frozen=True)
class Mistake:
    """A known wrong implementation with the name and the sentence a student gets for it.

    `share` is the part of the points of a failed value check that is still given (a slip of factor or reduction).
    `tell` recognises the mistake where comparing answers cannot (random draws): it sees all calls and answers.
    """

    exercise: str
    name: str
    says: str
    function: Callable[..., Any]
    share: float = 0.0
    tell: Callable[[Sequence[Call], Sequence[Answer]], bool] | None = None


class Form(Protocol):
    """How an answer must look: `normalise` returns the canonical value, or the sentence that says what is wrong."""

    def normalise(self, call: Call, value: Any) -> tuple[Any, str]:
        """Return (canonical value, "") or (None, what must hold and what arrived)."""
        ...


Alike = Callable[[Call, Any, Any], bool]
Apart = Callable[[Call, Any, Any], Fault | None]
Betrays = Callable[[Sequence[Call], Sequence[Answer], Mapping[int, Any]], str]
"""Takes all calls and answers (in good form or not) and, by the id of a probe, its right value; returns a name or ""."""


@dataclass(frozen=True)
class Exercise:
    """One graded slot of a notebook: a function, or a set of variables, with its points and checks.

    `parameters` name the positional arguments in what students read; `probes` are the fixed calls of the
    fingerprint table; `alike` says whether two canonical answers to a call show the same behaviour; `many` that a
    call has many right answers, so that none is shown as the expected one, and `apart` then measures how far a second
    answer is from a right one. `tolerance` holds for the answers to the probes. `diagnose` names the mistakes that
    the answers to all calls show, where they cannot be compared (random draws); `betrays` does so where neither that
    nor the table has a name: in bad shapes, in trainings that end anywhere.
    """

    name: str
    points: float
    parameters: tuple[str, ...]
    form: Form
    checks: tuple[Check, ...]
    read: str
    probes: tuple[Call, ...] = ()
    variables: tuple[str, ...] = ()
    alike: Alike | None = None
    many: bool = False
    apart: Apart | None = None
    tolerance: Tolerance = Tolerance()
    diagnose: Callable[[Sequence[Call], Sequence[Answer]], Sequence[str]] | None = None
    betrays: Betrays | None = None

    @property
    def label(self) -> str:
        """What its heading begins with (`“Exercise 1: encode”` → "Exercise 1"); empty where it has no such heading."""
        label, colon, _ = self.read.removeprefix("“").partition(": ")
        return label if colon and self.read.startswith("“") else ""


@dataclass(frozen=True)
class Problem:
    """One notebook: its stem (file name without ending) and its exercises in order."""

    stem: str
    title: str
    exercises: tuple[Exercise, ...]

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of that name; raise KeyError when there is none."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        raise KeyError(name)
