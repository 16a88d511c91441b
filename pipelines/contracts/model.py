"""What a valid contract says, in the terms that the rest of the project uses.

Parsing and checking live beside this.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

FILL_ABOVE = "above"
"""A blank takes the nearest filled cell above it, whatever stands in other columns (merged cells)."""


@dataclass(frozen=True)
class NumberSigns:
    """With which signs the numbers of a column are written."""

    decimal: str  # . or ,
    group: str | None = None  # , . blank or '; None: any of them that is not the decimal sign


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest value that a number or date of a column may have, both included."""

    low: Decimal | date
    high: Decimal | date


@dataclass(frozen=True)
class Column:
    """One delivered column and the canonical field that it fills."""

    field: str
    physical_name: str
    type: str  # a key of fields.DUCKDB_TYPES
    required: bool = False
    format: str | None = None  # as declared in logicalTypeOptions.format, such as yyyy-MM-dd
    classification: str | None = None
    enumeration: tuple[
        str, ...
    ] = ()  # values that may be delivered (before value_map), from enum or quality rules
    value_map: dict[str, str] = dataclasses.field(default_factory=dict)  # delivered value -> canonical value
    number_signs: NumberSigns | None = None  # None: not declared
    bounds: Bounds | None = None  # None: of text and booleans
    fill_down: str | None = (
        None  # field within whose value a blank takes the cell above, or FILL_ABOVE; None: never
    )


@dataclass(frozen=True)
class Database:
    """A table or query of a PostgreSQL server; who logs in stands in no contract."""

    host: str
    port: int
    name: str
    schema: str
    table: str | None = None  # either this
    query: str | None = None  # or this
    watermark: str | None = None  # column that grows: only rows from its highest value on are read again
    ssl_mode: str = "prefer"  # as libpq names them


@dataclass(frozen=True)
class Server:
    """Where deliveries lie, and how the files are written."""

    path: (
        str  # local: glob relative to the home, such as landing/web_registrations/*.csv; s3: s3://bucket/glob
    )
    format: str  # csv | jsonl | xlsx | parquet
    encoding: str = "utf-8"  # a codec of Python, or auto: told from the bytes
    delimiter: str = ","
    sheet: str | None = None  # name or pattern; all sheets that match are read as one table
    header_row: int | None = None  # line of the header from 1; None: the first that is filled
    member: str | None = None  # pattern for the file's name inside a zip
    compression: str | None = None  # None: told from the file's first bytes
    type: str = "local"  # local | s3 | postgres
    endpoint_url: str | None = None  # of an S3-compatible service; None: that of the cloud itself
    database: Database | None = None  # of postgres only


@dataclass(frozen=True)
class Terms:
    """Under which terms the records came; absent for own sources."""

    acquisition_mode: str = "own"
    vendor: str | None = None
    vendor_type: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    max_uses: int | None = None
    permitted_channels: tuple[str, ...] = ()
    permitted_purposes: tuple[str, ...] = ()
    net_name_guarantee: Decimal | None = None  # share 0-1
    legal_basis: str | None = None
    licence: str | None = None  # of open data, such as CC-BY-4.0
    reciprocity: str | None = None
    recipient_countries: tuple[str, ...] = ()
    price_amount: Decimal | None = None
    price_currency: str | None = None
    price_unit: str | None = None
    origin_kind: str | None = None  # of personal circles, such as insider
    legal_review: str | None = None  # reference of the review that allowed it
    matching_only: bool = (
        False  # True: records help to tell who is who; no value of theirs is shown or exported
    )


@dataclass(frozen=True)
class Sla:
    """Service levels; durations in hours, retention in days.

    `severity` says what a late source does: fail makes the run red, warn is shown as a warning, info is told only.
    """

    frequency_hours: float | None = None
    latency_hours: float | None = None
    latency_field: str | None = None
    retention_days: int | None = None
    severity: str = "warn"  # a word of vocabularies.SEVERITIES


@dataclass(frozen=True)
class QualityRule:
    """A bound that a contract sets on a measure of its deliveries; both bounds included, None where open.

    unit: share (0-1), percent (0-100), or rows: of `rows` how many there are, of other measures how many may be wrong.
    """

    measure: str  # such as given:phone, rows or recent; `learned` sets the severity of learned bands
    field: str | None
    low: float | None
    high: float | None
    unit: str
    severity: str  # info | warn | fail
    description: str | None = None
    owner: str | None = None
    remedy: str | None = None


@dataclass(frozen=True)
class Contract:
    """One source; its id is the source_system of every row. Grain: one per file in the contracts folder."""

    id: str
    name: str
    version: str
    kind: str
    channel: str
    server: Server
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # canonical fields that make the key; empty: derived from row hash and occurrence
    terms: Terms
    sla: Sla
    default_country: str | None
    default_currency: (
        str | None
    )  # ISO 4217, of amounts whose rows carry none; None: these are in no known currency
    delivery_mode: str
    max_quarantine_share: float  # 0-1; above it the delivery is refused
    shrink_limit: float  # 0-1; a snapshot that loses more than this share is refused
    landing_retention_days: int
    source_rank: int  # 1 best; used by survivorship
    path: Path  # the YAML file
    quality: tuple[QualityRule, ...] = ()
    active: bool = True  # False: a draft or retired contract; checked, but its deliveries are not read

    def column(self, name: str) -> Column | None:
        """The column that fills canonical field `name`, or None."""
        return next((column for column in self.columns if column.field == name), None)
