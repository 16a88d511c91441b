"""A change of the match model in the terminal: weights old and new, and what they would do. No personal value."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table

_VALUES = (("m", ".3g"), ("u", ".3g"), ("weight", "+.2f"))
_MUCH = 1.0  # bits


def show_change(levels: pd.DataFrame, counts: dict[str, int], console: Console) -> None:
    """`levels`: field, level, label and m, u, weight as `<name>_old` and `<name>_new`; `counts`: words -> number."""
    rows = [(row["field"], str(row["label"]), *_cells(row)) for row in levels.to_dict("records")]
    changed = [row for row in rows if row[2::2] != row[3::2]]
    if changed:
        table = Table(
            title="m: chance among matches, u: among others, bits: log2 of m/u", title_justify="left"
        )
        for name in ("field", "level"):
            table.add_column(name)
        for name in ("m", "new m", "u", "new u", "bits", "new bits"):
            table.add_column(name, justify="right", no_wrap=True)
        for row in changed:
            table.add_row(*row, style="yellow" if _is_much(row) else None)
        console.print(table)
    console.print(f"{len(rows) - len(changed)} of {len(rows)} levels stay as they are.", highlight=False)
    for words, number in counts.items():
        console.print(f"{number:>12,}  {words}", highlight=False)


def _cells(row: dict[str, float]) -> list[str]:
    pairs = [(row[f"{name}_old"], row[f"{name}_new"], form) for name, form in _VALUES]
    return ["-" if pd.isna(value) else format(value, form) for *both, form in pairs for value in both]


def _is_much(row: tuple[str, ...]) -> bool:
    return "-" in row[-2:] or abs(float(row[-1]) - float(row[-2])) >= _MUCH
