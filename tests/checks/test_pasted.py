"""What makes pasted code no Python is named by line and character, and nothing is named in code that may hold it."""

from __future__ import annotations

import sys

import pytest

from autograder.checks.pasted import MAX_TEXT, slip_in
from autograder.checks.student import isolated_check
from autograder.checks.student.notebook_file import Cell

SLIPS = {
    "no-break space": ("x =\u00a01", "special space"),
    "no-break space in indentation": ("def f():\n\u00a0\u00a0\u00a0\u00a0return 1", "Line 2: a no-break"),
    "narrow space": ("x =\u202f1", "special space"),
    "ideographic space": ("x =\u30001", "special space"),
    "zero width": ("x = 1\u200b", "zero width space"),
    "soft hyphen": ("x = a\u00adb +", "soft hyphen"),
    "minus": ("x = 2 − 1", "type `-`"),
    "dash": ("x = 2 – 1", "type `-`"),
    "double quotes": ("x = “a”", 'type `"`'),
    "low quotes": ("x = „a“", 'type `"`'),
    "single quotes": ("x = ‘a’", "type `'`"),
    "guillemets": ("x = «a»", 'type `"`'),
    "times": ("x = 2 × 3", "type `*`"),
    "divided": ("x = 6 ÷ 3", "type `/`"),
    "square": ("x = a²", "type `**2`"),
    "ellipsis": ("x = [1, …]", "type `...`"),
    "at most": ("x = a ≤ b", "type `<=`"),
    "full-width bracket": ("print（1）", "type `(`"),
    "full-width comma": ("f(1，2)", "type `,`"),
    "fence": ("```python\nx = 1\n```", "Line 1: a Markdown fence"),
    "prompt": ("x = 1\n>>> y = 2", "Line 2: a prompt"),
    "Python 2": ("x = 1\nprint x", "Line 2: `print` without brackets"),
    "web page": ("if a &lt; b: pass", "&lt;"),
    "conflict": ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b", "git conflict"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_named(name: str) -> None:
    """Each slip is no Python, and its sentence says what stands there or what to type."""
    source, sentence = SLIPS[name]
    with pytest.raises(SyntaxError):
        compile(source, "<cell>", "exec")
    assert sentence in slip_in(source)


def test_mixed_tabs_are_named() -> None:
    """Tabs and spaces that are mixed are named by the error that they make."""
    source = "if True:\n        x = 1\n\ty = 2"
    with pytest.raises(TabError):
        compile(source, "<cell>", "exec")
    assert "Tabs and spaces are mixed" in slip_in(source, "TabError")


@pytest.mark.parametrize("source", ['x = "a − b"', "# a − b “c”", '"""“\n−"""', "σ = π * µ", "x = 'it’s'", "ａ = 1"])
def test_what_python_takes_is_not_named(source: str) -> None:
    """Strings, comments and letters of other alphabets may stand in a cell that has another fault."""
    assert slip_in(source + "\nx = (") == ""


def test_only_what_is_no_python_is_looked_at() -> None:
    """Another error than one of syntax has another cause; a long cell is searched at its beginning alone."""
    assert slip_in("x = 2 − 1", "ValueError") == ""
    assert slip_in("#" * MAX_TEXT + "\nx = 2 − 1") == ""


def test_the_students_own_check_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the check in a terminal tells that a cell is no Python, it names the slip, too."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    told: list[str] = []
    cells = [Cell("answer", "f", "def f(x):\n    return x − 1"), Cell("own", "", "1 / 0")]
    isolated_check.run(cells, set(), lambda **words: told.extend(filter(None, [words.get("error", "")])))
    assert ["type `-`" in one for one in told] == [True, False]
