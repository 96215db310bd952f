"""How cells run and functions answer, behind the walls and in a plain process alike."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checks.exercise import Answer, Call, Rng
from autograder.sandbox import Cell, Infrastructure, Limits, Outcome, Sandbox, Session, open_sandbox

# Little CPU time, for what never ends; much wall time, or what answers at once would be late on a busy machine.
LIMITS = Limits(
    cell_seconds=1.5, call_seconds=0.6, exercise_seconds=6, submission_seconds=40,
    wall_factor=4, wall_extra=2, grace_seconds=2, output_kb=4, reply_mb=8, memory_mb=512,
)  # fmt: skip


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with one data file."""
    folder = tmp_path_factory.mktemp("release")
    (folder / "data").mkdir()
    (folder / "data" / "numbers.txt").write_text("1 2 3")
    return folder


@pytest.fixture(scope="module", params=["namespaces", "bubblewrap+landlock", "none"])
def sandbox(request: pytest.FixtureRequest, release: Path) -> Iterator[Sandbox]:
    """A sandbox with and without walls."""
    if request.param != "none" and not shutil.which("bwrap") and not os.environ.get("CI"):
        pytest.skip("bubblewrap is not installed")
    with open_sandbox(release, walls=request.param, limits=LIMITS) as opened:
        yield opened


@pytest.fixture
def session(sandbox: Sandbox) -> Iterator[Session]:
    """A fresh child."""
    with sandbox.session() as opened:
        yield opened


def run(session: Session, source: str, label: str = "cell 1") -> Outcome:
    """Run one cell."""
    return session.run([Cell(label, source)])[0]


def ask(session: Session, source: str, *args: Any, times: int = 1) -> list[Answer]:
    """Define f by `source`, then call it."""
    outcome = run(session, source)
    assert outcome.status == "ran", outcome
    return session.ask("f", [Call(args)] * times)


def test_cells_share_one_namespace_until_fresh(session: Session) -> None:
    """Names last from cell to cell, and are gone in the next notebook."""
    assert [item.status for item in session.run([Cell("a", "x = 2"), Cell("b", "y = x + 1; print(y, __name__)")])] == [
        "ran"
    ] * 2
    assert session.read(["y"]) == [Answer("returned", 3)]
    session.fresh()
    assert session.read(["y"])[0].outcome == "undefined"
    assert run(session, "y").error == "NameError"


def test_errors_show_the_students_own_frames(session: Session) -> None:
    """An error names the cell, the line and its text, and no path of the machine."""
    source = "import numpy as np\ndef f(x):\n    y = np.linalg.inv(x)\n    return y"
    answer = ask(session, source, np.zeros((2, 2)))[0]
    assert answer.outcome == "raised"
    assert answer.error == "LinAlgError"
    assert answer.detail == "Singular matrix\ncell 1, line 3, in f: `y = np.linalg.inv(x)`"
    outcome = run(session, "x = 1\nx.nothing", "answer cell g")
    assert outcome.detail.endswith("answer cell g, line 2: `x.nothing`")
    outcome = run(session, "def g(:\n    pass", "cell 9")
    assert (outcome.status, outcome.error) == ("raised", "SyntaxError")
    assert "cell 9, line 1: `def g(:`" in outcome.detail


def test_an_error_tells_the_lines_of_the_answer_cell_that_it_passed(session: Session) -> None:
    """The lines are those of the cell that ran or of the answer cell that was asked, and of no other; they are numbers."""
    assert run(session, "x = 1\nx.nothing", "answer cell g").lines == (2,)
    assert run(session, "x = (", "answer cell g").lines == (1,)
    run(session, "def helper(x):\n    return 1 / x", "cell 3")
    run(session, "\ndef g(x):\n    return helper(x)", "answer cell g")
    answers = session.ask("g", [Call((0.0,)), Call((1.0,))])
    assert [answer.lines for answer in answers] == [(3,), ()]
    for line in ("'first'", "-5", "1 << 40", "1e9"):
        run(session, f"def g(x):\n    raise SyntaxError('no', ('<answer cell g>', {line}, 0, ''))", "answer cell g")
        answer = session.ask("g", [Call((0.0,))])[0]
        assert (answer.outcome, answer.lines) == ("raised", ())


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\nx = 7",
        "%%time\nx = 7",
        "%%capture out\nx = 7",
        "!ls\nx = 7",
        "x = 7\nprint?",
        "%time x = 7",
        "import asyncio\nawait asyncio.sleep(0)\nx = 7",
        "x = await __import__('asyncio').sleep(0, 7)",
        "get_ipython().run_line_magic('load_ext', 'autoreload')\ndisplay(3)\nx = 7",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()\nx = 7",
        "from checks import check, needs, todo\ntodo()\ncheck('f')\nwith needs('f'):\n    1/0\nx = 7",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: 'int'\nx = A(7).x",
        "x = int(open('data/numbers.txt').read()[4]) + 4",
    ],
)
def test_notebook_habits_do_no_harm(session: Session, source: str) -> None:
    """Magics, shell lines, help, await, display, plots, the release's checks and data work or are passed over."""
    outcome = run(session, source)
    assert outcome.status == "ran", outcome
    assert session.read(["x"]) == [Answer("returned", 7)]


def test_unwritten_answers_raise_where_they_are_called(session: Session) -> None:
    """todo() inside a function raises and is told by the function's name; at the top of a cell it does nothing."""
    answers = ask(session, "from checks import todo\ntodo()\ndef f():\n    todo()", times=2)
    assert [(answer.outcome, answer.error, answer.unwritten) for answer in answers] == [
        ("raised", "NotWritten", "f")
    ] * 2


def test_the_grader_cannot_be_imported(session: Session) -> None:
    """Neither autograder nor solutions can be imported."""
    for name in ("autograder", "solutions", "autograder.hidden"):
        assert run(session, f"import {name}").error == "ModuleNotFoundError"


def test_input_is_refused_kindly(session: Session) -> None:
    """input() raises an error that says what to do."""
    assert "Set the value in the cell" in run(session, "x = input('?')").detail


def test_own_modules_can_be_imported_but_not_replace_others(sandbox: Sandbox) -> None:
    """A helper beside the notebook is importable; numpy.py, checks.py, json.py and odd names there change nothing."""
    bad = b"raise SystemExit('shadow')"
    names = ["numpy.py", "checks.py", "json.py", "sitecustomize.py", "../out.py", "/etc/x", "data/numbers.txt"]
    files = dict.fromkeys(names, bad) | {"helper.py": b"def up(x):\n    return x + 1\n", "sub/note.txt": b"hi"}
    with sandbox.session(files) as session:
        outcome = run(session, "import numpy, checks, json, helper\nprint(helper.up(1), open('sub/note.txt').read())")
        assert outcome.printed == "2 hi\n", outcome
        assert run(session, "print(open('data/numbers.txt').read())").printed == "1 2 3\n"
        assert "helper.py, line 2, in up" in run(session, "helper.up('')").detail


def test_printing_is_kept_up_to_its_bound(session: Session) -> None:
    """stdout, stderr and warnings are captured and cut; a flood costs the grader nothing."""
    flood = "import sys, os, warnings\nprint('x' * 50_000_000)\nos.write(1, b'y' * 1000); os.write(2, b'z')"
    printed = run(session, flood).printed
    assert printed.startswith("xxx")
    assert len(printed) < 5_000
    printed = run(
        session,
        "print('out'); print('err', file=sys.stderr); warnings.warn('careful'); sys.stdout.buffer.write(b'raw')",
    ).printed
    assert all(word in printed for word in ("out", "err", "careful", "raw"))


def test_arguments_are_fresh_and_changes_are_seen(session: Session) -> None:
    """Each call has its own copies; positions of arrays changed in place are reported, keywords last."""
    run(session, "def f(a, b, c=None, d=None):\n    if a[0] == 0:\n        a[0] = 5; d.shape = (1, 2)\n    return a")
    call = Call((np.zeros(2), 1.0), {"c": np.ones(2), "d": np.ones(2)})
    same = Call((np.ones(2), 1.0), {"c": np.ones(2)})
    answers = session.ask("f", [call, call, same])
    assert [answer.changed for answer in answers] == [(0, 3), (0, 3), ()]
    np.testing.assert_array_equal(answers[1].value, [5, 0])


def test_large_arrays_are_compared_and_returned_whole(session: Session) -> None:
    """A change in the last entry of a large array is seen, and large answers arrive bit for bit."""
    big = np.random.default_rng(0).standard_normal((400, 500))
    changed, unchanged = (
        ask(session, "def f(a):\n    a[-1, -1] = 0\n    return a.T", big),
        ask(session, "def f(a):\n    return a.T", big),
    )
    assert changed[0].changed == (0,)
    assert unchanged[0].changed == ()
    np.testing.assert_array_equal(unchanged[0].value, big.T)


def test_generators_are_shared_within_a_batch(session: Session) -> None:
    """One (seed, handle) is one advancing Generator in a batch, and starts again in the next."""
    run(session, "def f(rng):\n    return rng.standard_normal()")
    calls = [Call((Rng(3),)), Call((Rng(3),)), Call((Rng(3, "b"),))]
    first, second, third = (answer.value for answer in session.ask("f", calls))
    expected = np.random.default_rng(3).standard_normal(2)
    assert (first, second, third) == (expected[0], expected[1], expected[0])
    assert session.ask("f", calls)[0].value == first


def test_global_random_state_is_the_same_in_every_child(sandbox: Sandbox) -> None:
    """What is drawn from global state is reproducible, so a verdict is a function of its inputs."""
    drawn = []
    for _ in range(2):
        with sandbox.session() as session:
            drawn.append(
                run(session, "import random, numpy as np; print(np.random.rand(), random.random(), hash('a'))").printed
            )
    assert drawn[0] == drawn[1] != ""


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("", "undefined"),
        ("f = 3", "uncallable"),
        ("f = lambda: 1", "returned"),
        ("import functools\nf = functools.partial(int, 1)", "returned"),
        ("class F:\n    def __call__(self):\n        return 1\nf = F()", "returned"),
        ("def f():\n    raise SystemExit(0)", "raised"),
        ("def f():\n    raise KeyboardInterrupt", "raised"),
        ("def f():\n    exit()", "raised"),
        ("def f():\n    return f()", "raised"),
        ("import numpy as np\ndef f():\n    return np.ones(10**9)", "raised"),
        ("def f():\n    return [0] * 10**9", "raised"),
        ("def f():\n    yield 1", "unreadable"),
        ("def f():\n    return f", "unreadable"),
        ("def f():\n    a = []; a.append(a); return a", "unreadable"),
        ("import numpy as np\ndef f():\n    return np.ones(2 * 10**6)", "unreadable"),
        ("def f():\n    while True: pass", "timeout"),
        ("import time\ndef f():\n    time.sleep(60)", "timeout"),
        ("class L:\n    def __float__(self):\n        while True: pass\ndef f():\n    return L()", "timeout"),
        ("class E(Exception):\n    def __str__(self):\n        while True: pass\ndef f():\n    raise E", "raised"),
        ("def f():\n    try:\n        while True: pass\n    except BaseException:\n        return 1", "timeout"),
    ],
)
def test_each_call_has_the_outcome_it_earned(session: Session, source: str, outcome: str) -> None:
    """Whatever a function does softly ends only its own call."""
    assert [answer.outcome for answer in ask(session, source)] == [outcome]
    assert session.alive
    assert ask(session, "def f():\n    return 5")[0].value == 5


LIARS = """
import numpy as np
class Meta(type):
    def __getattr__(cls, name): return 1
    def __instancecheck__(cls, other): return True
    def __subclasscheck__(cls, other): return True
class Masked(metaclass=Meta):
    @property
    def __class__(self): return float
class Equal:
    def __eq__(self, other): return True
    __hash__ = None
class Array(np.ndarray):
    def __array_ufunc__(self, *a, **k): return np.array(True)
    def __eq__(self, other): return np.array(True)
    def tobytes(self): return b'x'
    shape = nbytes = property(lambda self: (1 << 40,))
class Long(list):
    def __len__(self): return 1 << 40
    def __iter__(self): return iter(int, 1)
class Keys(dict):
    def items(self): return iter(lambda: (1, 1), None)
class Moody:
    n = 0
    def __array__(self, *a, **k):
        Moody.n += 1
        return np.full(2, Moody.n)
class Word(str):
    def encode(self, *a): return 3
class Endless(int):
    def __index__(self): raise SystemExit
"""


@pytest.mark.parametrize(
    ("made", "outcome", "value"),
    [
        ("Masked()", "unreadable", None),
        ("Equal()", "unreadable", None),
        ("np.zeros(2).view(Array)", "returned", [0, 0]),
        ("Long([1, 2])", "returned", [1, 2]),
        ("Keys(a=1)", "returned", {"a": 1}),
        ("Moody()", "returned", [1, 1]),
        ("Word('ab')", "returned", "ab"),
        ("Endless(3)", "returned", 3),
        ("type('X', (), {'__float__': lambda s: 'no'})()", "unreadable", None),
        ("type('X', (), {'__array__': lambda s, *a, **k: [1]})()", "unreadable", None),
        ("np.ma.masked_array([1, 2], [True, False])", "returned", [1, 2]),
        ("np.array(2.5)", "returned", 2.5),
        ("(np.nan, np.inf, -0.0)", "returned", None),
    ],
)
def test_liars_are_read_once_for_what_they_are(session: Session, made: str, outcome: str, value: Any) -> None:
    """Objects that lie about class, length, equality or content arrive as plain data, or not at all."""
    answer = ask(session, f"{LIARS}\ndef f():\n    return {made}")[0]
    assert answer.outcome == outcome
    assert type(answer.value) in (type(None), list, dict, str, int, tuple, np.ndarray)
    if value is not None:
        assert np.array_equal(answer.value, value)


def test_replaced_builtins_and_numpy_change_only_the_childs_own_answers(session: Session) -> None:
    """Tampering with len, isinstance, np.asarray or os.write ends at worst this child."""
    tampering = (
        "import builtins, numpy as np, os, time, struct\n"
        "builtins.len = lambda x: 10**9\nbuiltins.isinstance = lambda *a: True\nbuiltins.issubclass = lambda *a: True\n"
        "np.asarray = np.array = np.ndarray = None\ntime.monotonic = lambda: 0\n"
    )
    run(session, tampering)
    answers = session.ask("print", [Call(())])
    assert answers[0].outcome in ("undefined", "died", "skipped")


def test_after_two_timeouts_the_rest_is_skipped(session: Session) -> None:
    """A batch that hangs again and again costs two budgets, and the session goes on."""
    answers = ask(
        session, "n = 0\ndef f():\n    global n\n    n += 1\n    while n in (2, 3): pass\n    return n", times=5
    )
    assert [answer.outcome for answer in answers] == ["returned", "timeout", "timeout", "skipped", "skipped"]
    assert session.alive


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("import os\ndef f():\n    os._exit(3)", "died"),
        ("import ctypes\ndef f():\n    ctypes.string_at(0)", "died"),
        ("import os\ndef f():\n    os.closerange(0, 100)", "died"),
        (
            "import os\ndef f():\n"
            "    for d in range(60):\n        try: os.write(d, b'x' * 99)\n        except OSError: pass",
            "died",
        ),
        (
            "import signal\n"
            "def f():\n    signal.signal(14, signal.SIG_IGN); signal.signal(27, signal.SIG_IGN)\n    while True: pass",
            "timeout",
        ),
    ],
)
def test_hard_ends_cost_the_session_not_the_grader(sandbox: Sandbox, source: str, outcome: str) -> None:
    """A child that ends itself, forges messages or cannot be stopped is gone; a new one starts clean."""
    with sandbox.session() as session:
        answers = ask(session, source, times=3)
        assert [answer.outcome for answer in answers] == [outcome, "skipped", "skipped"]
        assert answers[0].detail
        assert not session.alive
        assert session.run([Cell("x", "1")])[0].status == "skipped"
        assert session.ask("f", [Call(())])[0].outcome == "skipped"
        session.fresh()
    with sandbox.session() as session:
        assert ask(session, "def f():\n    return 1")[0].value == 1


def test_swallowing_the_interruption_gains_nothing(session: Session) -> None:
    """A function that catches everything, for ever, has timed out all the same."""
    source = "def f():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    assert ask(session, source)[0].outcome == "timeout"


def test_a_cell_that_hangs_is_stopped_and_later_cells_run(session: Session) -> None:
    """The budget of a cell ends that cell only."""
    outcomes = session.run([Cell("a", "x = 1\nwhile True: pass"), Cell("b", "print(x)")])
    assert [outcome.status for outcome in outcomes] == ["timeout", "ran"]
    assert outcomes[1].printed == "1\n"


def test_a_cell_that_ends_the_process_skips_the_rest(session: Session) -> None:
    """The outcomes say which cell the process died in."""
    outcomes = session.run([Cell("a", "1"), Cell("b", "import os; os._exit(0)"), Cell("c", "1")])
    assert [outcome.status for outcome in outcomes] == ["ran", "died", "skipped"]
    assert "exit code 0" in outcomes[1].detail


def test_forged_replies_with_right_form_are_only_values(session: Session) -> None:
    """A reply for a question not asked, or one too many, ends the session."""
    source = "import os, struct\ndef f():\n    os.write(3, struct.pack('<IIQ', 99, 0, 1) + b'N')\n    return 1"
    assert ask(session, source)[0].outcome == "died"


def test_a_drip_of_bytes_does_not_stretch_the_deadline(sandbox: Sandbox) -> None:
    """One deadline holds for the whole message, however slowly it arrives."""
    source = (
        "import os, struct, time, signal\n"
        "def f():\n    for s in (signal.SIGALRM, signal.SIGPROF): signal.signal(s, signal.SIG_IGN)\n"
        "    os.write(3, struct.pack('<IIQ', 2, 0, 1000))\n    while True:\n        time.sleep(0.05); os.write(3, b'x')"
    )
    with sandbox.session() as session:
        start = time.monotonic()
        assert ask(session, source)[0].outcome == "timeout"
        # As it drips, the thousand bytes that it announced would take more than 50 s.
        assert time.monotonic() - start < 40


def test_the_submissions_time_is_bounded_in_all(release: Path) -> None:
    """Many cells within their own budgets still end with the submission's."""
    limits = Limits(cell_seconds=0.5, submission_seconds=1, wall_extra=1)
    with open_sandbox(release, walls="none", limits=limits) as sandbox, sandbox.session() as session:
        # How many cells get their turn before depends on how busy the machine is, and on how finely it counts.
        outcomes = session.run([Cell("hang", "while True: pass")] * 100)
        statuses = [outcome.status for outcome in outcomes]
        assert (statuses[0], statuses[-1], set(statuses)) == ("timeout", "skipped", {"timeout", "skipped"})


def test_a_lost_warm_process_is_replaced(release: Path) -> None:
    """The next session after the warm process was killed starts from a new one."""
    with open_sandbox(release, walls="none", limits=LIMITS) as sandbox:
        process = sandbox._host._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with sandbox.session() as session:
            assert run(session, "x = 1").status == "ran"


def test_losing_the_warm_process_is_no_verdict(sandbox: Sandbox) -> None:
    """When the sandbox itself goes while code runs, that is an infrastructure failure; the next session works again."""
    with sandbox.session() as session:
        process = sandbox._host._process
        assert process is not None
        threading.Timer(0.2, lambda: os.killpg(process.pid, signal.SIGKILL)).start()
        with pytest.raises(Infrastructure):
            session.run([Cell("x", "import time; time.sleep(60)")])
        assert not session.alive
    with sandbox.session() as session:
        assert run(session, "x = 1").status == "ran"


def test_an_empty_batch_asks_nothing(session: Session) -> None:
    """No calls, no answers; no cells, no outcomes."""
    assert (session.ask("f", []), session.run([]), session.read([])) == ([], [], [])


def test_many_cells_that_print_fill_nobodys_memory(session: Session) -> None:
    """Each cell may print its share, in any script; all together keep no more than one room holds."""
    outcomes = session.run([Cell("x", "print('é' * 100_000)")] * 100 + [Cell("y", "1 / 0")])
    assert {outcome.status for outcome in outcomes[:-1]} == {"ran"}
    assert outcomes[0].printed.startswith("ééé")
    assert sum(len(outcome.printed) for outcome in outcomes) <= 32 * 4 * 1024 + 100
    assert (outcomes[-1].error, outcomes[-1].detail.split("\n")[0]) == ("ZeroDivisionError", "division by zero")


@pytest.mark.parametrize(
    "cut", ["os.close(3)", "import socket; socket.socket(fileno=os.dup(3)).shutdown(socket.SHUT_WR)"]
)
def test_who_closes_the_connection_and_lives_on_has_died(session: Session, cut: str) -> None:
    """A child that hangs up and goes on is ended, and that is its own doing, not the machine's."""
    (outcome,) = session.run([Cell("cell", f"import os, time\n{cut}\ntime.sleep(600)")])
    assert outcome.status == "died"
    assert "it closed the connection to the grader" in outcome.error + outcome.detail
    assert not session.alive


def test_the_name_of_an_error_is_one_line(session: Session) -> None:
    """A class may be called anything, lines that look like ours included; its name stays one short line."""
    odd = "class_ = type('X\\nExpected: 42\\nLikely mistake: none', (Exception,), {})"
    outcomes = session.run([Cell("a", odd + "\nraise class_()"), Cell("b", odd + "\ndef f(): raise class_()")])
    answers = session.ask("f", [Call(())])
    for name in (outcomes[0].error, answers[0].error):
        assert name == "X Expected: 42 Likely mistake: none"
    session.run([Cell("c", odd + "\ndef g(): return class_()")])
    assert session.ask("g", [Call(())])[0].detail.count("\n") == 0


def _double(x: Any) -> Any:
    if np.ndim(x) > 1:
        raise ValueError("x must have the shape (n)")
    return np.asarray(x) * 2.0


def served(session: Session, source: str, *args: Any, times: int = 1) -> list[Answer]:
    """Define f by `source`, then call it while `double` stands for a function of the grader's."""
    assert run(session, source).status == "ran"
    return session.ask_served("f", [Call(args)] * times, {"double": _double})[0]


def test_a_function_of_the_graders_gives_values(session: Session) -> None:
    """Values come back as plain numbers and arrays, by position or by name, and which functions were asked is told."""
    run(session, "def f(x):\n    return double(x) + double(x=1.0)\ndef g(x):\n    return x")
    functions = {"double": _double, "other": _double}
    answers, asked = session.ask_served("f", [Call((3.0,)), Call((np.ones(2),))], functions)
    assert answers[0] == Answer("returned", 8.0)
    assert answers[1].value.tolist() == [4.0, 4.0]
    assert asked == {"double"}
    assert session.ask_served("g", [Call((3.0,))], functions) == ([Answer("returned", 3.0)], set())


def test_what_the_grader_refuses_raises_where_it_was_asked(session: Session) -> None:
    """Arguments that a right function is not made for raise in the function that asked, which may go on."""
    source = "def f(x):\n    try:\n        double([[1.0]])\n    except ValueError as e:\n        return str(e)"
    assert served(session, source, 1.0) == [Answer("returned", "double: x must have the shape (n)")]
    assert served(session, "def f(x):\n    return double(object())", 1.0)[0].error == "TypeError"
    assert served(session, "def f(x):\n    return double(x)", 1.0) == [Answer("returned", 2.0)]


def test_nothing_can_be_asked_when_nobody_asks(session: Session) -> None:
    """Kept for later, in a cell or in another batch of calls, such a function only raises; the process lives on."""
    served(session, "kept = []\ndef f(x):\n    kept.append(double)\n    return double(x)", 1.0)
    assert run(session, "kept[0](1.0)").error == "RuntimeError"
    assert run(session, "double(1.0)").error == "RuntimeError"
    assert ask(session, "def f(x):\n    return kept[0](x)", 1.0)[0].error == "RuntimeError"
    assert ask(session, "def f(x):\n    return x", 1.0) == [Answer("returned", 1.0)]


def test_only_the_function_that_is_asked_may_ask(session: Session) -> None:
    """Another thread gets nothing; a question inside a question's argument is answered first."""
    thread = """
import threading
def f(x):
    said = []
    def other():
        try:
            said.append(double(x))
        except RuntimeError as error:
            said.append("no")
    one = threading.Thread(target=other)
    one.start()
    one.join()
    return said[0]
"""
    if run(session, "import threading\nt = threading.Thread(target=int)\nt.start(); t.join()").status == "ran":
        assert served(session, thread, 1.0) == [Answer("returned", "no")]
    again = "class A:\n    def __float__(self):\n        return float(double(5.0))\ndef f(x):\n    return double(A())"
    assert served(session, again, 1.0) == [Answer("returned", 20.0)]


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n        double(x)",
        "double(np.zeros(1 << 20))",
        "double([1.0] * 30_000)",
        "os.write(3, struct.pack('<IIQ', IDENT(), 0xFFFFFFFF, 1 << 60))\n    return double(x)",
        "os.write(3, struct.pack('<IIQ', IDENT(), 0xFFFFFFFF, 3) + b'abc')\n    return double(x)",
        "child.served.function('other')(x)",
    ],
    ids=["endless", "too large", "too many elements", "huge frame", "no question", "another name"],
)
def test_who_asks_too_much_gets_no_answer(session: Session, body: str) -> None:
    """Questions without end, without bound, or for what is not there end with that call, soon."""
    source = f"""
import gc, os, struct
import numpy as np
child = next(one for one in gc.get_objects() if type(one).__name__ == "Child")
IDENT = lambda: child.ident
def f(x):
    {body}
"""
    begun = time.monotonic()
    answers = served(session, source, 1.0, times=2)
    assert answers[0].outcome in ("died", "timeout", "raised")
    assert time.monotonic() - begun < 30
