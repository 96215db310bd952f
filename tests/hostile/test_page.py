"""docs/security.md says what the catalogue does."""

from __future__ import annotations

from tests.hostile.catalogue import ATTACKS, KINDS
from tests.hostile.page import PAGE, page


def test_the_page_lists_all_attacks() -> None:
    """The page's list is the catalogue's; `python -m tests.hostile.page` mends it."""
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text)


def test_names_are_unique() -> None:
    """No two attacks share a name, by which results are found."""
    assert len(ATTACKS) == sum(map(len, KINDS.values()))
