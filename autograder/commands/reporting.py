"""What lecturers look at and hand on: report, export."""

from __future__ import annotations

from . import Add


def register(command: Add) -> None:
    """Add these commands."""
