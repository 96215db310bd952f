"""The warm process: what is sent to it, its command and its environment."""

# Links must not be resolved: no pathlib here.

from __future__ import annotations

import json
from pathlib import Path

SANDBOX = Path(__file__).parents[1]
# What is shipped reaches the warm process through a pipe, so that no folder of ours need be visible in the sandbox.
_SHIPPED = ("limits.py", "codec/*.py", "confined/*.py")
_PACKAGE = "sandbox_runtime"
MODULES = (
    "numpy.linalg", "numpy.fft", "collections", "copy", "csv", "dataclasses", "datetime", "functools",
    "itertools", "json", "math", "numbers", "operator", "pathlib", "random", "statistics", "string", "textwrap", "time",
    "typing", "warnings", "zipfile", "matplotlib.pyplot", "IPython.core.inputtransformer2", "IPython.display",
)  # fmt: skip
_BOOT = f"""
import importlib, json, sys
from importlib.util import spec_from_loader
sources = json.loads(sys.stdin.buffer.read())
class Shipped:
    def find_spec(self, name, path=None, target=None):
        return spec_from_loader(name, self, is_package=sources[name][1]) if name in sources else None
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        exec(compile(sources[module.__name__][0], "<sandbox " + module.__name__ + ">", "exec"), module.__dict__)
sys.path += json.loads(sys.argv[4])
sys.meta_path.insert(0, Shipped())
main = importlib.import_module({_PACKAGE!r} + ".confined.fork_server").main
del sys.meta_path[0]
sources.clear()
control, confinement, modules = json.loads(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
sys.argv[1:] = []
main(control, confinement, modules)
"""


def runtime() -> bytes:
    """Return the modules of the confined side as JSON: by full name, the source and whether it is a package."""
    shipped = {_PACKAGE: ("", True)}
    for path in sorted(path for pattern in _SHIPPED for path in SANDBOX.glob(pattern)):
        parts = [_PACKAGE, *path.relative_to(SANDBOX).with_suffix("").parts]
        package = parts[-1] == "__init__"
        shipped[".".join(parts[:-1] if package else parts)] = (path.read_text(encoding="utf-8"), package)
    return json.dumps(shipped).encode()


def environment(**given: str) -> dict[str, str]:
    """Return the whole environment of the warm process; the same hash seed each time, for the same verdicts."""
    one_thread = dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
    )
    always = {
        "PATH": "/usr/bin:/bin", "USER": "student", "LOGNAME": "student", "LANG": "C.UTF-8", "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0", "TZ": "UTC",
    }  # fmt: skip
    return one_thread | always | given


def command(python: str, control: int, confinement: str, modules: tuple[str, ...], extra: list[str]) -> list[str]:
    """Return the command by which `python` becomes the warm process that serves on the socket `control`.

    `extra` are further import folders.
    """
    values = [json.dumps(value) for value in (control, confinement, list(modules), extra)]
    return [python, "-s", "-P", "-B", "-c", _BOOT, *values]
