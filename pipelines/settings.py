"""Typed settings of one home, read once: environment (`UCV_*`) over the home's `ucv.toml` over the defaults here."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from pipelines.alerts.route import AlertRoute
from pipelines.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
HOME_FILE = "ucv.toml"
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]i?B)", re.IGNORECASE)
_UNITS = {
    f"{letter}{binary}B": float((1024 if binary else 1000) ** power)
    for power, letter in enumerate("KMGT", 1)
    for binary in ("", "I")
}
_BESIDE_FROM, _BESIDE = 1e9, 2e9  # bytes


class Settings(BaseSettings):
    """Everything that may differ between deployments. Paths are absolute after loading."""

    # What was given is never quoted: the address of an alert may be a secret.
    model_config = SettingsConfigDict(env_prefix="UCV_", extra="forbid", hide_input_in_errors=True)

    home: Path = Field(
        default=PROJECT_ROOT / "data", description="The data home; everything a deployment owns"
    )
    home_id: str = Field(
        default="", description="Names the home's key file; written by `ucv init` and `ucv demo`"
    )
    key_file: Path | None = Field(
        default=None, description="Key file; default: ucv/<home_id>.json in the user's configuration"
    )
    key_command: str = Field(default="", description="Prints the key document in place of a file; no shell")
    as_of_date: date | None = Field(
        default=None, description="The day that the view describes; default: today in time_zone"
    )
    time_zone: str = Field(default="Asia/Shanghai", description="IANA zone of the schedule and of 'today'")
    schedule: str = Field(default="30 2 * * *", description="Cron line of the nightly job, in time_zone")
    keep_versions: int = Field(default=5, ge=1, description="Published versions kept for rollback")
    keep_reports: int = Field(
        default=30, ge=1, description="Data docs of so many newest runs are kept, and those of kept versions"
    )
    keep_runs_days: int = Field(
        default=90, ge=1, description="Days for which Dagster's record of a run (events, logs) is kept"
    )
    memory_limit: str = Field(
        default="6GB",
        description="Memory of one process, such as 4GB; DuckDB gets what Python and Arrow leave",
    )
    threads: int = Field(default=2, ge=1, description="DuckDB threads of one process")
    largest_customer_loss: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of customers that a new version may have fewer than the published one",
    )
    docs_port: int = Field(
        default=3001,
        ge=1,
        le=65535,
        description="Loopback port at which `ucv ui` serves the data docs of the gates",
    )
    min_free_bytes: int = Field(
        default=500_000_000, ge=0, description="Free space below which a run does not start"
    )
    decoy_domain: str = Field(
        default="", description="Domain whose every mailbox is ours: decoys of exports by e-mail live there"
    )
    decoy_phones: tuple[str, ...] = Field(
        default=(), description="Our own telephone numbers in E.164, for decoys of exports by phone and SMS"
    )
    decoy_addresses: tuple[str, ...] = Field(
        default=(), description="Our own addresses, for decoys of exports by post"
    )
    decoys_per_export: int = Field(default=2, ge=0, le=50, description="Invented recipients in each export")
    oldest_export_days: int = Field(
        default=7,
        ge=0,
        description="Days after its as-of date for which exports are made from a version: opt-outs since are not in it",
    )
    require_purpose: bool = Field(default=False, description="Show nothing personal without --purpose")
    k_anonymity: int = Field(default=5, ge=2, le=1000, description="Smallest group in the marketing file")
    alerts: tuple[AlertRoute, ...] = Field(
        default=(), description="Who is told, and where, when a check turns red and when it passes again"
    )

    @field_validator("memory_limit")
    @classmethod
    def _known_size(cls, value: str) -> str:
        if not _SIZE.fullmatch(value.strip()):
            raise ValueError("expected a size such as 4GB or 2800MB")
        return value.strip()

    @property
    def duckdb_memory_limit(self) -> str:
        """What of `memory_limit` DuckDB may take: at 4 GB a process that reads a large file holds 1.8 GB beside it.

        Below 1 GB all of it, since nobody means a process that Python alone would fill.
        """
        amount, unit = _SIZE.fullmatch(self.memory_limit).groups()  # type: ignore[union-attr]
        total = float(amount) * _UNITS[unit.upper()]
        share = total if total < _BESIDE_FROM else max(total * 0.5, total - _BESIDE)
        return f"{share / 1e6:.0f}MB"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("expected an IANA time zone such as Asia/Shanghai") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment wins over the home's file, which `load_settings` passes as init arguments."""
        return env_settings, init_settings

    def today(self) -> date:
        """The as-of date: as set, else the calendar day of `time_zone`."""
        return self.as_of_date or datetime.now(ZoneInfo(self.time_zone)).date()

    def export_day(self) -> date:
        """The day on which an export leaves: the calendar's. An as-of date in the past does not bring back a lease that ended."""
        calendar = datetime.now(ZoneInfo(self.time_zone)).date()
        return max(calendar, self.as_of_date or calendar)

    @property
    def docs_url(self) -> str:
        """Where `ucv ui` serves the home's docs folder."""
        return f"http://127.0.0.1:{self.docs_port}"

    @property
    def key_path(self) -> Path:
        """Where the key file of this home lies, outside home and repository."""
        if self.key_file is not None:
            return self.key_file
        base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        return Path(base) / "ucv" / f"{self.home_id}.json"


def load_settings(home: Path | None = None, **overrides: Any) -> Settings:
    """Settings of `home` (default: UCV_HOME, else the project's data folder).

    Raises SettingsError for an unreadable `ucv.toml`, an unknown setting or a value of the wrong form.
    """
    root = home or (Path(os.environ["UCV_HOME"]) if os.environ.get("UCV_HOME") else PROJECT_ROOT / "data")
    root = root.expanduser().resolve()
    values = {**_home_file(root), "home": root, **overrides}
    try:
        settings = Settings(**values)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors())
        raise SettingsError(
            f"Settings of {root} are not usable: {told}. Mend {root / HOME_FILE} or UCV_*."
        ) from error
    except SourceError as error:  # its words may quote the variable
        raise SettingsError(
            f"Settings of {root} are not usable: a UCV_* variable is no JSON where a list is expected."
        ) from error
    return settings.model_copy(update={"home": root, **overrides})


def _home_file(root: Path) -> dict[str, Any]:
    path = root / HOME_FILE
    if not path.exists():
        return {}
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(
            f"{path} cannot be read as TOML ({type(error).__name__}); mend or remove it."
        ) from error
    if "key_command" in stored:  # the file comes with backups and copies: whoever reads it would run that
        raise SettingsError(
            f"{path} names a key_command; only the environment may: set UCV_KEY_COMMAND. Nothing was run."
        )
    return stored
