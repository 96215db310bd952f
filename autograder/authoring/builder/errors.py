"""What stops a build."""

from __future__ import annotations


class BuildError(RuntimeError):
    """Something an author wrote cannot be built; the message names the place and says what to do."""
