"""What kind of thing a value is, in words a student understands."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

_WORDS = {
    bytes: "bytes", bytearray: "bytes", memoryview: "bytes", types.FunctionType: "a function",
    types.BuiltinFunctionType: "a function", types.MethodType: "a method", types.LambdaType: "a function",
    np.ufunc: "a function", types.GeneratorType: "a generator", types.CoroutineType: "a coroutine",
    types.ModuleType: "a module", type(NotImplemented): "NotImplemented", type(...): "an Ellipsis (...)",
    slice: "a slice", object: "an object",
}  # fmt: skip


def describe(value: Any) -> str:
    """Return what kind of thing `value` is, in words, without running any of its code."""
    kind = type(value)
    words = _WORDS.get(kind)
    if words:
        return words
    if issubclass(kind, type):
        return "a class"
    name = " ".join(type.__dict__["__name__"].__get__(kind)[:60].split())
    if hasattr(kind, "__next__"):
        return f"an iterator ({name})"
    return f"an object of type {name}"
