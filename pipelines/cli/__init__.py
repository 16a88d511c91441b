"""The `ucv` command: thin. Exit 0 done, 1 a gate, source or delivery failed, 2 bad usage, settings or contract."""

from __future__ import annotations

import sys
from importlib import import_module

from pipelines.cli.shared import app, err
from pipelines.errors import UcvError

__all__ = ["app", "main"]

# Each adds its commands, in the order in which `ucv --help` shows them.
for _group in (
    "nights",
    "pages",
    "sources",
    "answers",
    "exports",
    "cooperation",
    "privacy",
    "keys",
    "model",
    "desk",
    "care",
):
    import_module(f"{__name__}.{_group}")


def main() -> None:
    """Entry point: our own errors become one message and their exit code."""
    try:
        app()
    except UcvError as error:
        err.print(f"ucv: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
