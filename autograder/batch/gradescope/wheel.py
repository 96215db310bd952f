"""This package as a wheel, made from the files that run: without a network, without a repository."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]
NAME = "vae-autograder"
EARLIEST = (1980, 1, 1, 0, 0, 0)


class NoMetadata(ValueError):
    """The package runs without having been installed; the message says what to do."""


def wheel() -> tuple[str, bytes]:
    """The name and the bytes of the wheel: the same for the same files. Raises NoMetadata."""
    try:
        known = distribution(NAME)
    except PackageNotFoundError as error:
        raise NoMetadata(
            f"{NAME} is not installed here, so that nobody knows what it needs: pip install it."
        ) from error
    files = {
        path.relative_to(_PACKAGE.parent).as_posix(): path.read_bytes()
        for path in sorted(_PACKAGE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    about = f"{NAME.replace('-', '_')}-{known.version}.dist-info"
    # In a checkout that was installed in place, what setuptools left there is found first, under its older name.
    files[f"{about}/METADATA"] = (known.read_text("METADATA") or known.read_text("PKG-INFO") or "").encode()
    files[f"{about}/entry_points.txt"] = (known.read_text("entry_points.txt") or "").encode()
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    lines = [f"{name},{_hash(content)},{len(content)}" for name, content in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*lines, f"{about}/RECORD,,", ""]).encode()
    return f"{about.removesuffix('.dist-info')}-py3-none-any.whl", packed(files)


def packed(files: dict[str, bytes], runs: frozenset[str] = frozenset()) -> bytes:
    """A zip file of files by name, of which those in `runs` can be run: the same bytes for the same files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, (0o100755 if name in runs else 0o100644) << 16
            archive.writestr(info, content)
    return whole.getvalue()


def _hash(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"
