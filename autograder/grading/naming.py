"""The names that a lecturer gave, brought into a verdict: findings say them, points stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..checks.verdict import Verdict
from ..course.named_groups import GroupName
from .record import NotebookRecord, Record


def with_names(record: Record, names: Mapping[str, GroupName]) -> Record:
    """The record in which each answer of a named group is called by that name."""
    return replace(record, notebooks=tuple(_notebook(one, names) for one in record.notebooks))


def _notebook(one: NotebookRecord, names: Mapping[str, GroupName]) -> NotebookRecord:
    named = {name: names[group] for name, group in one.groups.items() if group in names}
    verdicts = tuple(_verdict(verdict, named.get(verdict.exercise)) for verdict in one.verdicts)
    return replace(one, verdicts=verdicts)


def _verdict(verdict: Verdict, named: GroupName | None) -> Verdict:
    if named is None or named.exercise != verdict.exercise or verdict.mistake:
        return verdict
    findings = (replace(one, mistake=named.name, says=named.says) if one.broken else one for one in verdict.findings)
    return Verdict(verdict.exercise, tuple(findings))
