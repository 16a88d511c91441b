"""The page of a version, made when it is published. The version is seen already: a page that fails is told, and stops nothing."""

from __future__ import annotations

from typing import Any

import dagster as dg

from pipelines.assets.nightly import Nightly
from pipelines.errors import UcvError
from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import write_results
from pipelines.report.version_page import VERSION_PAGE

STEP = "version_page"
"""The name of what this leaves in the run's record, and of the finding."""


def report_version(nightly: Nightly, log: Any) -> str | None:
    """Make the page; the run beside whose docs it lies (an earlier one, if that published the build), None where there is none.

    The log and the verdict of this run tell what is not there, or not whole.
    """
    run_id = None
    try:
        from pipelines.command.version_report import make_report  # noqa: PLC0415 - of publishing runs only

        made = make_report(nightly.settings, nightly.keys)
        run_id = made.path.parent.name
        told = f"not answered: {', '.join(made.unreadable)}" if made.unreadable else ""
    except Exception as error:
        # The words of a foreign error may quote a value.
        told = str(error) if isinstance(error, UcvError) else f"{type(error).__name__} while it was made"
    if told:
        log.warning(f"The page of the published version is not whole ({told}); `ucv report` makes it anew.")
    try:
        write_results(nightly.settings.home, nightly.run_id, STEP, [_finding(told)])
    except OSError as error:
        log.warning(f"What became of the version's page could not be noted ({type(error).__name__}).")
    return run_id


def _finding(told: str) -> CheckResult:
    return CheckResult(
        asset="publish/published_version", name=STEP, layer="publish", severity="warn",
        description="The page of the published version was made, every block of it", owner="data engineering",
        remedy="Run `ucv report`; readers see the version either way", passed=not told, told=told,
    )  # fmt: skip


def page_metadata(nightly: Nightly, run_id: str | None) -> dict[str, Any]:
    """The page as metadata of the published version, as `ucv ui` serves it."""
    if run_id is None:
        return {"report": dg.MetadataValue.text("not made; run `ucv report`")}
    return {"report": dg.MetadataValue.url(f"{nightly.settings.docs_url}/{run_id}/{VERSION_PAGE}")}
