"""The digits that the notebooks show are the documented ones, and can be made again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.helpers.scripts import module_of

DATA = Path(__file__).resolve().parents[2] / "assignments" / "vae" / "data"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """Return the script that makes the digits, as a module."""
    return module_of(DATA / "make_digits.py")


def test_rebuild_gives_the_committed_arrays(maker: ModuleType) -> None:
    """Building the digits from the source again gives the committed arrays, value by value."""
    rebuilt, _ = maker.split_digits(maker.source_digits())
    committed = maker.load_digits(DATA / "digits.npz")
    np.testing.assert_array_equal(committed.X, rebuilt.X)
    np.testing.assert_array_equal(committed.y, rebuilt.y)
    assert committed.X.dtype == rebuilt.X.dtype == np.uint8


def test_build_is_deterministic_and_leaves_a_right_file_alone(maker: ModuleType, tmp_path: Path) -> None:
    """Two builds give the same bytes, and a build over the committed file does not touch it."""
    maker.build(tmp_path / "one.npz")
    maker.build(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    copy = tmp_path / "digits.npz"
    shutil.copy(DATA / "digits.npz", copy)
    maker.build(copy)
    assert copy.read_bytes() == (DATA / "digits.npz").read_bytes()


def test_build_refuses_another_source(maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that holds other digits is refused with a sentence, and nothing is written."""
    source = maker.source_digits()
    monkeypatch.setattr(maker, "source_digits", lambda: source._replace(X=np.roll(source.X, 1, axis=0)))
    with pytest.raises(ValueError, match="checksum"):
        maker.build(tmp_path / "digits.npz")
    assert not (tmp_path / "digits.npz").exists()


def test_card_states_the_checksum(maker: ModuleType) -> None:
    """The data card and the script name the checksum that the committed arrays have."""
    stated = re.findall(r"`([0-9a-f]{64})`", (DATA / "DATA_CARD.md").read_text(encoding="utf-8"))
    assert stated == [maker.DIGITS_SHA256]
    assert maker.checksum(maker.load_digits(DATA / "digits.npz")) == maker.DIGITS_SHA256


def test_shapes_counts_and_order(maker: ModuleType) -> None:
    """There are 1 000 images of 784 pixels, 100 of each digit, interleaved."""
    X, y = maker.load_digits(DATA / "digits.npz")
    assert X.shape == (1000, 784)
    assert y.shape == (1000,)
    assert y.dtype == np.uint8
    np.testing.assert_array_equal(y, np.arange(1000) % 10)


def test_training_digits_are_others(maker: ModuleType) -> None:
    """The 4 000 digits kept for training models are 400 a class, and none of them is among the notebooks' digits."""
    notebook, training = maker.split_digits(maker.source_digits())
    np.testing.assert_array_equal(training.y, np.arange(4000) % 10)
    assert not {row.tobytes() for row in notebook.X} & {row.tobytes() for row in training.X}


def test_images_are_real_digits(maker: ModuleType) -> None:
    """The images are handwriting, not noise: strokes on an empty margin, all different, and alike within a class."""
    X, y = maker.load_digits(DATA / "digits.npz")
    images = X.reshape(-1, 28, 28) / 255.0
    margin = np.ones((28, 28), dtype=bool)
    margin[2:-2, 2:-2] = False
    assert images[:, margin].mean() < 0.005 < 0.1 < images.mean() < 0.2
    assert images.max(axis=(1, 2)).min() > 0.9
    assert len({image.tobytes() for image in X}) == 1000
    # The nearest class mean of the other half names the digit far more often than one time in ten.
    flat = images.reshape(1000, -1)
    means = np.stack([flat[500:][y[500:] == digit].mean(axis=0) for digit in range(10)])
    nearest = np.argmin(((flat[:500, None, :] - means[None]) ** 2).sum(axis=2), axis=1)
    assert np.mean(nearest == y[:500]) > 0.7


def test_the_commands_of_the_card(tmp_path: Path) -> None:
    """The script as it is typed makes the committed file where there is none, says that it is right, and notices another."""
    shutil.copy(DATA / "make_digits.py", tmp_path)

    def typed(*arguments: str) -> int:
        line = [sys.executable, "make_digits.py", *arguments]
        return subprocess.run(line, cwd=tmp_path, capture_output=True, timeout=300, check=False).returncode

    assert typed() == 0
    assert (tmp_path / "digits.npz").read_bytes() == (DATA / "digits.npz").read_bytes()
    assert typed("--check") == 0
    with np.load(DATA / "digits.npz") as digits:
        np.savez(tmp_path / "digits.npz", X=digits["X"][::-1], y=digits["y"])
    assert typed("--check") != 0
