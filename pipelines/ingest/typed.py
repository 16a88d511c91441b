"""What the modules of casting say about one column, as SQL over its text `t_<field>`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Typed:
    """`value` and the `reason` code where there is text but no value; `parsed` is named q_<field> in both.

    `checks` are further WHEN … THEN of reasons, `repairs` codes of what was mended (null for nothing). `plain` is the same
    value where `odd` does not hold and the text has neither blanks at its ends nor control characters; it is named
    p_<field> in `odd` (None: the text itself).
    """

    value: str
    reason: str
    odd: str
    plain: str | None = None
    parsed: str | None = None
    checks: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
