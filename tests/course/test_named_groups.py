"""The file of names that a lecturer gave to groups."""

from __future__ import annotations

import pytest

from autograder.course.layout import Layout
from autograder.course.named_groups import GroupName, NamesError, load_names, names_path, save_names

GROUP = "0123456789"
HEAD = "version = 1\n"


def test_written_and_read_back(small: Layout) -> None:
    """Quotation marks, backslashes and letters of any script come back as they were given."""
    names = {GROUP: GroupName("kl_weight", 'the "β" \\ half', "Größe: σ → 1, <b>not</b> 'two'.")}
    save_names(small, names)
    assert load_names(small) == names


def test_no_file_is_no_names(small: Layout) -> None:
    """A course in which nothing was named has no file."""
    assert load_names(small) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = ", "must be valid TOML"),
        ("", "version must be 1"),
        ("version = 2", "version must be 1"),
        (HEAD + "more = 3", "must hold version and tables"),
        (HEAD + "groups = 3", "must hold version and tables"),
        (HEAD + '[groups.zz]\nexercise = "a"\nname = "b"\nsays = "c"', "a group must be ten"),
        (HEAD + f'[groups.{GROUP}]\nname = "b"', "must have exercise, name and says"),
        (HEAD + f'[groups.{GROUP}]\nexercise = "a"\nname = ""\nsays = "c"', "The name must be one line"),
        (HEAD + f'[groups.{GROUP}]\nexercise = "a"\nname = 3\nsays = "c"', "The name must be one line"),
    ],
)
def test_damaged_file(small: Layout, text: str, said: str) -> None:
    """What is wrong with a file edited by hand is told with its path."""
    names_path(small).write_text(text, encoding="utf-8")
    with pytest.raises(NamesError, match=said) as told:
        load_names(small)
    assert str(names_path(small)) in str(told.value)
