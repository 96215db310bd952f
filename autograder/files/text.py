"""Student text made fit for a page: valid UTF-8, no control characters, escaped, and no longer than it may be."""

from __future__ import annotations

import re
from html import escape

# What is not seen may say something else than what is; the two joiners stay, since some scripts are not written without.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_CODE = re.compile(r"`([^`\n]+)`")
CUT = " … (cut here)"


def clean(text: str) -> str:
    """Return text that every reader can decode and show: line ends made one, halves of characters spelt out."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("�", text).encode("utf-8", "backslashreplace").decode()


def clipped(text: str, limit: int) -> str:
    """Return text cleaned and escaped for HTML, cut where it would take more than `limit` bytes."""
    text = clean(text)
    whole = escape(text, quote=False)
    if 4 * len(whole) <= limit or len(whole.encode()) <= limit:
        return whole
    left, kept = limit - len(CUT.encode()), 0
    for kept, character in enumerate(text):  # noqa: B007
        left -= len(escape(character, quote=False).encode())
        if left < 0:
            break
    return escape(text[:kept], quote=False) + CUT


def prose(text: str, limit: int = 1200) -> str:
    """Return a sentence for HTML in which what stands between backticks is set as code, where that fits too."""
    plain = clipped(text, limit)
    if "`" not in plain:
        return plain
    marked = _CODE.sub(r"<code>\1</code>", plain)
    return marked if len(marked.encode()) <= max(limit, 2 * len(plain.encode())) else plain
