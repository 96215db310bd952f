"""What is worked out once for the exercises serves all processes that run these tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="module")
def kept(one_cache: None) -> None:
    """Keep banks and tables for the other tests."""
