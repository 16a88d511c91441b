"""One call of dbt in this process, on this project, silent."""

from __future__ import annotations

import os
from typing import Any

from pipelines.settings import DBT_PROJECT_DIR

_QUIET = ["--quiet", "--log-level", "none", "--no-use-colors"]
_PLACE = ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]


def invoke_dbt(words: list[str], **runner: Any) -> Any:
    """dbt's own result of the command `words`; never raises for what dbt meets. `runner`: manifest and callbacks for it."""
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - seconds; a night without news never needs it

    return dbtRunner(**runner).invoke([*_QUIET, *words, *_PLACE])
