"""What may be asked of one run, as typed config in Dagster's launchpad: `resources: run_options: config:`."""

from __future__ import annotations

from datetime import date
from typing import Any

import dagster as dg
from pydantic import Field

from pipelines.assets.run_start import RunStart
from pipelines.errors import SettingsError

AS_OF_TAG = "ucv/as_of_date"
FULL_REFRESH_TAG = "ucv/full_refresh"
"""Short cuts for the fields of RunOptions, which win."""


class RunOptions(dg.ConfigurableResource[Any]):
    """Options of a night or a build."""

    as_of_date: str | None = Field(
        default=None,
        description="The day that the view describes, such as 2026-01-31. Left out: the day, in the home's time zone, on which "
        "the run begins.",
    )
    full_refresh: bool = Field(
        default=False,
        description="Build and publish even when nothing is new, and standardise every value anew instead of keeping the last "
        "night's.",
    )

    def day(self, facts: RunStart) -> date | None:
        """The as-of date that config or tag asks for, if any. Raises SettingsError when it is no date."""
        place, given = "run_options.as_of_date", self.as_of_date
        if given is None:
            place, given = f"Tag {AS_OF_TAG}", facts.tags.get(AS_OF_TAG)
        if given is None:
            return None
        try:
            return date.fromisoformat(given)
        except ValueError as error:
            raise SettingsError(f"{place} is {given!r}; expected a date such as 2026-01-31.") from error

    def wants_refresh(self, facts: RunStart) -> bool:
        """Whether config or tag asks for a full refresh."""
        return self.full_refresh or facts.tags.get(FULL_REFRESH_TAG) == "true"


def options_config(as_of: date | str | None, full_refresh: bool) -> dict[str, Any]:
    """Run config that asks for these; empty for neither."""
    asked = {"as_of_date": str(as_of)} if as_of else {}
    config = asked | ({"full_refresh": True} if full_refresh else {})
    return {"resources": {"run_options": {"config": config}}} if config else {}


def refresh_asked(run: dg.DagsterRun) -> bool:
    """Whether this run was asked for a full refresh, by config or by tag."""
    asked = run.run_config.get("resources", {}).get("run_options", {}).get("config", {}).get("full_refresh")
    return asked is True or run.tags.get(FULL_REFRESH_TAG) == "true"
