"""The `ucv` command: thin. Exit 0 done, 1 a gate, source or delivery failed, 2 bad usage, settings or contract."""

from __future__ import annotations

import sys

# isort: off - each adds its commands to the app, in the order in which `ucv --help` shows them
from pipelines.cli import answers, care, nights, sources  # noqa: F401
from pipelines.cli.shared import app, err
from pipelines.errors import UcvError

# isort: on

__all__ = ["app", "main"]


def main() -> None:
    """Entry point: our own errors become one message and their exit code."""
    try:
        app()
    except UcvError as error:
        err.print(f"ucv: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
