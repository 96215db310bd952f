"""Grade on Gradescope: the zip file that it takes, and what runs there for each submission."""

from __future__ import annotations

from .bundle import BundleError, bundle

__all__ = ["BundleError", "bundle"]
