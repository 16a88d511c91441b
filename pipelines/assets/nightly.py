"""What every step of one nightly run shares: settings, keys, as-of date and the build that the run works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from pipelines.assets.dbt_process import build_environment, close_warehouse, warehouse_cursor
from pipelines.assets.run_build import RunBuild
from pipelines.assets.run_database import RunDatabase
from pipelines.assets.run_options import RunOptions
from pipelines.assets.run_report import reported
from pipelines.assets.run_start import RunStart
from pipelines.contracts.load import ContractSet, load_contracts
from pipelines.goals.document import check_goals
from pipelines.identity.verdicts import active_verdicts, check_verdicts, read_verdicts
from pipelines.privacy.receipts import has_open_receipt
from pipelines.publishing.built_contracts import keep_files
from pipelines.publishing.contracts_in_force import InForce, contracts_in_force
from pipelines.publishing.fingerprint import Inputs, nothing_new, read_inputs, rolled_back_from
from pipelines.publishing.kept_build import begin_with, kept_build
from pipelines.publishing.locks import home_lock
from pipelines.publishing.recovery import recover
from pipelines.settings import Settings, load_settings
from pipelines.storage.connection import connect
from pipelines.storage.erased_since import is_behind, tombstones_path
from pipelines.storage.keys import Keys, load_keys
from pipelines.storage.space import check_space
from pipelines.storage.standardised import forget_standardised
from pipelines.upgrade import upgrade_home
from pipelines.warehouse import prepare_sources, prepare_warehouse

if TYPE_CHECKING:
    from pipelines.privacy.erased import ErasedPeople

NIGHT_TAG = "ucv/night"
"""On a build: the run of the night that brought its news."""
_BUILD_PATIENCE = 1800.0  # seconds


class Nightly(dg.ConfigurableResource[Any]):
    """One nightly run in one home. Holds the home's lock from the first step to the last, so that runs never overlap."""

    home: str
    options: RunOptions  # Dagster changes this annotation: no string, as a future import would make it

    _settings: Settings = PrivateAttr()
    _keys: Keys = PrivateAttr()
    _facts: RunStart = PrivateAttr()
    _given_day: date | None = PrivateAttr(default=None)
    _build: RunBuild = PrivateAttr()
    _contracts: ContractSet | None = PrivateAttr(default=None)
    _in_force: InForce | None = PrivateAttr(default=None)
    _inputs: Inputs | None = PrivateAttr(default=None)
    _database: RunDatabase | None = PrivateAttr(default=None)
    _erased: "ErasedPeople | None" = PrivateAttr(default=None)

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"options": RunOptions(), **values})

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Nightly"]:
        settings = load_settings(Path(self.home))
        check_space(settings)
        self._settings = settings
        self._keys = load_keys(settings, to_erase=True)
        self._facts = RunStart.of(context)
        self._given_day = self.options.day(self._facts)  # a wrong one is refused before any work begins
        # Between a night and its build somebody may back up or roll back: the build waits, since nobody asks for it again.
        with home_lock(settings, timeout=_BUILD_PATIENCE if NIGHT_TAG in self._facts.tags else 0.0):
            self._build = RunBuild(settings.home, self._facts, self._given_day, self.inputs)
            # Before anything reads state: an earlier publish may have been killed between two steps.
            told = recover(settings, keep=self._facts.parents)
            if told and context.log:
                context.log.warning(told)
            upgraded = upgrade_home(settings, self._keys)
            if upgraded and context.log:
                context.log.info(upgraded)
            check_goals(settings.home)
            check_verdicts(active_verdicts(read_verdicts(settings.home)))  # before any work begins
            self._finish_erasures(context)
            try:
                with reported(self, context):
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
        return self._facts.run_id

    @property
    def started_at(self) -> datetime:
        """When the run began, UTC; every timestamp that the run writes derives from it. Of a build: when it was begun."""
        record = self._build.record
        return record.started_at if record else self._facts.started_at

    @property
    def as_of(self) -> date:
        """That of the build gone on with, else as asked for, else UCV_AS_OF_DATE, else the day on which the run began."""
        record = self._build.record
        if record is not None:
            return record.as_of
        zone = ZoneInfo(self._settings.time_zone)
        begun = self._facts.started_at.astimezone(zone).date()
        return self._given_day or self._settings.as_of_date or begun

    @property
    def wants_refresh(self) -> bool:
        """Whether a full refresh was asked for."""
        return self.options.wants_refresh(self._facts)

    @property
    def build(self) -> RunBuild:
        """What this run builds, and where."""
        return self._build

    @property
    def build_dir(self) -> Path:
        """Of the build, or of the dev warehouse; UcvError where the run has neither."""
        return self._build.folder

    @property
    def build_path(self) -> Path:
        return self.build_dir / "warehouse.duckdb"

    def begin_build(self) -> None:
        """Make the run's own build directory; where only the day and rows of raw changed, it begins with what the published one built.

        A full refresh keeps nothing, and standardises every value anew.
        """
        self.release_build()  # of an earlier run of this process, should it have left one
        if self.wants_refresh:
            forget_standardised(self._settings.home)
        kept = None if self.wants_refresh else kept_build(self._settings.home, self.inputs())
        self._build.begin(lambda: self.as_of)
        if kept is not None:
            begin_with(kept, self.build_dir)
        keep_files({one.id: one.path for one in self.in_force().build.contracts}, self.build_dir)

    def contracts(self) -> ContractSet:
        """The contracts as this run found them: read once, after the run began, and the same for every step."""
        if self._contracts is None:
            self._contracts = load_contracts(self._settings.home)
        return self._contracts

    def in_force(self) -> InForce:
        """Those contracts held against the ones that the published version was built with; the same for every step."""
        if self._in_force is None:
            self._in_force = contracts_in_force(self._settings.home, self.contracts())
        return self._in_force

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
        return self.wants_refresh or not nothing_new(self._settings, self.inputs().fingerprint(self.as_of))

    def erased(self) -> "ErasedPeople | None":
        """The people who were erased from the home, if anybody was; read once a run."""
        if self._erased is None and tombstones_path(self._settings.home).exists():
            from pipelines.command.erased_people import erased_people  # noqa: PLC0415 - reads names and numbers: half a second

            self._erased = erased_people(self._settings, self._keys)
        return self._erased

    def _finish_erasures(self, context: dg.InitResourceContext) -> None:
        if not (has_open_receipt(self._settings.home) or is_behind(self._settings)):
            return
        from pipelines.command.erase import finish_erasures  # noqa: PLC0415

        for receipt in finish_erasures(self._settings, self._keys, self._facts.started_at):
            if context.log:
                context.log.warning(f"Finished the erasure {receipt.erasure_id}, which was cut short.")

    def database(self) -> duckdb.DuckDBPyConnection:
        """A prepared database in memory, one for all steps of the run that read or write files; take cursors of it."""
        if self._database is None:
            self._database = RunDatabase(self._settings, self._keys)
        return self._database.connection()

    def why_outdated(self) -> str | None:
        """Why the build that a night asked for is not wanted any more, if it is not: others may have come between."""
        if NIGHT_TAG not in self._facts.tags or self.wants_refresh:
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
