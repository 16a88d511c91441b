"""Puts problems in plain text for terminals, logs and checks."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.contracts.problems import Problem


def format_problems(problems: Iterable[Problem]) -> str:
    """One block per file, three lines per problem: place and receipt, what was expected, what to do."""
    lines: list[str] = []
    file = None
    for problem in problems:
        if problem.file != file:
            file = problem.file
            lines.append(f"{file} ({problem.source_id})")
        lines.append(f"  {problem.place}: received {problem.received}")
        lines.append(f"    expected {problem.expected}")
        lines.append(f"    {problem.remedy}.")
    return "\n".join(lines)
