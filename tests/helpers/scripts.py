"""Scripts that lie beside the data they make, as modules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def module_of(path: Path) -> ModuleType:
    """Run a script that belongs to no package, and return it as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Where its dataclasses look for it.
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
