"""What every step of one nightly run shares: settings, keys, as-of date and the run's own build directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from pipelines.assets.dbt_process import build_environment, close_warehouse, warehouse_cursor
from pipelines.assets.run_database import RunDatabase
from pipelines.contracts.load import ContractSet, load_contracts
from pipelines.errors import SettingsError, UcvError
from pipelines.identity.verdicts import active_verdicts, check_verdicts, read_verdicts
from pipelines.publishing.fingerprint import Inputs, nothing_new, read_inputs, rolled_back_from
from pipelines.publishing.locks import home_lock
from pipelines.publishing.recovery import recover
from pipelines.settings import Settings, load_settings
from pipelines.storage.connection import connect
from pipelines.storage.keys import Keys, load_keys
from pipelines.storage.space import check_space
from pipelines.storage.standardised import forget_standardised
from pipelines.upgrade import upgrade_home
from pipelines.warehouse import prepare_sources, prepare_warehouse

AS_OF_TAG = "ucv/as_of_date"
FULL_REFRESH_TAG = "ucv/full_refresh"
NIGHT_TAG = "ucv/night"
"""On a build: the run of the night that brought its news."""
_FINGERPRINT = "fingerprint"
_BUILD_PATIENCE = 1800.0  # seconds


class Nightly(dg.ConfigurableResource):
    """One nightly run in one home. Holds the home's lock from the first step to the last, so that runs never overlap."""

    home: str

    _settings: Settings = PrivateAttr()
    _keys: Keys = PrivateAttr()
    _run_id: str = PrivateAttr()
    _started: datetime = PrivateAttr()
    _tags: Mapping[str, str] = PrivateAttr()
    _contracts: ContractSet | None = PrivateAttr(default=None)
    _inputs: Inputs | None = PrivateAttr(default=None)
    _database: RunDatabase | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Nightly]:
        settings = load_settings(Path(self.home))
        check_space(settings)
        self._settings = settings
        self._keys = load_keys(settings)
        run = context.run
        self._run_id = run.run_id if run else "no-run"
        self._tags = run.tags if run else {}
        self._started = _started_at(context)
        # Between a night and its build somebody may back up or roll back: the build waits, since nobody asks for it again.
        with home_lock(settings, timeout=_BUILD_PATIENCE if NIGHT_TAG in self._tags else 0.0):
            # Before anything reads state: an earlier publish may have been killed between two steps.
            told = recover(settings)
            if told and context.log:
                context.log.warning(told)
            upgraded = upgrade_home(settings, self._keys)
            if upgraded and context.log:
                context.log.info(upgraded)
            check_verdicts(active_verdicts(read_verdicts(settings.home)))  # before any work begins
            try:
                yield self
            finally:
                self._close_connections()

    @property
    def settings(self) -> Settings:
        """Settings with the as-of date of this run in place."""
        return self._settings.model_copy(update={"as_of_date": self.as_of})

    @property
    def keys(self) -> Keys:
        return self._keys

    @property
    def run_id(self) -> str:
        return self._run_id

    @property
    def started_at(self) -> datetime:
        """When the run began, UTC; every timestamp that the run writes derives from it."""
        return self._started

    @property
    def as_of(self) -> date:
        """The tag `ucv/as_of_date`, else UCV_AS_OF_DATE, else the calendar day (home's zone) on which the run began."""
        tagged = self._tags.get(AS_OF_TAG)
        if tagged:
            try:
                return date.fromisoformat(tagged)
            except ValueError as error:
                raise SettingsError(
                    f"Tag {AS_OF_TAG} is {tagged!r}; expected a date such as 2026-01-31."
                ) from error
        zone = ZoneInfo(self._settings.time_zone)
        return self._settings.as_of_date or self._started.astimezone(zone).date()

    @property
    def full_refresh(self) -> bool:
        return self._tags.get(FULL_REFRESH_TAG) == "true"

    @property
    def build_dir(self) -> Path:
        return self._settings.home / "warehouse" / "builds" / self._run_id

    @property
    def build_path(self) -> Path:
        return self.build_dir / "warehouse.duckdb"

    def begin_build(self, fingerprint: str) -> None:
        """Make the run's build directory; every later step works in it. A full refresh standardises every value anew."""
        self.release_build()  # of an earlier run of this process, should it have left one
        if self.full_refresh:
            forget_standardised(self._settings.home)
        self.build_dir.mkdir(parents=True, exist_ok=True)
        (self.build_dir / _FINGERPRINT).write_text(fingerprint, encoding="utf-8")

    def fingerprint(self) -> str:
        """The inputs' fingerprint with which the build began; UcvError in a run that began none."""
        try:
            return (self.build_dir / _FINGERPRINT).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise UcvError(
                "This run has no build: models, gates and publishing work on the build that its first part begins. Launch "
                "the whole job `build` (Re-execute all, not from failure), or `ucv run --full-refresh`."
            ) from error

    @property
    def docs_dir(self) -> Path:
        return self._settings.home / "docs" / self._run_id

    def contracts(self) -> ContractSet:
        """The contracts as this run found them: read once, after the run began, and the same for every step."""
        if self._contracts is None:
            self._contracts = load_contracts(self._settings.home)
        return self._contracts

    def inputs(self) -> Inputs:
        """What this run builds from, hashed once; ask only after every source was read."""
        if self._inputs is None:
            self._inputs = read_inputs(self._settings)
        return self._inputs

    def inputs_anew(self) -> Inputs:
        """The same after the run itself changed them."""
        self._inputs = None
        return self.inputs()

    def has_news(self) -> bool:
        """Whether the inputs differ from those of what readers see, or a full refresh was asked for."""
        return self.full_refresh or not nothing_new(self._settings, self.inputs().fingerprint(self.as_of))

    def database(self) -> duckdb.DuckDBPyConnection:
        """A prepared database in memory, one for all steps of the run that read or write files; take cursors of it."""
        if self._database is None:
            self._database = RunDatabase(self._settings, self._keys)
        return self._database.connection()

    def why_outdated(self) -> str | None:
        """Why the build that a night asked for is not wanted any more, if it is not: others may have come between."""
        if NIGHT_TAG not in self._tags or self.full_refresh:
            return None
        left = rolled_back_from(self._settings.home, self.inputs())
        if left is not None:
            return f"These inputs gave {left}, which was rolled back after the night."
        return None if self.has_news() else "What the night brought was published in the meantime."

    @contextmanager
    def raw(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Raw, contracts and state without a build."""
        with self.database().cursor() as conn:
            prepare_sources(conn, self.settings, self._keys)
            yield conn

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The run's build, attached as dbt sees it: on dbt's own connection while this process has one open.

        A DuckDB file has one writing process and, within it, one database: close before dbt runs.
        """
        self.fingerprint()
        conn = warehouse_cursor(self.build_path)
        if conn is None:
            conn = connect(self._settings)
            prepare_warehouse(conn, self.settings, self._keys, self.build_path)
        try:
            yield conn
        finally:
            conn.close()

    def release_build(self) -> None:
        """Let go of the build's file: publishing opens it in a database of its own."""
        close_warehouse()

    def _close_connections(self) -> None:
        close_warehouse()
        if self._database is not None:
            self._database.close()

    @contextmanager
    def dbt_environment(self) -> Iterator[None]:
        """The environment in which dbt finds this home, day and build."""
        with build_environment(self.home, self.as_of, self.build_path):
            yield


def _started_at(context: dg.InitResourceContext) -> datetime:
    record = (
        context.instance.get_run_record_by_id(context.run.run_id)
        if context.instance and context.run
        else None
    )
    zone = ZoneInfo("UTC")
    if record is not None and record.start_time is not None:
        return datetime.fromtimestamp(record.start_time, zone)
    return datetime.now(zone)
