"""Attacks on the grader, as data: one submission each, all graded by the real command."""
