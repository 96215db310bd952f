"""The key of a verdict: a hash of everything it depends on."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..course.layout import Layout
from ..course.named_groups import GroupName
from ..course.own_checks import own_files
from ..course.settings import Config

_PACKAGE = Path(__file__).parents[1]
# Nothing of a verdict or of a page is made there; what is built is in the key itself.
_APART = ("authoring", "cli", "output/export", "batch/gradescope", "submission/collecting")
# Of the data folder: cards and styles, by which no verdict changes.
_LOOKS = (".md", ".mplstyle")


@cache
def grader_version() -> str:
    """Hash of the grader's own code and of the versions of what draws and computes."""
    total = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        name = path.relative_to(_PACKAGE).as_posix()
        if not name.startswith(tuple(f"{folder}/" for folder in _APART)):
            total.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    versions = [platform.python_version(), version("numpy"), version("hypothesis")]
    total.update(" ".join(versions).encode())
    return total.hexdigest()


def key_parts(layout: Layout, config: Config, isolation: str) -> dict[str, Any]:
    """What all verdicts of a batch depend on: grader, the course's own checks, notebooks and data, seed, limits, isolation.

    It stands in the log, where `regrade` finds what has changed; the seed, which is kept from students, as a hash.
    """
    total = hashlib.sha256()
    for path in sorted([*layout.source.glob("*.ipynb"), *(layout.source / "data").rglob("*")]):
        if not path.is_file() or path.suffix in _LOOKS or "__pycache__" in path.parts:
            continue
        total.update(path.relative_to(layout.source).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    parts = {
        "grader": grader_version(),
        "notebooks": total.hexdigest(),
        "seed": hashlib.sha256(f"seed {config.seed}".encode()).hexdigest(),
        "limits": config.limits.plain(),
        "isolation": isolation,
        "pages": _looks(config.title),
    }
    own = hashlib.sha256()
    for path in own_files(layout.course):
        own.update(path.relative_to(layout.course.resolve()).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        parts["checks"] = own.hexdigest()
    return parts


def _looks(title: str) -> str:
    """Hash of what stands on every page beside the verdict."""
    total = hashlib.sha256(title.encode())
    for path in sorted((_PACKAGE / "output" / "feedback").glob("*.css")):
        total.update(path.read_bytes())
    return total.hexdigest()


def course_key(parts: Mapping[str, Any]) -> str:
    """Hash of what examples and the answers of known mistakes depend on: grader, checks, notebooks and data, seed."""
    return key_of({name: parts.get(name) for name in ("grader", "notebooks", "seed", "checks")})


def base_key(layout: Layout, config: Config, isolation: str) -> str:
    """Hash of what all verdicts of a batch share: grader, built notebooks and data, seed, limits, isolation."""
    return key_of(key_parts(layout, config, isolation))


def key_of(parts: Mapping[str, Any]) -> str:
    """Hash of parts that are known already."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def named_key(key: str, groups: Iterable[str], names: Mapping[str, GroupName]) -> str:
    """The key of a verdict in which these groups occur: another one as soon as one of them gets or loses a name."""
    told = {group: [names[group].name, names[group].says] for group in groups if group in names}
    return key_of({"verdict": key, "names": told}) if told else key


def verdict_key(base: str, digest: str) -> str:
    """The key of one submission's verdict."""
    return hashlib.sha256(f"{base} {digest}".encode()).hexdigest()
