"""What several tiers require of a machine, each said in one place."""

from __future__ import annotations

import os
import sys

from ..confined import landlock
from ..confined.seccomp import known
from .interpreter import ADVICE


def no_platform() -> str:
    """Return why no wall can be had on this kind of machine; empty where one can."""
    if sys.platform != "linux":
        return f"The sandbox needs Linux, this is {sys.platform}: grade on Linux, {ADVICE}."
    if not known():
        return f"The sandbox knows the system calls of x86-64 and aarch64, not of {os.uname().machine}: {ADVICE[3:]}."
    return ""


def no_landlock() -> str:
    """Return that the kernel lacks Landlock; empty where it has it."""
    return "" if landlock.abi() else f"The kernel has no Landlock, or refuses it: {ADVICE[3:]}."
