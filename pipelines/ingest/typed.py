"""What the modules of casting say about one column, as SQL over its text `t_<field>`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Typed:
    """`value` and the `reason` code where there is text but no value; `parsed` is named q_<field> in both.

    `checks` are further WHEN … THEN of reasons, `repairs` codes of what was mended (null for nothing).
    """

    value: str
    reason: str
    parsed: str | None = None
    checks: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
