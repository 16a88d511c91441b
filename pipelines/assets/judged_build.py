"""What verdicts are about: the run's build, its inputs, and the models as the last run of dbt left them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.assets.layers import DBT_SETS, DbtSet
from pipelines.assets.nightly import Nightly
from pipelines.quality.verdict import Judged, forget_verdicts

RUN_RESULTS = "run_results.json"
"""dbt's own account of a part; it holds an id of the invocation, so that no two are the same."""


def verdicts_dir(nightly: Nightly) -> Path:
    return nightly.build_dir / "verdicts"


def part_dir(nightly: Nightly, part: DbtSet) -> Path:
    """Where dbt leaves what it did in a part."""
    return nightly.build_dir / "dbt" / part.name


def judged_of(nightly: Nightly, part: DbtSet) -> Judged:
    """The build as it stands after a part: built again, that part or one before it, it is another state."""
    digest = hashlib.sha256()
    for earlier in DBT_SETS[: DBT_SETS.index(part) + 1]:
        path = part_dir(nightly, earlier) / RUN_RESULTS
        digest.update(path.read_bytes() if path.is_file() else b"not built")
    return Judged(nightly.build_dir.name, nightly.build.fingerprint(), digest.hexdigest())


def forget_later_verdicts(nightly: Nightly, part: DbtSet) -> None:
    """Before a part is built: what gates said of it, and of what is built on it, holds no more."""
    forget_verdicts(verdicts_dir(nightly), [later.gate for later in DBT_SETS[DBT_SETS.index(part) :]])
