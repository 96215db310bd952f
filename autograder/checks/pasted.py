"""Name what makes pasted or oddly typed code no Python: characters that look like others, fences, prompts, Python 2."""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 20_000
"""Only the beginning of a longer cell is searched."""

NO_PYTHON = ("SyntaxError", "IndentationError", "TabError")

_QUOTED = re.compile(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*')
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202c\u202d\u2060\ufeff"
_LOOKS_LIKE = {
    **dict.fromkeys("−‐‑‒–—―﹣－", "-"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛‹›′´", "'"),
    **dict.fromkeys("×∗⋅·•", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    "²": "**2",
    "³": "**3",
    "…": "...",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "√": "np.sqrt",
    "∞": "np.inf",
    "，": ",",
    "、": ",",
    "。": ".",
}
_LINES = (
    (re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE), "a Markdown fence (```) was pasted along; delete that line"),
    (
        re.compile(r"^[ \t]*(?:>>>(?![>])|In \[\d*\]:)", re.MULTILINE),
        "a prompt (>>> or In [1]:) was pasted along; delete it",
    ),
    (
        re.compile(r"^(?:<{7}|={7}|>{7})", re.MULTILINE),
        "a mark of a git conflict was left; keep one of the two versions",
    ),
    (re.compile(r"&(?:lt|gt|amp|nbsp|quot);"), "a web page's code (like &lt;) was pasted; type the sign itself"),
    (re.compile(r"^[ \t]*print[ \t]+[^\s(=]", re.MULTILINE), "`print` without brackets is Python 2; write print(...)"),
)


def slip_in(source: str, error: str = "SyntaxError") -> str:
    """What makes the source of a cell that stopped with `error` no Python, as a sentence; empty where nothing is known.

    Only for a cell that is no Python: strings and comments may hold any character.
    """
    if error not in NO_PYTHON:
        return ""
    text = source[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    code = _QUOTED.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(code.split("\n"), start=1):
        for character in line:
            words = _character(character)
            if words:
                return f"Line {number}: {words}."
    for pattern, words in _LINES:
        found = pattern.search(text)
        if found:
            return f"Line {text.count(chr(10), 0, found.start()) + 1}: {words}."
    indents = [re.match(r"[ \t]*", line)[0] for line in code.split("\n") if line.strip()]  # type: ignore[index]
    if error != "SyntaxError" and any("\t" in one for one in indents) and any(" " in one for one in indents):
        return "Tabs and spaces are mixed at the beginning of lines: use four spaces for each level."
    return ""


def _character(character: str) -> str:
    if character < "\x80":
        return ""
    if character in _SPACES:
        return "a no-break or other special space is there, which looks like a space (copied from a web page or PDF?); type it again"
    if character in _UNSEEN:
        return f"an unseen character ({_name(character)}) is there (copied from a web page?); delete it and type the line again"
    meant = _LOOKS_LIKE.get(character, "")
    if not meant and "\uff01" <= character <= "\uff5e":
        meant = chr(ord(character) - 0xFEE0)
    if not meant or (meant.isalnum() and character.isidentifier()):
        return ""
    return f"“{character}” is not what Python expects (copied from a web page or PDF, or another keyboard?); type `{meant}`"


def _name(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}").lower()
