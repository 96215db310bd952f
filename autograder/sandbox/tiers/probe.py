"""A quick trial, some hundredths of a second, of what a machine allows inside bubblewrap."""

# ruff: noqa: PTH110

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

from . import root
from .causes import sentence

_SECONDS = 20.0
_MAKE = (
    "import ctypes, os; libc = ctypes.CDLL(None, use_errno=True); "
    "user = os.getuid(); result = libc.unshare(0x7C020000); error = ctypes.get_errno(); "
    "result and os._exit(print('unshare:', os.strerror(error), flush=True) or 1)\n"
    "open('/proc/self/setgroups', 'w').write('deny'); open('/proc/self/uid_map', 'w').write(f'1000 {user} 1')\n"
)
_TRIALS = {"namespaces": _MAKE, "landlock": "pass"}


@cache
def nested(confinement: str) -> str:
    """Return why bubblewrap, or what children do inside it, cannot be had here; empty where a trial works."""
    program = shutil.which("bwrap")
    python = next((path for path in ("/usr/bin/python3", os.path.realpath(sys.executable)) if os.path.exists(path)), "")
    if program is None or not python:
        return ""
    command = [
        program,
        "--unshare-user",
        "--unshare-pid",
        "--unshare-net",
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
    ]
    command += ["--tmpfs", "/tmp", "--", python, "-I", "-S", "-c", _TRIALS[confinement]]
    if root.is_root():
        command = root.dropped(command, [], root.nobody(), attach=False)
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd="/")
    except (OSError, subprocess.TimeoutExpired) as error:
        return sentence(str(error))
    return "" if ran.returncode == 0 else sentence(ran.stdout + ran.stderr)
